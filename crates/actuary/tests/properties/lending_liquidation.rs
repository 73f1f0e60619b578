use actuary::lending::*;
use actuary::price::Priced;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to, BigInt};

const ONE: i128 = 100_000_000_000_000;

fn terms(price: i128, collateral: u32, asset: u32, incentive: i128) -> LiquidationTerms {
    LiquidationTerms {
        collateral: Priced {
            price: Price::from_raw(price),
            decimals: collateral,
        },
        asset: Priced {
            price: Price::from_raw(ONE),
            decimals: asset,
        },
        incentive: rate(incentive),
    }
}

fn any_terms() -> impl Strategy<Value = LiquidationTerms> {
    let incentive = FULL_RATE..=12_000_000_i128;
    (from_one_to(ten_to(20)), 0..=18_u32, 0..=18_u32, incentive).prop_map(
        |(price, collateral, asset, incentive)| terms(price, collateral, asset, incentive),
    )
}

/// Units of the asset per unit of collateral, as a fraction.
fn unit_price(terms: &LiquidationTerms) -> (BigInt, BigInt) {
    let ten = |decimals| big(ten_to(decimals));
    (
        big(terms.collateral.price.raw()) * ten(terms.asset.decimals),
        big(ONE) * ten(terms.collateral.decimals),
    )
}

#[test]
fn a_full_liquidation_leaves_the_rest_as_bad_debt() {
    // 100 collateral at 0.84 with LIF 1.05 pay for 80 of 90.
    let terms = terms(84 * ONE / 100, 7, 7, 10_500_000);
    let seizure = terms
        .seizure(assets(100), assets(90), assets(1_000), assets(1_000))
        .unwrap();
    assert_eq!(
        (seizure.seized, seizure.repaid, seizure.bad_debt),
        (assets(100), assets(80), assets(10))
    );
    let most = terms
        .seizure(assets(100), assets(90), assets(100), assets(40))
        .unwrap();
    assert_eq!(
        (most.seized, most.repaid, most.bad_debt),
        (assets(50), assets(40), assets(0)),
        "at most"
    );
    let part = terms
        .seizure(assets(100), assets(90), assets(10), assets(1_000))
        .unwrap();
    assert_eq!(
        (part.seized, part.repaid, part.bad_debt),
        (assets(10), assets(9), assets(0)),
        "rounded up"
    );
}

#[test]
fn a_loan_that_is_worth_more_than_its_debt_keeps_the_rest() {
    let terms = terms(ONE, 7, 7, 10_500_000);
    let seizure = terms
        .seizure(assets(100), assets(80), assets(100), assets(100))
        .unwrap();
    assert_eq!(
        (seizure.seized, seizure.repaid, seizure.bad_debt),
        (assets(84), assets(80), assets(0))
    );
}

#[test]
fn decimals_are_taken_into_account() {
    // 10^18 of an 18-decimals collateral at 2000 in an asset of 6 decimals.
    let terms = terms(2_000 * ONE, 18, 6, FULL_RATE);
    assert_eq!(
        terms.cost_up(assets(ten_to(18))),
        Ok(assets(2_000_000_000)),
        "cost"
    );
    assert_eq!(
        terms.cost_up(assets(1)),
        Ok(assets(1)),
        "a wei costs a unit"
    );
    assert_eq!(
        terms.bought_down(assets(1)),
        Ok(assets(500_000_000)),
        "a unit buys"
    );
}

#[test]
fn lenders_are_first_in_what_arrived() {
    let split = |arrived| split_compensation(assets(arrived), assets(10), assets(5));
    let of = |lenders, borrower| Split {
        lenders: assets(lenders),
        borrower: assets(borrower),
    };
    assert_eq!(split(0), of(0, 0), "nothing");
    assert_eq!(split(7), of(7, 0), "too little for the lenders");
    assert_eq!(split(12), of(10, 2), "too little for both");
    assert_eq!(split(15), of(10, 5), "as said");
    assert_eq!(split(99), of(10, 5), "more than said");
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn costs_equal_the_exact_model(terms in any_terms(), amount in up_to(ten_to(27))) {
        let ((numerator, denominator), incentive) = (unit_price(&terms), big(terms.incentive.raw()));
        let value = exact::div_up(&(big(amount) * &numerator), &denominator);
        let cost = exact::div_up(&(&value * FULL_RATE), &incentive);
        if fitting(&value).is_ok() {
            prop_assert_eq!(terms.cost_up(assets(amount)).map(Assets::raw), fitting(&cost), "cost");
        }
        let value = exact::div_down(&(big(amount) * &incentive), &big(FULL_RATE));
        let bought = exact::div_down(&(value * &denominator), &numerator);
        prop_assert_eq!(terms.bought_down(assets(amount)).map(Assets::raw), fitting(&bought), "bought");
    }

    #[test]
    fn a_liquidator_never_gets_more_than_the_incentive(
        terms in any_terms(), collateral in from_one_to(ten_to(24)), debt in from_one_to(ten_to(24)), seize in from_one_to(ten_to(24)), most in from_one_to(ten_to(24)),
    ) {
        let Ok(seizure) = terms.seizure(assets(collateral), assets(debt), assets(seize), assets(most)) else {
            return Ok(());
        };
        let Seizure { seized, repaid, bad_debt } = seizure;
        prop_assert!(seized <= assets(seize.min(collateral)), "no more than asked for and there");
        prop_assert!(repaid <= assets(debt.min(most)), "no more than owed and allowed");
        let (numerator, denominator) = unit_price(&terms);
        let value_of_seized = big(seized.raw()) * numerator * FULL_RATE;
        prop_assert!(value_of_seized <= big(repaid.raw()) * terms.incentive.raw() * denominator, "value <= repaid * LIF");
        let is_all = seized.raw() == collateral;
        prop_assert_eq!(bad_debt.raw(), if is_all { debt - repaid.raw() } else { 0 }, "bad debt");
    }
}
