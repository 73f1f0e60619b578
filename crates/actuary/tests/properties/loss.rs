use actuary::health::{Loan, TARGET};
use actuary::loss::*;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to};

const GRANT: GrantTerms = GrantTerms {
    trigger: DEPRECIATION_TRIGGER,
    deductible: DEPRECIATION_DEDUCTIBLE,
    most: Rate::from_raw(5_000_000),
};

#[test]
fn a_payout_is_the_insured_part_of_the_loss_up_to_the_limit() {
    let pay = |loss, limit| payout_down(assets(loss), assets(10), rate(1_000_000), assets(limit));
    assert_eq!(pay(109, 1_000), Ok(assets(89)), "90 % of 99, rounded down");
    assert_eq!(pay(109, 88), Ok(assets(88)), "the limit");
    assert_eq!(pay(9, 1_000), Ok(Assets::ZERO), "inside the deductible");
    let absurd = payout_down(assets(1), assets(0), rate(10_000_001), assets(1));
    assert_eq!(
        absurd,
        Err(MathError::Underflow),
        "more than all co-insured"
    );
}

#[test]
fn a_market_default_is_what_a_fair_liquidation_would_have_left() {
    let loss = |bad| default_loss_down(assets(bad), assets(1_000), assets(900), rate(10_500_000));
    assert_eq!(loss(500), Ok(assets(142)), "1 000 - ceil(857.14)");
    assert_eq!(loss(100), Ok(assets(100)), "at most the bad debt");
    let solvent = default_loss_down(assets(9), assets(100), assets(105), rate(10_500_000));
    assert_eq!(solvent, Ok(Assets::ZERO), "collateral covers the debt");
    let no_incentive = default_loss_down(assets(99), assets(100), assets(1), Rate::FULL);
    assert_eq!(no_incentive, Ok(assets(99)), "incentive of 1");
    let below_one = default_loss_down(assets(9), assets(100), assets(1), rate(9_999_999));
    assert_eq!(below_one, Err(MathError::OutOfBounds), "incentive below 1");
}

#[test]
fn blends_incentive_is_half_of_what_does_not_count() {
    let incentive = |c, l| blend_incentive_down(rate(c), rate(l));
    assert_eq!(incentive(7_500_000, 9_000_000), Ok(rate(11_625_000)));
    assert_eq!(incentive(9_500_000, 9_500_000), Ok(rate(10_487_500)));
    // 1 - ceil(0.71111111111112), halved and cut.
    assert_eq!(incentive(7_777_778, 9_142_857), Ok(rate(11_444_444)));
    assert_eq!(incentive(0, 9_000_000), Ok(rate(15_000_000)), "no factor");
    let all = incentive(10_000_000, 11_000_000);
    assert_eq!(all, Ok(Rate::FULL), "all of it counts");
    let negative = incentive(-1, 9_000_000);
    assert_eq!(negative, Err(MathError::Negative), "negative");
}

#[test]
fn the_loss_index_counts_only_falls() {
    let mut index = LossIndex::new(1_100_000_000_000);
    assert_eq!(index.record(1_200_000_000_000), Ok(0), "interest");
    assert_eq!(
        index.record(1_050_000_000_000),
        Ok(150_000_000_000),
        "a default"
    );
    assert_eq!(index.record(1_060_000_000_000), Ok(0), "interest again");
    assert_eq!(index.record(1_059_999_999_999), Ok(1), "a small one");
    assert_eq!(index.lambda, 150_000_000_001, "all of it");
    assert_eq!(
        index.loss_down(9_999_999, 0),
        Ok(assets(1_499_999)),
        "unpaid"
    );
    assert_eq!(
        index.loss_down(9_999_999, index.lambda),
        Ok(Assets::ZERO),
        "paid"
    );
    assert_eq!(
        index.loss_down(1, index.lambda + 1),
        Err(MathError::Underflow),
        "overpaid"
    );
    assert_eq!(index.record(-1), Err(MathError::Negative), "negative rate");
}

