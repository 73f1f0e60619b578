//! Events: past tense, compact, enough to rebuild the state. Amounts are in the asset's smallest unit.

use interfaces::cover::{GroupTerms, IdentityTerms, Peril, Roles, Terms};
use soroban_sdk::{contractevent, Address, Vec};

use crate::types::{Cap, Scope};

/// A policy was sold.
#[contractevent(data_format = "vec")]
pub struct Opened {
    #[topic]
    pub subject: Address,
    #[topic]
    pub owner: Address,
    pub class: u32,
    pub group: u32,
    /// One bit per peril.
    pub perils: u32,
    pub route: u32,
    pub limit: i128,
    pub premium: i128,
    /// Rate per year of the limit, 1e7 = 100 %.
    pub rate: u32,
    pub end: u64,
    pub max_rate: u32,
    pub payer: Address,
}

/// A policy got its next term.
#[contractevent(data_format = "vec")]
pub struct Renewed {
    #[topic]
    pub subject: Address,
    pub class: u32,
    pub limit: i128,
    pub premium: i128,
    pub rate: u32,
    pub end: u64,
}

/// More limit was sold; it is usable from `from` on.
#[contractevent(data_format = "vec")]
pub struct ToppedUp {
    #[topic]
    pub subject: Address,
    pub class: u32,
    pub amount: i128,
    pub premium: i128,
    pub rate: u32,
    pub from: u64,
}

/// A policy was ended by its owner.
#[contractevent(data_format = "vec")]
pub struct Cancelled {
    #[topic]
    pub subject: Address,
    pub class: u32,
    pub refund: i128,
}

/// A loss was paid at once.
#[contractevent(data_format = "vec")]
pub struct Paid {
    #[topic]
    pub subject: Address,
    pub class: u32,
    pub peril: u32,
    pub event: u64,
    pub amount: i128,
}

/// A claim was filed and waits.
#[contractevent(data_format = "vec")]
pub struct Filed {
    #[topic]
    pub subject: Address,
    #[topic]
    pub claim: u32,
    pub class: u32,
    pub peril: u32,
    pub event: u64,
    pub amount: i128,
}

/// A claim that waited was paid or, for an advance, drawn; `amount` of what it asked for.
#[contractevent(data_format = "vec")]
pub struct Finalized {
    #[topic]
    pub claim: u32,
    pub amount: i128,
}

/// An advance was drawn at a yearly fee rate.
#[contractevent(data_format = "vec")]
pub struct Drawn {
    #[topic]
    pub subject: Address,
    pub amount: i128,
    pub rate: u32,
}

/// Something of an advance was paid back.
#[contractevent(data_format = "vec")]
pub struct PaidBack {
    #[topic]
    pub subject: Address,
    pub fees: i128,
    pub principal: i128,
}

/// An advance was closed: `paid` of what it owed, `written_off` of its principal not.
#[contractevent(data_format = "vec")]
pub struct Foreclosed {
    #[topic]
    pub subject: Address,
    pub paid: i128,
    pub written_off: i128,
}

/// An exit was requested; the shares moved into the pool's escrow.
#[contractevent(data_format = "vec")]
pub struct ExitRequested {
    #[topic]
    pub owner: Address,
    pub slot: u32,
    pub shares: i128,
}

/// An exit, or a part of it, was paid.
#[contractevent(data_format = "vec")]
pub struct ExitPaid {
    #[topic]
    pub owner: Address,
    pub slot: u32,
    pub shares: i128,
}

/// A payment could not be delivered, or its owner is sanctioned; it waits for them.
#[contractevent(data_format = "vec")]
pub struct Undelivered {
    #[topic]
    pub to: Address,
    pub amount: i128,
}

/// A payment that waited was delivered.
#[contractevent(data_format = "vec")]
pub struct Delivered {
    #[topic]
    pub to: Address,
    pub amount: i128,
}

/// The pool holds `missing` less than its books said; they were written down to it.
#[contractevent(data_format = "vec")]
pub struct BecameImpaired {
    pub missing: i128,
}

/// Open claims of `total` will be paid from `available`.
#[contractevent(data_format = "vec")]
pub struct ImpairmentSettled {
    pub available: i128,
    pub total: i128,
}

/// Capital was given to the pool.
#[contractevent(data_format = "vec")]
pub struct Recapitalised {
    #[topic]
    pub from: Address,
    pub amount: i128,
}

/// The pool is sound again.
#[contractevent(data_format = "vec")]
pub struct Resumed {}

/// A part of the pool was paused.
#[contractevent(data_format = "vec")]
pub struct Paused {
    #[topic]
    pub scope: Scope,
    pub until: u64,
}

/// A pause was lifted.
#[contractevent(data_format = "vec")]
pub struct Unpaused {
    #[topic]
    pub scope: Scope,
}

/// A group was added or changed.
#[contractevent(data_format = "vec")]
pub struct GroupSet {
    #[topic]
    pub group: u32,
    pub terms: GroupTerms,
}

/// A base rate was set or confirmed.
#[contractevent(data_format = "vec")]
pub struct BaseSet {
    #[topic]
    pub group: u32,
    pub peril: Peril,
    pub base: u32,
}

/// The caps over several groups were set.
#[contractevent(data_format = "vec")]
pub struct CapsSet {
    pub caps: Vec<Cap>,
}

/// The pool's amounts and rates were set.
#[contractevent(data_format = "vec")]
pub struct TermsSet {
    pub terms: Terms,
}

/// The roles were set.
#[contractevent(data_format = "vec")]
pub struct RolesSet {
    pub roles: Roles,
}

/// Who must have shown who they are was set; none: nobody.
#[contractevent(data_format = "vec")]
pub struct IdentitySet {
    pub terms: Option<IdentityTerms>,
}

/// A claim went to the court, which has until then.
#[contractevent(data_format = "vec")]
pub struct Challenged {
    #[topic]
    pub claim: u32,
    #[topic]
    pub by: Address,
    pub bond: i128,
    pub until: u64,
}

/// A claim that only the court can grant was filed in the same call; the court has until then.
#[contractevent(data_format = "vec")]
pub struct Appealed {
    #[topic]
    pub claim: u32,
    #[topic]
    pub by: Address,
    pub bond: i128,
    pub until: u64,
}

/// A disputed claim was decided, by the court or by time: `amount` of it is payable.
#[contractevent(data_format = "vec")]
pub struct Resolved {
    #[topic]
    pub claim: u32,
    pub amount: i128,
}

/// The guardian put a claim off until then.
#[contractevent(data_format = "vec")]
pub struct Delayed {
    #[topic]
    pub claim: u32,
    pub until: u64,
}

/// A policy has another owner.
#[contractevent(data_format = "vec")]
pub struct Assigned {
    #[topic]
    pub subject: Address,
    #[topic]
    pub to: Address,
    pub class: u32,
    pub from: Address,
}

/// The reserve was given to the LPs.
#[contractevent(data_format = "vec")]
pub struct ReserveReleased {
    pub amount: i128,
}
