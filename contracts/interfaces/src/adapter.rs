//! The lending adapter: opens insured loans, underwrites them, watches them and settles.

use crate::cover::{Peril, Quote, Route, Settlement};
use soroban_sdk::{contractclient, contracterror, contracttype, Address, BytesN, Env, Vec};

/// A listed market: a collateral and the debt asset on one Blend pool, sold in one group.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Market {
    /// The Blend pool.
    pub platform: Address,
    /// The collateral asset.
    pub collateral: Address,
    /// The group of the cover pool that loans of this market are sold in.
    pub group: u32,
    /// Trigger of the advance: health factor below which it draws, 1e7 = 1.
    pub advance_trigger: u32,
    /// Health factor an advance or grant lifts to, 1e7 = 1.
    pub target: u32,
    /// Fall in 24 h that triggers a grant, 1e7 = 100 %.
    pub grant_trigger: u32,
    /// Fall the insured bears in a grant, 1e7 = 100 %.
    pub grant_deductible: u32,
    /// Most of the fall a grant pays for, 1e7 = 100 %.
    pub grant_max: u32,
    /// Least yearly fee rate of an advance, 1e7 = 100 %.
    pub least_rate: u32,
    /// Reference price of the collateral peril: one whole token of collateral in whole tokens of the debt asset, 14 decimals.
    /// 0: not offered. Once set it never changes.
    pub peg: i128,
    /// The part of the reference that the insured bears when collateral is surrendered, 1e7 = 100 %. Fixed with the peg.
    pub peg_deductible: u32,
}

/// A loan to open.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    /// The Blend pool.
    pub platform: Address,
    /// The collateral asset.
    pub collateral_asset: Address,
    /// Collateral to supply.
    pub collateral: i128,
    /// Amount to borrow, of the cover pool's asset.
    pub debt: i128,
}

/// The tick box: what a borrower asks for when they insure a loan.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverRequest {
    /// The perils.
    pub perils: Vec<Peril>,
    /// How rescues reach the loan.
    pub route: Route,
    /// The limit.
    pub limit: i128,
    /// Term in weeks.
    pub weeks: u32,
    /// Most the payer pays now.
    pub max_premium: i128,
    /// Highest yearly rate at which it may renew; 0: never.
    pub max_rate: u32,
}

/// Health of a position, values in the debt asset's smallest unit.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Health factor on the platform's own prices, 1e7 = 1; `u32::MAX` without debt.
    pub platform: u32,
    /// Health factor at the hub's fresh median, 1e7 = 1.
    pub hub: u32,
    /// Debt, rounded up.
    pub debt: i128,
    /// Value of the collateral at the hub's fresh median, rounded down.
    pub value: i128,
    /// The same at the lower of median and 15-minute mean.
    pub value_low: i128,
}

/// What the adapter says of what an owner has just taken out of a position.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitVerdict {
    /// Why they may not have it, as an error code; 0 when they may.
    pub refusal: u32,
    /// The hub's price of the pair that it was judged at, 14 decimals; none where no price was needed.
    pub price: Option<i128>,
}

/// What happened to one position of a batch.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Settled.
    Done(Settlement),
    /// Refused, with the error's code (0: a host error).
    Skipped(u32),
}

/// What the adapter is built on.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterConfig {
    /// The cover pool; its settlement asset is the debt asset of every market.
    pub cover_pool: Address,
    /// The price hub.
    pub price_hub: Address,
    /// Blend's backstop, which serves all its pools.
    pub backstop: Address,
    /// How full a pool's backstop must be for cover to be sold: its product constant as a part of Blend's threshold,
    /// 1e7 = 100 %. It is a fifth power: twice the tokens are 32 times the product.
    pub backstop_floor: i128,
    /// The exchange where rescues buy collateral; without one they repay.
    pub exchange: Option<Address>,
    /// The position contract.
    pub position_wasm: BytesN<32>,
    /// Where surrendered collateral is sold; without one the collateral peril is not settled.
    pub salvage: Option<Address>,
}

