//! What the market stores, and for how long. No other file touches storage.
//!
//! Instance: what is read with every call and written by the owner alone. Persistent: the books, loans, lenders' shares. What
//! moves with money is packed by [`entries::packed`].

use actuary::{Assets, Shares};
use entries::{extend_instance, get, packed, DAY_IN_LEDGERS, TTL_EXTENDED, TTL_THRESHOLD};
use interfaces::market::MarketConfig;
use interfaces::platform::Liquidation;
use soroban_sdk::{contracttype, Address, Bytes, Env, IntoVal, TryFromVal, Val, Vec};

use crate::books::Books;
use crate::errors::{MarketError, OrFail};
use crate::loan::Loan;

/// How long an entry of somebody's own lives at least after it was written.
const OWN_TTL: u32 = 30 * DAY_IN_LEDGERS;

/// Keys of all entries; names are short, since they are written with each entry.
#[contracttype]
enum DataKey {
    /// Instance: what the market is founded on.
    Terms,
    /// Instance: the market's part of the interest, and who gets it.
    Fee,
    /// Instance: the insurer.
    Insurer,
    /// Instance: set while the market is paused.
    Paused,
    /// The books.
    Books,
    /// A lender's shares.
    Shares(Address),
    /// A loan.
    Loan(Address),
    /// How many loans an owner has opened.
    Opened(Address),
    /// The loans that were assigned to an owner, and still are theirs.
    Received(Address),
    /// Liquidations of a loan whose cover is not settled.
    Unsettled(Address),
    /// What could not be delivered to an owner.
    Owed(Address),
}

/// What the market is founded on, and what it read then.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// As it was given.
    pub config: MarketConfig,
    /// Decimals of the collateral.
    pub collateral_decimals: u32,
    /// Decimals of the loan asset.
    pub asset_decimals: u32,
}

/// The market's part of the interest.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// The part, 1e7 = 100 %.
    pub rate: u32,
    /// Who gets it, as shares.
    pub recipient: Address,
}

/// A loan as it is stored: its owner, and collateral, shares of the debt and whether it was ever insured, packed.
#[contracttype]
struct StoredLoan(Address, Bytes);

// ---- instance ------------------------------------------------------------------------------------------------------

fn setting<V: TryFromVal<Env, Val>>(env: &Env, key: &DataKey) -> Option<V> {
    env.storage().instance().get(key)
}

fn set_setting<V: IntoVal<Env, Val>>(env: &Env, key: &DataKey, value: &V) {
    env.storage().instance().set(key, value);
}

/// What the market is founded on.
pub fn terms(env: &Env) -> Terms {
    setting(env, &DataKey::Terms)
        .ok_or(MarketError::Corrupt)
        .or_fail(env)
}

/// Writes what the market is founded on, once.
pub fn set_terms(env: &Env, terms: &Terms) {
    set_setting(env, &DataKey::Terms, terms);
}

/// The market's part of the interest; none until it is set.
pub fn fee(env: &Env) -> Option<Fee> {
    setting(env, &DataKey::Fee)
}

/// Sets the market's part of the interest.
pub fn set_fee(env: &Env, fee: &Fee) {
    set_setting(env, &DataKey::Fee, fee);
}

/// The insurer.
pub fn insurer(env: &Env) -> Option<Address> {
    setting(env, &DataKey::Insurer)
}

/// Sets the insurer, once.
pub fn set_insurer(env: &Env, insurer: &Address) {
    set_setting(env, &DataKey::Insurer, insurer);
}

/// Whether the market is paused.
pub fn is_paused(env: &Env) -> bool {
    setting(env, &DataKey::Paused).unwrap_or(false)
}

/// Pauses the market, or goes on.
pub fn set_paused(env: &Env, paused: bool) {
    set_setting(env, &DataKey::Paused, &paused);
}

// ---- persistent ----------------------------------------------------------------------------------------------------

/// Entries that everybody shares.
const SHARED: (u32, u32) = (TTL_THRESHOLD, TTL_EXTENDED);
/// Entries of one owner.
const OWN: (u32, u32) = (OWN_TTL, TTL_THRESHOLD);

fn set<V: IntoVal<Env, Val>>(env: &Env, key: &DataKey, value: &V, (least, most): (u32, u32)) {
    let storage = env.storage().persistent();
    storage.set(key, value);
    storage.extend_ttl(key, least, most);
}

fn pack(env: &Env, numbers: &[i128]) -> Bytes {
    let packed = packed::pack(env, numbers);
    packed.ok_or(MarketError::NoResult).or_fail(env)
}

