//! Classic operations: creating accounts, payments, trustlines, and flags. Checks and codes are the network's; the others
//! are not supported.

use soroban_env_host::xdr::{
    AccountEntry, AccountFlags, AccountId, Asset, ChangeTrustOp, ChangeTrustResult,
    CreateAccountOp, CreateAccountResult, LedgerEntryData, LedgerKey, LedgerKeyTrustLine,
    OperationBody, OperationResult, OperationResultTr, PaymentOp, PaymentResult, SetOptionsOp,
    SetOptionsResult, TrustLineAsset, TrustLineEntry, TrustLineEntryExt, TrustLineFlags,
};
use wire::account_key;

use super::{
    asset::{is_valid, issuer, trusted, trustline_asset},
    balance::{available, is_authorized, least_limit, new_account_reserve, Balance},
    changes::Changes,
    damage::{damaged, unreadable},
    flags,
    submission::account_id,
    NodeError,
};
use crate::{classic::new_account, ledger::Ledger};

/// Trustlines and the like that one account may have.
const MAX_SUB_ENTRIES: u32 = 1_000;

/// What the operation comes to if it cannot succeed on any ledger.
pub(crate) fn malformed(source: &AccountId, body: &OperationBody) -> Option<OperationResult> {
    let (is_malformed, result) = match body {
        OperationBody::CreateAccount(operation) => (
            operation.starting_balance < 0 || operation.destination == *source,
            OperationResultTr::CreateAccount(CreateAccountResult::Malformed),
        ),
        OperationBody::Payment(operation) => (
            operation.amount <= 0 || !is_valid(&operation.asset),
            OperationResultTr::Payment(PaymentResult::Malformed),
        ),
        OperationBody::ChangeTrust(operation) => {
            let Some(asset) = trusted(&operation.line) else {
                return Some(OperationResult::OpNotSupported);
            };
            let is_line = issuer(&asset).is_some_and(|issuer| issuer != source);
            (
                operation.limit < 0 || !is_line || !is_valid(&asset),
                OperationResultTr::ChangeTrust(ChangeTrustResult::Malformed),
            )
        }
        OperationBody::SetOptions(operation) => return flags::malformed(operation),
        _ => return Some(OperationResult::OpNotSupported),
    };
    is_malformed.then_some(OperationResult::OpInner(result))
}

/// Applies one operation of `source`. An operation that fails changes nothing.
///
/// # Errors
/// [`NodeError::Damaged`] when a stored entry cannot be read.
pub(crate) fn apply(
    ledger: &Ledger,
    changes: &mut Changes,
    source: &AccountId,
    body: &OperationBody,
) -> Result<OperationResult, NodeError> {
    let mut books = Books { ledger, changes };
    let Some(source) = books.account(source)? else {
        return Ok(OperationResult::OpNoAccount);
    };
    if let Some(result) = malformed(&source.account_id, body) {
        return Ok(result);
    }
    match body {
        OperationBody::CreateAccount(operation) => {
            let result = books.create_account(source, operation)?;
            Ok(inner(OperationResultTr::CreateAccount(result)))
        }
        OperationBody::Payment(operation) => {
            let result = books.pay(source, operation)?;
            Ok(inner(OperationResultTr::Payment(result)))
        }
        OperationBody::ChangeTrust(operation) => books.change_trust(source, operation),
        OperationBody::SetOptions(operation) => {
            let result = books.set_flags(source, operation)?;
            Ok(inner(OperationResultTr::SetOptions(result)))
        }
        _ => Ok(OperationResult::OpNotSupported),
    }
}

fn inner(result: OperationResultTr) -> OperationResult {
    OperationResult::OpInner(result)
}

/// Accounts and trustlines while an operation looks at them.
struct Books<'a> {
    ledger: &'a Ledger,
    changes: &'a mut Changes,
}

