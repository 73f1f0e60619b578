//! The loan market: an isolated lending platform with one collateral and one loan asset, insured by the tick of a box.

use crate::adapter::CoverRequest;
use crate::cover::Quote;
use crate::platform::Liquidation;
use actuary::MathError;
use soroban_sdk::{contractclient, contracterror, contracttype, Address, Env, Vec};

/// What borrowers pay, by how much of the supply is lent out. Rates per year, 1e7 = 100 %: a line from `base` to
/// `base + slope` at the `target` utilisation, and a steeper one to `base + slope + steep` at 100 %.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateModel {
    /// Rate at no use.
    pub base: u32,
    /// What it gains up to the target.
    pub slope: u32,
    /// What it gains beyond.
    pub steep: u32,
    /// The utilisation where the steep part begins, 1e7 = 100 %.
    pub target: u32,
}

/// What a market is founded on; it never changes.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketConfig {
    /// The collateral asset.
    pub collateral: Address,
    /// The asset that is lent.
    pub asset: Address,
    /// Where both are priced.
    pub price_hub: Address,
    /// The part of the collateral's value up to which a loan is safe, 1e7 = 100 %. `liquidation_ltv * incentive < 1`.
    pub liquidation_ltv: u32,
    /// LIF: collateral a liquidator gets per value repaid, 1e7 = 1; 1.05 to start with.
    pub incentive: u32,
    /// The rate model.
    pub rates: RateModel,
}

/// The market's books as of now, in the loan asset's smallest unit.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketState {
    /// What lenders own, with interest, rounded down: what withdrawals are paid from.
    pub supply: i128,
    /// The same, `unsettled` and `filed`: what deposits mint at.
    pub supply_high: i128,
    /// Lenders' shares.
    pub supply_shares: i128,
    /// What borrowers owe, rounded up.
    pub debt: i128,
    /// Borrowers' shares of it.
    pub debt_shares: i128,
    /// The market's own count of the loan asset it holds.
    pub cash: i128,
    /// The market's own count of the collateral it holds.
    pub collateral: i128,
    /// The part of the debt to the supply, 1e7 = 100 %, rounded up.
    pub utilisation: u32,
    /// What borrowers pay per year, 1e7 = 100 %, rounded up.
    pub borrow_rate: u32,
    /// What lenders earn per year, 1e7 = 100 %, rounded down.
    pub supply_rate: u32,
    /// The market's own part of the interest, 1e7 = 100 %.
    pub fee: u32,
    /// Liquidations whose cover is not settled: gross loss of the lenders.
    pub unsettled: i128,
    /// What cover may still pay the lenders: claims that wait in the cover pool's window, and what was missing and written
    /// off. Each counts for 30 days since the last of them.
    pub filed: i128,
    /// Losses that were spread over the lenders so far; never falls.
    pub written_off: i128,
}

/// What a liquidation came to.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liquidated {
    /// What happened to the loan.
    pub liquidation: Liquidation,
    /// What arrived for the lenders in the same call.
    pub covered: i128,
    /// What arrived for the borrower in the same call: repays the loan, then what is left of the lenders' loss; the rest is the
    /// owner's.
    pub to_borrower: i128,
    /// What was spread over the lenders.
    pub socialised: i128,
    /// Whether cover of an insured loan was left out or failed, so that `settle_cover` collects it later.
    pub is_unsettled: bool,
}

/// What a market refuses, and why. Codes 7600 to 7699. A refusal of the insurer, the cover pool or a token is passed on
/// under its own code.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum MarketError {
    /// A formula has no answer for these numbers.
    NoResult = 7600,
    /// A stored entry is missing.
    Corrupt = 7601,
    /// A configuration that contradicts itself.
    InvalidConfig = 7602,
    /// The market is paused.
    Paused = 7603,
    /// An insurer is set already.
    InsurerSet = 7604,
    /// There is no insurer: open the loan without cover.
    NoInsurer = 7605,
    /// The hub has no price of the pair now.
    PriceUnavailable = 7606,
    /// The insurer did not answer.
    InsurerUnavailable = 7607,
    /// An amount that must be above zero is not, or is more than can be counted with.
    InvalidAmount = 7610,
    /// Fewer shares than asked for, or none.
    TooFewShares = 7611,
    /// Less is paid out than asked for.
    TooLittleOut = 7612,
    /// More shares, or more collateral, than there are.
    NotEnough = 7613,
    /// Too much is lent out to pay this now: take less, or wait for borrowers to repay.
    Illiquid = 7614,
    /// The market cannot be its own payer.
    PaysItself = 7615,
    /// There is no such loan.
    UnknownLoan = 7620,
    /// The loan would not be safe: add collateral or borrow less.
    Unsafe = 7621,
    /// Nothing is owed.
    NothingOwed = 7622,
    /// The loan is safe from liquidation.
    Healthy = 7623,
    /// The liquidation would cost more than allowed.
    TooExpensive = 7624,
    /// The repayment does not cover the debt.
    NotRepaid = 7625,
    /// Nothing waits to be settled.
    NothingUnsettled = 7626,
    /// Nothing waits for this address.
    NothingToCollect = 7627,
    /// The loan was never insured, so the insurer has no say in it.
    NotInsured = 7628,
    /// The hub does not confirm the price yet: taking out waits for three observations that agree.
    PriceQuarantined = 7629,
    /// As many loans as one owner can be assigned are theirs already.
    TooManyAssigned = 7630,
}