/// What the adapter refuses, and why. Codes 7200 to 7299.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum AdapterError {
    /// This adapter did not deploy that position.
    NotAPosition = 7200,
    /// No such market is listed.
    UnknownMarket = 7201,
    /// A market whose terms contradict each other, or whose platform lacks a reserve.
    InvalidMarket = 7202,
    /// The platform accepts a collateral for which the hub has fewer than two independent sources.
    CollateralLacksSources = 7203,
    /// The hub has no price for the pair now.
    PriceUnavailable = 7204,
    /// The platform's own oracle has no valid price.
    PlatformPriceUnavailable = 7205,
    /// A formula without a result: numbers out of range.
    NoResult = 7206,
    /// The vault is not registered.
    UnknownVault = 7207,

    /// Armed: at least half the fall that triggers an event has been seen.
    PriceFalling = 7208,
    /// Armed: fewer than 18 of the last 24 hours have a price.
    PriceDegraded = 7209,
    /// Armed: the hub's window does not confirm the price.
    PriceQuarantined = 7210,
    /// Armed: hub and platform oracle are more than 3 % apart.
    PricesDiverge = 7211,
    /// Armed: the position is being liquidated.
    AuctionOpen = 7212,
    /// Armed: the platform's status is not active.
    PlatformNotActive = 7213,
    /// Armed: the platform's backstop is too small.
    BackstopThin = 7214,
    /// Armed: the platform's backstop carries debt.
    BackstopIndebted = 7215,

    /// The loan is too close to its liquidation: 1 / health factor is above 0.8.
    LtvTooHigh = 7216,
    /// An advance's limit is above the debt.
    LimitAboveDebt = 7217,
    /// There is no policy, or it is of an owner who lost the position to a foreclosure.
    NotInsured = 7218,

    /// The health factor is not below the trigger.
    Healthy = 7219,
    /// Nothing is left of the limit, or the draw neither reaches the target nor comes to the least draw.
    DrawTooSmall = 7220,
    /// Debt and advance would pass their part of the collateral.
    EquityExhausted = 7221,
    /// The platform's health factor would stay below 1.05.
    StillUnhealthy = 7222,
    /// No event is open on the pair.
    NoEvent = 7223,
    /// The event cost this position nothing that is covered.
    NothingLost = 7224,
    /// There is no such claim.
    NoSuchClaim = 7225,

    /// An advance is owed.
    AdvanceOwed = 7226,
    /// A claim is open.
    ClaimOpen = 7227,
    /// An event is under way on an insured position.
    EventUnderWay = 7228,
    /// The loan would be closer to its liquidation than it was when it was rated.
    AboveRatedLtv = 7229,

    /// Nothing is owed.
    NothingOwed = 7230,
    /// Neither 95 % of the collateral are owed nor 7 days passed since the end.
    NotForeclosable = 7231,
    /// The foreclosure was not started within the last day.
    NotStarted = 7232,
    /// It can still be foreclosed.
    NotCured = 7233,
    /// The price is above the bid.
    BidTooLow = 7234,
    /// Debt or collateral would be left behind.
    NotClosed = 7235,
    /// The cover has not ended, the loan is not healthy enough to carry what it owes, or its platform does not lend it.
    CannotRefinance = 7236,
    /// Nothing waits to be collected.
    NothingToCollect = 7237,

    /// The reserve has no loss index.
    UnknownReserve = 7238,

    /// The platform, or the loan, is not one that is insured here.
    NotInsuredHere = 7239,
    /// A loan with a route, or perils, that its platform cannot be paid by.
    WrongRoute = 7240,
    /// The foreclosure was started less than 15 minutes ago.
    TooSoon = 7241,
    /// This liquidation was settled before.
    AlreadySettled = 7242,
    /// The collateral has not failed: its 6-hour mean is above 95 % of the reference, or none is set.
    NotFailed = 7243,
    /// There is no salvage, so collateral cannot be surrendered.
    NoSalvage = 7244,
    /// Armed: the collateral is priced at less than 97.5 % of its reference.
    BelowPeg = 7245,
    /// No deficit, or none that was seen before at least an hour ago.
    NoDeficit = 7246,
    /// A peg that was set cannot change, nor can its deductible.
    PegFixed = 7247,
    /// The claim would come to less than the owner asks at least.
    ClaimTooSmall = 7248,
    /// Liquidations of this position are not insured.
    NotWatched = 7249,
    /// More collateral than there was when the loan was last rated, less what was surrendered since.
    AboveRatedCollateral = 7250,
    /// A foreclosure was started and is not cleared: have it cured first.
    ForeclosureUnderWay = 7251,
    /// The policy and the loan that it insures have different owners, or its platform has not made the assignee the owner.
    OwnersDiffer = 7252,
    /// As many loans as one owner can be assigned are theirs already.
    TooManyAssigned = 7253,
    /// A vault's cover belongs to its vault.
    NotAssignable = 7254,
}

