//! The insured vault: lends one asset on a Blend pool for all its depositors, and is insured as a whole.

use crate::adapter::CoverRequest;
use crate::cover::{Quote, Terms};
use actuary::MathError;
use soroban_sdk::{contractclient, contracterror, contracttype, Address, Env};

/// What a vault is founded on. The asset is the settlement asset of the adapter's cover pool.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultSetup {
    /// The contract that measures its losses and insures it.
    pub adapter: Address,
    /// The Blend pool it lends on.
    pub platform: Address,
    /// Highest yearly rate at which the vault itself pays for cover, 1e7 = 100 %.
    pub max_rate: u32,
}

/// What a vault is built on; it never changes.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultConfig {
    /// The contract that measures its losses and insures it.
    pub adapter: Address,
    /// The cover pool it is insured by.
    pub cover_pool: Address,
    /// The Blend pool it lends on.
    pub platform: Address,
    /// The asset it lends.
    pub asset: Address,
    /// The asset's reserve index on the platform.
    pub reserve: u32,
    /// Highest yearly rate at which the vault itself pays for cover, 1e7 = 100 %.
    pub max_rate: u32,
}

/// A vault's books as of now, in the asset's smallest unit.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultState {
    /// bTokens held on the platform.
    pub b_tokens: i128,
    /// What they are worth, less what the platform is known to be short of, rounded down.
    pub lent: i128,
    /// Idle units.
    pub cash: i128,
    /// Gross loss that is booked and not settled with the cover pool, of defaults and deficits.
    pub owed: i128,
    /// Claims that wait in the cover pool's challenge window.
    pub filed: i128,
    /// All shares, dead ones included.
    pub shares: i128,
    /// `lent + cash`: what withdrawals are paid from.
    pub assets_low: i128,
    /// The same, what cover owes at most, `min(owed, limit) + filed`, and the policy's unearned premium, rounded up: what
    /// deposits mint at.
    pub assets_high: i128,
    /// The loss index up to which losses are booked.
    pub index_seen: i128,
}

/// What a vault refuses, and why. Codes 7500 to 7599. A refusal of the adapter, the cover pool or the platform is
/// passed on under its own code.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum VaultError {
    /// A formula has no answer for these numbers.
    NoResult = 7500,
    /// A stored entry is missing.
    Corrupt = 7501,
    /// The adapter did not answer.
    AdapterUnavailable = 7502,
    /// The cover pool did not answer.
    CoverPoolUnavailable = 7503,
    /// The platform did not answer.
    PlatformUnavailable = 7504,
    /// A loss may be under way on the platform: deposit once the adapter's `armed_vault` is 0; its code says what it
    /// waits for.
    Armed = 7510,
    /// An amount that must be above zero is not, or is more than can be counted with.
    InvalidAmount = 7511,
    /// The amount comes to no share.
    TooFewShares = 7512,
    /// The platform has lent out too much to pay this now: withdraw at most `max_withdraw`, or wait for borrowers to
    /// repay.
    Illiquid = 7513,
    /// More than the vault's idle units.
    NotEnoughCash = 7514,
    /// There is no policy: the owner may `insure`.
    NotInsured = 7520,
    /// A loss is not settled with the cover pool: call `settle`, and wait for its claim if it files one.
    Unsettled = 7521,
    /// A renewal may not leave less cover than there is, or 99 % of the assets where they are less.
    BelowCover = 7522,
    /// A rate above the highest that the vault pays.
    RateTooHigh = 7523,
    /// The vault pays for no limit above its assets, and is not renewed above them by anyone.
    LimitAboveAssets = 7524,
    /// The cover pool's policy does not show what it says it paid.
    PaymentNotBooked = 7525,
    /// A term of no weeks, or one that would end too far ahead.
    InvalidTerm = 7526,
}

impl From<MathError> for VaultError {
    fn from(_: MathError) -> Self {
        Self::NoResult
    }
}

/// What others call on an insured vault; its SEP-41 and SEP-56 functions are OpenZeppelin's and not repeated here.
///
/// Deposits mint at `assets_high` and are refused while the adapter has armed the vault; withdrawals are paid at
/// `assets_low`, from cash first. Every call that changes the books first records the platform's losses, books the
/// vault's part of them and collects what cover has paid since. Events of that: `LossBooked`, `LossDropped`,
/// `CoverPaid`. Only withdrawing and divesting go on when adapter or cover pool fail.
#[contractclient(name = "InsuredVaultClient")]
pub trait InsuredVault {
    /// Settle what cover owes, for defaults and for deficits, each from the beginning of its earliest loss; `bounty_to` gets
    /// the pool's bounty. Anyone. Events: `CoverPaid`, `ClaimFiled`. Returns what arrived in cash, earlier claims
    /// included. What the cover pool refuses stays owed until no policy can pay it any more; fails with its code where it
    /// refuses everything.
    fn settle(env: Env, bounty_to: Address) -> Result<i128, VaultError>;
    /// Lend idle units. Events: `Invested`. Errors: `Armed`: nobody buys into a loss that is coming. The owner.
    fn invest(env: Env, amount: i128) -> Result<(), VaultError>;
    /// Take units back from the platform and keep them idle. Events: `Divested`. The owner.
    fn divest(env: Env, amount: i128) -> Result<(), VaultError>;
    /// Insure the vault as a whole. The payer is the vault itself, at most at its `max_rate` and for its assets, or
    /// anyone who signs this call and in it a transfer of `max_premium` to the cover pool. The policy is the vault's,
    /// and so is its refund. Events: `Insured`. The owner, and the payer.
    fn insure(env: Env, payer: Address, request: CoverRequest) -> Result<Quote, VaultError>;
    /// Add the next term in the last three days of this one, at a limit of at most the assets with what cover owes, and
    /// at least the limit that is left, or 99 % of those assets where they are less. Above the limit that is left only
    /// once cover owes nothing. The policy's payer pays: the vault on the spot, up to the policy's highest rate, anyone
    /// else from an allowance to the cover pool. Anyone. Events: `CoverRenewed`. Returns the premium.
    fn renew(env: Env, limit: i128, weeks: u32, bounty_to: Address) -> Result<i128, VaultError>;
    /// Cancel the cover once it owes nothing; its refund goes to cash. Events: `CoverCancelled`. The owner. Returns the
    /// refund.
    fn cancel(env: Env) -> Result<i128, VaultError>;
    /// The part of `assets_low` that the limit in force covers, 1e7 = 100 %, rounded down. Anyone.
    fn cover_ratio(env: Env) -> Result<i128, VaultError>;
    /// The books as of now, with the losses the adapter has recorded so far. Anyone.
    fn state(env: Env) -> Result<VaultState, VaultError>;
    /// What the vault is built on. Anyone.
    fn config(env: Env) -> Result<VaultConfig, VaultError>;
}

/// What a vault reads of the cover pool's configuration.
#[contractclient(name = "CoverPoolTermsClient")]
pub trait CoverPoolTerms {
    /// Amounts and rates of the whole pool.
    fn terms(env: Env) -> Terms;
}
