use actuary::auction::SALE_TIME;
use interfaces::adapter::AdapterError;
use interfaces::cover::{Peril, Roles};
use interfaces::platform::LoanFacts;
use interfaces::salvage::Lot;
use soroban_sdk::Address;

use super::{refused, signed, World, DAY, HOUR, STAKED, UNIT, WEEK};

/// A loan insured against failed collateral, which has been at 92.5 % of its reference for seven hours.
fn failed() -> (World, Address) {
    let world = World::new();
    let loan = world.insured(&[Peril::Collateral]);
    world.set_price(185);
    world.watch(7 * HOUR);
    (world, loan)
}

fn surrender(world: &World, loan: &Address, units: i128, least: i128) -> Result<u32, u32> {
    let (amount, least) = (units * UNIT, least * UNIT);
    let surrendered = signed(&world.env, || {
        world.adapter.try_surrender(loan, &amount, &least)
    });
    match surrendered {
        Ok(Ok(claim)) => Ok(claim),
        refusal => Err(refused(refusal)),
    }
}

#[test]
fn failed_collateral_is_claimed_against_its_surrender() {
    let (world, loan) = failed();
    let claim = surrender(&world, &loan, 100, 190);
    assert_eq!(claim, Ok(1), "the claim");
    let filed = world.pool.claim(&1).unwrap();
    assert_eq!(filed.amount, 190 * UNIT, "200 at the reference, less 5 %");
    let salvage = &world.salvage.address;
    assert_eq!(world.collateral.balance(salvage), 100 * UNIT, "handed over");
    assert_eq!(world.platform.loan(&loan).collateral, 900 * UNIT, "left");
    let lot = Lot {
        asset: world.collateral.address.clone(),
        amount: 100 * UNIT,
        surrendered: 100 * UNIT,
        value: 200 * UNIT,
        owner: world.borrower.clone(),
        sold_from: None,
        is_denied: false,
    };
    assert_eq!(world.salvage.lot(&1), Some(lot), "booked");
    assert!(world.salvage.try_offer(&1).is_err(), "not sold yet");
    world.watch(2 * DAY);
    let paid = world.adapter.finalize(&1, &world.keeper);
    assert_eq!(paid, 190 * UNIT, "paid");
    assert_eq!(world.platform.loan(&loan).debt, 810 * UNIT, "the debt");
    assert_eq!(world.platform.received().borrowers, paid, "the borrower's");
    assert_eq!(
        world.salvage.price(&1, &(100 * UNIT)),
        200 * UNIT,
        "for sale"
    );
    let before = world.pool.books().nav_lo;
    world.pass(SALE_TIME / 2);
    signed(&world.env, || {
        world
            .salvage
            .buy(&1, &world.borrower, &(100 * UNIT), &(100 * UNIT))
    });
    assert!(
        world.pool.books().nav_lo >= before + 100 * UNIT,
        "the pool's"
    );
}

#[test]
fn collateral_must_have_failed_for_six_hours() {
    let world = World::new();
    let loan = world.insured(&[Peril::Collateral]);
    let not_failed = Err(AdapterError::NotFailed as u32);
    world.set_price(191);
    world.watch(7 * HOUR);
    assert_eq!(surrender(&world, &loan, 100, 0), not_failed, "above 95 %");
    world.set_price(185);
    world.watch(HOUR);
    assert_eq!(surrender(&world, &loan, 100, 0), not_failed, "for an hour");
    world.watch(6 * HOUR);
    assert!(surrender(&world, &loan, 100, 0).is_ok(), "for seven");
    world.pass(12 * HOUR);
    let unknown = Err(AdapterError::PriceUnavailable as u32);
    assert_eq!(surrender(&world, &loan, 100, 0), unknown, "nobody looked");
}

#[test]
fn a_surrender_is_refused_before_the_waiting_period_and_after_the_grace_week() {
    let world = World::new();
    let loan = world.loan();
    world.insure(&loan, &[Peril::Collateral]);
    world.set_price(185);
    world.watch(DAY + 5 * HOUR);
    assert_eq!(surrender(&world, &loan, 100, 0), Err(7050), "too early");
    world.watch(HOUR);
    assert!(surrender(&world, &loan, 100, 0).is_ok(), "six hours later");
    let (world, loan) = failed();
    world.watch(world.policy(&loan).end + 7 * HOUR - world.now());
    assert_eq!(surrender(&world, &loan, 100, 0), Err(7050), "too late");
    world.watch(WEEK);
    assert_eq!(surrender(&world, &loan, 100, 0), Err(7051), "expired");
}

