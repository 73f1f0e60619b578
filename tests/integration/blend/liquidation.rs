//! `liquidation` on Blend: a position that is watched sees what an auction took; the penalty repays its loan.

use actuary::{
    loss::{blend_incentive_down, liquidation_loss_down, BLEND_SCALE},
    Assets, Rate,
};
use localnet::{InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Peril, Settlement},
        position,
    },
    scene::liquidate_on_blend,
    world::World,
};

use crate::stage::*;

/// Prices down to where the usual loan may be liquidated: its health factor is 0.89 then.
const FALL: [i128; 3] = [1_600, 1_300, 1_000];
/// How much of it Blend lets be auctioned at once then.
const PART: u32 = 70;
/// How many ledgers after its begin an auction asks for all of its bid and offers all of its lot.
const WHOLE: u64 = 200;

/// What the cover pool has nothing to pay for.
const NOTHING: Result<Settlement, InvokeError> = Ok(Settlement::Paid(0));

/// A loan insured as asked, past the waiting period and looked at since.
fn seasoned(request: CoverRequest) -> (World, Keypair, position::Client) {
    let world = world();
    let (owner, position, _) = insured(&world, "borrower", request);
    world.funded("filler", 50_000 * UNIT);
    world.sleep(26 * HOUR);
    look(&world, &position);
    (world, owner, position)
}

/// What is missing of a position.
fn look(world: &World, position: &position::Client) -> position::Taken {
    let look = position.look().send(&world.ledger, &world.keeper);
    look.unwrap().unwrap().taken
}

/// Has an auction of `percent` filled so many ledgers after its begin. Returns what it took.
fn liquidate(
    world: &World,
    position: &position::Client,
    percent: u32,
    ledgers: u64,
) -> position::Taken {
    let filler = Keypair::named("filler");
    liquidate_on_blend(world, (&filler, &position.0), percent, ledgers);
    world.tick();
    look(world, position)
}

fn settle(world: &World, position: &position::Client) -> Result<Settlement, InvokeError> {
    let call = world.adapter.settle_liquidation(&position.0, &world.keeper);
    call.send(&world.ledger, &world.keeper)
}

/// What went for what, in USDC at so many dollars: collateral rounded down, debt rounded up.
fn worth(world: &World, taken: &position::Taken, dollars: i128) -> (Assets, Assets) {
    let rates = |asset| world.pool.reserve(&world.ledger, asset).data;
    let seized = taken.collateral * rates(&world.collateral).b_rate / BLEND_SCALE * dollars;
    let owed = taken.debt * rates(&world.usdc).d_rate;
    let repaid = (owed + BLEND_SCALE - 1) / BLEND_SCALE;
    (Assets::from_raw(seized), Assets::from_raw(repaid))
}

/// What `actuary` says that a borrower is owed for it, of which so much was granted before.
fn expected(
    world: &World,
    taken: &position::Taken,
    dollars: i128,
    (granted, limit): (i128, i128),
) -> i128 {
    let (seized, repaid) = worth(world, taken, dollars);
    let factors = (Rate::from_raw(7_500_000), Rate::from_raw(9_500_000));
    let incentive = blend_incentive_down(factors.0, factors.1).unwrap();
    let granted = Assets::from_raw(granted);
    let loss = liquidation_loss_down(seized, repaid, incentive, granted).unwrap();
    payout(loss, 3_000_000, Assets::from_raw(limit))
}

#[test]
fn seven_tenths_of_the_penalty_repay_the_loan() {
    let (world, owner, position) = seasoned(request(Peril::Liquidation));
    fall(&world, &FALL);
    let taken = liquidate(&world, &position, PART, WHOLE);
    let owes = expected(&world, &taken, 1_000, (0, LIMIT));
    assert!(owes > 550 * UNIT, "seven tenths of 14 % of 5 600: {owes}");
    let (purse, kept) = (usdc(&world, &owner), usdc(&world, &world.keeper));
    let debt = world.health(&position).debt;
    let settled = settle(&world, &position);
    assert_eq!(settled, Ok(Settlement::Paid(owes)), "what actuary says");
    let repaid = debt - world.health(&position).debt;
    assert!((0..=1).contains(&(owes - repaid)), "off the debt: {repaid}");
    assert_eq!(usdc(&world, &owner), purse, "not the owner's");
    let left = policy(&world, &position);
    assert_eq!((left.limit, left.paid), (LIMIT - owes, owes), "limit left");
    let bounty = usdc(&world, &world.keeper) - kept;
    assert_eq!(bounty, UNIT / 2, "the keeper's bounty");
    let between = usdc_of(&world, &world.adapter.0);
    assert_eq!(between, 0, "nothing stays between");
    refused(
        settle(&world, &position),
        AdapterError::NothingLost as u32,
        "twice",
    );
}

#[test]
fn a_late_fill_is_paid_up_to_blends_own_incentive() {
    let (world, _, position) = seasoned(request(Peril::Liquidation));
    fall(&world, &FALL);
    let taken = liquidate(&world, &position, PART, WHOLE + 50);
    let (seized, repaid) = worth(&world, &taken, 1_000);
    let penalty = seized.raw() - repaid.raw();
    let owes = expected(&world, &taken, 1_000, (0, LIMIT));
    assert!(owes < penalty * 7 / 10, "the incentive binds: {owes}");
    let settled = settle(&world, &position);
    assert_eq!(settled, Ok(Settlement::Paid(owes)), "what actuary says");
}

