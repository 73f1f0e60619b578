//! Accounts as transactions see them: loaded, stored, their sequence numbers moved.

use soroban_env_host::xdr::{
    AccountEntry, AccountEntryExt, AccountEntryExtensionV1, AccountEntryExtensionV1Ext,
    AccountEntryExtensionV2, AccountEntryExtensionV2Ext, AccountEntryExtensionV3, AccountId,
    ExtensionPoint, LedgerEntryData, TimePoint,
};

use wire::account_key;

use super::{
    changes::Changes,
    damage::{damaged, unreadable},
    NodeError,
};
use crate::{ledger::Ledger, state::State};

/// The account under `id`, if it exists.
pub(crate) fn load(state: &State, id: &AccountId) -> Result<Option<AccountEntry>, NodeError> {
    let Some(entry) = state.entry(&account_key(id)) else {
        return Ok(None);
    };
    match &entry.decoded().map_err(|_| unreadable("an account"))?.data {
        LedgerEntryData::Account(account) => Ok(Some(account.clone())),
        _ => Err(damaged("what should be an account is none")),
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

#[cfg(test)]
mod tests {
    use soroban_env_host::xdr::Liabilities;

    use super::*;

    #[test]
    fn what_an_account_has_besides_stays_when_its_number_moves() {
        let liabilities = Liabilities {
            buying: 3,
            selling: 4,
        };
        let mut account = AccountEntry::default();
        note_move(&mut account, 7, 70);
        assert_eq!(last_moved(&account), (7, 70));

        account.ext = AccountEntryExt::V1(AccountEntryExtensionV1 {
            liabilities: liabilities.clone(),
            ext: AccountEntryExtensionV1Ext::V0,
        });
        assert_eq!(last_moved(&account), (0, 0), "not known");
        note_move(&mut account, 8, 80);
        assert_eq!(last_moved(&account), (8, 80));

        let sponsored = |ext| AccountEntryExtensionV1 {
            liabilities: liabilities.clone(),
            ext: AccountEntryExtensionV1Ext::V2(AccountEntryExtensionV2 {
                num_sponsored: 1,
                num_sponsoring: 2,
                ext,
                ..Default::default()
            }),
        };
        account.ext = AccountEntryExt::V1(sponsored(AccountEntryExtensionV2Ext::V0));
        note_move(&mut account, 9, 90);
        let moved = AccountEntryExtensionV2Ext::V3(AccountEntryExtensionV3 {
            ext: ExtensionPoint::V0,
            seq_ledger: 9,
            seq_time: TimePoint(90),
        });
        assert_eq!(account.ext, AccountEntryExt::V1(sponsored(moved)));
    }
}
