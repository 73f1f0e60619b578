//! What a lending platform and its insurer tell each other: all that a platform implements to have its loans insured.
//!
//! The host traps re-entry, so whoever is on the stack is told the facts instead of being asked for them. The platform
//! calls the insurer ([`Insurer`]) with the facts of a loan; keepers call the insurer, which asks the platform
//! ([`InsuredPlatform`]), has the cover pool pay, and hands the money on to the platform.
//!
//! A loan has an address that nobody else can hold, derived from the platform's own: it is the subject of its policy.
//! Nothing is deployed there and nothing is ever sent there.

use crate::adapter::CoverRequest;
use crate::cover::Quote;
use soroban_sdk::{contractclient, contracttype, Address, Env};

/// A loan as the platform's books have it, with interest to now.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanFacts {
    /// The borrower.
    pub owner: Address,
    /// Collateral, in the collateral asset's smallest unit.
    pub collateral: i128,
    /// Debt with interest, in the loan asset's smallest unit, rounded up.
    pub debt: i128,
    /// What the platform charges borrowers per year, 1e7 = 100 %, rounded up: the higher of now and of before this ledger, so that
    /// nobody lowers it for a moment.
    pub borrow_rate: u32,
}

/// What all loans of a platform have in common; it never changes.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanTerms {
    /// The collateral asset.
    pub collateral: Address,
    /// Its decimals.
    pub collateral_decimals: u32,
    /// The asset that is lent; equal to the cover pool's settlement asset.
    pub asset: Address,
    /// Its decimals.
    pub asset_decimals: u32,
    /// The part of the collateral's value up to which a loan is safe from liquidation, 1e7 = 100 %.
    pub liquidation_ltv: u32,
    /// LIF: collateral a liquidator gets per value repaid, 1e7 = 1.
    pub incentive: u32,
}

/// A liquidation, full or partial.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liquidation {
    /// When it happened.
    pub time: u64,
    /// The price of one whole token of collateral that the platform liquidated at, in whole tokens of the loan asset
    /// with 14 decimals: the price hub's.
    pub price: i128,
    /// Collateral before.
    pub collateral: i128,
    /// Debt before, rounded up.
    pub debt: i128,
    /// Collateral the liquidator took.
    pub seized: i128,
    /// Debt the liquidator repaid.
    pub repaid: i128,
    /// Debt that is left without collateral: a loss of the lenders, unless cover pays it. 0 while collateral is left.
    pub bad_debt: i128,
}

/// What an insurer has just sent to the platform, in the loan asset.
#[contracttype]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compensation {
    /// For the lenders.
    pub lenders: i128,
    /// For the borrower: repays the loan, and what exceeds its debt is the owner's.
    pub borrower: i128,
    /// For the lenders once its window has passed: a claim that the cover pool has filed. Not sent yet.
    pub filed: i128,
}

/// Who money from the insurer is for.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beneficiary {
    /// All lenders, by their shares.
    Lenders,
    /// The owner of this loan: repays its debt, and what exceeds the debt is sent to the owner.
    Borrower(Address),
}

/// What a platform is short of, in the loan asset.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solvency {
    /// What lenders are owed, with interest.
    pub supply: i128,
    /// What the platform owes others, its own fees among it.
    pub credits: i128,
    /// What borrowers owe.
    pub liabilities: i128,
    /// Cash by the platform's own books.
    pub cash: i128,
    /// What was written off so far because it was missing, bad debt not among it; never falls.
    pub written_off: i128,
}

/// An insured lending platform, as its insurer sees it.
#[contractclient(name = "InsuredPlatformClient")]
pub trait InsuredPlatform {
    /// What all loans have in common. Anyone.
    fn loan_terms(env: Env) -> LoanTerms;
    /// A loan as of now; all zero but the owner once it is closed. Fails for a loan that never was. Anyone.
    fn loan(env: Env, loan: Address) -> LoanFacts;
    /// What lenders are owed and what is there for it. Anyone.
    fn solvency(env: Env) -> Solvency;
    /// Repay at most `amount` of a loan from `payer`, who signs a transfer of exactly `amount`; what exceeds the debt comes
    /// back. Returns what was taken. Anyone who pays.
    fn repay(env: Env, loan: Address, payer: Address, amount: i128) -> i128;
    /// Book money that the insurer pays, from `payer`, who signs a transfer of exactly `amount`. The insurer.
    fn compensate(env: Env, payer: Address, beneficiary: Beneficiary, amount: i128);
    /// Borrow `amount` on an insured loan to the insurer, to pay an advance back; refused if the loan would not be safe. The
    /// insurer.
    fn refinance(env: Env, loan: Address, amount: i128);
    /// Repay the whole debt with at most `pay_max` from `payer`, who signs a transfer of exactly that, and hand them the
    /// collateral. Returns the debt that was repaid. The insurer, in a foreclosure.
    fn foreclose(env: Env, loan: Address, payer: Address, pay_max: i128) -> i128;
    /// Hand `amount` of a loan's collateral to `to`; refused if the loan could then be liquidated. The insurer, when the owner
    /// surrenders it.
    fn surrender(env: Env, loan: Address, amount: i128, to: Address);
    /// Make `to` the owner of a loan, with all that it owes and is owed. The insurer, when its owner assigns the loan's cover; the
    /// owner has signed that, and a platform may have them sign this, too.
    fn assign(env: Env, loan: Address, to: Address);
}

/// The insurer, as a lending platform sees it.
#[contractclient(name = "InsurerClient")]
pub trait Insurer {
    /// Insure a loan that its owner has just signed for. `payer` signs a transfer of `request.max_premium` to the cover pool;
    /// what exceeds the premium comes back. One who is not the owner holds the policy: may cancel it, gets its refund. The
    /// platform.
    fn insure(
        env: Env,
        platform: Address,
        loan: Address,
        facts: LoanFacts,
        payer: Address,
        request: CoverRequest,
    ) -> Quote;
    /// Why the owner may not have taken out what has just been taken out of a loan (borrowed or withdrawn), as an error code; 0
    /// when they may. `facts` are those after. The platform undoes it then. The platform.
    fn exit_refusal(env: Env, platform: Address, loan: Address, facts: LoanFacts) -> u32;
    /// Settle what cover owes for a liquidation and send it to the platform. The platform: in the same call, or later
    /// when that failed or was left out. `bounty_to` gets the cover pool's bounty. An answer is final, also one of nothing: fail to
    /// be asked again.
    fn settle_liquidation(
        env: Env,
        platform: Address,
        loan: Address,
        liquidation: Liquidation,
        bounty_to: Address,
    ) -> Compensation;
}