#[test]
fn what_was_granted_for_the_same_fall_is_taken_off() {
    let (world, _, position) = seasoned(CoverRequest {
        perils: vec![Peril::Grant, Peril::Liquidation],
        ..request(Peril::Grant)
    });
    fall(&world, &[1_700, 1_380]);
    world.trigger();
    let needed = needed(&world, &position);
    let granted = paid(&grant(&world, &position));
    assert_eq!(granted, needed * 9 / 10, "a tenth of the need is borne");
    fall(&world, &[1_150, 1_000]);
    let taken = liquidate(&world, &position, PART, WHOLE);
    let limit = policy(&world, &position).limit;
    let owes = expected(&world, &taken, 1_000, (needed, limit));
    let whole = expected(&world, &taken, 1_000, (0, limit));
    assert!(0 < owes && owes < whole, "less by it: {owes} of {whole}");
    let settled = settle(&world, &position);
    assert_eq!(settled, Ok(Settlement::Paid(owes)), "what actuary says");
}

#[test]
fn the_limit_is_the_most_that_is_paid() {
    let (world, _, position) = seasoned(CoverRequest {
        limit: 100 * UNIT,
        ..request(Peril::Liquidation)
    });
    fall(&world, &FALL);
    let taken = liquidate(&world, &position, PART, WHOLE);
    let owes = expected(&world, &taken, 1_000, (0, 100 * UNIT));
    assert_eq!(owes, 100 * UNIT, "cut");
    let settled = settle(&world, &position);
    assert_eq!(settled, Ok(Settlement::Paid(owes)), "the limit");
    assert_eq!(policy(&world, &position).limit, 0, "used up");
    fall(&world, &[900, 800]);
    let more = liquidate(&world, &position, PART, WHOLE);
    let owed = expected(&world, &more, 800, (0, LIMIT));
    assert!(owed > 0, "another penalty");
    assert_eq!(settle(&world, &position), NOTHING, "nothing more");
}

#[test]
fn nothing_is_paid_before_the_waiting_period_then_or_later() {
    let world = world();
    let (_, position, quote) = insured(&world, "borrower", request(Peril::Liquidation));
    world.funded("filler", 50_000 * UNIT);
    world.sleep(quote.start + DAY - 3 * HOUR - world.ledger.now());
    fall(&world, &FALL);
    let taken = liquidate(&world, &position, PART, WHOLE);
    assert!(taken.seen_at < quote.start + DAY, "within the first day");
    let owed = expected(&world, &taken, 1_000, (0, LIMIT));
    assert!(owed > 0, "there is a penalty");
    world.watch(3 * HOUR);
    assert_eq!(settle(&world, &position), NOTHING, "when it is over");
    refused(
        settle(&world, &position),
        AdapterError::NothingLost as u32,
        "it was final",
    );
    assert_eq!(policy(&world, &position).paid, 0, "nothing was paid");
}

/// A term of two weeks, of which the position is looked at three hours before the end.
fn ending() -> (World, position::Client, u64) {
    let (world, _, position) = seasoned(CoverRequest {
        weeks: 2,
        ..request(Peril::Liquidation)
    });
    let end = policy(&world, &position).end;
    world.sleep(end - 3 * HOUR - world.ledger.now());
    look(&world, &position);
    (world, position, end)
}

#[test]
fn a_liquidation_that_was_seen_before_the_end_is_paid_in_the_grace_week() {
    let (world, position, end) = ending();
    fall(&world, &FALL);
    let taken = liquidate(&world, &position, PART, WHOLE);
    assert!(taken.seen_at <= end, "seen in time");
    world.sleep(DAY);
    assert!(world.ledger.now() > end, "the cover has ended");
    let owes = expected(&world, &taken, 1_000, (0, LIMIT));
    let settled = settle(&world, &position);
    assert_eq!(settled, Ok(Settlement::Paid(owes)), "what actuary says");
}

#[test]
fn a_liquidation_after_the_end_is_not_paid() {
    let (world, position, end) = ending();
    world.sleep(4 * HOUR);
    fall(&world, &FALL);
    let taken = liquidate(&world, &position, PART, WHOLE);
    assert!(taken.began_at < end && taken.seen_at > end, "seen too late");
    let owed = expected(&world, &taken, 1_000, (0, LIMIT));
    assert!(owed > 0, "there is a penalty");
    assert_eq!(settle(&world, &position), NOTHING, "after the end");
    assert_eq!(policy(&world, &position).paid, 0, "nothing was paid");
}

/// Nobody but the adapter has a position forget what was taken, or tells it a price.
#[test]
fn a_strangers_word_about_what_was_taken_counts_nothing() {
    let (world, owner, position) = seasoned(request(Peril::Liquidation));
    fall(&world, &FALL);
    let taken = liquidate(&world, &position, PART, WHOLE);
    for caller in [&owner, &world.keeper, &world.owner] {
        closed(&world.ledger, caller, position.forget());
        closed(&world.ledger, caller, position.watch(1));
    }
    assert_eq!(look(&world, &position), taken, "as it was");
}
