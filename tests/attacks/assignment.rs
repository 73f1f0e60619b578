//! Somebody gains by giving cover away.
//!
//! What stops it: the policy's owner signs, and the loan goes with it; the cover renews no more, since the new owner agreed to no
//! rate; while a peril is under way, an advance or a claim is open, or a foreclosure was started, nothing is handed on; what the
//! loan was rated at, what lies in its position and what liquidations took of it stay with it.

use localnet::{Auth, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{self as adapter, AdapterError, CoverRequest},
        cover_pool::{self as cover, CoverError},
        ins, position,
    },
    scene::liquidate_on_blend,
    world::{Setup, World, LOANS},
};

use crate::scene::*;

const LIMIT: i128 = 4_000 * UNIT;

fn token_interest(position: &position::Client) -> ins::Interest {
    ins::Interest(position.0.clone(), ins::Class::Loan)
}

fn adapter_interest(position: &position::Client) -> adapter::Interest {
    adapter::Interest(position.0.clone(), adapter::Class::Loan)
}

/// Gives a loan's cover away by name.
fn give(
    world: &World,
    owner: &Keypair,
    position: &position::Client,
    to: &Keypair,
) -> Result<(), localnet::InvokeError> {
    let call = world.ins.assign(&token_interest(position), to);
    call.send(&world.ledger, owner)
}

fn owner_of(world: &World, position: &position::Client) -> localnet::xdr::ScAddress {
    position.account().view(&world.ledger).unwrap().owner
}

/// Who has allowed the pool to renew their own cover is given another one, at any rate.
#[test]
fn an_allowance_is_not_pulled_for_cover_that_was_given() {
    let (world, _) = staked(&Setup::default());
    let (ledger, keeper) = (&world.ledger, &world.keeper);
    let renews = CoverRequest {
        max_rate: 5_000_000,
        ..request(&[Advance], LIMIT)
    };
    let (mallory, position) = loan(&world, "mallory", Some(renews));
    let victim = borrower(&world, "victim", 0);
    let (token, until) = (&world.usdc.contract, ledger.sequence() + 2_000_000);
    for payer in [&mallory, &victim] {
        let args = (payer, &world.cover.0, 1_000 * UNIT, until);
        let allowed = ledger.call(payer, token, "approve", args, Auth::Sign(&[]));
        allowed.unwrap();
    }
    let end = policy(&world, &position).end;
    world.sleep(end - 2 * DAY - ledger.now());
    let base = world.cover.set_base(LOANS, &cover::Peril::Advance, 150_000);
    base.send(ledger, &world.owner).unwrap();
    let renew = || world.adapter.renew(&position.0, LIMIT, 4, keeper);
    let calm = ledger.snapshot();

    give(&world, &mallory, &position, &victim).unwrap();
    let purses = || [&mallory, &victim].map(|of| usdc(&world, &of.address()));
    let before = purses();
    let renewed = renew().send(ledger, keeper);
    refused(renewed, CoverError::RateTooHigh as u32, "nobody agreed");
    assert_eq!(purses(), before, "nobody paid");

    ledger.revert(&calm);
    let renewed = renew().send(ledger, keeper);
    renewed.expect("the twin: its owner had agreed");
}

