use actuary::auction::SALE_TIME;
use interfaces::adapter::AdapterError;
use interfaces::cover::{CoverError, Peril, Roles};
use interfaces::price::PRICE_ONE;
use interfaces::salvage::Lot;
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal};

use super::blend::{mint, UNIT};
use super::insured::{refused, Insured, DAY, HOUR, LIMIT, WEEK};

/// A loan insured against failed collateral, which has a mean of 1.9 for its reference of 2, and is at 1.8.
fn failed() -> (Insured, Address) {
    let insured = Insured::new();
    let position = insured.seasoned(&[Peril::Collateral]);
    insured.world.pass(6 * HOUR);
    fail(&insured);
    (insured, position)
}

fn fail(insured: &Insured) {
    let world = &insured.world;
    world.set_price(18_000_000);
    let mean = PRICE_ONE * 19 / 10;
    world.hub.set_twap(&world.collateral, &Some(mean));
}

fn surrender(insured: &Insured, position: &Address, units: i128, least: i128) -> Result<u32, u32> {
    let adapter = insured.world.adapter.mock_all_auths();
    let surrendered = adapter.try_surrender(position, &(units * UNIT), &(least * UNIT));
    insured.world.env.set_auths(&[]);
    match surrendered {
        Ok(Ok(claim)) => Ok(claim),
        refusal => Err(refused(refusal)),
    }
}

fn code<T>(error: AdapterError) -> Result<T, u32> {
    Err(error as u32)
}

#[test]
fn failed_collateral_is_claimed_against_its_surrender() {
    let (insured, position) = failed();
    let world = &insured.world;
    let claim = surrender(&insured, &position, 100, 180);
    assert_eq!(claim, Ok(1), "the claim");
    let filed = insured.pool.claim(&1).unwrap();
    assert_eq!(filed.amount, 180 * UNIT, "200 at the reference, less 10 %");
    let salvage = &insured.salvage.address;
    let received = world.balance(&world.collateral, salvage);
    assert_eq!(received, 100 * UNIT, "handed over");
    assert_eq!(world.held(&position).0, 900 * UNIT, "left on Blend");
    let lot = Lot {
        asset: world.collateral.clone(),
        amount: 100 * UNIT,
        surrendered: 100 * UNIT,
        value: 200 * UNIT,
        owner: world.borrower.clone(),
        sold_from: None,
        is_denied: false,
    };
    assert_eq!(insured.salvage.lot(&1), Some(lot), "booked");
    assert!(insured.salvage.try_offer(&1).is_err(), "not sold yet");
    world.pass(2 * DAY - 1);
    let early = world.adapter.try_finalize(&1, &insured.keeper);
    assert_eq!(refused(early), CoverError::NotPayable as u32, "early");
    world.pass(1);
    let before = insured.debt(&position);
    let paid = world.adapter.finalize(&1, &insured.keeper);
    assert_eq!(paid, 180 * UNIT, "paid");
    let repaid = before - insured.debt(&position);
    assert!((0..=1).contains(&(paid - repaid)), "repaid: {repaid}");
    let asked = insured.salvage.price(&1, &(100 * UNIT));
    assert_eq!(asked, 200 * UNIT, "for sale");
    world.pass(SALE_TIME / 2);
    let before = insured.pool.books().cash;
    mint(&world.env, &world.asset, &world.borrower, 100 * UNIT);
    insured
        .salvage
        .mock_all_auths()
        .buy(&1, &world.borrower, &(100 * UNIT), &(100 * UNIT));
    let proceeds = insured.pool.books().cash - before;
    assert_eq!(proceeds, 100 * UNIT, "the pool's");
    let again = world.adapter.try_finalize(&1, &insured.keeper);
    assert_eq!(refused(again), AdapterError::NoSuchClaim as u32, "twice");
}

#[test]
fn the_owner_alone_surrenders() {
    let (insured, position) = failed();
    let (world, stranger) = (&insured.world, Address::generate(&insured.world.env));
    let args = (&position, 100 * UNIT, 0_i128).into_val(&world.env);
    let invoke = MockAuthInvoke {
        contract: &world.adapter.address,
        fn_name: "surrender",
        args,
        sub_invokes: &[],
    };
    let by = |address| {
        let auths = [MockAuth {
            address,
            invoke: &invoke,
        }];
        let adapter = world.adapter.mock_auths(&auths);
        adapter.try_surrender(&position, &(100 * UNIT), &0)
    };
    assert!(by(&stranger).is_err(), "a stranger");
    assert_eq!(by(&world.borrower), Ok(Ok(1)), "the owner");
}

