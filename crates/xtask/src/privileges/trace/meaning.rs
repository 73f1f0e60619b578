//! What an expression stands for, in words of the entry point.

use syn::{Expr, Member, Pat};

use super::{segments, Walk};

/// Calls that pass on what they are called on.
const PASSES: [&str; 11] = [
    "clone",
    "unwrap",
    "unwrap_or_else",
    "unwrap_optimized",
    "ok_or",
    "ok_or_else",
    "or_fail",
    "as_ref",
    "to_owned",
    "into",
    "expect",
];

impl Walk<'_> {
    /// Gives the names of a pattern their meaning.
    pub(super) fn bind(&mut self, pattern: &Pat, meaning: &str) {
        match pattern {
            Pat::Ident(ident) => {
                let name = ident.ident.to_string();
                self.locals.insert(name, meaning.to_owned());
            }
            Pat::Reference(inner) => self.bind(&inner.pat, meaning),
            Pat::Type(inner) => self.bind(&inner.pat, meaning),
            Pat::TupleStruct(parts) if parts.elems.len() == 1 => {
                self.bind(&parts.elems[0], meaning);
            }
            Pat::TupleStruct(parts) => {
                for (index, part) in parts.elems.iter().enumerate() {
                    self.bind(part, &format!("{meaning}.{index}"));
                }
            }
            Pat::Slice(parts) => {
                for part in &parts.elems {
                    self.bind(part, &format!("{meaning}[]"));
                }
            }
            Pat::Or(parts) => {
                for part in &parts.cases {
                    self.bind(part, meaning);
                }
            }
            Pat::Tuple(parts) => {
                for (index, part) in parts.elems.iter().enumerate() {
                    self.bind(part, &format!("{meaning}.{index}"));
                }
            }
            Pat::Struct(parts) => {
                for part in &parts.fields {
                    let field = member(&part.member);
                    self.bind(&part.pat, &format!("{meaning}.{field}"));
                }
            }
            _ => {}
        }
    }

    /// Where an expression's value comes from: a parameter of the entry point, or the call and the fields that lead to it.
    pub(super) fn meaning(&self, expression: &Expr) -> String {
        match expression {
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) => {
                    let name = name.to_string();
                    let known = self.locals.get(&name).cloned();
                    known.unwrap_or_else(|| format!("?{name}"))
                }
                None => "?".into(),
            },
            Expr::Reference(inner) => self.meaning(&inner.expr),
            Expr::Paren(inner) => self.meaning(&inner.expr),
            Expr::Try(inner) => self.meaning(&inner.expr),
            Expr::Unary(inner) => self.meaning(&inner.expr),
            Expr::Field(field) => {
                format!("{}.{}", self.meaning(&field.base), member(&field.member))
            }
            Expr::MethodCall(call) => {
                let (base, name) = (self.meaning(&call.receiver), call.method.to_string());
                if PASSES.contains(&name.as_str()) {
                    return base;
                }
                format!("{base}.{name}()")
            }
            Expr::Call(call) => match segments(&call.func).as_deref() {
                Some([name]) if matches!(name.as_str(), "Some" | "Ok") => call
                    .args
                    .first()
                    .map_or("?".into(), |arg| self.meaning(arg)),
                Some(path) => self.result(path),
                None => "?".into(),
            },
            _ => "?".into(),
        }
    }

    pub(super) fn meanings<'e>(
        &self,
        arguments: impl IntoIterator<Item = &'e Expr>,
    ) -> Vec<String> {
        let arguments = arguments.into_iter();
        arguments.map(|argument| self.meaning(argument)).collect()
    }

    /// What a function gives, with the crate of a library or the client that it is of.
    fn result(&self, path: &[String]) -> String {
        let name = path.last().map_or("?", String::as_str);
        let found = self.source.resolve(self.function, path);
        let found = found.first().map(|index| &self.source.functions[*index]);
        let made = path.iter().rev().nth(1).filter(|of| is_client(of));
        let client = found.and_then(|function| function.gives.as_ref());
        let library = found.and_then(|function| function.module.first());
        let library = library.filter(|library| is_library(library));
        match made.or(client.filter(|gives| is_client(gives))).or(library) {
            Some(of) => format!("{of}::{name}()"),
            None => format!("{name}()"),
        }
    }

    /// The same meaning, with the crate of the library that looks it up.
    pub(super) fn placed(&self, meaning: String) -> String {
        let library = self.function.module.first();
        let library = library.filter(|library| is_library(library));
        match library {
            Some(library) if meaning.contains(['.', '(']) && !meaning.contains("::") => {
                format!("{library}::{meaning}")
            }
            _ => meaning,
        }
    }
}

/// Whether a type is a client of another contract.
pub fn is_client(kind: &str) -> bool {
    kind.ends_with("Client")
}

/// Whether a crate is OpenZeppelin's.
fn is_library(name: &str) -> bool {
    name.starts_with("stellar_")
}

fn member(member: &Member) -> String {
    match member {
        Member::Named(name) => name.to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}