#[test]
fn a_grant_pays_the_fall_between_deductible_and_most() {
    let loss = |fall, paid| grant_loss_down(assets(1_000), rate(fall), GRANT, assets(paid));
    assert_eq!(loss(1_499_999, 0), Ok(Assets::ZERO), "no event below 15 %");
    assert_eq!(loss(1_500_000, 0), Ok(assets(50)), "15 % less 10 %");
    assert_eq!(loss(7_000_000, 0), Ok(assets(400)), "capped at 50 %");
    assert_eq!(
        loss(3_000_000, 50),
        Ok(assets(150)),
        "a deepening event pays the increment"
    );
    assert_eq!(loss(1_600_000, 100), Ok(Assets::ZERO), "already paid");
    let factors = (rate(7_500_000), rate(9_500_000));
    let loan = Loan {
        collateral: assets(10_000),
        debt: assets(6_500),
        collateral_factor: factors.0,
        liability_factor: factors.1,
    };
    assert_eq!(grant_cap_up(&loan, TARGET), Ok(assets(800)), "up to 1.25");
}

#[test]
fn a_liquidation_pays_the_penalty_up_to_the_incentive() {
    let loss = |lost, paid| {
        liquidation_loss_down(assets(lost), assets(1_000), rate(10_500_000), assets(paid))
    };
    assert_eq!(loss(1_040, 0), Ok(assets(40)), "the penalty");
    assert_eq!(loss(1_100, 0), Ok(assets(50)), "at most 5 % of the debt");
    assert_eq!(
        loss(1_100, 20),
        Ok(assets(30)),
        "less what depreciation paid"
    );
    assert_eq!(loss(900, 0), Ok(Assets::ZERO), "no penalty");
}

#[test]
fn a_failed_collateral_pays_against_surrender() {
    let price = Price::from_raw;
    let loss = |twap| collateral_loss_down(assets(1_000), price(100), price(twap), rate(1_000_000));
    assert_eq!(loss(95), Ok(assets(900)), "at 95 %");
    let rounded = collateral_loss_down(assets(999), price(100), price(95), rate(1_000_000));
    assert_eq!(rounded, Ok(assets(899)), "899.1, rounded down");
    let odd = collateral_loss_down(assets(1_000), price(101), price(96), rate(1_000_000));
    assert_eq!(odd, Ok(Assets::ZERO), "96 is above 95.95");
    assert_eq!(loss(96), Ok(Assets::ZERO), "above");
}

#[test]
fn a_price_near_its_failure_or_a_tenth_below_is_told_apart() {
    let price = Price::from_raw;
    let is_near = |reference, now| is_near_depeg(price(reference), price(now));
    assert_eq!(is_near(1_000, 975), Ok(false), "at 97.5 %");
    assert_eq!(is_near(1_000, 974), Ok(true), "below");
    assert_eq!(is_near(999, 974), Ok(true), "974 is below 974.025");
    assert_eq!(is_near(0, 0), Ok(false), "no reference");
    let drops = |before, now| has_dropped(price(before), price(now));
    assert_eq!(drops(1_000, 900), Ok(true), "to 90 %");
    assert_eq!(drops(1_000, 901), Ok(false), "above");
    assert_eq!(drops(999, 900), Ok(false), "900 is above 899.1");
}

