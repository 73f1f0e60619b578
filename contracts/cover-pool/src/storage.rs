//! What the pool stores, and for how long. No other file touches storage.
//!
//! Instance: what is read often and written by governance and guardian alone. Persistent: everything else. What moves with
//! money is packed by [`entries::packed`].

use actuary::ring::PremiumRing;
use actuary::time::DAY;
use actuary::Assets;
use entries::{extend_instance, get, packed, DAY_IN_LEDGERS, TTL_EXTENDED, TTL_THRESHOLD};
use interfaces::cover::{Claim, GroupTerms, IdentityTerms, Interest, Peril, Roles, Terms};
use soroban_sdk::{contracttype, Address, Bytes, Env, IntoVal, TryFromVal, Val, Vec};

use crate::books::{self, Books};
use crate::errors::{require, CoverError, OrFail};
use crate::exit::Exits;
use crate::group::GroupBook;
use crate::policy::Policy;
use crate::types::{bounds, Cap, Impairment, Pause};

/// Seconds between two ledgers.
const SECONDS_PER_LEDGER: u64 = 5;
/// How long an entry of somebody's own lives at least after it was written.
const OWN_TTL: u32 = 30 * DAY_IN_LEDGERS;
/// A policy outlives its end by at least this, in seconds.
const POLICY_TAIL: u64 = 30 * DAY;

/// Keys of all entries; names are short, since they are written with each entry.
#[contracttype]
enum DataKey {
    /// Instance: the settlement asset.
    Asset,
    /// Instance: amounts and rates of the whole pool.
    Terms,
    /// Instance: caps over several groups.
    Caps,
    /// Instance: each group's own cap, by its number.
    GroupCaps,
    /// Instance: who sets base rates, who pauses and delays, who decides disputes.
    Roles,
    /// Instance: who must have shown who they are; absent: nobody.
    Identity,
    /// Instance: pauses, by scope.
    Pauses,
    /// Instance: set while the pool is impaired.
    Impaired,
    /// The books.
    Books,
    /// Unearned premium.
    Premiums,
    /// A group's book.
    Group(u32),
    /// A group's terms.
    Listing(u32),
    /// A policy.
    Policy(Interest),
    /// The interests an owner holds policies on.
    Held(Address),
    /// An owner's exits.
    Exits(Address),
    /// An open claim.
    Claim(u32),
    /// What could not be delivered to an address.
    Owed(Address),
}

/// When a base rate was set.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// When it was set last, also to the same rate.
    pub confirmed: u64,
    /// When it last became another rate.
    pub changed: u64,
}

/// A group's terms, and when each peril's base rate was set.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The terms.
    pub terms: GroupTerms,
    /// The dates, in the order of the perils.
    pub dates: Vec<Dates>,
}

// ---- instance ------------------------------------------------------------------------------------------------------

fn config<V: TryFromVal<Env, Val>>(env: &Env, key: &DataKey) -> Option<V> {
    env.storage().instance().get(key)
}

fn set_config<V: IntoVal<Env, Val>>(env: &Env, key: &DataKey, value: &V) {
    env.storage().instance().set(key, value);
}

fn set_or_remove<V: IntoVal<Env, Val>>(env: &Env, key: &DataKey, value: Option<&V>) {
    match value {
        Some(value) => set_config(env, key, value),
        None => env.storage().instance().remove(key),
    }
}

/// The settlement asset.
pub fn asset(env: &Env) -> Address {
    config(env, &DataKey::Asset)
        .ok_or(CoverError::Corrupt)
        .or_fail(env)
}

/// Sets the settlement asset, once.
pub fn set_asset(env: &Env, asset: &Address) {
    set_config(env, &DataKey::Asset, asset);
}

/// Amounts and rates of the whole pool.
pub fn terms(env: &Env) -> Terms {
    config(env, &DataKey::Terms)
        .ok_or(CoverError::Corrupt)
        .or_fail(env)
}

/// Sets amounts and rates of the whole pool.
pub fn set_terms(env: &Env, terms: &Terms) {
    set_config(env, &DataKey::Terms, terms);
}

/// Caps over several groups.
pub fn caps(env: &Env) -> Vec<Cap> {
    config(env, &DataKey::Caps).unwrap_or_else(|| Vec::new(env))
}

/// Sets the caps over several groups.
pub fn set_caps(env: &Env, caps: &Vec<Cap>) {
    set_config(env, &DataKey::Caps, caps);
}

/// Each group's own cap; as many as there are groups.
pub fn group_caps(env: &Env) -> Vec<u32> {
    config(env, &DataKey::GroupCaps).unwrap_or_else(|| Vec::new(env))
}

/// Who sets base rates, who pauses and delays, who decides disputes.
pub fn roles(env: &Env) -> Roles {
    config(env, &DataKey::Roles)
        .ok_or(CoverError::Corrupt)
        .or_fail(env)
}

