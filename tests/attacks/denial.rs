//! Depositing just before a claim is denied, to share in what comes back.
//!
//! What stops it: deposits mint at NAV_hi, as if every open claim were denied already. A claim is denied by the court, or when
//! an advance that had to wait is measured again and found unneeded.

use testkit::{
    asset::UNIT,
    governance::{Governance, Proposal},
    world::Setup,
};

use crate::scene::*;

#[test]
fn who_deposits_before_a_denial_gains_nothing() {
    let (world, _) = staked(&two_sources());
    let ledger = &world.ledger;
    let (claim, amount) = waiting_claim(&world, 190_000 * UNIT);
    let dip = books(&world);
    assert_eq!(
        (dip.pending, dip.nav_hi - dip.nav_lo),
        (amount, amount),
        "the claim is the dip"
    );
    world.sleep(48 * HOUR);
    price(&world, 2_000);
    let before = books(&world);
    let attacker = world.stake("attacker", CAPITAL);
    let shares = world.cover.balance(&attacker).view(ledger).unwrap();
    let denied = world
        .adapter
        .finalize(claim, &world.keeper)
        .send(ledger, &world.keeper);
    assert_eq!(denied, Ok(0), "measured again, it is not needed");
    let after = books(&world);
    assert_eq!(
        after.nav_lo,
        before.nav_hi + CAPITAL,
        "all of it comes back"
    );
    let worth = world.cover.preview_redeem(shares).view(ledger).unwrap();
    assert!(
        (0..=2).contains(&(CAPITAL - worth)),
        "the deposit is worth what it was: {worth}"
    );
    let at_nav_lo = CAPITAL * (before.shares + 1_000) / (before.nav_lo + 1);
    assert!(
        at_nav_lo - shares > shares / 20,
        "at NAV_lo it would have been 5 % more: {at_nav_lo}"
    );
}

/// The vote is public for days, and who has won it deposits before it is executed.
#[test]
fn who_deposits_before_the_court_denies_gains_nothing() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let votes = Governance::found_court(&world);
    let (adapter, _, interest) = reported(&world);
    world.sleep(2 * DAY);
    let (claim, amount) = file(&world, &adapter, &interest);
    let challenger = world.funded("challenger", 10_000 * UNIT);
    let challenge = world.cover.challenge(claim, &challenger);
    challenge.send(ledger, &challenger).unwrap();
    let denial = Proposal::new("Denied.").with(world.cover.resolve(claim, 0));
    votes.win(&world, &denial);
    votes.wait(&world);
    let before = books(&world);
    assert_eq!(
        before.nav_hi - before.nav_lo,
        amount,
        "the claim is the dip"
    );
    let attacker = world.stake("attacker", CAPITAL);
    let shares = world.cover.balance(&attacker).view(ledger).unwrap();
    votes.execute(&world, &denial).unwrap();
    let after = books(&world);
    assert_eq!(after.nav_lo, before.nav_hi + CAPITAL, "all of it is back");
    let worth = world.cover.preview_redeem(shares).view(ledger).unwrap();
    let gain = worth - CAPITAL;
    assert!((-2..=0).contains(&gain), "worth what it was: {worth}");
    let at_nav_lo = CAPITAL * (before.shares + 1_000) / (before.nav_lo + 1);
    let more = at_nav_lo - shares;
    assert!(more > shares / 60, "at NAV_lo, 1.9 % more: {at_nav_lo}");
}
