//! What an executed call leaves: measured against the limits, priced, applied to the entries, logged.

use std::rc::Rc;

use soroban_env_host::{
    e2e_invoke::LedgerEntryChange,
    xdr::{
        ContractEvent, HostFunction, LedgerFootprint, LedgerKey, Limits, ReadXdr, ScVal,
        SorobanAuthorizationEntry,
    },
};

use crate::{
    costs::{check_entry, size, Costs},
    error::{InvokeError, Limit},
    events::{Event, Record},
    invoke::Outcome,
    ledger::Ledger,
    run::{Call, Enforced},
    state::Entry,
    transaction::{pair, transaction_bytes},
};

impl Ledger {
    /// Checks an executed call against the limits and applies it.
    pub(crate) fn settle(
        &self,
        call: &Call<'_>,
        footprint: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
        enforced: Enforced,
    ) -> Result<Outcome, InvokeError> {
        let costs = self.measure(call, footprint, auth, &enforced)?;
        let Enforced { result, value, .. } = enforced;
        let value = ScVal::from_xdr(&value, Limits::none())?;
        let events = result.encoded_contract_events.iter();
        let events = events
            .map(|event| {
                let event = ContractEvent::from_xdr(event, Limits::none())?;
                Ok(Event::from_xdr(event))
            })
            .collect::<Result<Vec<_>, InvokeError>>()?;
        self.apply(footprint, &result.ledger_changes)?;
        self.log(&events);
        Ok(Outcome {
            value,
            events,
            costs,
        })
    }

    /// What an executed call costs in all, if that is within the limits.
    fn measure(
        &self,
        call: &Call<'_>,
        footprint: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
        enforced: &Enforced,
    ) -> Result<Costs, InvokeError> {
        let (mut costs, result) = (enforced.costs.clone(), &enforced.result);
        let limits = &self.config().limits;
        for (key, change) in pair(footprint, &result.ledger_changes)? {
            let bytes = change.encoded_new_value.as_ref().map_or(0, Vec::len);
            costs.write_bytes = costs.write_bytes.saturating_add(size(bytes));
            check_entry(key, change.encoded_key.len(), bytes, limits)?;
        }
        let event_bytes: usize = result.encoded_contract_events.iter().map(Vec::len).sum();
        costs.event_bytes = size(event_bytes.saturating_add(enforced.value.len()));
        costs.transaction_bytes = transaction_bytes(call, footprint, auth)?;
        if let HostFunction::UploadContractWasm(wasm) = call.function {
            let (used, limit) = (size(wasm.len()), limits.code_bytes);
            if used > limit {
                return Err(InvokeError::over(Limit::CodeBytes, used, limit));
            }
        }
        costs.check(limits)?;
        costs.price(&result.ledger_changes, self.config(), self.sequence());
        Ok(costs)
    }

    fn apply(
        &self,
        footprint: &LedgerFootprint,
        changes: &[LedgerEntryChange],
    ) -> Result<(), InvokeError> {
        self.change_state(|state| {
            for (key, change) in pair(footprint, changes)? {
                let live_until = change
                    .ttl_change
                    .as_ref()
                    .map(|ttl| ttl.new_live_until_ledger);
                match (&change.encoded_new_value, state.entries.get(key)) {
                    (Some(new), _) => {
                        let size = change.new_entry_size_bytes_for_rent;
                        let entry = Entry::encoded(new.as_slice().into(), live_until, size);
                        if let LedgerKey::ContractCode(code) = key {
                            self.sync_module(&code.hash, &entry, false)?;
                        }
                        state.put(Rc::new(key.clone()), entry);
                    }
                    (None, Some(old)) if change.read_only => {
                        let extended = live_until.filter(|new| Some(*new) > old.live_until);
                        if let Some(new) = extended {
                            let entry = old.living_until(new);
                            state.put(Rc::new(key.clone()), entry);
                        }
                    }
                    (None, Some(_)) => state.remove(key),
                    (None, None) => {}
                }
            }
            Ok(())
        })
    }

    /// Notes what was said in this ledger.
    pub(crate) fn log(&self, events: &[Event]) {
        self.change_state(|state| {
            let record = Record {
                sequence: state.sequence,
                time: state.time,
                events: events.to_vec(),
            };
            Rc::make_mut(&mut state.log).push(Rc::new(record));
        });
    }
}