/// Sets the roles.
pub fn set_roles(env: &Env, roles: &Roles) {
    set_config(env, &DataKey::Roles, roles);
}

/// Who must have shown who they are; none: nobody.
pub fn identity(env: &Env) -> Option<IdentityTerms> {
    config(env, &DataKey::Identity)
}

/// Sets who must have shown who they are.
pub fn set_identity(env: &Env, terms: Option<&IdentityTerms>) {
    set_or_remove(env, &DataKey::Identity, terms);
}

/// Pauses, by scope.
pub fn pauses(env: &Env) -> Vec<Pause> {
    config(env, &DataKey::Pauses).unwrap_or_else(|| Vec::from_array(env, [Pause::default(); 4]))
}

/// Sets the pauses.
pub fn set_pauses(env: &Env, pauses: &Vec<Pause>) {
    set_config(env, &DataKey::Pauses, pauses);
}

/// What is known of the pool's impairment; none while it is sound.
pub fn impairment(env: &Env) -> Option<Impairment> {
    config(env, &DataKey::Impaired)
}

/// Marks the pool impaired, or sound.
pub fn set_impairment(env: &Env, impairment: Option<&Impairment>) {
    set_or_remove(env, &DataKey::Impaired, impairment);
}

// ---- persistent ----------------------------------------------------------------------------------------------------

fn set<V: IntoVal<Env, Val>>(env: &Env, key: &DataKey, value: &V, ttl: (u32, u32)) {
    env.storage().persistent().set(key, value);
    extend(env, key, ttl);
}

fn pack(env: &Env, numbers: &[i128]) -> Bytes {
    let packed = packed::pack(env, numbers);
    packed.ok_or(CoverError::NoResult).or_fail(env)
}

fn unpack<const N: usize>(env: &Env, packed: &Bytes) -> [i128; N] {
    let numbers = packed::unpack(packed);
    numbers.ok_or(CoverError::Corrupt).or_fail(env)
}

fn get_numbers<const N: usize>(env: &Env, key: &DataKey) -> Option<[i128; N]> {
    get::<Bytes>(env, key).map(|packed| unpack(env, &packed))
}

fn set_numbers(env: &Env, key: &DataKey, numbers: &[i128]) {
    set(env, key, &pack(env, numbers), SHARED);
}

/// Keeps an entry alive that was only read.
fn extend(env: &Env, key: &DataKey, (least, most): (u32, u32)) {
    env.storage().persistent().extend_ttl(key, least, most);
}

/// Entries that everybody shares.
const SHARED: (u32, u32) = (TTL_THRESHOLD, TTL_EXTENDED);
/// Entries of one owner.
const OWN: (u32, u32) = (OWN_TTL, TTL_THRESHOLD);

/// The books.
pub fn books(env: &Env) -> Books {
    let numbers = get_numbers(env, &DataKey::Books).ok_or(CoverError::Corrupt);
    Books::from_numbers(numbers.or_fail(env))
}

/// Writes the books, and keeps alive what is read with them.
pub fn set_books(env: &Env, books: &Books) {
    set_numbers(env, &DataKey::Books, &books.numbers());
    extend(env, &DataKey::Premiums, SHARED);
    extend_instance(env);
}

/// Unearned premium.
pub fn premiums(env: &Env) -> PremiumRing {
    let numbers = get_numbers(env, &DataKey::Premiums).ok_or(CoverError::Corrupt);
    books::premiums_from_numbers(numbers.or_fail(env))
}

/// Writes unearned premium.
pub fn set_premiums(env: &Env, premiums: &PremiumRing) {
    set_numbers(env, &DataKey::Premiums, &books::premium_numbers(premiums));
}

/// A group's book, rolled to now.
pub fn group(env: &Env, group: u32, now: u64) -> GroupBook {
    let numbers = get_numbers(env, &DataKey::Group(group));
    let mut book = numbers.map_or_else(|| GroupBook::new(now), GroupBook::from_numbers);
    book.roll(env, now);
    book
}

/// Writes a group's book, and keeps its terms alive.
pub fn set_group(env: &Env, group: u32, book: &GroupBook) {
    set_numbers(env, &DataKey::Group(group), &book.numbers());
    extend(env, &DataKey::Listing(group), SHARED);
}

/// A group's terms.
pub fn listing(env: &Env, group: u32) -> Listing {
    find_listing(env, group)
        .ok_or(CoverError::UnknownGroup)
        .or_fail(env)
}

/// A group's terms, if there is such a group.
pub fn find_listing(env: &Env, group: u32) -> Option<Listing> {
    get(env, &DataKey::Listing(group))
}

/// Writes a group's terms and its cap.
pub fn set_listing(env: &Env, group: u32, listing: &Listing) {
    set(env, &DataKey::Listing(group), listing, SHARED);
    let mut caps = group_caps(env);
    if group < caps.len() {
        caps.set(group, listing.terms.cap);
    } else {
        caps.push_back(listing.terms.cap);
    }
    set_config(env, &DataKey::GroupCaps, &caps);
}

