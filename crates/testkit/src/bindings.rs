//! Typed clients of our contracts, written by `build.rs` from the interface in each wasm.
//!
//! A client's function makes a [`Call`]; sending or viewing it is the caller's step, so that tests choose who signs.
#![allow(clippy::too_many_arguments)]

use std::marker::PhantomData;

use localnet::{
    xdr::{ScAddress, ScVal},
    Auth, FromScVal, InvokeError, Keypair, Ledger, Outcome, Symbol, ToScVal, ValueError,
};

/// A call that is ready to be sent; `R` is what it returns.
#[derive(Clone, Debug)]
#[must_use]
pub struct Call<R> {
    /// The contract.
    pub contract: ScAddress,
    /// Its function.
    pub function: &'static str,
    /// Its arguments.
    pub args: Vec<ScVal>,
    returns: PhantomData<R>,
}

impl<R: FromScVal> Call<R> {
    /// A call of any function of any contract.
    pub fn new(contract: &ScAddress, function: &'static str, args: Vec<ScVal>) -> Self {
        Self {
            contract: contract.clone(),
            function,
            args,
            returns: PhantomData,
        }
    }

    /// Sends it from `source`, whose signature is the only one, and returns the value.
    pub fn send(self, ledger: &Ledger, source: &Keypair) -> Result<R, InvokeError> {
        self.outcome(ledger, source, Auth::Sign(&[]))?.get()
    }

    /// Sends it from `source` with the signatures of `signers` where they are asked for.
    pub fn send_signed(
        self,
        ledger: &Ledger,
        source: &Keypair,
        signers: &[&Keypair],
    ) -> Result<R, InvokeError> {
        self.outcome(ledger, source, Auth::Sign(signers))?.get()
    }

    /// Sends it and returns everything: value, events, costs.
    pub fn outcome(
        self,
        ledger: &Ledger,
        source: &Keypair,
        auth: Auth<'_>,
    ) -> Result<Outcome, InvokeError> {
        ledger.invoke(source, &self.contract, self.function, self.args, auth)
    }

    /// Sends it from `source` as one of many like it; see [`Ledger::repeat`].
    pub fn repeat(self, ledger: &Ledger, source: &Keypair) -> Result<R, InvokeError> {
        ledger
            .repeat(source, &self.contract, self.function, self.args)?
            .get()
    }

    /// Runs it without signatures and without applying it.
    pub fn view(self, ledger: &Ledger) -> Result<R, InvokeError> {
        ledger.view(&self.contract, self.function, self.args)
    }

    /// Runs it as something stored that does not depend on the time; see [`Ledger::look_up`].
    pub fn look_up(self, ledger: &Ledger) -> Result<R, InvokeError> {
        ledger.look_up(&self.contract, self.function, self.args)
    }
}

include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