#[test]
fn a_deficit_counts_above_a_thousandth_of_the_supply() {
    let books = |balance| PlatformBooks {
        supply: assets(10_000),
        credits: assets(100),
        liabilities: assets(7_000),
        balance: assets(balance),
    };
    assert_eq!(books(3_090).deficit(), Ok(Assets::ZERO), "10 is tolerated");
    assert_eq!(books(3_090).missing(), Ok(assets(10)), "but missing");
    assert_eq!(books(3_089).deficit(), Ok(assets(11)), "11 is not");
    let odd = PlatformBooks {
        supply: assets(10_999),
        ..books(4_088)
    };
    assert_eq!(odd.deficit(), Ok(assets(11)), "11 is above 10.999");
    assert_eq!(books(4_000).deficit(), Ok(Assets::ZERO), "a surplus");
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn payouts_equal_the_exact_model(
        loss in up_to(ten_to(27)), deductible in up_to(ten_to(27)), co_insurance in up_to(FULL_RATE), limit in up_to(ten_to(27)),
    ) {
        let insured = (big(loss) - deductible).max(big(0)) * (FULL_RATE - co_insurance);
        let exact = exact::div_down(&insured, &big(FULL_RATE)).min(big(limit));
        let payout = payout_down(assets(loss), assets(deductible), rate(co_insurance), assets(limit));
        prop_assert_eq!(payout.map(Assets::raw), fitting(&exact), "payout");
        prop_assert!(payout.unwrap() <= assets(loss.min(limit)), "I09");
    }

    #[test]
    fn default_losses_equal_the_exact_model(
        bad in up_to(ten_to(27)), debt in up_to(ten_to(27)), collateral in up_to(ten_to(27)), lif in 10_000_000i128..15_000_000,
    ) {
        let recoverable = exact::div_up(&(big(collateral) * FULL_RATE), &big(lif));
        let exact = (big(debt) - recoverable).max(big(0)).min(big(bad));
        let loss = default_loss_down(assets(bad), assets(debt), assets(collateral), rate(lif));
        prop_assert_eq!(loss.map(Assets::raw), fitting(&exact), "loss");
    }

    #[test]
    fn i10_the_index_is_the_sum_of_all_falls(rates in prop::collection::vec(up_to(ten_to(14)), 2..20), tokens in up_to(ten_to(27))) {
        let mut index = LossIndex::new(rates[0]);
        let mut lambda = big(0);
        for pair in rates.windows(2) {
            let fall = (big(pair[0]) - pair[1]).max(big(0));
            prop_assert_eq!(index.record(pair[1]), fitting(&fall), "fall");
            lambda += fall;
        }
        prop_assert_eq!(Ok(index.lambda), fitting(&lambda), "lambda");
        let exact = exact::div_down(&(&lambda * tokens), &big(BLEND_SCALE));
        prop_assert_eq!(index.loss_down(tokens, 0).map(Assets::raw), fitting(&exact), "loss");
    }

    #[test]
    fn a_deepening_event_pays_in_all_what_one_deep_event_pays(
        value in from_one_to(ten_to(27)), first in up_to(FULL_RATE), second in up_to(FULL_RATE),
    ) {
        let (first, second) = (rate(first.min(second)), rate(first.max(second)));
        let paid = grant_loss_down(assets(value), first, GRANT, Assets::ZERO).unwrap();
        let more = grant_loss_down(assets(value), second, GRANT, paid).unwrap();
        let covered = if second.raw() < 1_500_000 { 0 } else { second.raw().min(5_000_000) - 1_000_000 };
        let exact = exact::div_down(&(big(value) * covered), &big(FULL_RATE));
        prop_assert_eq!(Ok(paid.raw() + more.raw()), fitting(&exact), "in all");
    }

    #[test]
    fn liquidation_and_deficit_equal_the_exact_model(
        lost in up_to(ten_to(27)), gone in up_to(ten_to(27)), lif in 10_000_000i128..12_000_000, paid in up_to(ten_to(26)),
    ) {
        let bonus = exact::div_down(&(big(gone) * (lif - FULL_RATE)), &big(FULL_RATE));
        let exact = ((big(lost) - gone).max(big(0)).min(bonus) - paid).max(big(0));
        let loss = liquidation_loss_down(assets(lost), assets(gone), rate(lif), assets(paid));
        prop_assert_eq!(loss.map(Assets::raw), fitting(&exact), "liquidation");
        let books = PlatformBooks { supply: assets(lost), credits: assets(paid), liabilities: assets(gone), balance: assets(lif) };
        let missing = big(lost) + paid - gone - lif;
        let counts = &missing * 1_000 > big(lost) && missing > big(0);
        prop_assert_eq!(books.deficit().map(Assets::raw), fitting(&if counts { missing } else { big(0) }), "contract");
    }
}
