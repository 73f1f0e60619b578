//! What should never be: something stored that cannot be read, or something made that cannot be stored.

use std::fmt::Display;

use super::NodeError;

/// Stored or made as it must not be.
pub(crate) fn damaged(error: impl Display) -> NodeError {
    NodeError::Damaged(error.to_string())
}

/// `what` is stored as nothing that can be read.
pub(crate) fn unreadable(what: &str) -> NodeError {
    NodeError::Damaged(format!("{what} cannot be read"))
}
