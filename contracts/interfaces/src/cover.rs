//! The cover pool's types and client: what adapters, positions, vaults and front ends call.

pub use crate::cover_error::CoverError;
use soroban_sdk::{contractclient, contracttype, Address, Env, Vec};

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

/// An insurable interest: at most one policy each. The subject receives what is paid.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interest(pub Address, pub Class);

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
    pub kappa: u32,
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

/// A cap over several groups (a correlation group, a platform).
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// A part of NAV_lo, 1e7 = 100 %.
    pub rate: u32,
    /// The groups it bounds together.
    pub groups: Vec<u32>,
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

/// What an adapter reports of a loss.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The peril it falls under.
    pub peril: Peril,
    /// The event it belongs to; 0: an event of its own.
    pub event: u64,
    /// Gross loss of that event so far, in the asset's smallest unit, rounded down.
    pub amount: i128,
    /// When the event began; the waiting period must be over by then.
    pub occurred_at: u64,
    /// Whether it repays the subject's debt (or follows its route) instead of being sent to the subject. A deposit's is always sent.
    pub rescue: bool,
    /// How many independent price sources agreed on it; 0 for a loss without a price.
    pub sources: u32,
}

/// What a policy's owner asks the court for, since no contract proves it: an event of its own, measured as `pay` measures a loss.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// The peril it falls under; not an advance.
    pub peril: Peril,
    /// Gross loss, in the asset's smallest unit, rounded down.
    pub amount: i128,
    /// When it began; the waiting period must be over by then.
    pub occurred_at: u64,
}

/// What became of a claim.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Paid at once.
    Paid(i128),
    /// Waits in the challenge window under this number.
    Filed(u32, i128),
}

/// A claim that waits.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The policy.
    pub interest: Interest,
    /// The peril.
    pub peril: Peril,
    /// What it asks, limit already taken from the exposure.
    pub amount: i128,
    /// When it was filed.
    pub filed_at: u64,
    /// Whether it is paid by the policy's route instead of being sent to the subject.
    pub rescue: bool,
    /// From when on it is settled by anyone: 48 h after it was filed, 72 h more if the guardian delayed it; of a disputed one when the
    /// court's time is over; of a decided one at once.
    pub payable_from: u64,
    /// Whether the guardian has delayed it, which they may once.
    pub delayed: bool,
    /// Who challenged it, or appealed, as long as the court has not decided; the bond is theirs.
    pub disputed_by: Option<Address>,
    /// Their bond, in the asset's smallest unit; 0: the court admitted the claim itself. Of a decided claim, the bond that was lost.
    pub bond: i128,
    /// Whether it rests on the vote alone. Without a decision in time such a claim is denied; one that an adapter filed, proven by
    /// state, is paid.
    pub is_appeal: bool,
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

/// An exit request of an LP.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Shares in escrow.
    pub shares: i128,
    /// When it was requested.
    pub requested_at: u64,
}

/// The pool's books as of now.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    /// The pool's own count of the asset it holds.
    pub cash: i128,
    /// Premium not yet earned, scaled by 1e12.
    pub unearned: i128,
    /// Scaled units earned per second.
    pub earning_rate: i128,
    /// Open claims.
    pub pending: i128,
    /// The part of `pending` that is appeals which nobody has decided. While there are any, exits are completed by their owners alone.
    pub appealed: i128,
    /// Payments that could not be delivered.
    pub claimable: i128,
    /// Bonds of challenges and appeals.
    pub bonds: i128,
    /// Prepaid bounties.
    pub bounties: i128,
    /// The protocol's reserve.
    pub reserve: i128,
    /// Principal of all advances.
    pub drawn: i128,
    /// Fees of all advances, scaled by 1e12.
    pub fees_owed: i128,
    /// Scaled units of fees per second.
    pub fee_rate: i128,
    /// All shares, escrowed ones included.
    pub shares: i128,
    /// Escrowed shares.
    pub queued: i128,
    /// Sum of limits that are backed: in force, or in their grace week.
    pub exposure: i128,
    /// Sum of limits of the policies that have not ended: the supply of INS.
    pub in_force: i128,
    /// Capital if every claim is paid and no advance comes back.
    pub nav_lo: i128,
    /// Capital if every claim is denied and every advance comes back.
    pub nav_hi: i128,
}