#[test]
fn collateral_must_have_failed_for_six_hours() {
    let (insured, position) = failed();
    let world = &insured.world;
    let mean = |mean| world.hub.set_twap(&world.collateral, &mean);
    mean(Some(PRICE_ONE * 19 / 10 + 1));
    let above = surrender(&insured, &position, 100, 0);
    assert_eq!(above, code(AdapterError::NotFailed), "above 95 %");
    mean(None);
    let unknown = surrender(&insured, &position, 100, 0);
    assert_eq!(unknown, code(AdapterError::PriceUnavailable), "no mean");
    assert_eq!(world.held(&position).0, 1_000 * UNIT, "kept");
}

#[test]
fn collateral_whose_price_is_unknown_can_be_surrendered_by_its_mean() {
    let (insured, position) = failed();
    let world = &insured.world;
    let mean = PRICE_ONE * 19 / 10;
    world.hub.forget_price(&world.collateral);
    world.hub.set_twap(&world.collateral, &Some(mean));
    assert_eq!(
        surrender(&insured, &position, 100, 180),
        Ok(1),
        "surrendered"
    );
}

#[test]
fn a_surrender_is_refused_before_the_waiting_period_and_after_the_grace_week() {
    let outside = Err(CoverError::OutsideCover as u32);
    let insured = Insured::new();
    let position = insured.fresh(&[Peril::Collateral]);
    insured.world.pass(DAY + 6 * HOUR - 1);
    fail(&insured);
    let early = surrender(&insured, &position, 100, 0);
    assert_eq!(early, outside, "the mean begins in the waiting period");
    insured.world.pass(1);
    let in_time = surrender(&insured, &position, 100, 0);
    assert_eq!(in_time, Ok(1), "a second later");
    let (insured, position) = failed();
    let world = &insured.world;
    world.pass(insured.policy(&position).end + 6 * HOUR + 1 - world.now());
    fail(&insured);
    let late = surrender(&insured, &position, 100, 0);
    assert_eq!(late, outside, "the mean began after the end");
    world.pass(WEEK);
    fail(&insured);
    let expired = surrender(&insured, &position, 100, 0);
    assert_eq!(expired, Err(CoverError::Expired as u32), "expired");
}

#[test]
fn a_surrender_claims_no_more_than_the_limit_and_no_less_than_asked() {
    let (insured, position) = failed();
    let world = &insured.world;
    let small = surrender(&insured, &position, 300, 540);
    assert_eq!(small, code(AdapterError::ClaimTooSmall), "540, limit 500");
    assert_eq!(world.held(&position).0, 1_000 * UNIT, "kept");
    assert_eq!(surrender(&insured, &position, 200, 360), Ok(1), "360");
    assert_eq!(surrender(&insured, &position, 100, 0), Ok(2), "of 180");
    let claimed = insured.pool.claim(&2).unwrap().amount;
    assert_eq!(claimed, LIMIT - 360 * UNIT, "what was left");
    let nothing = surrender(&insured, &position, 100, 0);
    assert_eq!(
        nothing,
        Err(CoverError::NothingCovered as u32),
        "nothing is left"
    );
}

#[test]
fn a_position_must_stay_healthy() {
    let (insured, position) = failed();
    // 500 / 0.9 of debt needs 411.5 at 1.8 * 0.75.
    let unhealthy = surrender(&insured, &position, 600, 0);
    assert!(unhealthy.is_err(), "600 of 1 000: {unhealthy:?}");
    assert_eq!(insured.policy(&position).open_claims, 0, "not filed");
    assert_eq!(surrender(&insured, &position, 550, 0), Ok(1), "550");
}

#[test]
fn more_than_there_is_cannot_be_surrendered() {
    let (insured, position) = failed();
    let world = &insured.world;
    mint(&world.env, &world.asset, &world.borrower, 100 * UNIT);
    let client = world.position(&position).mock_all_auths();
    client.repay(&world.borrower, &(550 * UNIT));
    assert_eq!(world.held(&position).1, 0, "no debt");
    let more = surrender(&insured, &position, 1_001, 0);
    assert_eq!(more, code(AdapterError::AboveRatedCollateral), "one more");
    assert_eq!(surrender(&insured, &position, 1_000, 0), Ok(1), "all of it");
    world.pass(2 * DAY);
    let paid = world.adapter.finalize(&1, &insured.keeper);
    assert_eq!(paid, LIMIT, "the limit");
    let received = world.balance(&world.asset, &position);
    assert_eq!(received, LIMIT, "the position's, for its owner");
}

