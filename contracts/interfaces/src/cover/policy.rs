//! A policy: what is applied for, its price, and what was sold.

use super::terms::{Class, Peril, Route};
use soroban_sdk::{contracttype, Address, Vec};

/// An insurable interest: at most one policy each. The subject receives what is paid.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interest(pub Address, pub Class);

/// What an adapter tells the pool about a loan or deposit, and what the applicant asks for.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// What is insured.
    pub interest: Interest,
    /// Who holds the policy: may cancel it, gets its refund.
    pub owner: Address,
    /// Who pays the premium, now and at renewals.
    pub payer: Address,
    /// The group.
    pub group: u32,
    /// The perils asked for.
    pub perils: Vec<Peril>,
    /// How rescues reach the loan.
    pub route: Route,
    /// The limit of all perils together.
    pub limit: i128,
    /// Term in weeks, 1 to 13.
    pub weeks: u32,
    /// l = 1 / health factor, the worse of hub and platform, 1e7 = 1; 0 for deposits.
    pub ltv: u32,
    /// Most the payer pays now.
    pub max_premium: i128,
    /// Highest yearly rate at which it may renew; 0: never.
    pub max_rate: u32,
}

/// A price with everything it is made of.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Sum of the perils' base rates per year.
    pub base: u32,
    /// LTV factor, 1e7 = 1.
    pub ltv_factor: u32,
    /// Utilisation factor averaged over the order, 1e7 = 1.
    pub utilisation_factor: u32,
    /// Rate per year of the limit.
    pub rate: u32,
    /// Premium of the term, rounded up.
    pub premium: i128,
    /// Part of it that is the protocol's fee, rounded up.
    pub fee: i128,
    /// Premium per day, rounded up.
    pub per_day: i128,
    /// Premium per twelfth of a year, rounded up.
    pub per_month: i128,
    /// The limit.
    pub limit: i128,
    /// Deductible of a loss.
    pub deductible: i128,
    /// Longest waiting period among the perils, in seconds.
    pub waiting: u64,
    /// Start of the term.
    pub start: u64,
    /// End of the term, a week boundary.
    pub end: u64,
    /// Largest limit that could be sold now.
    pub room: i128,
}

/// A policy as of now.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its owner.
    pub owner: Address,
    /// Who pays renewals.
    pub payer: Address,
    /// Its group.
    pub group: u32,
    /// The perils it covers.
    pub perils: Vec<Peril>,
    /// How rescues reach the loan.
    pub route: Route,
    /// Start of cover; waiting periods count from here.
    pub start: u64,
    /// End of cover, a week boundary.
    pub end: u64,
    /// Scaled units per second the pool earns.
    pub earning_rate: i128,
    /// What is left of the limit.
    pub limit: i128,
    /// What was sold.
    pub original_limit: i128,
    /// Part of `limit` that was topped up, or added by a renewal, last and is usable from `topped_up_from` on.
    pub topped_up: i128,
    /// See `topped_up`.
    pub topped_up_from: u64,
    /// Highest yearly rate at which it may renew; 0: never.
    pub max_rate: u32,
    /// Paid by claims so far, advances apart.
    pub paid: i128,
    /// Principal of its advances.
    pub drawn: i128,
    /// Fees of its advances in units, rounded up, as of now.
    pub fees_due: i128,
    /// Open claims.
    pub open_claims: u32,
    /// The event last paid for.
    pub event: u64,
    /// Gross loss of that event already settled.
    pub event_loss: i128,
}
