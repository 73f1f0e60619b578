//! Calls made over and over, as of price feeds and keepers: run once, under the footprint that the last one had.

use soroban_env_host::xdr::{
    HostFunction, LedgerFootprint, ScAddress, ScVal, SorobanAuthorizationEntry,
    SorobanAuthorizedFunction, SorobanAuthorizedInvocation, SorobanCredentials, VecM,
};

use crate::{
    auth::Auth, error::InvokeError, invoke::Outcome, keypair::Keypair, ledger::Ledger, run::Call,
    transaction::contract_call, value::IntoArgs,
};

/// What tells calls with the same footprint from others: contract, function and first argument.
pub(crate) type Routine = (ScAddress, String, Option<ScVal>);

impl Ledger {
    /// As [`Ledger::call`] with no signature but the source account's. Calls that differ from an earlier one in later
    /// arguments only are tried under its footprint, and simulated when that does not succeed: their costs may count
    /// writes that they do not make.
    ///
    /// # Errors
    /// Any [`InvokeError`]; the ledger is then unchanged.
    pub fn repeat(
        &self,
        source: &Keypair,
        contract: &ScAddress,
        function: &str,
        args: impl IntoArgs,
    ) -> Result<Outcome, InvokeError> {
        let args = args.into_args()?;
        let routine = (contract.clone(), function.to_owned(), args.first().cloned());
        let call = contract_call(contract, function, args)?;
        if let Some(footprint) = self.footprint_of(&routine) {
            if let Ok(outcome) = self.execute_under(source, &call, &footprint) {
                return Ok(outcome);
            }
        }
        let (outcome, footprint) = self.execute_anew(source, call, Auth::Sign(&[]))?;
        self.keep_footprint(routine, footprint);
        Ok(outcome)
    }

    fn execute_under(
        &self,
        source: &Keypair,
        function: &HostFunction,
        footprint: &LedgerFootprint,
    ) -> Result<Outcome, InvokeError> {
        let source = source.account_id();
        self.check_source(&source)?;
        let call = Call {
            source: &source,
            function,
            seed: self.peek_seed(),
        };
        let auth = by_source(function);
        let enforced = self.try_enforce(&call, footprint, &auth)?;
        let outcome = self.settle(&call, footprint, &auth, enforced)?;
        self.draw_seed();
        Ok(outcome)
    }
}

/// What the source account signs by sending the transaction: the call, and none that it makes.
fn by_source(function: &HostFunction) -> Vec<SorobanAuthorizationEntry> {
    let HostFunction::InvokeContract(call) = function else {
        return Vec::new();
    };
    vec![SorobanAuthorizationEntry {
        credentials: SorobanCredentials::SourceAccount,
        root_invocation: SorobanAuthorizedInvocation {
            function: SorobanAuthorizedFunction::ContractFn(call.clone()),
            sub_invocations: VecM::default(),
        },
    }]
}
