//! An invariant that does not hold, by its id in the design.

use std::fmt::{self, Debug, Display};

/// An invariant does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its id, or what it is about.
    pub id: &'static str,
    /// The values that break it.
    pub detail: String,
}

/// Whether they hold.
pub type Rules = Result<(), Broken>;

impl Broken {
    pub fn new(id: &'static str, detail: String) -> Self {
        Self { id, detail }
    }
}

impl Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.detail)
    }
}

/// Refuses with `detail` unless it holds.
pub fn expect(id: &'static str, holds: bool, detail: impl FnOnce() -> String) -> Rules {
    match holds {
        true => Ok(()),
        false => Err(Broken::new(id, detail())),
    }
}

/// Refuses unless both are the same.
pub fn expect_equal<T: Debug + PartialEq>(
    id: &'static str,
    what: &str,
    actual: T,
    expected: T,
) -> Rules {
    let holds = actual == expected;
    expect(id, holds, || {
        format!("{what}: {actual:?}, expected {expected:?}")
    })
}
