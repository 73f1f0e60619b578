//! Calls: the host runs them under what the transaction declares, with the network's codes for what goes wrong.
//!
//! Code that is uploaded or restored in a ledger is parsed by the calls of that ledger and joins the module cache with
//! the next one, as on the network. With `Pace::Eager`, where a ledger may take a day's transactions, it joins at once.

use std::{
    collections::BTreeSet,
    panic::{catch_unwind, AssertUnwindSafe},
    rc::Rc,
};

use sha2::{Digest, Sha256};
use soroban_env_host::{
    e2e_invoke::{extract_rent_changes, LedgerEntryChange},
    fees::compute_rent_fee,
    xdr::{
        AccountId, ContractEvent, DiagnosticEvent, Hash, InvokeHostFunctionOp,
        InvokeHostFunctionResult as Code, InvokeHostFunctionSuccessPreImage, LedgerKey, Limits,
        OperationResultTr, ReadXdr, ScErrorCode, ScErrorType, ScVal, SorobanTransactionData,
        WriteXdr,
    },
    Error,
};

use super::{changes::Changes, damage::damaged, diagnostics, resources, NodeError, Submission};
use crate::{
    costs::size,
    ledger::Ledger,
    run::{Call, Encoded, Input},
    state::Entry,
    transaction::pair,
};

/// An operation on the host's entries, with all that it depends on.
pub(crate) struct HostOperation<'a> {
    pub ledger: &'a Ledger,
    pub submission: &'a Submission,
    /// What the transaction declares.
    pub data: &'a SorobanTransactionData,
    /// Hashes of code that is not in the module cache yet.
    pub unparsed: &'a BTreeSet<Hash>,
}

/// What an operation did.
#[derive(Default)]
pub(crate) struct Effects {
    pub changes: Changes,
    pub events: Vec<ContractEvent>,
    pub value: Option<ScVal>,
    pub spent: Spent,
}

/// What of the refundable fee was used, stroops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    pub rent: i64,
    /// Rent and events.
    pub total: i64,
}

/// Why an operation did nothing.
pub(crate) struct Stopped<C> {
    /// The network's code; `None`: the host broke (`txINTERNAL_ERROR`).
    pub code: Option<C>,
    pub diagnostics: Vec<DiagnosticEvent>,
}

impl<C> Stopped<C> {
    pub fn new(code: C, error: (ScErrorType, ScErrorCode), why: &str) -> Self {
        Self {
            code: Some(code),
            diagnostics: vec![diagnostics::error(error, why)],
        }
    }

    /// The same, with the code as `into` has it.
    pub fn map<D>(self, into: impl FnOnce(C) -> D) -> Stopped<D> {
        Stopped {
            code: self.code.map(into),
            diagnostics: self.diagnostics,
        }
    }

    pub fn broken() -> Self {
        Self {
            code: None,
            diagnostics: Vec::new(),
        }
    }
}

pub(crate) const OVER_BUDGET: (ScErrorType, ScErrorCode) =
    (ScErrorType::Budget, ScErrorCode::ExceededLimit);

/// A run of the host that succeeded.
struct Ran {
    changes: Vec<LedgerEntryChange>,
    events: Vec<Vec<u8>>,
    value: Vec<u8>,
}

