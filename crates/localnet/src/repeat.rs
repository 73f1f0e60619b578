//! Calls made over and over: those of price feeds and keepers run once, under the footprint that the last one had; what
//! is only looked up runs again when what it was read from has changed.

use std::rc::Rc;

use soroban_env_host::xdr::{
    HostFunction, LedgerFootprint, LedgerKey, ScAddress, ScVal, SorobanAuthorizationEntry,
    SorobanAuthorizedFunction, SorobanAuthorizedInvocation, SorobanCredentials, VecM,
};

use wire::{FromScVal, IntoArgs, Keypair};

use crate::{
    auth::Auth,
    error::InvokeError,
    invoke::Outcome,
    ledger::Ledger,
    run::Call,
    state::{Entry, State},
    transaction::contract_call,
};

/// What tells calls with the same footprint from others: contract, function and first argument.
pub(crate) type Routine = (ScAddress, String, Option<ScVal>);

/// A view: contract, function and arguments.
pub(crate) type View = (ScAddress, String, Vec<ScVal>);

/// What a view returned, and the entries it was read from.
pub(crate) struct KnownView {
    value: ScVal,
    read: Vec<(Rc<LedgerKey>, Option<Rc<Entry>>)>,
}

impl KnownView {
    /// Whether none of the entries was written since.
    fn stands(&self, state: &State) -> bool {
        let is_same =
            |(key, then): &(Rc<LedgerKey>, Option<Rc<Entry>>)| match (state.entries.get(key), then)
            {
                (Some(now), Some(then)) => Rc::ptr_eq(now, then),
                (now, then) => now.is_none() && then.is_none(),
            };
        self.read.iter().all(is_same)
    }
}

impl Ledger {
    /// As [`Ledger::view`], of what is stored and does not depend on the time: it runs again only when one of the
    /// entries that it read was written.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    pub fn look_up<T: FromScVal>(
        &self,
        contract: &ScAddress,
        function: &str,
        args: impl IntoArgs,
    ) -> Result<T, InvokeError> {
        if self.remote().is_some() {
            return self.view(contract, function, args);
        }
        let view = (contract.clone(), function.to_owned(), args.into_args()?);
        let known = self.with_state(|state| {
            self.with_known(&view, |known| {
                known.stands(state).then(|| known.value.clone())
            })
        });
        if let Some(value) = known {
            return Ok(T::from_scval(&value)?);
        }
        let seen = self.record_view(contract, function, view.2.clone())?;
        let read = self.with_state(|state| {
            let entry = |key: Rc<LedgerKey>| (key.clone(), state.entries.get(&key).cloned());
            seen.touched.into_iter().map(entry).collect()
        });
        let value = T::from_scval(&seen.value)?;
        let known = KnownView {
            value: seen.value,
            read,
        };
        self.keep_known(view, known);
        Ok(value)
    }

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
        if self.remote().is_some() {
            return self.invoke(source, contract, function, args, Auth::Sign(&[]));
        }
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
