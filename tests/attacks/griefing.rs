//! Holding up what others are owed: by challenging, by appealing, or as the guardian.
//!
//! What stops it: a challenge costs half of its bond to the insured and decides nothing; the court has 14 days, once;
//! an appeal holds no more than its owner's own limit, for as long; the guardian delays a claim once.

use localnet::Keypair;
use testkit::{
    asset::UNIT,
    bindings::cover_pool::{Appeal, CoverError, Interest, Peril},
    governance::Governance,
    world::{Setup, World},
};

use crate::scene::*;

/// How long the court has.
const COURT_TIME: u64 = 14 * DAY;

/// A pool with a court, its LP, and a policy whose owner has money for bonds.
fn disputed() -> (World, Keypair, Governance, (Keypair, Keypair, Interest)) {
    let (world, lp) = staked(&Setup::default());
    let votes = Governance::found_court(&world);
    let (adapter, subject, interest) = reported(&world);
    world.sleep(26 * HOUR);
    world
        .usdc
        .mint(&world.ledger, &subject.address(), 10_000 * UNIT);
    (world, lp, votes, (adapter, subject, interest))
}

fn finalize(world: &World, claim: u32) -> Result<i128, localnet::InvokeError> {
    let finalize = world.cover.finalize(claim, &world.keeper);
    finalize.send(&world.ledger, &world.keeper)
}

fn loss(world: &World, amount: i128) -> Appeal {
    Appeal {
        amount,
        occurred_at: world.ledger.now(),
        peril: Peril::Default,
    }
}

#[test]
fn a_challenge_out_of_spite_costs_its_bond_and_holds_a_claim_for_a_fortnight() {
    let (world, _, _, (adapter, subject, interest)) = disputed();
    let ledger = &world.ledger;
    let griefer = world.funded("griefer", 10_000 * UNIT);
    let (claim, amount) = file(&world, &adapter, &interest);
    // At the last moment, so that it is held as long as can be.
    ledger.advance(2 * DAY - 5);
    let challenge = || world.cover.challenge(claim, &griefer);
    let bond = challenge().send(ledger, &griefer).unwrap();
    assert_eq!(bond, amount / 50, "2 %");
    let again = challenge().send(ledger, &griefer);
    refused(again, CoverError::NotDisputable as u32, "once");
    ledger.advance(COURT_TIME - 5);
    refused(
        finalize(&world, claim),
        CoverError::NotPayable as u32,
        "held",
    );
    ledger.advance(5);
    let again = challenge().send(ledger, &griefer);
    refused(again, CoverError::NotDisputable as u32, "nor once more");
    let purse = usdc(&world, &subject.address());
    assert_eq!(finalize(&world, claim), Ok(amount), "paid in full");
    let gain = usdc(&world, &subject.address()) - purse;
    assert_eq!(gain, amount, "to the subject, which holds its own policy");
    let left = usdc(&world, &griefer.address());
    assert_eq!(left, 10_000 * UNIT - bond, "the griefer's loss");
}

#[test]
fn an_advance_is_not_held_up() {
    let (world, _) = staked(&two_sources());
    let griefer = world.funded("griefer", 10_000 * UNIT);
    let (claim, _) = waiting_claim(&world, 190_000 * UNIT);
    let challenge = world.cover.challenge(claim, &griefer);
    let challenged = challenge.send(&world.ledger, &griefer);
    refused(
        challenged,
        CoverError::NotDisputable as u32,
        "it is lent and measured again",
    );
    let advance = world.adapter.finalize(claim, &world.keeper);
    world.sleep(2 * DAY);
    let drawn = advance.send(&world.ledger, &world.keeper);
    assert!(drawn.is_ok_and(|drawn| drawn > 0), "drawn after its window");
}

#[test]
fn an_appeal_out_of_spite_holds_its_own_limit_down_and_costs_its_bond() {
    let (world, lp, _, (_, subject, interest)) = disputed();
    let ledger = &world.ledger;
    let shares = world.cover.balance(&lp).view(ledger).unwrap() / 2;
    let request = world.cover.request_redeem(&lp, shares);
    let slot = request.send(ledger, &lp).unwrap();
    let before = books(&world);
    let greedy = world
        .cover
        .appeal(&interest, &loss(&world, CAPITAL), &subject);
    let claim = greedy.send(ledger, &subject).unwrap();
    let limit = CAPITAL / 50;
    let asked = books(&world);
    assert_eq!(asked.pending, limit, "the limit is the most");
    assert_eq!(before.nav_lo - asked.nav_lo, limit, "NAV_lo by as much");
    assert_eq!(before.nav_hi, asked.nav_hi, "deposits mint as before");
    let more = world.cover.appeal(&interest, &loss(&world, 1), &subject);
    let more = more.send(ledger, &subject);
    refused(more, CoverError::NothingCovered as u32, "it is used up");
    ledger.advance(COURT_TIME);
    let held = ledger.snapshot();
    let fulfil = |caller: &Keypair| {
        let fulfil = world.cover.fulfil(&lp, slot, caller, 0);
        fulfil.send(ledger, caller)
    };
    let cashed = fulfil(&world.keeper);
    refused(
        cashed,
        CoverError::OwnerOnly as u32,
        "no stranger cashes a leaver out at the bottom",
    );
    let early = fulfil(&lp).unwrap();
    assert!(early > 0, "who wants to leave does");
    ledger.revert(&held);
    assert_eq!(finalize(&world, claim), Ok(0), "denied by time");
    let bond = limit / 50;
    let lost = usdc(&world, &subject.address());
    assert_eq!(lost, 10_000 * UNIT - bond, "the bond");
    let late = fulfil(&lp).unwrap();
    assert!(late > early + limit / 3, "who waits has it all: {late}");
}

#[test]
fn nobody_appeals_for_anothers_policy() {
    let (world, _, _, (_, _, interest)) = disputed();
    let stranger = world.funded("stranger", 10_000 * UNIT);
    let appeal = world
        .cover
        .appeal(&interest, &loss(&world, UNIT), &stranger);
    let appealed = appeal.send(&world.ledger, &stranger);
    refused(appealed, CoverError::NotTheirs as u32, "a stranger");
}

#[test]
fn a_guardian_who_delays_every_claim_holds_each_for_three_days_more() {
    let (world, _, votes, (adapter, subject, interest)) = disputed();
    let (ledger, guardian) = (&world.ledger, &votes.guardian);
    let (claim, amount) = file(&world, &adapter, &interest);
    let before = books(&world);
    let delay = || world.cover.delay(claim).send(ledger, guardian);
    ledger.advance(2 * DAY - 5);
    delay().unwrap();
    let not_disputable = CoverError::NotDisputable as u32;
    refused(delay(), not_disputable, "once");
    ledger.advance(3 * DAY);
    refused(
        finalize(&world, claim),
        CoverError::NotPayable as u32,
        "held",
    );
    ledger.advance(5);
    refused(delay(), not_disputable, "not again");
    let during = books(&world);
    assert_eq!(during.pending, before.pending, "nothing is denied");
    let purse = usdc(&world, &subject.address());
    assert_eq!(finalize(&world, claim), Ok(amount), "paid in full");
    let gain = usdc(&world, &subject.address()) - purse;
    assert_eq!(gain, amount, "nothing is lost");
}