#[test]
fn nobody_gives_away_what_is_not_theirs() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position) = loan(&world, "borrower", Some(request(&[Advance], LIMIT)));
    let (thief, own) = loan(&world, "thief", Some(request(&[Advance], LIMIT - UNIT)));
    let by_name = world.ins.assign(&token_interest(&position), &thief);
    unauthorised(by_name.send(ledger, &thief), "at the token");
    let amount = world.ins.transfer(&owner, &thief, LIMIT);
    unauthorised(amount.send(ledger, &thief), "by the amount");
    let as_own = world.ins.transfer(&thief, &thief, LIMIT);
    let code = ins::InsError::NoSuchPolicy as u32;
    refused(as_own.send(ledger, &thief), code, "as their own");
    let at_adapter = world.adapter.assign(&adapter_interest(&position), &thief);
    closed(ledger, &thief, at_adapter);
    let interest = interest(&position);
    closed(ledger, &thief, world.cover.assign(&interest, &thief));
    closed(ledger, &thief, position.assign(&thief));
    // The owner themselves cannot part one from the other.
    closed(ledger, &owner, world.cover.assign(&interest, &thief));
    closed(ledger, &owner, position.assign(&thief));
    // Another class names no policy, and moves no position.
    let other = adapter::Interest(own.0.clone(), adapter::Class::Deposit);
    let unknown = world.adapter.assign(&other, &owner).send(ledger, &thief);
    refused(unknown, CoverError::UnknownPolicy as u32, "another class");
    assert_eq!(owner_of(&world, &position), owner.address(), "untouched");
    assert_eq!(owner_of(&world, &own), thief.address(), "nor theirs");
    assert_eq!(policy(&world, &position).owner, owner.address(), "cover");
}

/// What a claim paid into the position is bound to the loan; giving the loan to an accomplice does not free it.
#[test]
fn cash_in_a_position_is_not_freed_by_giving_it_away() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position) = loan(&world, "borrower", Some(request(&[Grant], LIMIT)));
    let accomplice = world.actor("accomplice");
    world.usdc.mint(ledger, &position.0, 900 * UNIT);
    world.sleep(2 * DAY);
    // Lower than it was rated at, and calm.
    fall(&world, &[1_900]);
    world.sleep(2 * DAY);
    let sweep = |to: &Keypair| position.sweep(&world.usdc.contract, to);
    let above = AdapterError::AboveRatedLtv as u32;
    refused(sweep(&owner).send(ledger, &owner), above, "its owner");
    let purses = || [&owner, &accomplice].map(|of| usdc(&world, &of.address()));
    let before = purses();
    give(&world, &owner, &position, &accomplice).unwrap();
    let swept = sweep(&accomplice).send(ledger, &accomplice);
    refused(swept, above, "their accomplice");
    let more = position.borrow(UNIT, &accomplice);
    refused(more.send(ledger, &accomplice), above, "nor by borrowing");
    assert_eq!(purses(), before, "nobody has it");
    assert_eq!(usdc(&world, &position.0), 900 * UNIT, "it is where it was");
}

/// During an event its owner may take nothing out; nor may they hand on what is about to be paid, or what is in it.
#[test]
fn what_falls_is_not_handed_on() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position) = loan(&world, "borrower", Some(request(&[Grant], LIMIT)));
    let accomplice = world.actor("accomplice");
    world.usdc.mint(ledger, &position.0, 900 * UNIT);
    world.sleep(2 * DAY);
    let calm = ledger.snapshot();
    price(&world, 1_250);
    let given = give(&world, &owner, &position, &accomplice);
    let quarantined = AdapterError::PriceQuarantined as u32;
    refused(given, quarantined, "in the moment of a fall");
    fall(&world, &[1_600, 1_300]);
    world.trigger();
    let given = give(&world, &owner, &position, &accomplice);
    refused(given, AdapterError::PriceFalling as u32, "while it falls");
    paid(&grant(&world, &position));
    fall(&world, &[1_800, 2_000]);
    world.sleep(26 * HOUR);
    let given = give(&world, &owner, &position, &accomplice);
    let open = AdapterError::EventUnderWay as u32;
    refused(given, open, "while the event is open");
    assert_eq!(owner_of(&world, &position), owner.address(), "theirs still");
    assert_eq!(usdc(&world, &position.0), 900 * UNIT, "and what is in it");
    ledger.revert(&calm);
    let given = give(&world, &owner, &position, &accomplice);
    given.expect("the twin: nothing falls");
}