/// The Blend adapter. Amounts are in the smallest unit of the cover pool's asset unless said otherwise. It also implements
/// [`crate::assign::Assignable`].
#[contractclient(name = "AdapterClient")]
pub trait Adapter {
    // ---- loans -------------------------------------------------------------------------------------------------
    /// Deploy a position for `owner`, supply collateral, borrow, and insure when asked: one transaction, one signature
    /// of the owner. Events: `LoanOpened`.
    fn open_loan(
        env: Env,
        owner: Address,
        loan: Loan,
        insure: Option<CoverRequest>,
    ) -> Result<(Address, Option<Quote>), AdapterError>;
    /// Price cover for a loan that does not exist yet. Refuses what `open_loan` would. Anyone.
    fn quote_loan(
        env: Env,
        owner: Address,
        loan: Loan,
        insure: CoverRequest,
    ) -> Result<Quote, AdapterError>;
    /// Insure an existing position. Its owner.
    fn insure(env: Env, position: Address, request: CoverRequest) -> Result<Quote, AdapterError>;
    /// Renew in the last three days of the term, paid from the allowance. Anyone at the limit that is left, the policy's owner at
    /// another one. Returns the premium.
    fn renew(
        env: Env,
        position: Address,
        limit: i128,
        weeks: u32,
        bounty_to: Address,
    ) -> Result<i128, AdapterError>;
    /// Sell more limit, rated at the worse of now and of the last sale or renewal. The owner. Returns the premium.
    fn top_up(
        env: Env,
        position: Address,
        amount: i128,
        max_premium: i128,
    ) -> Result<i128, AdapterError>;
    /// Cancel the cover. The owner; not while armed. Returns the refund.
    fn cancel(env: Env, position: Address) -> Result<i128, AdapterError>;

    // ---- rescues -----------------------------------------------------------------------------------------------
    /// Draw advances for positions near liquidation; items are isolated. Sort the positions by market: a market's prices
    /// and reserves are read once in a row. Anyone.
    fn rescue(env: Env, positions: Vec<Address>, bounty_to: Address) -> Vec<Outcome>;
    /// Pay grants for a triggered fall; items are isolated, as in `rescue`. Anyone.
    fn grant(env: Env, positions: Vec<Address>, bounty_to: Address) -> Vec<Outcome>;
    /// Settle what liquidations took of a watched position, once: the penalty, at most Blend's own incentive on the debt that
    /// went, less what depreciation granted for the fall. Refused while an auction of it is open, and for a day after it was seen
    /// while what was taken is worth no more than the debt that went. Where cover owes nothing and never will (the price fell by less than 10 % since the
    /// owner's last action that raised the risk; the last look before it was in the waiting period; it was seen after the end) that is
    /// what it is settled with. `bounty_to` gets the cover pool's bounty. Anyone. Events: `LiquidationSettled`.
    fn settle_liquidation(
        env: Env,
        position: Address,
        bounty_to: Address,
    ) -> Result<Settlement, AdapterError>;
    /// Hand `amount` of a position's collateral to salvage and file its claim, of at least `least`: the collateral has failed, its
    /// 6-hour mean is at most 95 % of the reference. Refused while an advance is owed, or if the position would not stay healthy.
    /// The owner. Events: `CollateralSurrendered`. Returns the claim.
    fn surrender(
        env: Env,
        position: Address,
        amount: i128,
        least: i128,
    ) -> Result<u32, AdapterError>;
    /// Settle a claim whose window has passed. An advance is measured again, at most the claim; one that is no longer needed
    /// returns to the limit. Surrendered collateral is offered for sale, or given back to its owner if the court denied the claim in
    /// full. Anyone. Returns what was paid or drawn.
    fn finalize(env: Env, claim: u32, bounty_to: Address) -> Result<i128, AdapterError>;

