//! A policy's owner asks the court for what no contract proves.

use testkit::bindings::OnLedger;

use super::*;

/// What is asked for; its tenth is the owner's.
const LOSS: i128 = 25_000 * UNIT + 7;
/// Co-insurance of a grant.
const CO_INSURANCE: i128 = 1_000_000;

/// A court that was asked for [`LOSS`]. Returns the claim's amount and the bond.
fn appealed() -> (Court, i128, i128) {
    let court = Court::new();
    let (before, purse) = (court.held(), court.purse(&court.owner));
    let limit = court.limit();
    assert_eq!(court.appeal(LOSS), Ok(1), "the first claim");
    let amount = payout(LOSS, CO_INSURANCE);
    let bond = bond_of(amount);
    let asked = Held {
        cash: before.cash + bond,
        bonds: before.bonds + bond,
        ..before.denied(-amount)
    };
    court.holds(&asked, "asked");
    assert_eq!(court.limit(), limit - amount, "out of the limit");
    assert_eq!(purse - court.purse(&court.owner), bond, "the owner's");
    let claim = court.claim(1).unwrap();
    let until = court.world.ledger.now() + COURT_TIME;
    assert_eq!(claim.payable_from, until, "two weeks");
    assert!(claim.is_appeal && claim.rescue, "by the policy's route");
    (court, amount, bond)
}

#[test]
fn granted_it_pays_all_and_returns_the_bond() {
    let (court, amount, bond) = appealed();
    let before = court.held();
    let debt = court.debt();
    court.decide(1, amount);
    court.holds(&before.bond_returned(bond), "decided");
    assert_eq!(court.finalize(1), Ok(amount), "in full");
    court.holds(&before.bond_returned(bond).paid(amount), "paid");
    let repaid = debt - court.debt();
    assert!(repaid > 0, "off the debt: {repaid}");
}

#[test]
fn granted_in_part_it_returns_the_bond_too() {
    let (court, amount, bond) = appealed();
    let (before, limit) = (court.held(), court.limit());
    court.decide(1, 1);
    let decided = before.denied(amount - 1).bond_returned(bond);
    court.holds(&decided, "decided");
    assert_eq!(court.limit(), limit + amount - 1, "what was denied");
    assert_eq!(court.finalize(1), Ok(1), "the least");
    court.holds(&decided.paid(1), "paid");
}

#[test]
fn denied_it_gives_the_bond_to_lps_and_reserve() {
    let (court, amount, bond) = appealed();
    let before = court.held();
    court.decide(1, 0);
    court.holds(&before.denied(amount), "decided");
    let nav = books(&court.world).nav_lo;
    assert_eq!(court.finalize(1), Ok(0), "closed");
    let closed = before.denied(amount).bond_of_appellant_lost(bond);
    court.holds(&closed, "closed");
    let gain = books(&court.world).nav_lo - nav;
    assert_eq!(gain, shared(bond).0, "the LPs' half");
    assert_eq!(court.limit(), TIMES * LIMIT, "the whole limit");
}

#[test]
fn without_a_decision_it_is_denied() {
    let (court, amount, bond) = appealed();
    let before = court.held();
    court.world.ledger.advance(COURT_TIME - 5);
    let early = court.finalize(1);
    refused(early, CoverError::NotPayable as u32, "the court has time");
    court.world.ledger.advance(5);
    assert_eq!(court.finalize(1), Ok(0), "denied");
    let closed = before.denied(amount).bond_of_appellant_lost(bond);
    court.holds(&closed, "closed");
    let purse = court.purse(&court.owner);
    court.world.ledger.advance(COURT_TIME);
    assert!(court.finalize(1).is_err(), "once");
    assert_eq!(court.purse(&court.owner), purse, "lost");
}

/// A court that was asked for a loss just before the end of cover, at `now` seconds after it.
fn appealed_after_the_end(seconds: u64) -> (Court, i128) {
    let court = Court::new();
    let ledger = &court.world.ledger;
    let end = policy(&court.world, &court.position).end;
    ledger.set_time(end + seconds).unwrap();
    let appeal = court.appeal_by(&court.owner, LOSS, end);
    assert_eq!(
        appeal.send(ledger, &court.owner),
        Ok(1),
        "in the grace week"
    );
    court.is_sound("asked");
    (court, payout(LOSS, CO_INSURANCE))
}

#[test]
fn denied_inside_the_grace_week_it_returns_to_the_limit() {
    let (court, amount) = appealed_after_the_end(0);
    let before = court.held();
    court.decide(1, 0);
    court.holds(&before.denied(amount), "6.5 days after the end");
    assert_eq!(court.limit(), TIMES * LIMIT, "the limit");
}

#[test]
fn denied_after_the_grace_week_it_is_free_capital() {
    let (court, amount) = appealed_after_the_end(WEEK - 5);
    let end = policy(&court.world, &court.position).end;
    court.world.ledger.set_time(end + WEEK).unwrap();
    let before = court.held();
    let expected = (before.exposure, before.pending);
    assert_eq!(expected, (0, amount), "expiry frees none of it");
    court.is_sound("expired");
    court.decide(1, 0);
    let free = Held {
        pending: 0,
        ..before
    };
    court.holds(&free, "free");
    assert_eq!(court.limit(), TIMES * LIMIT - amount, "not in force again");
}

#[test]
fn only_the_owner_asks_by_their_signature_and_for_what_was_covered() {
    let court = Court::new();
    let (ledger, now) = (&court.world.ledger, court.world.ledger.now());
    let stranger = court.appeal_by(&court.challenger, LOSS, now);
    let stranger = stranger.send(ledger, &court.challenger);
    refused(stranger, CoverError::NotTheirs as u32, "a stranger");
    let of_owner = |occurred_at| court.appeal_by(&court.owner, LOSS, occurred_at);
    closed(ledger, &court.challenger, of_owner(now));
    let later = of_owner(now + 5).send(ledger, &court.owner);
    refused(later, CoverError::OutsideCover as u32, "not yet");
    let start = policy(&court.world, &court.position).start;
    let waiting = of_owner(start + DAY - 1).send(ledger, &court.owner);
    refused(waiting, CoverError::OutsideCover as u32, "it waited");
    let end = policy(&court.world, &court.position).end;
    ledger.set_time(end + WEEK).unwrap();
    let expired = of_owner(end).send(ledger, &court.owner);
    refused(
        expired,
        CoverError::Expired as u32,
        "the grace week is over",
    );
}
