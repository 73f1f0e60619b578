//! What is wrong with a file, where, and what to do about it.

use thiserror::Error;

/// Letters of what a file says that an error repeats.
const QUOTED: usize = 40;

/// A file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}: {}{problem}\n  to do: {hint}", field.as_ref().map(|field| format!("{field} ")).unwrap_or_default())]
pub struct InputError {
    /// The file as it was named.
    pub file: String,
    /// The field, such as `policy.limit`; none when the file as a whole is meant.
    pub field: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub hint: String,
}

/// An [`InputError`] before the file is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    field: Option<String>,
    problem: String,
    hint: String,
}

impl Fault {
    /// A field that is wrong.
    pub fn at(
        field: impl Into<String>,
        problem: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            field: Some(field.into()),
            problem: problem.into(),
            hint: hint.into(),
        }
    }

    /// A file that is wrong as a whole.
    pub fn whole(problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            field: None,
            problem: problem.into(),
            hint: hint.into(),
        }
    }

    /// The error of a file.
    pub fn of(self, file: &str) -> InputError {
        InputError {
            file: file.to_owned(),
            field: self.field,
            problem: self.problem,
            hint: self.hint,
        }
    }
}

/// What a file says, short and without letters that would act on a terminal.
pub fn quoted(text: &str) -> String {
    let mut start: String = text.chars().take(QUOTED).collect();
    if start.len() < text.len() {
        start.push_str("...");
    }
    format!("{start:?}")
}