    // ---- the end of an advance ---------------------------------------------------------------------------------
    /// Borrow on a healthy position what it owes after the end of its cover, and pay it back. Anyone. Returns
    /// the amount.
    fn refinance(env: Env, position: Address) -> Result<i128, AdapterError>;
    /// Start a foreclosure: debt and advance passed 95 % of the collateral at `P_hi`, the higher of its price now and its
    /// 15-minute mean, or 7 days passed since the end and the position cannot refinance. A start is good for a day, until
    /// it is cured. Anyone. Events: `ForeclosureStarted`. Returns its time, or 0 when the position was refinanced instead.
    fn start_foreclosure(env: Env, position: Address) -> Result<u64, AdapterError>;
    /// Clear the start of a foreclosure whose reason is gone. Anyone. Events: `ForeclosureCured`.
    fn cure(env: Env, position: Address) -> Result<(), AdapterError>;
    /// Take over a position that may still be foreclosed, from 15 minutes after the start on: its whole debt is repaid with
    /// at most `pay_max`, `take` must cover all its collateral, and the price beyond the debt, `max(0, V * (1 - discount) -
    /// debt)` with V at `P_hi`, is taken from `bid`, of which the rest comes back. The pool gets what it is owed first, the
    /// owner the rest. A grant that is due is settled before. The payer. Events: `Foreclosed`. Returns the price; a position
    /// that can refinance does that instead, nothing is taken and 0 is returned.
    fn foreclose(
        env: Env,
        position: Address,
        payer: Address,
        pay_max: i128,
        take: i128,
        bid: i128,
    ) -> Result<i128, AdapterError>;
    /// The same where the platform cannot settle it: the payer becomes the position's owner, debt and collateral stay
    /// where they are. The old owner's policy covers it no longer. The payer. Events: `Foreclosed`. Returns the price.
    fn foreclose_by_assignment(
        env: Env,
        position: Address,
        payer: Address,
        bid: i128,
    ) -> Result<i128, AdapterError>;
    /// Collect what a foreclosure could not deliver to `owner`. Anyone, to the owner. Returns the amount.
    fn collect(env: Env, owner: Address) -> Result<i128, AdapterError>;

    // ---- views -------------------------------------------------------------------------------------------------
    /// Why a position's market sells nothing now, as an error code; 0 when it sells. Anyone.
    fn armed(env: Env, position: Address) -> u32;
    /// Whether the owner may have taken out what has just been taken out of a position. One without debt needs no price.
    /// Positions ask after the fact; they undo what is refused, and note the price of what is not. Anyone.
    fn judge_exit(env: Env, position: Address) -> ExitVerdict;
    /// Health of a position. Anyone.
    fn health(env: Env, position: Address) -> Result<Health, AdapterError>;
    /// Whether this adapter deployed the position. Anyone.
    fn is_position(env: Env, position: Address) -> bool;
    /// The positions of `owner`: those deployed for them that are still theirs, then those that were assigned to them. Anyone.
    fn positions_of(env: Env, owner: Address) -> Vec<Address>;
    /// The market of a collateral on a platform. Anyone.
    fn market(env: Env, platform: Address, collateral: Address) -> Option<Market>;
    /// What the adapter is built on. Anyone.
    fn config(env: Env) -> AdapterConfig;

    // ---- owner -------------------------------------------------------------------------------------------------
    /// List a market or change its terms; its platform must have both reserves, and the hub two independent sources for
    /// every collateral the platform accepts. Events: `MarketSet`. The owner.
    fn set_market(env: Env, market: Market) -> Result<(), AdapterError>;
}