/// An owner who is being foreclosed pays back and gives the loan away: a start with a grown discount would meet who got it.
#[test]
fn what_is_being_foreclosed_is_not_handed_on() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position) = loan(&world, "borrower", Some(request(&[Advance], LIMIT)));
    let victim = world.actor("victim");
    world.sleep(26 * HOUR);
    fall(&world, &[1_300, 1_000]);
    paid(&rescue(&world, &position));
    fall(&world, &[840]);
    world.sleep(DAY);
    let start = world.adapter.start_foreclosure(&position.0);
    start.send(ledger, &world.keeper).unwrap();
    world.watch(HOUR);
    let given = give(&world, &owner, &position, &victim);
    assert!(given.is_err(), "while it owes: {given:?}");
    let owed = policy(&world, &position);
    let back = world.cover.pay_back(
        &interest(&position),
        &owner,
        owed.drawn + owed.fees_due + UNIT,
    );
    back.send(ledger, &owner).unwrap();
    fall(&world, &[1_300, 2_000]);
    world.watch(20 * HOUR);
    let given = give(&world, &owner, &position, &victim);
    let started = AdapterError::ForeclosureUnderWay as u32;
    refused(given, started, "a start that nobody cleared");
    let cure = world.adapter.cure(&position.0);
    cure.send(ledger, &victim).unwrap();
    give(&world, &owner, &position, &victim).expect("the twin: it was cleared");
}

/// A new owner is not a new start: what the position remembers of liquidations, and the price it is judged by, stay.
#[test]
fn a_liquidation_is_judged_as_if_nobody_had_given_it_away() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position) = loan(&world, "borrower", Some(request(&[Liquidation], LIMIT)));
    let heir = world.actor("heir");
    world.sleep(2 * DAY);
    let look = || position.look().send(ledger, &world.keeper).unwrap();
    look();
    fall(&world, &[1_600, 1_300, 1_000]);
    let filler = world.funded("filler", 50_000 * UNIT);
    liquidate_on_blend(&world, (&filler, &position.0), 70, 200);
    world.tick();
    look();
    world.sleep(26 * HOUR);
    let seen = position.look().view(ledger).unwrap();
    assert!(
        seen.as_ref().unwrap().taken.collateral > 0,
        "taken: {seen:?}"
    );
    give(&world, &owner, &position, &heir).unwrap();
    let now = position.look().view(ledger).unwrap();
    assert_eq!(now, seen, "what was taken, when, and from which price");
    let settle = world.adapter.settle_liquidation(&position.0, &world.keeper);
    let settled = settle.send(ledger, &world.keeper).unwrap();
    let adapter::Settlement::Paid(penalty) = settled else {
        panic!("{settled:?}");
    };
    assert!(penalty > 0, "its penalty repays the loan of who has it now");
    assert_eq!(policy(&world, &position).paid, penalty, "by its cover");
}

/// Loans that somebody did not ask for can be passed on, so a list that others filled keeps nobody from their own.
#[test]
fn who_was_given_too_much_gives_it_back() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let mallory = borrower(&world, "mallory", 320 * UNIT);
    let small = CoverRequest {
        max_premium: 10 * UNIT,
        ..request(&[Advance], 100 * UNIT)
    };
    let victim = borrower(&world, "victim", 10 * UNIT);
    let mut last = None;
    for _ in 0..32 {
        let opened = world.open_loan(&mallory, 10 * UNIT, 1_000 * UNIT, Some(small.clone()));
        let position = opened.unwrap().0;
        give(&world, &mallory, &position, &victim).unwrap();
        last = Some(position);
    }
    let own = || world.open_loan(&victim, 10 * UNIT, 1_000 * UNIT, Some(small.clone()));
    let full = CoverError::TooMany as u32;
    refused(own().map(|_| ()), full, "the victim's own cover");
    give(&world, &victim, &last.unwrap(), &mallory).unwrap();
    own().expect("after one was given back");
    let held = world.ins.balance(&victim).view(ledger).unwrap();
    assert_eq!(held, 3_200 * UNIT, "31 that were given, and their own");
}
