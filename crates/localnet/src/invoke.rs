//! Calls: simulated, signed, executed under their own footprint, applied.

use std::rc::Rc;

use soroban_env_host::{
    e2e_invoke::{LedgerEntryChange, RecordingInvocationAuthMode},
    xdr::{
        AccountId, HostFunction, LedgerFootprint, LedgerKey, PublicKey, ScAddress, ScVal,
        SorobanAuthorizationEntry,
    },
};

use wire::{account_key, sign_entry, FromScVal, IntoArgs, Keypair, SIGNATURE_LIFETIME};

use crate::{
    auth::Auth,
    costs::Costs,
    error::InvokeError,
    events::Event,
    ledger::Ledger,
    run::{Call, Enforced, Recorded},
    state::Standing,
    transaction::{contract_call, footprint, pair, Transaction},
};

/// What a successful call returned, said and used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The function's return value.
    pub value: ScVal,
    /// The events of all contracts called, in order.
    pub events: Vec<Event>,
    /// Resources and fees.
    pub costs: Costs,
}

impl Outcome {
    /// The return value as a Rust value.
    ///
    /// # Errors
    /// [`InvokeError::Value`] when it has another type.
    pub fn get<T: FromScVal>(&self) -> Result<T, InvokeError> {
        Ok(T::from_scval(&self.value)?)
    }
}

/// What a simulation found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// What the call would return.
    pub value: ScVal,
    /// The call with its footprint and its authorisations, not yet signed.
    pub transaction: Transaction,
}

impl Ledger {
    /// Calls `function` of `contract` and applies the result; `source` sends the transaction.
    ///
    /// # Errors
    /// Any [`InvokeError`]; the ledger is then unchanged.
    pub fn call(
        &self,
        source: &Keypair,
        contract: &ScAddress,
        function: &str,
        args: impl IntoArgs,
        auth: Auth<'_>,
    ) -> Result<Outcome, InvokeError> {
        self.invoke(source, contract, function, args.into_args()?, auth)
    }

    /// As [`Ledger::call`], with contract values.
    ///
    /// # Errors
    /// Any [`InvokeError`]; the ledger is then unchanged.
    pub fn invoke(
        &self,
        source: &Keypair,
        contract: &ScAddress,
        function: &str,
        args: Vec<ScVal>,
        auth: Auth<'_>,
    ) -> Result<Outcome, InvokeError> {
        self.execute(source, contract_call(contract, function, args)?, auth)
    }

    /// Runs any host function the way [`Ledger::call`] runs a contract's.
    ///
    /// # Errors
    /// Any [`InvokeError`]; the ledger is then unchanged.
    pub fn execute(
        &self,
        source: &Keypair,
        function: HostFunction,
        auth: Auth<'_>,
    ) -> Result<Outcome, InvokeError> {
        Ok(self.execute_anew(source, function, auth)?.0)
    }

    /// As [`Ledger::execute`]; returns the footprint, too.
    pub(crate) fn execute_anew(
        &self,
        source: &Keypair,
        function: HostFunction,
        auth: Auth<'_>,
    ) -> Result<(Outcome, LedgerFootprint), InvokeError> {
        if let Some(remote) = self.remote() {
            // As many seeds as here, so that contracts have the same addresses on either.
            self.draw_seed();
            let outcome = remote.execute(source, &function, auth)?;
            self.log(&outcome.events);
            return Ok((outcome, LedgerFootprint::default()));
        }
        let source = source.account_id();
        self.check_source(&source)?;
        let call = Call {
            source: &source,
            function: &function,
            seed: self.draw_seed(),
        };
        let recorded = self.record(&call, auth)?;
        let mut entries = recorded.auth;
        if let Auth::Sign(signers) = auth {
            self.sign(&mut entries, signers)?;
        }
        let wide = self.widest(&recorded.touched)?;
        if self.config().has_wide_footprints {
            match self.enforce_and_settle(&call, &wide, &entries) {
                // It may still be within the limits without the entries that it does not change; and what it removes without
                // reading it, only the full simulation sees.
                Err(InvokeError::LimitExceeded { .. } | InvokeError::OutsideFootprint { .. }) => {}
                result => return Ok((result?, wide)),
            }
        }
        let (footprint, enforced) =
            self.enforce_narrowly(&call, &recorded.touched, &wide, &entries)?;
        self.compare(&call, &entries, &enforced)?;
        let outcome = self.settle(&call, &footprint, &entries, enforced)?;
        Ok((outcome, footprint))
    }

    /// Executes a call under the least footprint within `touched`; returns that footprint, too.
    fn enforce_narrowly(
        &self,
        call: &Call<'_>,
        touched: &[Rc<LedgerKey>],
        wide: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
    ) -> Result<(LedgerFootprint, Enforced), InvokeError> {
        let enforced = self
            .narrow(call, touched, wide, auth)
            .and_then(|footprint| {
                let enforced = self.try_enforce(call, &footprint, auth)?;
                Ok((footprint, enforced))
            });
        match enforced {
            // The call writes an entry without changing it, or removes one without reading it: only the full simulation sees that.
            Err(InvokeError::OutsideFootprint { .. }) => {
                let mode = RecordingInvocationAuthMode::Enforcing(auth.to_vec());
                let (footprint, ..) = self.exact_footprint(call, mode)?;
                let enforced = self.enforce(call, &footprint, auth)?;
                Ok((footprint, enforced))
            }
            result => result,
        }
    }

