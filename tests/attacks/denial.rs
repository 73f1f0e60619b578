//! Depositing just before a claim is denied, to share in what comes back.
//!
//! What stops it: deposits mint at NAV_hi, as if every open claim were denied already. In this part a claim is denied when
//! an advance that had to wait is measured again and found unneeded; the seam of the court is the same.

use testkit::{
    asset::UNIT,
    world::{World, LOANS},
};

use crate::scene::*;

/// Two loans that together need more than 5 % of NAV, with two sources: the second one's advance waits.
pub fn waiting_claim(world: &World, limit: i128) -> (u32, i128) {
    let mut terms = world
        .cover
        .group(LOANS)
        .view(&world.ledger)
        .unwrap()
        .unwrap();
    terms.subject_cap = 4_000_000;
    world
        .cover
        .set_group(LOANS, &terms)
        .send(&world.ledger, &world.owner)
        .unwrap();
    let owner = borrower(world, "large", 1_000 * UNIT);
    let insure = Some(request(&[Advance], limit));
    let position = world
        .open_loan(&owner, 1_000 * UNIT, 990_000 * UNIT, insure)
        .unwrap()
        .0;
    world.sleep(26 * HOUR);
    price(world, 1_500);
    filed(&rescue(world, &position))
}

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
