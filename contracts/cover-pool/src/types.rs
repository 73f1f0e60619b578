//! How much the pool can hold, and the types of its entry points that no other contract needs; the others are in
//! `interfaces::cover`.

use soroban_sdk::{contracttype, Vec};

/// What the contract can hold.
pub mod bounds {
    /// Groups, since a sale and an exit read them all.
    pub const GROUPS: u32 = 24;
    /// Caps over several groups.
    pub const CAPS: u32 = 16;
    /// Policies of one owner that are open at once.
    pub const POLICIES_PER_OWNER: u32 = 32;
    /// Exits of one owner that wait at once.
    pub const EXITS_PER_OWNER: usize = 8;
}

/// A cap over several groups (a correlation group, a platform).
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// A part of NAV_lo, 1e7 = 100 %.
    pub rate: u32,
    /// The groups it bounds together.
    pub groups: Vec<u32>,
}

/// An exit request of an LP.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Shares in escrow.
    pub shares: i128,
    /// When it was requested.
    pub requested_at: u64,
}

/// A part of the pool that the guardian may pause.
#[contracttype]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Scope {
    /// Stakes, deposits and mints: until the owner lifts it.
    Deposits = 0,
    /// New cover, renewals and top-ups: until the owner lifts it.
    Sales = 1,
    /// Completing exits: 72 h, and not again for 7 days.
    Exits = 2,
    /// Paying, drawing and finalising: 72 h, and not again for 7 days.
    Claims = 3,
}

/// A pause of one scope.
#[contracttype]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pause {
    /// When it ends by itself; `u64::MAX`: never.
    pub until: u64,
    /// Before this the scope cannot be paused again.
    pub again_from: u64,
}

/// That the pool holds less than its books say.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impairment {
    /// When it was found. Claims collect for seven days from here.
    pub since: u64,
    /// When the factor was fixed; 0: not yet.
    pub settled_at: u64,
    /// The factor's numerator: what is there for the claims.
    pub available: i128,
    /// The factor's denominator: the claims.
    pub total: i128,
    /// What of them is not finalised yet.
    pub unpaid: i128,
    /// The newest claim that the factor applies to.
    pub last_claim: u32,
}

/// Use of a group, as of now.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedGroup {
    /// Limits that are backed, in force or in their grace week, E_g.
    pub exposure: i128,
    /// Principal of the advances of its policies, A_g.
    pub drawn: i128,
    /// Its cap, a part of NAV_lo.
    pub cap: u32,
    /// What it was paid at once today and yesterday.
    pub paid_at_once: i128,
}
