//! `renew`: the next term from the payer's allowance, at most at the payer's own highest rate.

use actuary::{premium::Premium, Assets, Rate};
use testkit::{
    asset::UNIT,
    bindings::blend_adapter::{CoverRequest, Peril},
};

use crate::stage::*;

fn renewable(max_rate: u32) -> CoverRequest {
    CoverRequest {
        max_rate,
        weeks: 3,
        ..request(Peril::Advance)
    }
}

#[test]
fn the_last_three_days_renew_from_the_allowance_and_pay_a_bounty() {
    let world = world();
    let (owner, position, quote) = insured(&world, "borrower", renewable(5_000_000));
    let renew = || world.adapter.renew(&position.0, LIMIT, 8, &world.keeper);
    world.sleep(quote.end - 3 * DAY - HOUR - world.ledger.now());
    confirm_bases(&world);
    let early = renew().send(&world.ledger, &world.keeper);
    refused(
        early,
        CoverError::NotInRenewalWindow as u32,
        "an hour early",
    );
    world.sleep(2 * HOUR);
    let unpaid = renew().send(&world.ledger, &world.keeper);
    assert!(unpaid.is_err(), "no allowance, no renewal");
    allow(&world, &owner, 100 * UNIT);

    let (before, old) = (books(&world), policy(&world, &position));
    let (purse, kept) = (usdc(&world, &owner), usdc(&world, &world.keeper));
    let now = world.ledger.now();
    let paid = renew().send(&world.ledger, &world.keeper).unwrap();
    let new = policy(&world, &position);
    assert_eq!(new.end, old.end + 8 * WEEK, "end");
    let premium = |rate: u32| {
        let (limit, rate) = (Assets::from_raw(LIMIT), Rate::from_raw(rate.into()));
        Premium::of(limit, rate, 8 * WEEK, Assets::from_raw(UNIT)).unwrap()
    };
    let rate = rate_of(&world, &position);
    let premium = premium(rate);
    assert_eq!(
        paid,
        premium.total.raw(),
        "premium for the added time alone"
    );
    assert_eq!(usdc(&world, &owner), purse - paid, "debited");
    assert_eq!(usdc(&world, &world.keeper), kept + UNIT / 2, "bounty");
    let (left, added) = (
        old.earning_rate * i128::from(old.end - now),
        premium.net.raw() * 1_000_000_000_000,
    );
    let merged = (left + added) / i128::from(new.end - now);
    assert_eq!(
        new.earning_rate, merged,
        "what is left and what is new, merged"
    );
    let after = books(&world);
    assert_eq!(after.exposure, before.exposure, "the limit is counted once");
    assert_eq!(
        after.unearned,
        new.earning_rate * i128::from(new.end - now),
        "unearned"
    );
}

/// The yearly rate of the position's last renewal, as its event says.
fn rate_of(world: &testkit::world::World, position: &testkit::bindings::position::Client) -> u32 {
    use localnet::{xdr::ScVal, FromScVal, ToScVal};
    let subject = position.0.to_scval().unwrap();
    let events = world.ledger.events_since(world.ledger.sequence());
    let renewed = events
        .iter()
        .flat_map(|record| &record.events)
        .find(|event| event.is_named("renewed") && event.topics[1] == subject)
        .unwrap();
    let data = Vec::<ScVal>::from_scval(&renewed.data).unwrap();
    u32::from_scval(&data[3]).unwrap()
}

#[test]
fn a_rate_above_the_payers_maximum_is_refused() {
    let world = world();
    let (owner, position, quote) = insured(&world, "borrower", renewable(1));
    world.sleep(quote.end - DAY - world.ledger.now());
    confirm_bases(&world);
    allow(&world, &owner, 100 * UNIT);
    let renew = world.adapter.renew(&position.0, LIMIT, 4, &world.keeper);
    let refusal = renew.send(&world.ledger, &world.keeper);
    refused(refusal, CoverError::RateTooHigh as u32, "max_rate");
    let more = world
        .adapter
        .renew(&position.0, LIMIT + 1, 4, &world.keeper);
    let refusal = more.send(&world.ledger, &world.keeper);
    refused(refusal, CoverError::AboveSold as u32, "more than was sold");
}

#[test]
fn a_stale_base_rate_sells_no_renewal() {
    let world = world();
    let (owner, position, quote) = insured(&world, "borrower", renewable(5_000_000));
    world.sleep(quote.end - DAY - world.ledger.now());
    allow(&world, &owner, 100 * UNIT);
    let renew = world.adapter.renew(&position.0, LIMIT, 4, &world.keeper);
    let refusal = renew.send(&world.ledger, &world.keeper);
    refused(
        refusal,
        CoverError::BaseStale as u32,
        "nobody confirmed it for a week",
    );
}