impl HostOperation<'_> {
    /// Calls what `call` says on behalf of `source`, with `seed` for the contracts' random numbers.
    pub fn invoke(
        &self,
        source: &AccountId,
        call: &InvokeHostFunctionOp,
        seed: [u8; 32],
    ) -> Result<Result<(OperationResultTr, Effects), Stopped<Code>>, NodeError> {
        let input = match self.load()? {
            Ok(input) => input,
            Err(stopped) => return Ok(Err(stopped)),
        };
        let restored: BTreeSet<u32> = input.restored.iter().copied().collect();
        let ran = match self.run(source, call, seed, input)? {
            Ok(ran) => ran,
            Err(stopped) => return Ok(Err(stopped)),
        };
        let spent = match self.measure(&ran) {
            Ok(spent) => spent,
            Err(stopped) => return Ok(Err(stopped)),
        };
        let success = InvokeHostFunctionSuccessPreImage {
            return_value: ScVal::from_xdr(&ran.value, Limits::none()).map_err(damaged)?,
            events: events(&ran.events)?.try_into().map_err(damaged)?,
        };
        let hash = Sha256::digest(success.to_xdr(Limits::none()).map_err(damaged)?);
        let effects = Effects {
            changes: self.write(ran.changes, &restored)?,
            events: success.events.into(),
            value: Some(success.return_value),
            spent,
        };
        let result = Code::Success(Hash(hash.into()));
        Ok(Ok((OperationResultTr::InvokeHostFunction(result), effects)))
    }

    fn run(
        &self,
        source: &AccountId,
        call: &InvokeHostFunctionOp,
        seed: [u8; 32],
        input: Input,
    ) -> Result<Result<Ran, Stopped<Code>>, NodeError> {
        let footprint = &self.data.resources.footprint;
        let called = Call {
            source,
            function: &call.host_function,
            seed,
        };
        let encoded = Encoded::new(&called, footprint, &call.auth).map_err(damaged)?;
        let attempt = |explain| {
            let (encoded, input) = (encoded.clone(), input.clone());
            // A panic of the host is this call's failure, as on the network.
            catch_unwind(AssertUnwindSafe(|| self.attempt(encoded, input, explain)))
                .unwrap_or_else(|_| Err(Stopped::broken()))
        };
        Ok(match attempt(false) {
            Err(stopped) if self.ledger.config().explain_failures && stopped.code.is_some() => {
                attempt(true)
            }
            result => result,
        })
    }

    fn attempt(&self, encoded: Encoded, input: Input, explain: bool) -> Result<Ran, Stopped<Code>> {
        let declared = u64::from(self.data.resources.instructions);
        let config = self.ledger.config();
        let budget = config.declared_budget(declared);
        let budget = budget.map_err(|_| Stopped::broken())?;
        let mut diagnostics = Vec::new();
        let result = self
            .ledger
            .run(encoded, input, &budget, explain, &mut diagnostics)
            .and_then(|mut result| {
                let value = std::mem::replace(&mut result.encoded_invoke_result, Ok(Vec::new()))?;
                Ok(Ran {
                    changes: result.ledger_changes,
                    events: result.encoded_contract_events,
                    value,
                })
            });
        let error = match result {
            Ok(ran) => return Ok(ran),
            Err(error) => error.error,
        };
        let used = |consumed: Result<u64, _>| consumed.unwrap_or(u64::MAX);
        let code = if is_internal(error) {
            None
        } else if used(budget.get_cpu_insns_consumed()) > declared
            || used(budget.get_mem_bytes_consumed()) > config.limits.memory
        {
            Some(Code::ResourceLimitExceeded)
        } else {
            Some(Code::Trapped)
        };
        if explain {
            diagnostics.push(diagnostics::host_failed(error));
        }
        Err(Stopped {
            code,
            diagnostics: diagnostics::last_events(diagnostics),
        })
    }

    /// What `ran` spends of the refundable fee, if it stays within limits and what is declared.
    fn measure(&self, ran: &Ran) -> Result<Spent, Stopped<Code>> {
        let over = |why| Err(Stopped::new(Code::ResourceLimitExceeded, OVER_BUDGET, why));
        let (limits, resources) = (&self.ledger.config().limits, &self.data.resources);
        let keys = resources.footprint.read_only.iter();
        let keys = keys.chain(resources.footprint.read_write.iter());
        let mut written = 0_u64;
        for (key, change) in keys.zip(&ran.changes) {
            let Some(new) = &change.encoded_new_value else {
                continue;
            };
            if !fits(key, new.len(), limits) {
                return over("an entry is larger than the network allows");
            }
            written = written.saturating_add(size(new.len()).into());
            if written > resources.write_bytes.into() {
                return over("bytes written reach over what is declared");
            }
        }
        let events = ran.events.iter().map(|event| u64::from(size(event.len())));
        let said = events
            .sum::<u64>()
            .saturating_add(size(ran.value.len()).into());
        let said = u32::try_from(said).unwrap_or(u32::MAX);
        if said > limits.event_bytes {
            return over("events and return value are larger than the network allows");
        }
        self.spend(&ran.changes, said).ok_or_else(|| {
            let why = "the refundable fee does not cover rent and events";
            Stopped::new(Code::InsufficientRefundableFee, OVER_BUDGET, why)
        })
    }

    fn spend(&self, changes: &[LedgerEntryChange], event_bytes: u32) -> Option<Spent> {
        let (config, sequence) = (self.ledger.config(), self.ledger.sequence());
        let rent = compute_rent_fee(&extract_rent_changes(changes), &config.rent, sequence);
        self.spend_rent(rent, event_bytes)
    }

    /// What `rent` and events use up of the refundable fee, if it suffices.
    pub fn spend_rent(&self, rent: i64, event_bytes: u32) -> Option<Spent> {
        let fee = resources::fee(
            self.ledger.config(),
            self.submission,
            self.data,
            event_bytes,
        );
        let most = self.data.resource_fee.checked_sub(fee.non_refundable)?;
        let total = rent.checked_add(fee.refundable)?;
        (rent <= most && total <= most).then_some(Spent { rent, total })
    }

    /// Stores what the host changed. All that is declared as written is written anew, changed or not.
    fn write(
        &self,
        changed: Vec<LedgerEntryChange>,
        restored: &BTreeSet<u32>,
    ) -> Result<Changes, NodeError> {
        let footprint = &self.data.resources.footprint;
        let read_only = size(footprint.read_only.len());
        let mut changes = Changes::default();
        let broken = |_| damaged("a key of a footprint has no change");
        self.ledger.change_state(|state| {
            let pairs = pair(footprint, &changed).map_err(broken)?;
            for (index, (key, change)) in (0_u32..).zip(pairs) {
                let live_until = change.ttl_change.as_ref();
                let live_until = live_until.map(|ttl| ttl.new_live_until_ledger);
                let is_restored = index
                    .checked_sub(read_only)
                    .is_some_and(|index| restored.contains(&index));
                let old = state.entries.get(key).cloned();
                match (&change.encoded_new_value, old) {
                    (Some(new), _) => {
                        let encoded = modified_in(state.sequence, new);
                        let rent_size = change.new_entry_size_bytes_for_rent;
                        let entry = Entry::encoded(encoded, live_until, rent_size);
                        changes.put(state, Rc::new(key.clone()), entry, is_restored);
                    }
                    (None, Some(old)) if change.read_only => {
                        if let Some(new) = live_until.filter(|new| Some(*new) > old.live_until) {
                            let entry = old.living_until(new);
                            changes.put(state, Rc::new(key.clone()), entry, false);
                        }
                    }
                    (None, Some(_)) => changes.erase(state, Rc::new(key.clone()), is_restored),
                    (None, None) => {}
                }
            }
            Ok(changes)
        })
    }
}

/// Whether an entry of `bytes` bytes may be used.
pub(crate) fn fits(key: &LedgerKey, bytes: usize, limits: &crate::network::Limits) -> bool {
    match key {
        LedgerKey::ContractCode(_) => size(bytes) <= limits.code_bytes,
        LedgerKey::ContractData(_) => size(bytes) <= limits.data_entry_bytes,
        _ => true,
    }
}

/// An entry's first four bytes say in which ledger it was last modified.
fn modified_in(sequence: u32, encoded: &[u8]) -> Rc<[u8]> {
    let mut encoded: Rc<[u8]> = encoded.into();
    if let Some(first) = Rc::get_mut(&mut encoded).and_then(|bytes| bytes.first_chunk_mut()) {
        *first = sequence.to_be_bytes();
    }
    encoded
}

fn events(encoded: &[Vec<u8>]) -> Result<Vec<ContractEvent>, NodeError> {
    let events = encoded
        .iter()
        .map(|event| ContractEvent::from_xdr(event, Limits::none()));
    events.collect::<Result<_, _>>().map_err(damaged)
}

fn is_internal(error: Error) -> bool {
    error.is_code(ScErrorCode::InternalError) && !error.is_type(ScErrorType::Contract)
}