/// The cover pool. The share token (SEP-41) and vault (SEP-56) functions are OpenZeppelin's and not repeated here.
#[contractclient(name = "CoverPoolClient")]
pub trait CoverPool {
    /// Price an application without selling; refuses as `open` would. Anyone.
    fn quote(env: Env, application: Application) -> Result<Quote, CoverError>;
    /// Sell a policy; a loan's only on a position that names the adapter in its `links`, or, by the route of the adapter, on an address
    /// where nothing is deployed. The payer signs a token transfer of exactly `max_premium` to the pool, since the premium falls with every second;
    /// what exceeds it is sent back at once. The group's adapter.
    fn open(env: Env, application: Application) -> Result<Quote, CoverError>;
    /// Add the next term, paid from the payer's allowance, at no more than `max_rate` comes to; what it adds to the limit that is left is
    /// usable after the waiting period; `bounty_to` gets the bounty. The group's adapter. Returns the premium.
    fn renew(
        env: Env,
        interest: Interest,
        limit: i128,
        weeks: u32,
        ltv: u32,
        bounty_to: Address,
    ) -> Result<i128, CoverError>;
    /// Sell more limit for the rest of the term, usable after the waiting period. The payer signs a transfer of `max_premium`, as in
    /// `open`. The group's adapter. Returns the premium.
    fn top_up(
        env: Env,
        interest: Interest,
        payer: Address,
        amount: i128,
        ltv: u32,
        max_premium: i128,
    ) -> Result<i128, CoverError>;
    /// End a policy and refund 90 % of its unearned premium. The group's adapter, with the owner's signature. Returns the refund.
    fn cancel(env: Env, interest: Interest) -> Result<i128, CoverError>;
    /// Settle a loss: deductible, co-insurance and what the event was settled for before are taken off here. The group's
    /// adapter.
    fn pay(
        env: Env,
        interest: Interest,
        loss: Loss,
        bounty_to: Address,
    ) -> Result<Settlement, CoverError>;
    /// Lend `amount` (at most the limit) to the subject by its policy's route. `rate` is the yearly fee rate, `sources` how many price
    /// sources agreed. The group's adapter. Returns what was drawn, or the claim a bound made of it.
    fn draw(
        env: Env,
        interest: Interest,
        amount: i128,
        rate: u32,
        sources: u32,
        bounty_to: Address,
    ) -> Result<Settlement, CoverError>;
    /// Pay the bounties that the adapter earned in `pay` and `draw` with itself as `bounty_to`: at the end of a batch, so that its
    /// keeper is paid by one transfer. What cannot be delivered is not paid. The group's adapter. Returns the amount.
    fn pay_bounties(env: Env, group: u32, to: Address) -> Result<i128, CoverError>;
    /// Pay an advance back, at most what is owed. `payer` signs this call and in it a transfer of exactly `amount`; what exceeds the
    /// debt is sent back at once. Anyone. Returns the amount taken.
    fn pay_back(
        env: Env,
        interest: Interest,
        payer: Address,
        amount: i128,
    ) -> Result<i128, CoverError>;
    /// Close an advance with what was recovered; the rest is written off, and the policy ends: nothing is covered any more, and claims
    /// that are open are paid to its owner. `payer` authorises a transfer of
    /// `min(owed, recovered)`. The group's adapter. Returns the amount taken.
    fn foreclose(
        env: Env,
        interest: Interest,
        payer: Address,
        recovered: i128,
    ) -> Result<i128, CoverError>;
    /// Pay a claim whose time has come: its window has passed, the court has decided it, or had its time, after which what was filed is
    /// granted and what was appealed for denied. A lost bond is shared. Anyone; an advance's only through the adapter, which measures
    /// again, until nothing can be lent any more: then anyone closes it. With the adapter's signature where it has to hand the money on
    /// (its route), or to give back what was surrendered for a claim that was denied. Errors: `NotPayable`, `UnknownClaim`, `Paused`,
    /// `AdapterOnly`, `Impaired`. Events: `Finalized`, and `Resolved` where time decided. Returns the amount.
    fn finalize(env: Env, claim: u32, bounty_to: Address) -> Result<i128, CoverError>;
    /// Make the draw that an advance's claim stands for, once its window has passed: at most the claim, at the yearly fee rate `rate`.
    /// What is not drawn returns to the limit inside the grace week; 0 closes the claim. The group's adapter. Returns what was drawn.
    fn finalize_draw(
        env: Env,
        claim: u32,
        amount: i128,
        rate: u32,
        bounty_to: Address,
    ) -> Result<i128, CoverError>;
    /// Have a claim that waits go to the court, which has 14 days; before it is payable, and not an advance's, which is lent and
    /// measured again. `challenger` signs a transfer of the bond, `max(100, 2 %)` of the claim. It comes back if the court takes anything
    /// off the claim, else half of it, rounded down, goes to the policy's owner and the rest to the reserve. Anyone. Errors:
    /// `NotDisputable`, `UnknownClaim`. Events: `Challenged`. Returns the bond.
    fn challenge(env: Env, claim: u32, challenger: Address) -> Result<i128, CoverError>;
    /// Ask the court for a loss that no contract proves: a claim that is denied unless the court decides in 14 days.
    /// `appellant` signs a transfer of the bond, as in `challenge`. It comes back if the court grants anything, else half of it,
    /// rounded down, is the LPs' and the rest the reserve's. The policy's owner; or the court, which admits a claim
    /// without a bond. Errors: `NotTheirs`, `NotAppealable`, and those of `pay`. Events: `Filed`, `Appealed`. Returns the claim.
    fn appeal(
        env: Env,
        interest: Interest,
        appeal: Appeal,
        appellant: Address,
    ) -> Result<u32, CoverError>;
    /// Decide a disputed claim in time: `amount` of it is payable at once, by `finalize`; the rest returns to the limit inside the
    /// grace week, and is free capital after it. A bond that is not lost comes back; a lost one is shared by `finalize`. The court. Errors:
    /// `NotDisputed`, `AboveClaim`, `AllOrNothing`. Events: `Resolved`.
    fn resolve(env: Env, claim: u32, amount: i128) -> Result<(), CoverError>;
    /// Put off a claim that waits and is not disputed by 72 h, once. The guardian. Errors: `NotDisputable`. Events: `Delayed`.
    fn delay(env: Env, claim: u32) -> Result<(), CoverError>;
    /// Make `to` the owner of a policy whose subject its adapter hands over in the same call; not while an advance or a claim is open.
    /// It renews no more, since its new owner has agreed to no rate, and is paid for by nobody else. The group's adapter,
    /// with the owner's signature. Errors: `PolicyBusy`, `NothingCovered`, `TooMany`, `Unverified`, `Sanctioned`. Events: `Assigned`.
    fn assign(env: Env, interest: Interest, to: Address) -> Result<(), CoverError>;
    /// An open claim.
    fn claim(env: Env, claim: u32) -> Option<Claim>;
    /// The largest limit that could be sold to one subject of a group now.
    fn room(env: Env, group: u32) -> Result<i128, CoverError>;
    /// A policy as of now.
    fn policy(env: Env, interest: Interest) -> Result<Option<Policy>, CoverError>;
    /// The live policies of an owner as of now, at most 32, each with the interest that it covers: those with anything left of
    /// their limit until their grace week is over, and those with an open advance or claim. For contracts and simulations: more than 20 are
    /// longer than what a transaction may return.
    fn policies_of(env: Env, owner: Address) -> Vec<(Interest, Policy)>;
    /// What is left of the limits of an owner's policies that have not ended: their balance of INS.
    fn insured_of(env: Env, owner: Address) -> i128;
    /// Who must have shown who they are; none: nobody.
    fn identity(env: Env) -> Option<IdentityTerms>;
    /// A group's terms.
    fn group(env: Env, group: u32) -> Option<GroupTerms>;
    /// The pool's books as of now.
    fn books(env: Env) -> Result<Books, CoverError>;
}

/// What others read of the pool's SEP-56 side; the whole of it is OpenZeppelin's `FungibleVault`.
#[contractclient(name = "CoverPoolVaultClient")]
pub trait CoverPoolVault {
    /// The settlement asset.
    fn query_asset(env: Env) -> Address;
}