fn unpack<const N: usize>(env: &Env, packed: &Bytes) -> [i128; N] {
    let numbers = packed::unpack(packed);
    numbers.ok_or(MarketError::Corrupt).or_fail(env)
}

/// Writes an amount, or removes it when it is nothing.
fn set_amount(env: &Env, key: &DataKey, amount: i128) {
    if amount == 0 {
        env.storage().persistent().remove(key);
    } else {
        set(env, key, &amount, OWN);
    }
}

/// The books as they were last written.
pub fn books(env: &Env) -> Books {
    let packed: Option<Bytes> = get(env, &DataKey::Books);
    let packed = packed.ok_or(MarketError::Corrupt).or_fail(env);
    Books::from_numbers(unpack(env, &packed))
}

/// Writes the books, and keeps code and terms alive with them.
pub fn set_books(env: &Env, books: &Books) {
    set(env, &DataKey::Books, &pack(env, &books.numbers()), SHARED);
    extend_instance(env);
}

/// Writes whatever bytes as the books.
#[cfg(test)]
pub fn set_raw_books(env: &Env, packed: &Bytes) {
    set(env, &DataKey::Books, packed, SHARED);
}

/// A lender's shares.
pub fn shares(env: &Env, lender: &Address) -> Shares {
    Shares::from_raw(get(env, &DataKey::Shares(lender.clone())).unwrap_or(0))
}

/// Writes a lender's shares.
pub fn set_shares(env: &Env, lender: &Address, shares: Shares) {
    set_amount(env, &DataKey::Shares(lender.clone()), shares.raw());
}

/// A loan.
pub fn loan(env: &Env, address: &Address) -> Loan {
    let stored: Option<StoredLoan> = get(env, &DataKey::Loan(address.clone()));
    let StoredLoan(owner, packed) = stored.ok_or(MarketError::UnknownLoan).or_fail(env);
    let [collateral, shares, is_insured] = unpack(env, &packed);
    Loan {
        owner,
        collateral: Assets::from_raw(collateral),
        shares: Shares::from_raw(shares),
        is_insured: is_insured != 0,
    }
}

/// Writes a loan.
pub fn set_loan(env: &Env, address: &Address, loan: &Loan) {
    let numbers = [
        loan.collateral.raw(),
        loan.shares.raw(),
        loan.is_insured.into(),
    ];
    let stored = StoredLoan(loan.owner.clone(), pack(env, &numbers));
    set(env, &DataKey::Loan(address.clone()), &stored, OWN);
}

/// How many loans an owner has opened.
pub fn opened(env: &Env, owner: &Address) -> u32 {
    get(env, &DataKey::Opened(owner.clone())).unwrap_or(0)
}

/// Writes how many loans an owner has opened.
pub fn set_opened(env: &Env, owner: &Address, count: u32) {
    set(env, &DataKey::Opened(owner.clone()), &count, OWN);
}

/// The loans that were assigned to `owner`.
pub fn received(env: &Env, owner: &Address) -> Vec<Address> {
    get(env, &DataKey::Received(owner.clone())).unwrap_or_else(|| Vec::new(env))
}

/// Writes the loans that were assigned to `owner`.
pub fn set_received(env: &Env, owner: &Address, loans: &Vec<Address>) {
    let key = DataKey::Received(owner.clone());
    if loans.is_empty() {
        env.storage().persistent().remove(&key);
    } else {
        set(env, &key, loans, OWN);
    }
}

/// Liquidations of a loan whose cover is not settled, oldest first.
pub fn unsettled(env: &Env, loan: &Address) -> Vec<Liquidation> {
    get(env, &DataKey::Unsettled(loan.clone())).unwrap_or_else(|| Vec::new(env))
}

/// Writes the liquidations of a loan whose cover is not settled.
pub fn set_unsettled(env: &Env, loan: &Address, liquidations: &Vec<Liquidation>) {
    let key = DataKey::Unsettled(loan.clone());
    if liquidations.is_empty() {
        env.storage().persistent().remove(&key);
    } else {
        set(env, &key, liquidations, SHARED);
    }
}

/// What could not be delivered to an owner.
pub fn owed(env: &Env, owner: &Address) -> Assets {
    Assets::from_raw(get(env, &DataKey::Owed(owner.clone())).unwrap_or(0))
}

/// Writes what could not be delivered to an owner.
pub fn set_owed(env: &Env, owner: &Address, amount: Assets) {
    set_amount(env, &DataKey::Owed(owner.clone()), amount.raw());
}
