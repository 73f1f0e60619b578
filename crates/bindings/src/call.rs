//! A call of a contract, before anyone sends it.

use std::marker::PhantomData;

use wire::{
    contract_call,
    xdr::{HostFunction, ScAddress, ScVal},
    ToScVal, ValueError,
};

/// A call that is ready to be sent; `R` is what it returns.
#[derive(Clone, Debug)]
#[must_use]
pub struct Call<R> {
    /// The contract.
    pub contract: ScAddress,
    /// Its function.
    pub function: &'static str,
    args: Result<Vec<ScVal>, ValueError>,
    returns: PhantomData<fn() -> R>,
}

impl<R> Call<R> {
    /// A call of any function of any contract.
    pub fn new(contract: &ScAddress, function: &'static str, args: Vec<ScVal>) -> Self {
        Self {
            contract: contract.clone(),
            function,
            args: Ok(args),
            returns: PhantomData,
        }
    }

    /// The same with arguments that are yet to be encoded; one that does not fit shows when the call is sent.
    pub fn encode(contract: &ScAddress, function: &'static str, args: &[&dyn ToScVal]) -> Self {
        Self {
            contract: contract.clone(),
            function,
            args: args.iter().map(|value| value.to_scval()).collect(),
            returns: PhantomData,
        }
    }

    /// Its arguments.
    ///
    /// # Errors
    /// When one does not fit.
    pub fn args(&self) -> Result<&[ScVal], ValueError> {
        self.args.as_deref().map_err(Clone::clone)
    }

    /// Its contract, function and arguments.
    ///
    /// # Errors
    /// When an argument does not fit.
    pub fn into_parts(self) -> Result<(ScAddress, &'static str, Vec<ScVal>), ValueError> {
        Ok((self.contract, self.function, self.args?))
    }

    /// It as the host takes it.
    ///
    /// # Errors
    /// When an argument, or the function's name, does not fit.
    pub fn into_function(self) -> Result<HostFunction, ValueError> {
        let (contract, function, args) = self.into_parts()?;
        contract_call(&contract, function, args)
    }
}