impl Books<'_> {
    fn create_account(
        &mut self,
        mut source: AccountEntry,
        operation: &CreateAccountOp,
    ) -> Result<CreateAccountResult, NodeError> {
        let (destination, balance) = (&operation.destination, operation.starting_balance);
        if self.account(destination)?.is_some() {
            return Ok(CreateAccountResult::AlreadyExist);
        }
        let base_reserve = self.base_reserve();
        if balance < new_account_reserve(base_reserve) {
            return Ok(CreateAccountResult::LowReserve);
        }
        if !source.debit(balance, base_reserve) {
            return Ok(CreateAccountResult::Underfunded);
        }
        let account = new_account(destination.clone(), balance, self.first_sequence()?);
        self.put(LedgerEntryData::Account(source))?;
        self.put(LedgerEntryData::Account(account))?;
        Ok(CreateAccountResult::Success)
    }

    fn pay(
        &mut self,
        source: AccountEntry,
        operation: &PaymentOp,
    ) -> Result<PaymentResult, NodeError> {
        let (asset, amount) = (&operation.asset, operation.amount);
        let destination = account_id(&operation.destination);
        match trustline_asset(asset) {
            None => self.pay_native(source, &destination, amount),
            Some(line) => {
                // Credits can always go back to their issuer, even one that is gone.
                let is_redemption = issuer(asset) == Some(&destination);
                if !is_redemption && self.account(&destination)?.is_none() {
                    return Ok(PaymentResult::NoDestination);
                }
                self.pay_credit(&source.account_id, &destination, asset, &line, amount)
            }
        }
    }

    fn pay_native(
        &mut self,
        mut source: AccountEntry,
        destination: &AccountId,
        amount: i64,
    ) -> Result<PaymentResult, NodeError> {
        if *destination == source.account_id {
            return Ok(PaymentResult::Success);
        }
        let Some(mut destination) = self.account(destination)? else {
            return Ok(PaymentResult::NoDestination);
        };
        if !destination.credit(amount) {
            return Ok(PaymentResult::LineFull);
        }
        if !source.debit(amount, self.base_reserve()) {
            return Ok(PaymentResult::Underfunded);
        }
        self.put(LedgerEntryData::Account(source))?;
        self.put(LedgerEntryData::Account(destination))?;
        Ok(PaymentResult::Success)
    }

    /// The issuer's own side has no trustline: it makes and unmakes what it sends and takes.
    fn pay_credit(
        &mut self,
        source: &AccountId,
        destination: &AccountId,
        asset: &Asset,
        line: &TrustLineAsset,
        amount: i64,
    ) -> Result<PaymentResult, NodeError> {
        let issuer = issuer(asset);
        let mut receiving = None;
        if issuer != Some(destination) {
            let Some(mut line) = self.line(destination, line)? else {
                return Ok(PaymentResult::NoTrust);
            };
            if !is_authorized(&line) {
                return Ok(PaymentResult::NotAuthorized);
            }
            if !line.credit(amount) {
                return Ok(PaymentResult::LineFull);
            }
            receiving = Some(line);
        }
        let mut giving = None;
        if issuer != Some(source) {
            // Whoever pays himself gives from what he just received.
            let own = receiving.take_if(|_| source == destination);
            let line = own.map_or_else(|| self.line(source, line), |line| Ok(Some(line)))?;
            let Some(mut line) = line else {
                return Ok(PaymentResult::SrcNoTrust);
            };
            if !is_authorized(&line) {
                return Ok(PaymentResult::SrcNotAuthorized);
            }
            if !line.debit(amount, self.base_reserve()) {
                return Ok(PaymentResult::Underfunded);
            }
            giving = Some(line);
        }
        for line in giving.into_iter().chain(receiving) {
            self.put(LedgerEntryData::Trustline(line))?;
        }
        Ok(PaymentResult::Success)
    }

    fn set_flags(
        &mut self,
        mut source: AccountEntry,
        operation: &SetOptionsOp,
    ) -> Result<SetOptionsResult, NodeError> {
        let result = flags::change(&mut source, operation);
        if result == SetOptionsResult::Success {
            self.put(LedgerEntryData::Account(source))?;
        }
        Ok(result)
    }

    fn change_trust(
        &mut self,
        source: AccountEntry,
        operation: &ChangeTrustOp,
    ) -> Result<OperationResult, NodeError> {
        let Some(asset) = trusted(&operation.line) else {
            return Ok(OperationResult::OpNotSupported);
        };
        let limit = operation.limit;
        let result = |result| Ok(inner(OperationResultTr::ChangeTrust(result)));
        let (Some(line_asset), Some(issuer)) = (trustline_asset(&asset), issuer(&asset)) else {
            return result(ChangeTrustResult::Malformed);
        };
        match self.line(&source.account_id, &line_asset)? {
            Some(line) if limit < least_limit(&line) => result(ChangeTrustResult::InvalidLimit),
            Some(line) if limit == 0 => result(self.remove_line(source, &line)?),
            Some(line) => {
                if self.account(issuer)?.is_none() {
                    return result(ChangeTrustResult::NoIssuer);
                }
                self.put(LedgerEntryData::Trustline(TrustLineEntry { limit, ..line }))?;
                result(ChangeTrustResult::Success)
            }
            None if limit == 0 => result(ChangeTrustResult::InvalidLimit),
            None => self.add_line(source, line_asset, issuer, limit),
        }
    }

    fn add_line(
        &mut self,
        mut source: AccountEntry,
        asset: TrustLineAsset,
        issuer: &AccountId,
        limit: i64,
    ) -> Result<OperationResult, NodeError> {
        let result = |result| Ok(inner(OperationResultTr::ChangeTrust(result)));
        let Some(issuer) = self.account(issuer)? else {
            return result(ChangeTrustResult::NoIssuer);
        };
        if source.num_sub_entries >= MAX_SUB_ENTRIES {
            return Ok(OperationResult::OpTooManySubentries);
        }
        let base_reserve = self.base_reserve();
        if available(&source, base_reserve) < i64::from(base_reserve) {
            return result(ChangeTrustResult::LowReserve);
        }
        let mut flags = 0;
        if issuer.flags & AccountFlags::RequiredFlag as u32 == 0 {
            flags |= TrustLineFlags::AuthorizedFlag as u32;
        }
        if issuer.flags & AccountFlags::ClawbackEnabledFlag as u32 != 0 {
            flags |= TrustLineFlags::TrustlineClawbackEnabledFlag as u32;
        }
        source.num_sub_entries += 1;
        let line = TrustLineEntry {
            account_id: source.account_id.clone(),
            asset,
            balance: 0,
            limit,
            flags,
            ext: TrustLineEntryExt::V0,
        };
        self.put(LedgerEntryData::Account(source))?;
        self.put(LedgerEntryData::Trustline(line))?;
        result(ChangeTrustResult::Success)
    }

    fn remove_line(
        &mut self,
        mut source: AccountEntry,
        line: &TrustLineEntry,
    ) -> Result<ChangeTrustResult, NodeError> {
        source.num_sub_entries = source.num_sub_entries.saturating_sub(1);
        let key = line_key(&line.account_id, &line.asset);
        self.put(LedgerEntryData::Account(source))?;
        self.ledger
            .change_state(|state| self.changes.remove(state, key.into()));
        Ok(ChangeTrustResult::Success)
    }

    fn account(&self, account_id: &AccountId) -> Result<Option<AccountEntry>, NodeError> {
        match self.entry(&account_key(account_id))? {
            Some(LedgerEntryData::Account(account)) => Ok(Some(account)),
            _ => Ok(None),
        }
    }

    fn line(
        &self,
        account_id: &AccountId,
        asset: &TrustLineAsset,
    ) -> Result<Option<TrustLineEntry>, NodeError> {
        match self.entry(&line_key(account_id, asset))? {
            Some(LedgerEntryData::Trustline(line)) => Ok(Some(line)),
            _ => Ok(None),
        }
    }

    fn entry(&self, key: &LedgerKey) -> Result<Option<LedgerEntryData>, NodeError> {
        let entry = self.ledger.entry(key);
        let entry = entry.map_err(|_| unreadable("an entry"))?;
        Ok(entry.map(|entry| entry.data.clone()))
    }

    fn put(&mut self, data: LedgerEntryData) -> Result<(), NodeError> {
        let changes = &mut *self.changes;
        self.ledger
            .change_state(|state| changes.put_classic(state, data))
            .map_err(damaged)
    }

    fn base_reserve(&self) -> u32 {
        self.ledger.config().base_reserve
    }

    /// A new account's sequence number: none that an account of the same name had before comes again.
    fn first_sequence(&self) -> Result<i64, NodeError> {
        let ledger = i32::try_from(self.ledger.sequence());
        let ledger = ledger.map_err(|_| NodeError::Refused("ledgers have run out".into()))?;
        Ok(i64::from(ledger) << 32)
    }
}

fn line_key(account_id: &AccountId, asset: &TrustLineAsset) -> LedgerKey {
    LedgerKey::Trustline(LedgerKeyTrustLine {
        account_id: account_id.clone(),
        asset: asset.clone(),
    })
}