#[test]
fn a_surrender_claims_no_more_than_the_limit_and_no_less_than_asked() {
    let (world, loan) = failed();
    let small = Err(AdapterError::ClaimTooSmall as u32);
    assert_eq!(surrender(&world, &loan, 300, 570), small, "570, limit 500");
    assert_eq!(world.platform.loan(&loan).collateral, 1_000 * UNIT, "kept");
    assert!(surrender(&world, &loan, 200, 380).is_ok(), "380");
    assert!(surrender(&world, &loan, 100, 0).is_ok(), "120 of 190");
    let claimed = world.pool.claim(&2).unwrap().amount;
    assert_eq!(claimed, 120 * UNIT, "what was left");
    assert_eq!(
        surrender(&world, &loan, 100, 0),
        Err(7052),
        "nothing is left"
    );
}

#[test]
fn collateral_that_came_after_the_sale_cannot_be_surrendered() {
    let world = World::new();
    let loan = world.insured(&[Peril::Collateral]);
    signed(&world.env, || {
        let until = world.env.ledger().sequence() + 100_000;
        world
            .asset
            .approve(&world.borrower, &world.pool.address, &STAKED, &until)
    });
    world.watch(world.policy(&loan).end - DAY - world.now());
    world.set_price(185);
    world.watch(7 * HOUR);
    let facts = world.platform.loan(&loan);
    let collateral = facts.collateral + 500 * UNIT;
    let more = LoanFacts {
        collateral,
        ..facts
    };
    world.platform.set_loan(&loan, &more);
    world.mint(&world.collateral, &world.platform.address, 500 * UNIT);
    let limit = world.policy(&loan).limit;
    world.adapter.renew(&loan, &limit, &8, &world.keeper);
    assert!(surrender(&world, &loan, 100, 0).is_ok(), "100 of 1 000");
    let more = surrender(&world, &loan, 901, 0);
    assert_eq!(
        more,
        Err(AdapterError::AboveRatedCollateral as u32),
        "bought when it was cheap, though renewed"
    );
    assert!(surrender(&world, &loan, 900, 0).is_ok(), "the rest");
}

#[test]
fn a_surrender_is_refused_while_an_advance_is_owed() {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance, Peril::Collateral]);
    world.set_price(138);
    world.watch(7 * HOUR);
    super::paid(&world.rescue(&loan));
    let owed = Err(AdapterError::AdvanceOwed as u32);
    assert_eq!(surrender(&world, &loan, 10, 0), owed, "owed");
}

#[test]
fn a_surrender_needs_cover_of_failed_collateral() {
    let world = World::new();
    let (other, uninsured) = (world.insured(&[Peril::Default]), world.loan());
    world.set_price(185);
    world.watch(7 * HOUR);
    assert_eq!(surrender(&world, &other, 10, 0), Err(7032), "another peril");
    let not_here = Err(AdapterError::NotInsuredHere as u32);
    assert_eq!(surrender(&world, &uninsured, 10, 0), not_here, "none");
    let (world, loan) = failed();
    let negative = surrender(&world, &loan, -1, 0);
    assert_eq!(negative, Err(AdapterError::NoResult as u32), "negative");
    let nothing = surrender(&world, &loan, 0, 0);
    assert_eq!(nothing, Err(AdapterError::NotFailed as u32), "nothing");
}

#[test]
fn what_was_surrendered_for_a_denied_claim_comes_back() {
    let (world, loan) = failed();
    surrender(&world, &loan, 100, 190).unwrap();
    signed(&world.env, || {
        world.pool.set_roles(&Roles {
            risk: world.owner.clone(),
            guardian: world.owner.clone(),
            court: world.owner.clone(),
        });
        world.pool.challenge(&1, &world.owner);
        world.pool.resolve(&1, &0);
    });
    let before = world.collateral.balance(&world.borrower);
    assert_eq!(world.adapter.finalize(&1, &world.keeper), 0, "nothing");
    let back = world.collateral.balance(&world.borrower) - before;
    assert_eq!(back, 100 * UNIT, "its owner's");
    assert_eq!(world.salvage.lot(&1), None, "nothing is sold");
    assert_eq!(world.pool.claim(&1), None, "closed");
}
