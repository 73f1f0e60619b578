//! What an account or trustline holds, can take and can give, stroops.

use soroban_env_host::xdr::{
    AccountEntry, AccountEntryExt, AccountEntryExtensionV1Ext, Liabilities, TrustLineEntry,
    TrustLineEntryExt, TrustLineFlags,
};

/// Entries whose reserve an account carries itself.
const OWN_RESERVES: i64 = 2;

/// A balance that may change.
pub(crate) trait Balance {
    /// Takes `amount` in; `false`, and nothing changes, when there is no room for it.
    fn credit(&mut self, amount: i64) -> bool;
    /// Gives `amount` out; `false`, and nothing changes, when there is less to give.
    fn debit(&mut self, amount: i64, base_reserve: u32) -> bool;
}

impl Balance for AccountEntry {
    fn credit(&mut self, amount: i64) -> bool {
        let room = i64::MAX.saturating_sub(account_liabilities(self).buying);
        let sum = self.balance.checked_add(amount);
        let Some(balance) = sum.filter(|balance| *balance <= room) else {
            return false;
        };
        self.balance = balance;
        true
    }

    fn debit(&mut self, amount: i64, base_reserve: u32) -> bool {
        if amount > available(self, base_reserve) {
            return false;
        }
        self.balance = self.balance.saturating_sub(amount);
        true
    }
}

impl Balance for TrustLineEntry {
    fn credit(&mut self, amount: i64) -> bool {
        let room = self.limit.saturating_sub(line_liabilities(self).buying);
        let sum = self.balance.checked_add(amount);
        let Some(balance) = sum.filter(|balance| *balance <= room) else {
            return false;
        };
        self.balance = balance;
        true
    }

    fn debit(&mut self, amount: i64, _base_reserve: u32) -> bool {
        let least = line_liabilities(self).selling;
        let rest = self.balance.checked_sub(amount);
        let Some(balance) = rest.filter(|balance| *balance >= least) else {
            return false;
        };
        self.balance = balance;
        true
    }
}

/// What `account` can give: all but its reserve and what its offers promise. Negative when it holds less.
pub(crate) fn available(account: &AccountEntry, base_reserve: u32) -> i64 {
    let (sponsoring, sponsored) = match &account.ext {
        AccountEntryExt::V1(v1) => match &v1.ext {
            AccountEntryExtensionV1Ext::V2(v2) => (v2.num_sponsoring, v2.num_sponsored),
            AccountEntryExtensionV1Ext::V0 => (0, 0),
        },
        AccountEntryExt::V0 => (0, 0),
    };
    let reserves = OWN_RESERVES + i64::from(account.num_sub_entries) + i64::from(sponsoring)
        - i64::from(sponsored);
    let reserve = reserves.saturating_mul(i64::from(base_reserve));
    account
        .balance
        .saturating_sub(reserve)
        .saturating_sub(account_liabilities(account).selling)
}

/// The least that a new account must hold.
pub(crate) fn new_account_reserve(base_reserve: u32) -> i64 {
    OWN_RESERVES.saturating_mul(i64::from(base_reserve))
}

/// The least limit that `line` can have.
pub(crate) fn least_limit(line: &TrustLineEntry) -> i64 {
    line.balance.saturating_add(line_liabilities(line).buying)
}

/// Whether the issuer lets `line` be used in full.
pub(crate) fn is_authorized(line: &TrustLineEntry) -> bool {
    line.flags & TrustLineFlags::AuthorizedFlag as u32 != 0
}

fn account_liabilities(account: &AccountEntry) -> Liabilities {
    match &account.ext {
        AccountEntryExt::V0 => Liabilities::default(),
        AccountEntryExt::V1(v1) => v1.liabilities.clone(),
    }
}

fn line_liabilities(line: &TrustLineEntry) -> Liabilities {
    match &line.ext {
        TrustLineEntryExt::V0 => Liabilities::default(),
        TrustLineEntryExt::V1(v1) => v1.liabilities.clone(),
    }
}