#[test]
fn collateral_that_came_after_the_sale_cannot_be_surrendered() {
    let (insured, position) = failed();
    let world = &insured.world;
    mint(&world.env, &world.collateral, &world.borrower, 500 * UNIT);
    let client = world.position(&position).mock_all_auths();
    client.supply(&(500 * UNIT));
    assert_eq!(
        surrender(&insured, &position, 100, 0),
        Ok(1),
        "100 of 1 000"
    );
    let more = surrender(&insured, &position, 901, 0);
    assert_eq!(
        more,
        code(AdapterError::AboveRatedCollateral),
        "bought when it was cheap"
    );
    assert_eq!(surrender(&insured, &position, 900, 0), Ok(2), "the rest");
}

#[test]
fn a_surrender_is_refused_while_an_advance_is_owed() {
    let insured = Insured::new();
    let position = insured.seasoned(&[Peril::Advance, Peril::Collateral]);
    insured.world.pass(6 * HOUR);
    fail(&insured);
    insured.world.set_price(8_000_000);
    let batch = soroban_sdk::vec![&insured.world.env, position.clone()];
    insured.world.adapter.rescue(&batch, &insured.keeper);
    assert!(insured.policy(&position).drawn > 0, "drawn");
    let owed = surrender(&insured, &position, 10, 0);
    assert_eq!(owed, code(AdapterError::AdvanceOwed), "owed");
}

#[test]
fn a_surrender_needs_cover_of_failed_collateral() {
    let insured = Insured::new();
    let other = insured.seasoned(&[Peril::Grant]);
    let uninsured = insured.world.open();
    fail(&insured);
    let refused = surrender(&insured, &other, 10, 0);
    assert_eq!(
        refused,
        Err(CoverError::PerilNotCovered as u32),
        "another peril"
    );
    let none = surrender(&insured, &uninsured, 10, 0);
    assert_eq!(none, code(AdapterError::NotInsured), "none");
    let (insured, position) = failed();
    let negative = surrender(&insured, &position, -1, 0);
    assert_eq!(negative, code(AdapterError::NoResult), "negative");
    let nothing = surrender(&insured, &position, 0, 0);
    assert_eq!(nothing, code(AdapterError::NotFailed), "nothing");
}

#[test]
fn cover_is_sold_while_the_price_keeps_its_reference() {
    let insured = Insured::new();
    let world = &insured.world;
    let position = world.open();
    let insure = || {
        let request = insured.request(&[Peril::Collateral]);
        let adapter = world.adapter.mock_all_auths();
        let sold = adapter.try_insure(&position, &request);
        world.env.set_auths(&[]);
        sold.map(|_| ())
    };
    world.set_price(2 * UNIT);
    world.hub.set_low(&(PRICE_ONE * 195 / 100 - 1));
    let below = AdapterError::BelowPeg;
    assert_eq!(insure(), Err(Ok(below)), "below 97.5 %");
    assert_eq!(world.adapter.armed(&position), below as u32, "shown");
    world.hub.set_low(&(PRICE_ONE * 195 / 100));
    assert_eq!(insure(), Ok(()), "at 97.5 %");
}

#[test]
fn a_surrender_is_an_action_that_raises_the_risk() {
    let insured = Insured::new();
    let position = insured.seasoned(&[Peril::Collateral, Peril::Liquidation]);
    insured.world.pass(6 * HOUR);
    fail(&insured);
    let price = || insured.world.position(&position).look().unwrap().price;
    assert_eq!(price(), 2 * PRICE_ONE, "before");
    assert_eq!(surrender(&insured, &position, 10, 0), Ok(1), "surrendered");
    assert_eq!(price(), PRICE_ONE * 18 / 10, "after");
}

#[test]
fn what_was_surrendered_for_a_denied_claim_comes_back() {
    let (insured, position) = failed();
    let world = &insured.world;
    surrender(&insured, &position, 100, 180).unwrap();
    let court = Address::generate(&world.env);
    mint(&world.env, &world.asset, &court, 100 * UNIT);
    let pool = insured.pool.mock_all_auths_allowing_non_root_auth();
    pool.set_roles(&Roles {
        risk: court.clone(),
        guardian: court.clone(),
        court: court.clone(),
    });
    pool.challenge(&1, &court);
    pool.resolve(&1, &0);
    world.env.set_auths(&[]);
    let before = world.balance(&world.collateral, &world.borrower);
    let paid = world.adapter.finalize(&1, &insured.keeper);
    assert_eq!(paid, 0, "nothing");
    let back = world.balance(&world.collateral, &world.borrower) - before;
    assert_eq!(back, 100 * UNIT, "its owner's");
    assert_eq!(insured.salvage.lot(&1), None, "nothing is sold");
    assert_eq!(insured.pool.claim(&1), None, "closed");
}