impl From<MathError> for MarketError {
    fn from(_: MathError) -> Self {
        Self::NoResult
    }
}

/// The loan market. It also implements [`crate::platform::InsuredPlatform`], which is not repeated here.
///
/// Amounts are in the smallest unit of the loan asset, but for `collateral` and `seize`. Rounding is always against the
/// caller. Interest accrues per second, compounded, whenever the market is touched; `InterestAccrued` tells it. Shares are the
/// market's own and no token. While `owner` signs a call, payments to third parties are not possible but where `to` is named.
/// Any call fails with `InvalidAmount` for an amount that is not above zero or above 10^27, with `UnknownLoan` for a loan that
/// never was, and with `NoResult` where a formula overflows.
///
/// Borrowing and taking collateral out are measured at the hub's `low` and refused while the price is quarantined
/// (`PriceQuarantined`); liquidating at its `price`, at `high` while quarantined; `PriceUnavailable` without a price. After what
/// takes out of a loan that was ever insured, the insurer's `exit_refusal` ends the call with its code, or
/// `InsurerUnavailable` if it does not answer.
#[contractclient(name = "LoanMarketClient")]
pub trait LoanMarket {
    // ---- lenders -----------------------------------------------------------------------------------------------
    /// Lend `assets`, for shares at `supply_high`; refused below `min_shares`. Returns the shares. Signed by `lender`, and in it the
    /// transfer. Errors: `Paused`, `TooFewShares`. Events: `Supplied`.
    fn supply(
        env: Env,
        lender: Address,
        assets: i128,
        min_shares: i128,
    ) -> Result<i128, MarketError>;
    /// Take `shares` out at `supply` to `to`; refused below `min_assets`. Returns the assets. Signed by `lender`. Errors:
    /// `NotEnough`, `TooLittleOut`, `Illiquid`. Events: `Redeemed`, `FeeCollected`.
    fn redeem(
        env: Env,
        lender: Address,
        shares: i128,
        min_assets: i128,
        to: Address,
    ) -> Result<i128, MarketError>;
    /// A lender's shares, with those of the fee for its recipient. Anyone.
    fn shares_of(env: Env, lender: Address) -> i128;
    /// What `shares` would be paid now, rounded down. Anyone.
    fn preview_redeem(env: Env, shares: i128) -> Result<i128, MarketError>;

