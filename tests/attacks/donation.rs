//! Donations, and inflating the price of a share so that the next deposit is rounded away.
//!
//! What stops it: the pool counts its own books and never a balance, so a donation is nobody's; and three decimals of
//! virtual shares with a thousand dead ones leave an attacker who inflates the price by what the books do count (premiums)
//! with a third of what they gave, and the victim with a rounding that is worth next to nothing.

use testkit::{
    asset::UNIT,
    bindings::cover_pool::CoverError,
    world::{Setup, World},
};

use crate::scene::*;

#[test]
fn a_donation_changes_no_share_and_no_price() {
    let world = World::new(&Setup::default());
    let ledger = &world.ledger;
    let attacker = world.stake("attacker", 1);
    let shares = world.cover.balance(&attacker).view(ledger).unwrap();
    assert_eq!(shares, 1_000, "one unit is a thousand shares");
    let before = books(&world);
    world.usdc.mint(ledger, &attacker.address(), 100_000 * UNIT);
    world
        .usdc
        .transfer(ledger, &attacker, &world.cover.0, 100_000 * UNIT);
    assert_eq!(books(&world), before, "the books do not see it");
    assert_eq!(
        world.cover.check_backing().send(ledger, &attacker),
        Ok(0),
        "more than the books is no impairment"
    );
    let victim = world.stake("victim", 50_000 * UNIT);
    let minted = world.cover.balance(&victim).view(ledger).unwrap();
    assert_eq!(
        minted,
        50_000 * UNIT * 1_000,
        "the victim gets a thousand shares a unit"
    );
    let worth = world.cover.preview_redeem(minted).view(ledger).unwrap();
    assert_eq!(worth, 50_000 * UNIT, "which are worth the deposit");
    let attackers = world.cover.preview_redeem(shares).view(ledger).unwrap();
    assert_eq!(
        attackers, 1,
        "and the attacker has the unit, and 100 000 USDC less"
    );
}

/// The only money that the books count without minting shares are premiums: an attacker who owns the whole pool and buys
/// its cover pays mostly the dead and the virtual shares.
#[test]
fn inflating_an_empty_pool_by_premiums_costs_the_attacker_and_nobody_else() {
    let world = World::new(&Setup::default());
    let ledger = &world.ledger;
    let attacker = world.stake("attacker", 4 * UNIT / 1_000);
    let shares = world.cover.balance(&attacker).view(ledger).unwrap();
    let owner = borrower(&world, "accomplice", 10 * UNIT);
    let room = world.cover.room(0).view(ledger).unwrap();
    let insure = Some(request(&[Grant], room));
    let premium = world
        .open_loan(&owner, 10 * UNIT, 8_000 * UNIT, insure)
        .unwrap()
        .1
        .unwrap()
        .premium;
    assert_eq!(premium, UNIT, "the least premium, 250 times the capital");
    ledger.advance(9 * WEEK);
    let inflated = books(&world);
    assert!(
        inflated.nav_lo > 200 * 4 * UNIT / 1_000,
        "the price is inflated: {}",
        inflated.nav_lo
    );
    let victim = world.stake("victim", UNIT);
    let minted = world.cover.balance(&victim).view(ledger).unwrap();
    let worth = world.cover.preview_redeem(minted).view(ledger).unwrap();
    assert!(
        (0..=1).contains(&(UNIT - worth)),
        "the victim loses a stroop at most: {worth}"
    );
    let attackers = world.cover.preview_redeem(shares).view(ledger).unwrap();
    assert!(
        attackers < premium,
        "the attacker has less than the premium: {attackers}"
    );
    let none = world.cover.stake(&victim, 0, 1).send(ledger, &victim);
    refused(
        none,
        CoverError::TooFewShares as u32,
        "a deposit that buys no share",
    );
}

#[test]
fn a_donation_changes_no_share_of_the_insured_vault() {
    let world = World::new(&Setup::default());
    let ledger = &world.ledger;
    let vault = world.deploy_vault("Insured USDC");
    let attacker = world.funded("attacker", 100_000 * UNIT);
    let deposit = |who: &localnet::Keypair, assets| {
        vault
            .deposit(assets, who, who, who)
            .send(ledger, who)
            .unwrap()
    };
    let shares = deposit(&attacker, 10);
    let before = vault.total_assets().view(ledger).unwrap();
    world
        .usdc
        .transfer(ledger, &attacker, &vault.0, 99_000 * UNIT);
    assert_eq!(
        vault.total_assets().view(ledger).unwrap(),
        before,
        "the books do not see it"
    );
    let victim = world.funded("victim", 50_000 * UNIT);
    let minted = deposit(&victim, 50_000 * UNIT);
    let worth = vault.preview_redeem(minted).view(ledger).unwrap();
    assert!(
        (0..=2).contains(&(50_000 * UNIT - worth)),
        "the victim has the deposit but for rounding: {worth}"
    );
    let attackers = vault.preview_redeem(shares).view(ledger).unwrap();
    assert!(
        attackers <= 10,
        "and the attacker what was paid in, and 99 000 USDC less: {attackers}"
    );
}
