//! What may be insured, at which terms, and who sets them.

use soroban_sdk::{contracttype, Address, Vec};

/// What a policy covers. Depreciation has two layers: the advance is lent to the position and paid back, the grant is given.
#[contracttype]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Peril {
    /// Depreciation, lent: debt is repaid near liquidation and owed to the pool.
    Advance = 0,
    /// Depreciation, given: an indemnity for a fall of the collateral.
    Grant = 1,
    /// A loan ends with debt nobody repaid.
    Default = 2,
    /// The penalty lost in a liquidation during a crash.
    Liquidation = 3,
    /// The collateral asset itself fails.
    Collateral = 4,
    /// The lending protocol is exploited.
    Contract = 5,
}

impl Peril {
    /// The peril with this number.
    pub const fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Advance,
            1 => Self::Grant,
            2 => Self::Default,
            3 => Self::Liquidation,
            4 => Self::Collateral,
            5 => Self::Contract,
            _ => return None,
        })
    }
}

/// Who is insured on a subject.
#[contracttype]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Class {
    /// A borrower's loan; the subject is the position.
    Loan = 1,
    /// A lender's deposit; the subject is the vault.
    Deposit = 2,
}

/// How a rescue reaches the loan.
#[contracttype]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Route {
    /// Debt is repaid.
    Repay = 0,
    /// Collateral is bought and deposited; falls back to repaying.
    BuyCollateral = 1,
    /// The money is sent to the group's adapter, which hands it on to the platform that called it. For platforms that are on
    /// the stack when they are insured, so that the pool cannot call them.
    Adapter = 2,
}

/// One knot of a group's LTV table: factors between knots are linear.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knot {
    /// l = 1 / health factor, 1e7 = 1.
    pub ltv: u32,
    /// Multiplier of the base rate, 1e7 = 1.
    pub factor: u32,
}

/// A peril's terms in a group.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerilTerms {
    /// The peril.
    pub peril: Peril,
    /// Base rate per year of the limit, 1e7 = 100 %.
    pub base: u32,
    /// Bounds of `base` for the risk role.
    pub base_min: u32,
    /// Upper bound of `base`.
    pub base_max: u32,
    /// Waiting period in seconds from the start of the policy.
    pub waiting: u64,
    /// Co-insurance: the part of a loss the insured keeps, 1e7 = 100 %.
    pub co_insurance: u32,
    /// Highest l (1 / health factor) at which it is sold, 1e7 = 1.
    pub max_ltv: u32,
}

/// A market group: who sells in it, at which terms.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupTerms {
    /// The only contract that may sell and claim in this group.
    pub adapter: Address,
    /// The lending platform that rescues may pay; none: this group's rescues only buy collateral, or it has none.
    pub platform: Option<Address>,
    /// The interest sold.
    pub class: Class,
    /// The group's cap, a part of NAV_lo, 1e7 = 100 %.
    pub cap: u32,
    /// One subject's cap, a part of NAV_lo, 1e7 = 100 %.
    pub subject_cap: u32,
    /// The perils sold.
    pub perils: Vec<PerilTerms>,
    /// Five knots, ascending.
    pub knots: Vec<Knot>,
    /// Bounds of the rate per year, 1e7 = 100 %.
    pub rate_min: u32,
    /// Upper bound of the rate per year.
    pub rate_max: u32,
    /// Deductible of a loss in the asset's smallest unit.
    pub deductible: i128,
}

/// Amounts governance sets for the whole pool, in the asset's smallest unit; rates 1e7 = 100 %.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Least premium of a sale.
    pub min_premium: i128,
    /// Paid to a keeper for a settlement, a renewal, or an advance, as long as the policy has prepaid it.
    pub bounty: i128,
    /// Taken from a premium's fee for bounties of its policy.
    pub bounty_prepaid: i128,
    /// Most that a claim other than a rescue is paid at once.
    pub instant_max: i128,
    /// The same as a part of NAV_lo.
    pub instant_share: u32,
    /// Part of NAV_lo a group may be paid at once in 24 h; with three agreeing sources it is the group's cap.
    pub daily_share: u32,
    /// Flat fee of an advance, at most 2 %.
    pub advance_fee: u32,
    /// Seconds without a new base rate after which a group sells nothing.
    pub base_max_age: u64,
}

/// Who must have shown who they are, and to whom. The tiers are asked when cover is sold, assigned or raised, and when LPs stake;
/// never when something is paid. The sanctions list is asked then too.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityTerms {
    /// Cover that an owner may hold without any, all their limits in force together.
    pub free_limit: i128,
    /// Cover up to which the basic tier is enough.
    pub basic_limit: i128,
    /// Verifies the basic tier, which LPs need too.
    pub basic: Address,
    /// Verifies the full tier, which is enough for everything.
    pub full: Address,
    /// Lists who is sanctioned; none: nobody is looked up. What they would be paid waits for them as claimable.
    pub sanctions: Option<Address>,
}

/// Who sets base rates, who pauses and delays, who decides disputes.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Sets base rates inside their bounds.
    pub risk: Address,
    /// Pauses, and delays a claim once.
    pub guardian: Address,
    /// Decides disputes: the court's governor.
    pub court: Address,
}