    // ---- borrowers ---------------------------------------------------------------------------------------------
    /// Open a loan: supply `collateral`, borrow `amount`, and insure it when `insure` is given: one transaction, one
    /// signature of `owner`. The amount is paid out first, so that the premium may come out of it. `payer` pays the premium,
    /// the owner unless another one (a lender, a sponsor) signs the same call, who then holds the policy. Returns the loan and the
    /// quote. Errors: `Paused`, `NoInsurer`, `Illiquid`, `Unsafe`. Events: `LoanOpened`, `LoanInsured`.
    fn borrow(
        env: Env,
        owner: Address,
        collateral: i128,
        amount: i128,
        insure: Option<CoverRequest>,
        payer: Option<Address>,
    ) -> Result<(Address, Option<Quote>), MarketError>;
    /// Insure an existing loan. Signed by its owner, and `payer` if that is another one. Returns the quote. Errors: `NoInsurer`.
    /// Events: `LoanInsured`.
    fn insure(
        env: Env,
        loan: Address,
        payer: Address,
        request: CoverRequest,
    ) -> Result<Quote, MarketError>;
    /// Borrow more, to `to`. Signed by the owner. Errors: `Paused`, `Illiquid`, `Unsafe`. Events: `Borrowed`.
    fn borrow_more(env: Env, loan: Address, amount: i128, to: Address) -> Result<(), MarketError>;
    /// Add collateral from `payer`, who signs. Events: `CollateralSupplied`.
    fn supply_collateral(
        env: Env,
        loan: Address,
        payer: Address,
        amount: i128,
    ) -> Result<(), MarketError>;
    /// Take collateral out, to `to`. Signed by the owner. Errors: `NotEnough`, `Unsafe`. Events: `CollateralWithdrawn`.
    fn withdraw_collateral(
        env: Env,
        loan: Address,
        amount: i128,
        to: Address,
    ) -> Result<(), MarketError>;
    /// Repay the whole debt with at most `pay_max` from the owner, who signs a transfer of exactly that, and hand all
    /// collateral to them. Errors: `NotRepaid`, `NothingOwed` when it is closed. Events: `Repaid`, `CollateralWithdrawn`.
    fn close(env: Env, loan: Address, pay_max: i128) -> Result<(), MarketError>;
    /// The loans of `owner`: those opened by them that are still theirs, then those that were assigned to them. Anyone.
    fn loans_of(env: Env, owner: Address) -> Vec<Address>;
    /// The address of the next loan of `owner`. Anyone.
    fn next_loan(env: Env, owner: Address) -> Address;
    /// A loan's health factor at the hub's price, 1e7 = 1, rounded down; `u32::MAX` without debt. Anyone.
    fn health(env: Env, loan: Address) -> Result<u32, MarketError>;

    // ---- liquidation -------------------------------------------------------------------------------------------
    /// Liquidate an unsafe loan: take `seize` of its collateral (at most all of it) for the debt it is worth at the hub's price
    /// divided by the incentive, rounded up, at most the whole debt and at most `max_repay`; then less is seized. What debt is
    /// left without collateral is first paid by cover and the rest spread over the lenders, in the same call.
    /// `settle_cover: false` leaves cover for later, so that no insurer can keep a liquidation from happening.
    /// Signed by `liquidator`, and in it a transfer of exactly `max_repay`; what exceeds the repayment comes back. Errors:
    /// `Healthy`, `TooExpensive` when `max_repay` buys no collateral. Events: `LoanLiquidated`, `LossSocialised`, `CoverSettled` or
    /// `CoverUnsettled`, `CoverDropped` when more than four wait.
    fn liquidate(
        env: Env,
        loan: Address,
        liquidator: Address,
        seize: i128,
        max_repay: i128,
        settle_cover: bool,
    ) -> Result<Liquidated, MarketError>;
    /// Settle the cover of the liquidations of a loan that could not be settled then. Anyone; `bounty_to` gets the bounty. Returns
    /// what arrived: the lenders', and what the borrower's part leaves after the loan and their loss is the owner's. Items are
    /// isolated; fails with the insurer's first code when it refuses all of them. What it refuses 15 weeks later is dropped.
    /// Errors: `NothingUnsettled`. Events: `CoverSettled`, `CoverDropped`.
    fn settle_cover(env: Env, loan: Address, bounty_to: Address) -> Result<i128, MarketError>;
    /// Pay an owner what could not be delivered to them. Anyone, to the owner. Returns the amount. Errors: `NothingToCollect`.
    /// Events: `OwnerPaid`.
    fn collect(env: Env, owner: Address) -> Result<i128, MarketError>;
    /// Spread over the lenders what the market's balance is short of its books, at most what they have. Anyone. Returns the amount,
    /// 0 when nothing is missing. Events: `LossSocialised`.
    fn write_off(env: Env) -> Result<i128, MarketError>;

    // ---- views and owner ---------------------------------------------------------------------------------------
    /// The books as of now. Anyone.
    fn state(env: Env) -> Result<MarketState, MarketError>;
    /// What the market is founded on. Anyone.
    fn config(env: Env) -> MarketConfig;
    /// The insurer. Anyone.
    fn insurer(env: Env) -> Option<Address>;
    /// Set the insurer, once. The owner. Errors: `InsurerSet`. Events: `InsurerSet`.
    fn set_insurer(env: Env, insurer: Address) -> Result<(), MarketError>;
    /// Set the market's part of the interest, at most 25 % (else `InvalidConfig`), from now on, and who gets it as shares. The owner.
    /// Events: `FeeSet`, `FeeCollected`.
    fn set_fee(env: Env, fee: u32, recipient: Address) -> Result<(), MarketError>;
    /// Stop new supply and new borrowing, or go on. Repaying, redeeming, withdrawing and liquidating cannot be paused. The owner.
    /// Events: `PausedSet`.
    fn set_paused(env: Env, paused: bool);
}
