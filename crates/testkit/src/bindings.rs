//! Typed clients of all contracts, ours and those that only tests have, and sending their calls to a [`Ledger`].
#![allow(clippy::too_many_arguments)]

pub use ::bindings::*;
use localnet::{Auth, FromScVal, InvokeError, Keypair, Ledger, Outcome};
// What the generated code may need.
#[allow(unused_imports)]
use wire::{
    value::{field, item, items},
    xdr::{ScAddress, ScVal},
    Bytes, Symbol, ToScVal, ValueError,
};

/// Sending or viewing a call is the caller's step, so that tests choose who signs.
pub trait OnLedger<R> {
    /// Sends it from `source`, whose signature is the only one, and returns the value.
    fn send(self, ledger: &Ledger, source: &Keypair) -> Result<R, InvokeError>;

    /// Sends it from `source` with the signatures of `signers` where they are asked for.
    fn send_signed(
        self,
        ledger: &Ledger,
        source: &Keypair,
        signers: &[&Keypair],
    ) -> Result<R, InvokeError>;

    /// Sends it and returns everything: value, events, costs.
    fn outcome(
        self,
        ledger: &Ledger,
        source: &Keypair,
        auth: Auth<'_>,
    ) -> Result<Outcome, InvokeError>;

    /// Sends it from `source` as one of many like it; see [`Ledger::repeat`].
    fn repeat(self, ledger: &Ledger, source: &Keypair) -> Result<R, InvokeError>;

    /// Runs it without signatures and without applying it.
    fn view(self, ledger: &Ledger) -> Result<R, InvokeError>;

    /// Runs it as something stored that does not depend on the time; see [`Ledger::look_up`].
    fn look_up(self, ledger: &Ledger) -> Result<R, InvokeError>;
}

impl<R: FromScVal> OnLedger<R> for Call<R> {
    fn send(self, ledger: &Ledger, source: &Keypair) -> Result<R, InvokeError> {
        self.outcome(ledger, source, Auth::Sign(&[]))?.get()
    }

    fn send_signed(
        self,
        ledger: &Ledger,
        source: &Keypair,
        signers: &[&Keypair],
    ) -> Result<R, InvokeError> {
        self.outcome(ledger, source, Auth::Sign(signers))?.get()
    }

    fn outcome(
        self,
        ledger: &Ledger,
        source: &Keypair,
        auth: Auth<'_>,
    ) -> Result<Outcome, InvokeError> {
        ledger.execute(source, self.into_function()?, auth)
    }

    fn repeat(self, ledger: &Ledger, source: &Keypair) -> Result<R, InvokeError> {
        let (contract, function, args) = self.into_parts()?;
        ledger.repeat(source, &contract, function, args)?.get()
    }

    fn view(self, ledger: &Ledger) -> Result<R, InvokeError> {
        let (contract, function, args) = self.into_parts()?;
        ledger.view(&contract, function, args)
    }

    fn look_up(self, ledger: &Ledger) -> Result<R, InvokeError> {
        let (contract, function, args) = self.into_parts()?;
        ledger.look_up(&contract, function, args)
    }
}

include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
