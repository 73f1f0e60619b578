//! A policy that nobody touched for 200 days is archived; the claim that needs it restores it.

use localnet::Auth;
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter::Peril, cover_pool as cover},
    feeds::Feed,
    world::{loan_group, Setup, LOANS},
};

use crate::stage::*;

#[test]
fn a_claim_is_paid_after_200_days_of_silence() {
    let setup = Setup {
        collateral_feeds: vec![Feed::Reflector, Feed::Redstone],
        ..Setup::default()
    };
    let world = staked(&setup, 80_000 * UNIT);
    let group = cover::GroupTerms {
        subject_cap: 1_000_000,
        ..loan_group(&world.adapter.0, &world.pool.address)
    };
    let call = world.cover.set_group(LOANS, &group);
    call.send(&world.ledger, &world.owner).unwrap();
    let [(_, ann, _), (_, bob, _)] =
        ["ann", "bob"].map(|name| insured(&world, name, request(Peril::Grant)));
    world.sleep(26 * HOUR);
    fall(&world, &[1_500, 1_150, 900]);
    world.trigger();
    paid(&grant(&world, &ann));
    let (claim, amount) = filed(&grant(&world, &bob));

    // Others keep using the pool and the platform, and with that their code and shared entries alive.
    for number in 0..2 {
        world.ledger.advance(100 * DAY);
        world.stake(&format!("lp {number}"), UNIT);
        world.lend(&format!("lender {number}"), UNIT);
    }
    let before = world.usdc.balance(&world.ledger, &world.cover.0);
    let finalize = world.cover.finalize(claim, &world.keeper);
    let outcome = finalize.outcome(&world.ledger, &world.keeper, Auth::Sign(&[]));
    let outcome = outcome.unwrap();
    assert_eq!(outcome.get(), Ok(amount), "in full");
    let (books, left) = (
        books(&world),
        world.usdc.balance(&world.ledger, &world.cover.0),
    );
    assert_eq!(books.pending, 0, "nothing waits any more");
    assert_eq!(books.cash, left, "what is left");
    assert!(
        before - left >= amount,
        "paid out, with the keeper's bounty"
    );
    let policy = policy(&world, &bob);
    assert_eq!(
        (policy.paid, policy.open_claims),
        (amount, 0),
        "the policy was restored"
    );
    assert!(
        outcome.costs.disk_read_entries > 3,
        "entries came back from the archive"
    );
    assert_eq!(books.unearned, 0, "and everything is earned");
}
