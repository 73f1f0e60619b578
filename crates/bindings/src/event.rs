//! How events are read.

use wire::{xdr::ScVal, ValueError};

/// The events of one contract.
pub trait ContractEvent: Sized {
    /// Reads an event from its topics and data; `None` when it is none of this contract's.
    ///
    /// # Errors
    /// When it is named like one and holds something else.
    fn decode(topics: &[ScVal], data: &ScVal) -> Result<Option<Self>, ValueError>;
}

/// The topics of an event that begins with the symbols `prefix` and has `count` more.
#[must_use]
pub fn own_topics<'a>(topics: &'a [ScVal], prefix: &[&str], count: usize) -> Option<&'a [ScVal]> {
    let (first, own) = topics.split_at_checked(prefix.len())?;
    let is_named = first.iter().zip(prefix).all(|(topic, name)| match topic {
        ScVal::Symbol(symbol) => symbol.as_slice() == name.as_bytes(),
        _ => false,
    });
    (is_named && own.len() == count).then_some(own)
}