/// A policy.
pub fn policy(env: &Env, interest: &Interest) -> Option<Policy> {
    let key = DataKey::Policy(interest.clone());
    let (owner, payer, packed) = get::<(Address, Option<Address>, Bytes)>(env, &key)?;
    Some(Policy::from_numbers(owner, payer, unpack(env, &packed)))
}

/// Writes a policy, so that it outlives its end.
pub fn set_policy(env: &Env, interest: &Interest, policy: &Policy) {
    let packed = pack(env, &policy.numbers());
    let seconds = policy
        .end
        .saturating_add(POLICY_TAIL)
        .saturating_sub(env.ledger().timestamp());
    let ttl = u32::try_from(seconds / SECONDS_PER_LEDGER)
        .unwrap_or(TTL_EXTENDED)
        .max(OWN_TTL);
    let value = (policy.owner.clone(), policy.payer.clone(), packed);
    set(env, &DataKey::Policy(interest.clone()), &value, (ttl, ttl));
}

/// Removes a policy.
pub fn remove_policy(env: &Env, interest: &Interest) {
    env.storage()
        .persistent()
        .remove(&DataKey::Policy(interest.clone()));
}

/// The interests an owner holds policies on; some may have expired.
pub fn held(env: &Env, owner: &Address) -> Vec<Interest> {
    get(env, &DataKey::Held(owner.clone())).unwrap_or_else(|| Vec::new(env))
}

/// Writes the interests an owner holds policies on.
pub fn set_held(env: &Env, owner: &Address, interests: &Vec<Interest>) {
    let key = DataKey::Held(owner.clone());
    if interests.is_empty() {
        env.storage().persistent().remove(&key);
    } else {
        set(env, &key, interests, OWN);
    }
}

/// An owner's exits.
pub fn exits(env: &Env, owner: &Address) -> Exits {
    let numbers = get_numbers(env, &DataKey::Exits(owner.clone()));
    numbers.map_or_else(Exits::default, Exits::from_numbers)
}

/// Writes an owner's exits.
pub fn set_exits(env: &Env, owner: &Address, exits: &Exits) {
    let key = DataKey::Exits(owner.clone());
    let packed = pack(env, &exits.numbers());
    if packed.is_empty() {
        env.storage().persistent().remove(&key);
    } else {
        set(env, &key, &packed, OWN);
    }
}

/// An open claim.
pub fn claim(env: &Env, id: u32) -> Option<Claim> {
    let (interest, disputed_by, packed) =
        get::<(Interest, Option<Address>, Bytes)>(env, &DataKey::Claim(id))?;
    let [peril, amount, filed_at, rescue, wait, delayed, bond, is_appeal] = unpack(env, &packed);
    let filed_at = filed_at as u64;
    Some(Claim {
        interest,
        peril: Peril::from_number(peril as u32)
            .ok_or(CoverError::Corrupt)
            .or_fail(env),
        amount,
        filed_at,
        rescue: rescue != 0,
        payable_from: filed_at.saturating_add(wait as u64),
        delayed: delayed != 0,
        disputed_by,
        bond,
        is_appeal: is_appeal != 0,
    })
}

/// Writes a claim.
pub fn set_claim(env: &Env, id: u32, claim: &Claim) {
    let numbers = [
        (claim.peril as u32).into(),
        claim.amount,
        claim.filed_at.into(),
        claim.rescue.into(),
        claim.payable_from.saturating_sub(claim.filed_at).into(),
        claim.delayed.into(),
        claim.bond,
        claim.is_appeal.into(),
    ];
    let (interest, by) = (claim.interest.clone(), claim.disputed_by.clone());
    let value = (interest, by, pack(env, &numbers));
    set(env, &DataKey::Claim(id), &value, OWN);
}

/// Removes a claim.
pub fn remove_claim(env: &Env, id: u32) {
    env.storage().persistent().remove(&DataKey::Claim(id));
}

/// What could not be delivered to an address.
pub fn owed(env: &Env, owner: &Address) -> Assets {
    Assets::from_raw(get(env, &DataKey::Owed(owner.clone())).unwrap_or_default())
}

/// Writes what could not be delivered to an address.
pub fn set_owed(env: &Env, owner: &Address, amount: Assets) {
    let key = DataKey::Owed(owner.clone());
    if amount.is_zero() {
        env.storage().persistent().remove(&key);
    } else {
        set(env, &key, &amount.raw(), OWN);
    }
}

/// Number of a new group; refused when there are too many.
pub fn next_group(env: &Env) -> u32 {
    let count = group_caps(env).len();
    require(env, count < bounds::GROUPS, CoverError::TooMany);
    count
}
