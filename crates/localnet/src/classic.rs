//! Accounts and trustlines, set up directly as genesis entries.

use std::rc::Rc;

use soroban_env_host::xdr::{
    AccountEntry, AccountEntryExt, AccountEntryExtensionV1, AccountEntryExtensionV1Ext,
    AccountEntryExtensionV2, AccountEntryExtensionV2Ext, AccountEntryExtensionV3, AccountId,
    AlphaNum12, AlphaNum4, Asset, AssetCode12, AssetCode4, LedgerEntry, LedgerEntryData,
    LedgerEntryExt, LedgerKey, LedgerKeyTrustLine, SequenceNumber, Thresholds, TrustLineAsset,
    TrustLineEntry, TrustLineEntryExt, TrustLineFlags,
};

use wire::{account_key, Keypair};

use crate::{
    error::LedgerError,
    ledger::Ledger,
    state::{key_of, Entry},
};

/// The classic asset `code` of `issuer`.
///
/// # Errors
/// [`LedgerError::AssetCode`] unless `code` has one to twelve letters and digits.
pub fn asset(code: &str, issuer: &AccountId) -> Result<Asset, LedgerError> {
    let wrong = || LedgerError::AssetCode(code.into());
    let issuer = issuer.clone();
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(wrong());
    }
    if code.len() <= 4 {
        let asset_code: AssetCode4 = code.parse().map_err(|_| wrong())?;
        return Ok(Asset::CreditAlphanum4(AlphaNum4 { asset_code, issuer }));
    }
    let asset_code: AssetCode12 = code.parse().map_err(|_| wrong())?;
    Ok(Asset::CreditAlphanum12(AlphaNum12 { asset_code, issuer }))
}

/// An account that was just created, with `balance` stroops; its first transaction has the number after `sequence`.
pub(crate) fn new_account(id: AccountId, balance: i64, sequence: i64) -> AccountEntry {
    AccountEntry {
        account_id: id,
        balance,
        seq_num: SequenceNumber(sequence),
        num_sub_entries: 0,
        inflation_dest: None,
        flags: 0,
        home_domain: Default::default(),
        // One signature of the master key is enough for everything.
        thresholds: Thresholds([1, 0, 0, 0]),
        signers: Default::default(),
        ext: AccountEntryExt::V0,
    }
}

impl Ledger {
    /// Creates an account with `balance` stroops of the native asset.
    ///
    /// # Errors
    /// [`LedgerError::AlreadyExists`].
    pub fn create_account(&self, account: &AccountId, balance: i64) -> Result<(), LedgerError> {
        if let Some(remote) = self.remote() {
            return remote.create_account(account, balance);
        }
        self.create(LedgerEntryData::Account(AccountEntry {
            ext: used_account(),
            ..new_account(account.clone(), balance, 0)
        }))
    }

    /// Creates `holder`'s authorised trustline to `asset`, empty, with room for `limit` of its smallest unit. The native asset needs none.
    ///
    /// # Errors
    /// [`LedgerError::UnknownAccount`], [`LedgerError::AlreadyExists`].
    pub fn create_trustline(
        &self,
        holder: &Keypair,
        asset: &Asset,
        limit: i64,
    ) -> Result<(), LedgerError> {
        let line = match asset.clone() {
            Asset::Native => return Ok(()),
            Asset::CreditAlphanum4(asset) => TrustLineAsset::CreditAlphanum4(asset),
            Asset::CreditAlphanum12(asset) => TrustLineAsset::CreditAlphanum12(asset),
        };
        if let Some(remote) = self.remote() {
            return remote.create_trustline(holder, asset, limit);
        }
        let account = &holder.account_id();
        let mut owner = self.account(account)?;
        self.create(LedgerEntryData::Trustline(TrustLineEntry {
            account_id: account.clone(),
            asset: line,
            balance: 0,
            limit,
            flags: TrustLineFlags::AuthorizedFlag as u32,
            ext: TrustLineEntryExt::V0,
        }))?;
        owner.num_sub_entries += 1;
        self.store(LedgerEntryData::Account(owner))
    }

    /// The account's entry.
    ///
    /// # Errors
    /// [`LedgerError::UnknownAccount`].
    pub fn account(&self, account: &AccountId) -> Result<AccountEntry, LedgerError> {
        match self
            .entry(&account_key(account))?
            .map(|entry| entry.data.clone())
        {
            Some(LedgerEntryData::Account(entry)) => Ok(entry),
            _ => Err(LedgerError::UnknownAccount(account.clone())),
        }
    }

    /// Adds to the account's flags (for an issuer: required, revocable, immutable, clawback).
    ///
    /// # Errors
    /// [`LedgerError::UnknownAccount`].
    pub fn add_account_flags(&self, account: &Keypair, flags: u32) -> Result<(), LedgerError> {
        if let Some(remote) = self.remote() {
            return remote.add_account_flags(account, flags);
        }
        let mut entry = self.account(&account.account_id())?;
        entry.flags |= flags;
        self.store(LedgerEntryData::Account(entry))
    }

    /// The trustline's entry, if there is one.
    ///
    /// # Errors
    /// When the entry cannot be decoded.
    pub fn trustline(
        &self,
        account: &AccountId,
        asset: TrustLineAsset,
    ) -> Result<Option<TrustLineEntry>, LedgerError> {
        let key = LedgerKey::Trustline(LedgerKeyTrustLine {
            account_id: account.clone(),
            asset,
        });
        Ok(match self.entry(&key)?.map(|entry| entry.data.clone()) {
            Some(LedgerEntryData::Trustline(line)) => Some(line),
            _ => None,
        })
    }

    /// The live or archived entry under `key`.
    ///
    /// # Errors
    /// When the entry cannot be decoded.
    pub fn entry(&self, key: &LedgerKey) -> Result<Option<Rc<LedgerEntry>>, LedgerError> {
        if let Some(remote) = self.remote() {
            return Ok(remote.entry(key)?.map(|(entry, _)| Rc::new(entry)));
        }
        self.with_state(|state| Ok(state.entry(key).map(Entry::decoded).transpose()?))
    }

    fn create(&self, data: LedgerEntryData) -> Result<(), LedgerError> {
        let entry = new_entry(data);
        let key = key_of(&entry);
        if key.is_some_and(|key| self.with_state(|state| state.entry(&key).is_some())) {
            let what = match entry.data {
                LedgerEntryData::Account(account) => format!("account {}", account.account_id),
                _ => "trustline".into(),
            };
            return Err(LedgerError::AlreadyExists(what));
        }
        self.store(entry.data)
    }

    fn store(&self, data: LedgerEntryData) -> Result<(), LedgerError> {
        let entry = new_entry(data);
        if let Some(key) = key_of(&entry) {
            let entry = Entry::classic(entry)?;
            self.change_state(|state| state.put(Rc::new(key), entry));
        }
        Ok(())
    }
}

fn new_entry(data: LedgerEntryData) -> LedgerEntry {
    LedgerEntry {
        last_modified_ledger_seq: 0,
        data,
        ext: LedgerEntryExt::V0,
    }
}

/// The extensions that an account has on the network once it has sent a transaction.
fn used_account() -> AccountEntryExt {
    AccountEntryExt::V1(AccountEntryExtensionV1 {
        liabilities: Default::default(),
        ext: AccountEntryExtensionV1Ext::V2(AccountEntryExtensionV2 {
            num_sponsored: 0,
            num_sponsoring: 0,
            signer_sponsoring_i_ds: Default::default(),
            ext: AccountEntryExtensionV2Ext::V3(AccountEntryExtensionV3::default()),
        }),
    })
}