    /// Returns what `function` of `contract` returns, without signatures and without applying anything.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    pub fn view<T: FromScVal>(
        &self,
        contract: &ScAddress,
        function: &str,
        args: impl IntoArgs,
    ) -> Result<T, InvokeError> {
        let args = args.into_args()?;
        let value = match self.remote() {
            Some(remote) => remote.view(&contract_call(contract, function, args)?)?,
            None => self.record_view(contract, function, args)?.value,
        };
        Ok(T::from_scval(&value)?)
    }

    pub(crate) fn record_view(
        &self,
        contract: &ScAddress,
        function: &str,
        args: Vec<ScVal>,
    ) -> Result<Recorded, InvokeError> {
        let call = Call {
            source: &AccountId(PublicKey::default()),
            function: &contract_call(contract, function, args)?,
            seed: self.peek_seed(),
        };
        self.record(&call, Auth::Sign(&[]))
    }

    /// Simulates a call as an RPC server does: footprint and authorisations to be signed. Nothing is applied.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    pub fn simulate(
        &self,
        source: &AccountId,
        contract: &ScAddress,
        function: &str,
        args: impl IntoArgs,
    ) -> Result<Simulation, InvokeError> {
        self.require_here()?;
        let function = contract_call(contract, function, args.into_args()?)?;
        let call = Call {
            source,
            function: &function,
            seed: self.draw_seed(),
        };
        let (footprint, auth, value) = self.exact_footprint(&call, self.recording())?;
        let transaction = Transaction {
            source: source.clone(),
            seed: call.seed,
            footprint,
            auth,
            function,
        };
        Ok(Simulation { value, transaction })
    }

    /// Executes `transaction` as it stands, under its own footprint and authorisations, and applies it.
    ///
    /// # Errors
    /// Any [`InvokeError`]; the ledger is then unchanged.
    pub fn submit(&self, transaction: &Transaction) -> Result<Outcome, InvokeError> {
        self.require_here()?;
        self.check_source(&transaction.source)?;
        let call = Call {
            source: &transaction.source,
            function: &transaction.function,
            seed: transaction.seed,
        };
        let (footprint, auth) = (&transaction.footprint, &transaction.auth);
        self.enforce_and_settle(&call, footprint, auth)
    }

    fn require_here(&self) -> Result<(), InvokeError> {
        match self.remote() {
            Some(_) => Err(InvokeError::Network(
                "the steps of a call are taken one by one on an embedded ledger only".into(),
            )),
            None => Ok(()),
        }
    }

    fn enforce_and_settle(
        &self,
        call: &Call<'_>,
        footprint: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
    ) -> Result<Outcome, InvokeError> {
        let enforced = self.enforce(call, footprint, auth)?;
        self.settle(call, footprint, auth, enforced)
    }

    /// Signs every entry of `entries` whose address is one of `signers`'.
    ///
    /// # Errors
    /// When an entry cannot be encoded.
    pub fn sign(
        &self,
        entries: &mut [SorobanAuthorizationEntry],
        signers: &[&Keypair],
    ) -> Result<(), InvokeError> {
        let expiration = self.sequence().saturating_add(SIGNATURE_LIFETIME);
        for entry in entries {
            for signer in signers {
                sign_entry(entry, signer, self.network_id(), expiration)?;
            }
        }
        Ok(())
    }

    /// A footprint under which all of `touched` may be written, but for code.
    fn widest(&self, touched: &[Rc<LedgerKey>]) -> Result<LedgerFootprint, InvokeError> {
        let is_live = |key: &LedgerKey| {
            self.with_state(|state| matches!(state.standing(key), Standing::Live(_)))
        };
        // Stored code never changes, and writing it would cost its whole size.
        let is_stored_code =
            |key: &LedgerKey| matches!(key, LedgerKey::ContractCode(_)) && is_live(key);
        footprint(touched, |key| !is_stored_code(key))
    }

    /// The footprint of a call that touches `touched`: a rehearsal that may write all of it tells what it changes.
    fn narrow(
        &self,
        call: &Call<'_>,
        touched: &[Rc<LedgerKey>],
        wide: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
    ) -> Result<LedgerFootprint, InvokeError> {
        let rehearsed = self.rehearse(call, wide, auth)?;
        let changed = self.changed(wide, &rehearsed.result.ledger_changes)?;
        let archived = |key: &LedgerKey| {
            self.with_state(|state| matches!(state.standing(key), Standing::Archived(_)))
        };
        footprint(touched, |key| archived(key) || changed.contains(&key))
    }

    /// The keys of `footprint` whose entries `changes` creates, changes or removes.
    fn changed<'a>(
        &self,
        footprint: &'a LedgerFootprint,
        changes: &[LedgerEntryChange],
    ) -> Result<Vec<&'a LedgerKey>, InvokeError> {
        let keys = pair(footprint, changes)?;
        self.with_state(|state| {
            Ok(keys
                .filter(|(key, change)| {
                    let old = state.entry(key).map(|entry| &*entry.encoded);
                    !change.read_only && old != change.encoded_new_value.as_deref()
                })
                .map(|(key, _)| key)
                .collect())
        })
    }

    pub(crate) fn check_source(&self, source: &AccountId) -> Result<(), InvokeError> {
        let key = account_key(source);
        if self.with_state(|state| state.entry(&key).is_some()) {
            return Ok(());
        }
        Err(InvokeError::UnknownSource(source.clone()))
    }
}
