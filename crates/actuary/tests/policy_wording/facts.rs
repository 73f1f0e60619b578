//! What happened, by peril, and what it comes to by the formulas of the contracts.

use actuary::advance::{
    AdvanceBook, Draw, DrawRefusal, DrawRequest, DrawTerms, Rescue, FLAT_FEE, MIN_RATE,
};
use actuary::deficit::{CountedDeficit, LentReserve};
use actuary::health::{Loan, TARGET};
use actuary::loss::{
    collateral_loss_down, default_loss_down, grant_cap_up, grant_loss_down, has_dropped,
    liquidation_loss_down, GrantTerms, LossIndex, PlatformBooks, BLEND_SCALE,
    DEPRECIATION_DEDUCTIBLE, DEPRECIATION_TRIGGER,
};
use actuary::math::mul_div_down;
use actuary::premium::{earning_rate_down, refund_down, unearned, Premium};
use actuary::starting::{
    BLEND_DEFAULT_CO_INSURANCE, GRANT_CO_INSURANCE, GRANT_MOST, LIQUIDATION_CO_INSURANCE,
    MARKET_DEFAULT_CO_INSURANCE, MARKET_INCENTIVE,
};
use actuary::time::{DAY, HOUR};
use actuary::{Assets, Rate, FULL_RATE};
use serde::Deserialize;

use crate::example::{Cover, Reason, Verdict};
use crate::number::{Amount, BRate, Factor, Percent, Quotation};

/// What lies at least between the two looks that prove a deficit.
const BETWEEN_LOOKS: u64 = HOUR;

/// What happened.
#[derive(Debug, Deserialize)]
#[serde(tag = "peril", rename_all = "kebab-case")]
pub enum Facts {
    Advance(Advance),
    Grant(Grant),
    DefaultMarket(MarketDefault),
    DefaultVault(VaultDefault),
    Liquidation(Liquidation),
    Collateral(Collateral),
    ContractMarket(MarketDeficit),
    ContractVault(VaultDeficit),
    Premium(Sale),
    Refund(Cancellation),
}

impl Facts {
    /// The document that this belongs into.
    pub const fn peril(&self) -> &'static str {
        match self {
            Self::Advance(_) => "advance",
            Self::Grant(_) => "grant",
            Self::DefaultMarket(_) | Self::DefaultVault(_) => "default",
            Self::Liquidation(_) => "liquidation",
            Self::Collateral(_) => "collateral",
            Self::ContractMarket(_) | Self::ContractVault(_) => "contract",
            Self::Premium(_) | Self::Refund(_) => "README",
        }
    }

    pub const fn starting_co_insurance(&self) -> Rate {
        match self {
            Self::Grant(_) => GRANT_CO_INSURANCE,
            Self::DefaultMarket(_) => MARKET_DEFAULT_CO_INSURANCE,
            Self::DefaultVault(_) => BLEND_DEFAULT_CO_INSURANCE,
            Self::Liquidation(_) => LIQUIDATION_CO_INSURANCE,
            _ => Rate::ZERO,
        }
    }

    /// What this comes to under a policy.
    pub fn verdict(&self, cover: &Cover) -> Verdict {
        match self {
            Self::Advance(facts) => facts.verdict(cover.limit.0),
            Self::Grant(facts) => facts.verdict(),
            Self::DefaultMarket(facts) => facts.verdict(),
            Self::DefaultVault(facts) => facts.verdict(),
            Self::Liquidation(facts) => facts.verdict(),
            Self::Collateral(facts) => facts.verdict(),
            Self::ContractMarket(facts) => facts.verdict(),
            Self::ContractVault(facts) => facts.verdict(),
            Self::Premium(facts) => facts.verdict(cover.limit.0),
            Self::Refund(facts) => facts.verdict(cover.limit.0),
        }
    }
}

/// A loss of which nothing was settled before.
const fn loss(gross: Assets) -> Verdict {
    Verdict::Loss {
        gross,
        settled: Assets::ZERO,
    }
}

