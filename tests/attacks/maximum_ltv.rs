//! Lender and borrower collude: a loan at the highest LTV, insured, that is meant to fail.
//!
//! What stops it: advances are sold to l = 0.7 and nothing above 0.8, at the worse of the hub's and the platform's price; the
//! rate rises fourfold up to there; the limit of an advance is at most the debt; and what is given away is less than the
//! collateral lost, by deductible and co-insurance.

use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{self as adapter, AdapterError},
        cover_pool::CoverError,
    },
    feeds::{Feed, PRICE_ONE},
    world::{Setup, World},
};

use crate::scene::*;

/// The quote for 10 of the collateral against this debt.
fn quote(
    world: &World,
    debt: i128,
    peril: adapter::Peril,
    limit: i128,
) -> Result<adapter::Quote, localnet::InvokeError> {
    let loan = adapter::Loan {
        collateral: 10 * UNIT,
        collateral_asset: world.collateral.contract.clone(),
        debt,
        platform: world.pool.address.clone(),
    };
    world
        .adapter
        .quote_loan(&world.keeper, &loan, &request(&[peril], limit))
        .view(&world.ledger)
}

#[test]
fn the_closer_to_liquidation_the_dearer_until_nothing_is_sold() {
    let (world, _) = staked(&Setup::default());
    // l = debt / (20 000 * 0.7125).
    let factor = |debt| {
        quote(&world, debt * UNIT, Grant, 1_000 * UNIT)
            .unwrap()
            .ltv_factor
    };
    assert_eq!(factor(7_125), 10_000_000, "l = 0.5");
    assert_eq!(factor(8_550), 20_000_010, "l = 0.6, rounded up");
    assert_eq!(factor(9_975), 30_000_010, "l = 0.7, rounded up");
    assert_eq!(factor(11_400), 40_000_000, "l = 0.8");
    let more = quote(&world, 11_401 * UNIT, Grant, 1_000 * UNIT);
    refused(
        more,
        AdapterError::LtvTooHigh as u32,
        "a grant above l = 0.8",
    );
    assert!(
        quote(&world, 9_974 * UNIT, Advance, 1_000 * UNIT).is_ok(),
        "an advance just below l = 0.7"
    );
    let more = quote(&world, 9_976 * UNIT, Advance, 1_000 * UNIT);
    refused(more, CoverError::LtvTooHigh as u32, "an advance above it");
    let more = quote(&world, 1_000 * UNIT, Advance, 1_000 * UNIT + 1);
    refused(
        more,
        AdapterError::LimitAboveDebt as u32,
        "an advance above the debt",
    );
}

#[test]
fn a_platform_price_that_is_too_high_does_not_make_the_loan_safer() {
    let (world, _) = staked(&Setup::default());
    let honest = quote(&world, 8_550 * UNIT, Grant, 1_000 * UNIT).unwrap();
    let platform = |dollars: i128| {
        world.platform_oracle.set(
            &world.ledger,
            Feed::Reflector,
            &world.collateral,
            dollars * PRICE_ONE,
        );
    };
    platform(2_060);
    let pumped = quote(&world, 8_550 * UNIT, Grant, 1_000 * UNIT).unwrap();
    assert_eq!(pumped, honest, "3 % up on the platform: the hub's l counts");
    platform(1_950);
    let dumped = quote(&world, 8_550 * UNIT, Grant, 1_000 * UNIT).unwrap();
    assert!(
        dumped.rate > honest.rate,
        "2.5 % down on the platform: the platform's counts"
    );
    platform(2_062);
    refused(
        quote(&world, 8_550 * UNIT, Grant, 1_000 * UNIT),
        AdapterError::PricesDiverge as u32,
        "further apart nothing is sold",
    );
}

#[test]
fn a_crash_of_an_insured_loan_at_the_limit_still_costs_its_owner() {
    let (world, _) = staked(&Setup::default());
    let owner = borrower(&world, "colluder", 10 * UNIT);
    let insure = Some(request(&[Grant], 6_000 * UNIT));
    let (position, quote) = world
        .open_loan(&owner, 10 * UNIT, 11_300 * UNIT, insure)
        .unwrap();
    let premium = quote.unwrap().premium;
    world.sleep(26 * HOUR);
    price(&world, 1_680);
    world.watch(HOUR / 2);
    world.trigger();
    let granted = paid(&grant(&world, &position));
    assert_eq!(
        granted,
        1_080 * UNIT,
        "nine tenths of the 6 % beyond the deductible, of 20 000"
    );
    let lost = 3_200 * UNIT;
    assert!(
        granted + premium < lost,
        "the colluders lose: {granted} of {lost}, and the premium of {premium}"
    );
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NothingLost),
        "once"
    );
}
