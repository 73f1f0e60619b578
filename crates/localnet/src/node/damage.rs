//! What should never be: something stored that cannot be read, or something made that cannot be stored.

use std::fmt::Display;

use super::NodeError;

/// Stored or made as it must not be.
pub(crate) fn damaged(error: impl Display) -> NodeError {
    NodeError::Damaged(error.to_string())
}

/// Made as it cannot be stored.
pub(crate) fn unencodable(error: impl Display) -> NodeError {
    NodeError::Damaged(format!("what should be stored cannot be encoded: {error}"))
}

/// `what` is stored as nothing that can be read.
pub(crate) fn unreadable(what: &str) -> NodeError {
    NodeError::Damaged(format!("{what} cannot be read"))
}