/// A loan at one price for hub and platform.
fn loan(collateral: Amount, counts: Percent, debt: Amount) -> Loan {
    Loan {
        collateral: collateral.0,
        debt: debt.0,
        collateral_factor: counts.0,
        liability_factor: Rate::FULL,
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// What the collateral is worth now.
    collateral: Amount,
    /// The part of it that counts for the health factor.
    counts: Percent,
    debt: Amount,
    /// What an earlier advance owes.
    #[serde(default)]
    owed: Amount,
    /// What it costs to be paid back after so many days.
    fees: Option<Fees>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fees {
    days: u64,
    due: Amount,
}

impl Advance {
    fn verdict(&self, limit: Assets) -> Verdict {
        let loan = loan(self.collateral, self.counts, self.debt);
        let request = DrawRequest {
            on_platform: loan,
            at_hub: loan,
            collateral_at_low: self.collateral.0,
            owed: self.owed.0,
            limit,
            rescue: Rescue::Repay,
        };
        match request.plan(&DrawTerms::STARTING) {
            Ok(plan) => {
                if let Some(fees) = &self.fees {
                    assert_eq!(fees.due.0, fees_up(plan.amount, fees.days), "fees");
                }
                Verdict::Exact(plan.amount)
            }
            Err(DrawRefusal::Healthy) => Verdict::Nothing(Reason::Healthy),
            Err(DrawRefusal::TooSmall) => Verdict::Nothing(Reason::TooSmall),
            Err(DrawRefusal::EquityExhausted) => Verdict::Nothing(Reason::EquityExhausted),
            Err(DrawRefusal::StillUnhealthy) => Verdict::Nothing(Reason::StillUnhealthy),
            Err(DrawRefusal::Math(error)) => panic!("{error:?}"),
        }
    }
}

/// The fees of an advance after some days, at the least rate.
fn fees_up(principal: Assets, days: u64) -> Assets {
    let mut book = AdvanceBook::new(0);
    book.add(&Draw::new(principal, FLAT_FEE, MIN_RATE).unwrap())
        .unwrap();
    book.accrue(days * DAY).unwrap();
    book.fees_due_up().unwrap()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// What the collateral was worth at the reference price.
    collateral_before: Amount,
    /// What it is worth now.
    collateral: Amount,
    fall: Percent,
    counts: Percent,
    debt: Amount,
    /// The gross loss that this event was settled for before.
    #[serde(default)]
    settled: Amount,
}

impl Grant {
    /// As the adapter reports it: the loss of the event so far.
    fn verdict(&self) -> Verdict {
        let fallen = self.collateral_before.0.share_up(self.fall.0).unwrap();
        assert_eq!(
            self.collateral.0,
            self.collateral_before.0.sub_or_zero(fallen),
            "the collateral after the fall"
        );
        if self.fall.0 < DEPRECIATION_TRIGGER {
            return Verdict::Nothing(Reason::SmallFall);
        }
        let terms = GrantTerms {
            trigger: DEPRECIATION_TRIGGER,
            deductible: DEPRECIATION_DEDUCTIBLE,
            most: GRANT_MOST,
        };
        let settled = self.settled.0;
        let increment =
            grant_loss_down(self.collateral_before.0, self.fall.0, terms, settled).unwrap();
        let needed = grant_cap_up(&loan(self.collateral, self.counts, self.debt), TARGET).unwrap();
        let increment = increment.min(needed);
        if increment.is_zero() {
            return Verdict::Nothing(Reason::Healthy);
        }
        Verdict::Loss {
            gross: settled.checked_add(increment).unwrap(),
            settled,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketDefault {
    /// Before the liquidation.
    debt: Amount,
    /// What the collateral was worth before it, at the hub's price.
    collateral: Amount,
    /// Debt that is left without collateral.
    bad_debt: Amount,
}

impl MarketDefault {
    fn verdict(&self) -> Verdict {
        loss(
            default_loss_down(
                self.bad_debt.0,
                self.debt.0,
                self.collateral.0,
                MARKET_INCENTIVE,
            )
            .unwrap(),
        )
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultDefault {
    /// What the vault holds on Blend, in bTokens.
    b_tokens: u32,
    b_rate_before: BRate,
    b_rate_after: BRate,
}

impl VaultDefault {
    fn verdict(&self) -> Verdict {
        let mut index = LossIndex::new(self.b_rate_before.0);
        index.record(self.b_rate_after.0).unwrap();
        loss(index.loss_down(b_tokens(self.b_tokens), 0).unwrap())
    }
}

/// Whole bTokens in their smallest unit.
fn b_tokens(whole: u32) -> i128 {
    i128::from(whole) * FULL_RATE
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Liquidation {
    /// The hub's price at the owner's last action that raised the risk.
    price_before: Quotation,
    /// The hub's price at the liquidation.
    price: Quotation,
    /// What the liquidator took, at that price.
    seized: Amount,
    /// What the liquidator repaid.
    repaid: Amount,
    #[serde(default)]
    bad_debt: Amount,
    /// What depreciation paid in 24 h.
    #[serde(default)]
    depreciation: Amount,
    /// The most that a liquidator may earn.
    incentive: Factor,
}

impl Liquidation {
    fn verdict(&self) -> Verdict {
        if !self.bad_debt.0.is_zero() {
            return Verdict::Nothing(Reason::BadDebt);
        }
        if !has_dropped(self.price_before.0, self.price.0).unwrap() {
            return Verdict::Nothing(Reason::SmallFall);
        }
        let (seized, repaid) = (self.seized.0, self.repaid.0);
        let paid = self.depreciation.0;
        loss(liquidation_loss_down(seized, repaid, self.incentive.0, paid).unwrap())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collateral {
    /// What is surrendered, at the reference price.
    surrendered: Amount,
    reference: Quotation,
    six_hour_mean: Quotation,
    /// The part of the reference that the insured bears.
    borne: Percent,
}

impl Collateral {
    fn verdict(&self) -> Verdict {
        let (reference, mean) = (self.reference.0, self.six_hour_mean.0);
        let at = |value| collateral_loss_down(value, reference, mean, self.borne.0).unwrap();
        if at(Assets::from_raw(FULL_RATE)).is_zero() {
            return Verdict::Nothing(Reason::NotFailed);
        }
        loss(at(self.surrendered.0))
    }
}

/// What a platform is short of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketDeficit {
    /// What lenders own.
    supply: Amount,
    /// What others own.
    #[serde(default)]
    credits: Amount,
    /// What borrowers owe.
    liabilities: Amount,
    /// What is there.
    balance: Amount,
    /// Between the first look and the next one that still found it.
    minutes_between_looks: u64,
}

impl MarketDeficit {
    fn books(&self) -> PlatformBooks {
        PlatformBooks {
            supply: self.supply.0,
            credits: self.credits.0,
            liabilities: self.liabilities.0,
            balance: self.balance.0,
        }
    }

    fn verdict(&self) -> Verdict {
        if self.minutes_between_looks * 60 < BETWEEN_LOOKS {
            return Verdict::Nothing(Reason::NotSeenTwice);
        }
        loss(self.books().deficit().unwrap())
    }
}

/// What Blend is short of, and a vault that lends there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultDeficit {
    platform: MarketDeficit,
    /// All bTokens of the reserve.
    b_supply: u32,
    /// Those of the vault.
    b_tokens: u32,
    /// What was counted before, whether or not it came back.
    #[serde(default)]
    counted: Amount,
}

impl VaultDeficit {
    fn verdict(&self) -> Verdict {
        let Verdict::Loss { .. } = self.platform.verdict() else {
            return self.platform.verdict();
        };
        let books = self.platform.books();
        let reserve = LentReserve {
            books,
            b_tokens: b_tokens(self.b_supply),
            b_rate: mul_div_down(books.supply.raw(), BLEND_SCALE, b_tokens(self.b_supply)).unwrap(),
        };
        let mut counted = CountedDeficit::default();
        counted.count_down(self.counted.0, &reserve).unwrap();
        let missing = books.missing().unwrap();
        let lost = match counted.uncounted(missing, &reserve).unwrap() {
            Assets::ZERO => 0,
            _ => counted.count_down(missing, &reserve).unwrap(),
        };
        let index = LossIndex {
            last: 0,
            lambda: lost,
        };
        loss(index.loss_down(b_tokens(self.b_tokens), 0).unwrap())
    }
}

/// A sale.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    rate: Percent,
    days: u64,
    least: Amount,
    fee: Amount,
}

impl Sale {
    fn of(&self, limit: Assets) -> Premium {
        Premium::of(limit, self.rate.0, self.days * DAY, self.least.0).unwrap()
    }

    fn verdict(&self, limit: Assets) -> Verdict {
        let premium = self.of(limit);
        assert_eq!(self.fee.0, premium.protocol_fee, "protocol fee");
        Verdict::Exact(premium.total)
    }
}

/// A cancellation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    sold: Sale,
    premium: Amount,
    cancelled_after_days: u64,
}

impl Cancellation {
    fn verdict(&self, limit: Assets) -> Verdict {
        let premium = self.sold.of(limit);
        assert_eq!(self.premium.0, premium.total, "premium");
        let (end, now) = (self.sold.days * DAY, self.cancelled_after_days * DAY);
        let rate = earning_rate_down(premium.net, end).unwrap();
        Verdict::Exact(refund_down(unearned(rate, end, now).unwrap()).unwrap())
    }
}
