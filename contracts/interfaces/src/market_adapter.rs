//! The market adapter: the insurer of platforms that speak [`crate::platform`]. It underwrites their loans, watches them and
//! settles. Its refusals are [`AdapterError`]s, as the Blend adapter's.

use crate::adapter::{AdapterError, CoverRequest, Health, Outcome};
use crate::cover::Quote;
use crate::platform::LoanFacts;
use soroban_sdk::{contractclient, contracttype, Address, Env, Vec};

/// A platform that is insured, and how.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsuredMarket {
    /// The platform: it speaks `InsuredPlatform`.
    pub platform: Address,
    /// The group of the cover pool that its loans are sold in.
    pub loans: u32,
    /// The group that its lenders as a whole are insured in.
    pub lenders: u32,
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
    /// Reference price of the collateral peril: one whole token of collateral in whole tokens of the loan asset, 14 decimals.
    /// 0: not offered. Once set it never changes.
    pub peg: i128,
    /// The part of the reference that the insured bears when collateral is surrendered, 1e7 = 100 %. Fixed with the peg.
    pub peg_deductible: u32,
}

/// What the market adapter is built on.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketAdapterConfig {
    /// The cover pool; its settlement asset is the loan asset of every platform.
    pub cover_pool: Address,
    /// The price hub.
    pub price_hub: Address,
    /// Where surrendered collateral is sold; without one the collateral peril is not settled.
    pub salvage: Option<Address>,
}

/// The market adapter. Amounts are in the smallest unit of the cover pool's asset unless said otherwise. It also implements
/// [`crate::platform::Insurer`], which is not repeated here: that side is the platform's; and [`crate::assign::Assignable`].
///
/// Policies have the route `Adapter`: the cover pool sends what it pays to this contract, which hands it to the platform in
/// the same call. A refusal of the cover pool or the platform is passed on under its own code.
#[contractclient(name = "MarketAdapterClient")]
pub trait MarketAdapter {
    /// Price cover for a loan that does not exist yet. Refuses what `insure` would. Anyone.
    fn quote_loan(
        env: Env,
        platform: Address,
        facts: LoanFacts,
        insure: CoverRequest,
    ) -> Result<Quote, AdapterError>;
    /// Renew the cover of a loan, or of a platform's lenders, in the last three days of the term, paid from the payer's allowance.
    /// Anyone at the limit that is left, for a loan that owes something; another limit needs the policy's owner, who pays
    /// for it. A limit above the debt of an advance is cut to it. Returns the premium.
    fn renew(
        env: Env,
        subject: Address,
        limit: i128,
        weeks: u32,
        bounty_to: Address,
    ) -> Result<i128, AdapterError>;
    /// Sell more limit for a loan or for a platform's lenders; a loan is rated at the worse of now and of the last sale or renewal.
    /// The policy's owner pays and signs. Returns the premium.
    fn top_up(
        env: Env,
        subject: Address,
        amount: i128,
        max_premium: i128,
    ) -> Result<i128, AdapterError>;
    /// Cancel the cover of a loan or of a platform's lenders. The policy's owner; not while armed. Returns the refund.
    fn cancel(env: Env, subject: Address) -> Result<i128, AdapterError>;

    /// Draw advances for loans near liquidation; items are isolated, but for a platform that does not take the money it is
    /// sent, which fails them all. Sort the loans by platform: its prices are read once in a row. Anyone.
    fn rescue(env: Env, loans: Vec<Address>, bounty_to: Address) -> Vec<Outcome>;
    /// Pay grants for a triggered fall; items are isolated, as in `rescue`. Anyone.
    fn grant(env: Env, loans: Vec<Address>, bounty_to: Address) -> Vec<Outcome>;
    /// Pay a claim whose window has passed and hand it on to the platform; an advance is measured again. Surrendered collateral is offered
    /// for sale, or given back to its owner if the court denied the claim in full. Anyone. Returns the amount.
    fn finalize(env: Env, claim: u32, bounty_to: Address) -> Result<i128, AdapterError>;
    /// Hand `amount` of a loan's collateral to salvage and file its claim, of at least `least`: the collateral has failed, its 6-hour
    /// mean is at most 95 % of the reference. Refused while an advance is owed. The loan's owner. Events:
    /// `CollateralSurrendered`. Returns the claim.
    fn surrender(env: Env, loan: Address, amount: i128, least: i128) -> Result<u32, AdapterError>;

    /// Borrow on a healthy loan what it owes after the end of its cover, and pay it back. Anyone. Returns the amount.
    fn refinance(env: Env, loan: Address) -> Result<i128, AdapterError>;
    /// Start a foreclosure, as the Blend adapter does. Anyone. Events: `ForeclosureStarted`. Returns its time, or 0 when the loan was
    /// refinanced instead.
    fn start_foreclosure(env: Env, loan: Address) -> Result<u64, AdapterError>;
    /// Clear the start of a foreclosure whose reason is gone. Anyone. Events: `ForeclosureCured`.
    fn cure(env: Env, loan: Address) -> Result<(), AdapterError>;
    /// Take over a loan's collateral, from 15 minutes after the start on, if it may still be foreclosed: its whole debt is repaid with
    /// at most `pay_max`, and the price beyond the debt, `max(0, V * (1 - discount) - debt)` with V at the higher of price and
    /// 15-minute mean, is taken from `bid`; the rest of both comes back. The pool gets what it is owed first, the owner the
    /// rest. A grant that is due is settled before. The payer. Events: `Foreclosed`. Returns the price; a loan that can
    /// refinance does that instead, nothing is taken and 0 is returned.
    fn foreclose(
        env: Env,
        loan: Address,
        payer: Address,
        pay_max: i128,
        bid: i128,
    ) -> Result<i128, AdapterError>;
    /// Collect what a foreclosure could not deliver to `owner`. Anyone, to the owner. Returns the amount.
    fn collect(env: Env, owner: Address) -> Result<i128, AdapterError>;

    /// Insure the lenders of a platform as a whole against a deficit that is proven on chain; `payer` pays, holds the policy and
    /// signs. What the platform was short of before is not covered. Anyone.
    fn insure_lenders(
        env: Env,
        platform: Address,
        payer: Address,
        request: CoverRequest,
    ) -> Result<Quote, AdapterError>;
    /// Look whether a platform is short of more than 0.1 % of what its lenders own. What is seen twice, at least an hour and at
    /// most a day apart, and was not settled before is settled as a loss of the time when it was seen first; what cover
    /// does not owe then, it never will. A look that finds nothing forgets the first one. Anyone. Events: `DeficitSeen`, `DeficitSettled`.
    /// Returns what was paid at once.
    fn prove_deficit(env: Env, platform: Address, bounty_to: Address)
        -> Result<i128, AdapterError>;

    /// Why cover of a platform's loans is not sold now, as an error code; 0 when it is. Anyone.
    fn armed(env: Env, platform: Address) -> u32;
    /// Health of a loan; both factors are at the hub's price. Anyone.
    fn health(env: Env, loan: Address) -> Result<Health, AdapterError>;
    /// How a platform is insured. Anyone.
    fn market(env: Env, platform: Address) -> Option<InsuredMarket>;
    /// What the adapter is built on. Anyone.
    fn config(env: Env) -> MarketAdapterConfig;

    /// List a platform or change its terms; the hub must have two independent sources for both its assets. Events: `MarketSet`. The owner.
    fn set_market(env: Env, market: InsuredMarket) -> Result<(), AdapterError>;
}
