//! A claim that an adapter filed is challenged.

use testkit::bindings::OnLedger;

use super::*;

#[test]
fn upheld_it_returns_bond_and_limit() {
    let (court, amount, bond) = Court::challenged();
    let (before, limit) = (court.held(), court.limit());
    court.decide(1, 0);
    let decided = before.denied(amount).bond_returned(bond);
    court.holds(&decided, "decided");
    let purse = court.purse(&court.challenger);
    assert_eq!(purse, TIMES * PURSE, "the whole bond");
    assert_eq!(court.limit(), limit + amount, "in force again");
    let debt = court.debt();
    assert_eq!(court.finalize(1), Ok(0), "closed");
    court.holds(&decided, "closed");
    let after = court.debt();
    assert_eq!(after, debt, "nothing is paid");
    let policy = policy(&court.world, &court.position);
    assert_eq!((policy.open_claims, policy.paid), (0, 0), "nothing is open");
}

#[test]
fn upheld_in_part_it_returns_the_bond_and_pays_the_rest() {
    let (court, amount, bond) = Court::challenged();
    let granted = amount / 3;
    let (before, limit) = (court.held(), court.limit());
    court.decide(1, granted);
    let decided = before.denied(amount - granted).bond_returned(bond);
    court.holds(&decided, "decided");
    assert_eq!(court.limit(), limit + amount - granted, "what was denied");
    assert_eq!(court.finalize(1), Ok(granted), "at once");
    court.holds(&decided.paid(granted), "paid");
    let paid = policy(&court.world, &court.position).paid;
    assert_eq!(paid, granted, "booked");
}

#[test]
fn refused_it_pays_the_claim_and_half_of_the_bond() {
    let (court, amount, bond) = Court::challenged();
    let before = court.held();
    court.decide(1, amount);
    court.holds(&before, "decided, and nothing has moved");
    let purse = court.purse(&court.owner);
    assert_eq!(court.finalize(1), Ok(amount), "in full");
    court.holds(&before.paid(amount).bond_of_challenger_lost(bond), "paid");
    let gain = court.purse(&court.owner) - purse;
    assert_eq!(gain, shared(bond).0, "the owner's half");
    let left = court.purse(&court.challenger);
    assert_eq!(left, TIMES * PURSE - bond, "lost");
}

#[test]
fn without_a_decision_the_claim_is_paid() {
    let (court, amount, bond) = Court::challenged();
    let before = court.held();
    court.world.ledger.advance(COURT_TIME - 5);
    let early = court.finalize(1);
    refused(early, CoverError::NotPayable as u32, "the court has time");
    court.world.ledger.advance(5);
    assert_eq!(court.finalize(1), Ok(amount), "in full");
    court.holds(&before.paid(amount).bond_of_challenger_lost(bond), "paid");
}

#[test]
fn a_bond_that_cannot_be_returned_waits_for_its_owner() {
    let (court, amount, bond) = Court::challenged();
    let before = court.held();
    let (world, challenger) = (&court.world, &court.challenger);
    world.usdc.authorise(&world.ledger, challenger, false);
    court.decide(1, 0);
    let waiting = Held {
        bonds: before.bonds - bond,
        claimable: before.claimable + bond,
        ..before.denied(amount)
    };
    court.holds(&waiting, "undeliverable");
    world.usdc.authorise(&world.ledger, challenger, true);
    let withdraw = world.cover.withdraw_claimable(challenger);
    let withdrawn = withdraw.send(&world.ledger, &world.keeper);
    assert_eq!(withdrawn, Ok(bond), "by anyone, to its owner");
    court.holds(&before.denied(amount).bond_returned(bond), "delivered");
    assert_eq!(court.purse(challenger), TIMES * PURSE, "all of it");
}

#[test]
fn the_guardian_puts_a_claim_off_once() {
    let (court, amount) = Court::filed();
    let (world, guardian) = (&court.world, &court.votes.guardian);
    let before = court.held();
    world.ledger.advance(2 * DAY - 60);
    guarded(&world.ledger, guardian, world.cover.delay(1));
    let delay = || world.cover.delay(1).send(&world.ledger, guardian);
    delay().unwrap();
    let not_disputable = CoverError::NotDisputable as u32;
    refused(delay(), not_disputable, "once");
    world.ledger.advance(3 * DAY + 55);
    let early = court.finalize(1);
    refused(early, CoverError::NotPayable as u32, "five days");
    court.holds(&before, "meanwhile");
    world.ledger.advance(5);
    refused(delay(), not_disputable, "payable");
    refused(court.challenge(1), not_disputable, "payable");
    assert_eq!(court.finalize(1), Ok(amount), "in full");
    court.holds(&before.paid(amount), "paid");
}

#[test]
fn a_claim_that_was_put_off_is_challenged_as_long() {
    let (court, amount) = Court::filed();
    let (world, guardian) = (&court.world, &court.votes.guardian);
    let delay = || world.cover.delay(1).send(&world.ledger, guardian);
    delay().unwrap();
    world.ledger.advance(5 * DAY - 5);
    let before = court.held();
    let bond = court.challenge(1).unwrap();
    refused(delay(), CoverError::NotDisputable as u32, "disputed");
    let again = court.challenge(1);
    refused(again, CoverError::NotDisputable as u32, "once");
    court.decide(1, amount - 1);
    court.holds(&before.denied(1), "the bond came and went");
    assert_eq!(court.purse(&court.challenger), TIMES * PURSE, "{bond}");
    assert_eq!(court.finalize(1), Ok(amount - 1), "the rest");
}
