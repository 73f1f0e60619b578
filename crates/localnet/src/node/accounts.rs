//! Accounts as transactions see them: loaded, stored, their sequence numbers moved.

use soroban_env_host::xdr::{
    AccountEntry, AccountEntryExt, AccountEntryExtensionV1, AccountEntryExtensionV1Ext,
    AccountEntryExtensionV2, AccountEntryExtensionV2Ext, AccountEntryExtensionV3, AccountId,
    ExtensionPoint, LedgerEntryData, TimePoint,
};

use wire::account_key;

use super::{changes::Changes, damage::damaged, NodeError};
use crate::{ledger::Ledger, state::State};

/// The account under `id`, if it exists.
pub(crate) fn load(state: &State, id: &AccountId) -> Result<Option<AccountEntry>, NodeError> {
    let Some(entry) = state.entry(&account_key(id)) else {
        return Ok(None);
    };
    match &entry.decoded().map_err(damaged)?.data {
        LedgerEntryData::Account(account) => Ok(Some(account.clone())),
        _ => Err(NodeError::Damaged("an account is none".into())),
    }
}

/// Stores `account` as changed in the open ledger.
pub(crate) fn store(
    ledger: &Ledger,
    changes: &mut Changes,
    account: AccountEntry,
) -> Result<(), NodeError> {
    let data = LedgerEntryData::Account(account);
    let put = |state: &mut State| changes.put_classic(state, data);
    ledger.change_state(put).map_err(damaged)
}

/// Ledger and time at which the account's sequence number last moved; zeros when that is not known.
pub(crate) fn last_moved(account: &AccountEntry) -> (u32, u64) {
    match &account.ext {
        AccountEntryExt::V1(AccountEntryExtensionV1 {
            ext:
                AccountEntryExtensionV1Ext::V2(AccountEntryExtensionV2 {
                    ext: AccountEntryExtensionV2Ext::V3(moved),
                    ..
                }),
            ..
        }) => (moved.seq_ledger, moved.seq_time.0),
        _ => (0, 0),
    }
}

/// Notes that the account's sequence number moves in ledger `ledger` at `time`.
pub(crate) fn note_move(account: &mut AccountEntry, ledger: u32, time: u64) {
    let moved = AccountEntryExtensionV2Ext::V3(AccountEntryExtensionV3 {
        ext: ExtensionPoint::V0,
        seq_ledger: ledger,
        seq_time: TimePoint(time),
    });
    let AccountEntryExt::V1(v1) = &mut account.ext else {
        account.ext = AccountEntryExt::V1(AccountEntryExtensionV1 {
            ext: AccountEntryExtensionV1Ext::V2(AccountEntryExtensionV2 {
                ext: moved,
                ..Default::default()
            }),
            ..Default::default()
        });
        return;
    };
    match &mut v1.ext {
        AccountEntryExtensionV1Ext::V2(v2) => v2.ext = moved,
        AccountEntryExtensionV1Ext::V0 => {
            v1.ext = AccountEntryExtensionV1Ext::V2(AccountEntryExtensionV2 {
                ext: moved,
                ..Default::default()
            });
        }
    }
}
