//! Salvage: collateral that was surrendered to the cover pool, sold for the pool's benefit.

use actuary::MathError;
use soroban_sdk::{contractclient, contracterror, contracttype, Address, Env};

/// Surrendered collateral of one claim.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The collateral asset.
    pub asset: Address,
    /// How much of it is left, in its smallest unit.
    pub amount: i128,
    /// What was surrendered.
    pub surrendered: i128,
    /// What all that was surrendered was worth at the reference price, in the settlement asset: where the sale begins.
    pub value: i128,
    /// Who surrendered it.
    pub owner: Address,
    /// When its sale began; none while its claim is open.
    pub sold_from: Option<u64>,
    /// Whether its claim was denied, and it waits for its owner, who could not receive it. It is never sold.
    pub is_denied: bool,
}

/// What salvage refuses, and why. Codes 7700 to 7799.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum SalvageError {
    /// A formula has no answer for these numbers.
    NoResult = 7700,
    /// There is no such lot.
    UnknownLot = 7701,
    /// The claim that it was surrendered for is still open: finalise it first.
    ClaimOpen = 7702,
    /// An amount that must be above zero is not.
    InvalidAmount = 7703,
    /// The price is above what the buyer pays at most.
    TooExpensive = 7704,
    /// Only the adapters it was founded with may book lots.
    NotAnAdapter = 7705,
    /// A lot for this claim exists already.
    LotExists = 7706,
    /// What was surrendered has not arrived.
    NotDelivered = 7707,
    /// The sale has not begun: `offer` the lot first.
    NotOffered = 7708,
    /// The sale has begun already.
    AlreadyOffered = 7709,
    /// The claim that it was surrendered for was not denied in full, so nothing is given back.
    NotDenied = 7710,
    /// The claim was denied in full: the lot is its owner's, who gets it by `give_back`.
    OwnersLot = 7711,
}

impl From<MathError> for SalvageError {
    fn from(_: MathError) -> Self {
        Self::NoResult
    }
}

/// The salvage of one cover pool. A lot is sold in a Dutch auction: its price falls in a straight line from its value to
/// nothing over 72 hours, rounded up; anybody may buy any part of it. All proceeds go to the cover pool.
#[contractclient(name = "SalvageClient")]
pub trait Salvage {
    /// Book what an adapter has just had delivered for a claim. An adapter. Events: `LotBooked`.
    fn book(env: Env, adapter: Address, claim: u32, lot: Lot) -> Result<(), SalvageError>;
    /// Begin the sale of a lot, once its claim is closed: a claim may wait for long, and the price must not fall meanwhile. Anyone.
    /// Events: `LotOffered`.
    fn offer(env: Env, claim: u32) -> Result<(), SalvageError>;
    /// Give a lot back to who surrendered it, once the court has denied its claim in full; before the claim is closed, which its
    /// adapter does only after this. What cannot be delivered waits for its owner, and is given by a later call. Returns how much was
    /// given; 0 when the claim has no lot or it waits. Anyone. Events: `LotReturned` or `LotWaits`.
    fn give_back(env: Env, claim: u32) -> Result<i128, SalvageError>;
    /// Buy `amount` of a lot, at most what is left, for at most `max_price`, which the buyer signs a transfer of to the salvage; what
    /// exceeds the price comes back. Returns the price. The buyer. Events: `LotSold`.
    fn buy(
        env: Env,
        claim: u32,
        buyer: Address,
        amount: i128,
        max_price: i128,
    ) -> Result<i128, SalvageError>;
    /// What `amount` of a lot, at most what is left, costs now, rounded up. Anyone.
    fn price(env: Env, claim: u32, amount: i128) -> Result<i128, SalvageError>;
    /// A lot. Anyone.
    fn lot(env: Env, claim: u32) -> Option<Lot>;
    /// The cover pool. Anyone.
    fn cover_pool(env: Env) -> Address;
}
