//! Operations on lifetimes: extending those of live entries, restoring archived ones.

use std::rc::Rc;

use soroban_env_host::{
    fees::{compute_rent_fee, LedgerEntryRentChange},
    xdr::{
        ExtendFootprintTtlOp, ExtendFootprintTtlResult, LedgerKey, OperationResultTr,
        RestoreFootprintResult,
    },
};

use super::{
    changes::Changes,
    soroban::{fits, Effects, HostOperation, Stopped, OVER_BUDGET},
};
use crate::{
    costs::size,
    state::{is_temporary, Entry, Standing},
};

const TOO_LARGE: &str = "an entry is larger than the network allows";
const UNPAID: &str = "the refundable fee does not cover the rent";

impl HostOperation<'_> {
    /// Extends the lifetimes of the live entries that are declared as read.
    pub fn extend(
        &self,
        extend: &ExtendFootprintTtlOp,
    ) -> Result<(OperationResultTr, Effects), Stopped<ExtendFootprintTtlResult>> {
        use ExtendFootprintTtlResult as Code;
        let until = self.ledger.sequence().saturating_add(extend.extend_to);
        let (mut rents, mut extended) = (Vec::new(), Vec::new());
        self.ledger.with_state(|state| {
            for key in self.data.resources.footprint.read_only.iter() {
                let Standing::Live(entry) = state.standing(key) else {
                    continue;
                };
                let Some(old) = entry.live_until.filter(|old| *old < until) else {
                    continue;
                };
                if !fits(key, entry.encoded.len(), &self.ledger.config().limits) {
                    let code = Code::ResourceLimitExceeded;
                    return Err(Stopped::new(code, OVER_BUDGET, TOO_LARGE));
                }
                rents.push(rent(key, entry, Some(old), until));
                extended.push((Rc::new(key.clone()), entry.living_until(until)));
            }
            Ok(())
        })?;
        let effects = self
            .settle(&rents, extended, false)
            .ok_or_else(|| Stopped::new(Code::InsufficientRefundableFee, OVER_BUDGET, UNPAID))?;
        Ok((
            OperationResultTr::ExtendFootprintTtl(Code::Success),
            effects,
        ))
    }

    /// Restores the archived ones of the entries that are declared as written.
    pub fn restore(&self) -> Result<(OperationResultTr, Effects), Stopped<RestoreFootprintResult>> {
        use RestoreFootprintResult as Code;
        let over = |why| Err(Stopped::new(Code::ResourceLimitExceeded, OVER_BUDGET, why));
        let resources = &self.data.resources;
        let until = self.ledger.restored_until();
        let mut bytes = 0_u64;
        let (mut rents, mut restored) = (Vec::new(), Vec::new());
        self.ledger.with_state(|state| {
            for key in resources.footprint.read_write.iter() {
                let Standing::Archived(entry) = state.standing(key) else {
                    continue;
                };
                bytes = bytes.saturating_add(size(entry.encoded.len()).into());
                if bytes > resources.disk_read_bytes.into() {
                    return over("bytes read from disk reach over what is declared");
                }
                if !fits(key, entry.encoded.len(), &self.ledger.config().limits) {
                    return over(TOO_LARGE);
                }
                if bytes > resources.write_bytes.into() {
                    return over("bytes written reach over what is declared");
                }
                rents.push(rent(key, entry, None, until));
                restored.push((Rc::new(key.clone()), entry.living_until(until)));
            }
            Ok(())
        })?;
        let effects = self
            .settle(&rents, restored, true)
            .ok_or_else(|| Stopped::new(Code::InsufficientRefundableFee, OVER_BUDGET, UNPAID))?;
        Ok((OperationResultTr::RestoreFootprint(Code::Success), effects))
    }

    /// Pays the rent and stores the entries, if the refundable fee suffices.
    fn settle(
        &self,
        rents: &[LedgerEntryRentChange],
        entries: Vec<(Rc<LedgerKey>, Entry)>,
        is_restored: bool,
    ) -> Option<Effects> {
        let (config, sequence) = (self.ledger.config(), self.ledger.sequence());
        let rent = compute_rent_fee(rents, &config.rent, sequence);
        let spent = self.spend_rent(rent, 0)?;
        let mut changes = Changes::default();
        self.ledger.change_state(|state| {
            for (key, entry) in entries {
                changes.put(state, key, entry, is_restored);
            }
        });
        Some(Effects {
            changes,
            spent,
            ..Effects::default()
        })
    }
}

/// The rent of an entry that lives until `until` instead of `old`; from now on if it was archived.
fn rent(key: &LedgerKey, entry: &Entry, old: Option<u32>, until: u32) -> LedgerEntryRentChange {
    LedgerEntryRentChange {
        is_persistent: !is_temporary(key),
        is_code_entry: matches!(key, LedgerKey::ContractCode(_)),
        old_size_bytes: old.map_or(0, |_| entry.rent_size),
        new_size_bytes: entry.rent_size,
        old_live_until_ledger: old.unwrap_or(0),
        new_live_until_ledger: until,
    }
}
