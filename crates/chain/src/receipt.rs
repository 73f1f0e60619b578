//! What a transaction that succeeded leaves its sender.

use std::marker::PhantomData;

use wire::{
    xdr::{ContractEvent, ScAddress, ScVal, SorobanResources},
    FromScVal,
};

use crate::{error::Error, outcome::Applied};

/// What became of a transaction that succeeded; `R` is what the call in it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt<R = ()> {
    /// The hash that it was signed under; a fee bump that carried it has another one too.
    pub hash: [u8; 32],
    /// The ledger.
    pub ledger: u32,
    /// Stroops paid, refunds taken off.
    pub fee: i64,
    /// What the call returned, as the contract's value.
    pub returned: Option<ScVal>,
    /// What it declared to use; nothing for an operation that touches no contract.
    pub resources: Option<SorobanResources>,
    /// The contracts that it created with code of their own, with that code's hash.
    pub created: Vec<(ScAddress, [u8; 32])>,
    /// The contracts' events.
    pub events: Vec<ContractEvent>,
    returns: PhantomData<fn() -> R>,
}

impl<R: FromScVal> Receipt<R> {
    /// What the call returned.
    ///
    /// # Errors
    /// When it is something else. The transaction is applied all the same.
    pub fn value(&self) -> Result<R, Error> {
        let returned = self.returned.as_ref().unwrap_or(&ScVal::Void);
        Ok(R::from_scval(returned)?)
    }
}

impl<R> Receipt<R> {
    pub(crate) fn new(
        hash: [u8; 32],
        resources: Option<SorobanResources>,
        applied: Applied,
    ) -> Self {
        Self {
            hash,
            ledger: applied.ledger,
            fee: applied.result.fee_charged,
            returned: applied.returned,
            resources,
            created: applied.created,
            events: applied.events,
            returns: PhantomData,
        }
    }
}
