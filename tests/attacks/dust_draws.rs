//! Dust draws and dust grants for their bounties; advances as cheap credit.
//!
//! What stops it: a draw reaches the target or is at least 2 % of the debt, and so is an increment of a grant; a policy earns
//! no more bounties than it has prepaid; and an advance costs a flat fee and more per year than the platform charges.

use testkit::{asset::UNIT, bindings::blend_adapter::AdapterError, world::Setup};

use crate::scene::*;

#[test]
fn a_limit_below_two_percent_of_the_debt_draws_nothing() {
    let (world, _) = staked(&Setup::default());
    let (_, dust) = loan(&world, "dust", Some(request(&[Advance], 160 * UNIT)));
    let (_, enough) = loan(&world, "enough", Some(request(&[Advance], 161 * UNIT)));
    world.sleep(26 * HOUR);
    price(&world, 1_200);
    assert_eq!(
        rescue(&world, &dust),
        skipped(AdapterError::DrawTooSmall),
        "2 % of what the debt was"
    );
    assert_eq!(
        paid(&rescue(&world, &enough)),
        161 * UNIT,
        "the twin: 2 % of what it is"
    );
}

#[test]
fn draws_earn_no_more_bounties_than_their_policy_prepaid() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position) = loan(&world, "borrower", Some(request(&[Advance], 170 * UNIT)));
    for name in ["a", "b", "c"] {
        loan(&world, name, Some(request(&[Grant], 4_000 * UNIT)));
    }
    world.sleep(26 * HOUR);
    price(&world, 1_200);
    world.usdc.mint(ledger, &owner.address(), 10_000 * UNIT);
    let before = usdc(&world, &world.keeper.address());
    let bucket = books(&world).bounties;
    let bounty = |label: &str| {
        let earned = usdc(&world, &world.keeper.address()) - before;
        assert_eq!(
            earned,
            UNIT / 10,
            "{label}: the whole fee of the least premium"
        );
    };
    let cycle = || {
        let drawn = paid(&rescue(&world, &position));
        world
            .cover
            .pay_back(&interest(&position), &owner, 200 * UNIT)
            .send(ledger, &owner)
            .unwrap();
        drawn
    };
    cycle();
    bounty("the first draw");
    cycle();
    bounty("the second, at once");
    world.watch(HOUR);
    cycle();
    bounty("the third, an hour later");
    let left = books(&world).bounties;
    assert_eq!(bucket - left, UNIT / 10, "the others' are theirs");
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::Healthy),
        "which was the last"
    );
}

#[test]
fn an_advance_costs_more_than_the_loan_it_replaces() {
    let (world, _) = staked(&Setup {
        lent: 12_000 * UNIT,
        ..Setup::default()
    });
    let (_, position) = loan(&world, "borrower", Some(request(&[Advance], 4_000 * UNIT)));
    let (_, twin) = loan_of(&world, "twin", 2_000 * UNIT);
    world.sleep(26 * HOUR);
    price(&world, 1_200);
    let drawn = paid(&rescue(&world, &position));
    let (debt, owed) = (world.health(&twin).debt, policy(&world, &position));
    let flat = owed.fees_due;
    assert_eq!(
        flat,
        (drawn * 50_000 + 9_999_999) / 10_000_000,
        "half a percent at once"
    );
    world.sleep(30 * DAY);
    let interest_of_draw = (world.health(&twin).debt - debt) * drawn / debt;
    let fees = policy(&world, &position).fees_due - flat;
    let rate = interest_of_draw * 10_000_000 * 365 / 30 / drawn;
    assert!(rate > 200_000, "the platform charges {rate} a year");
    assert!(
        fees * 100 >= interest_of_draw * 120,
        "yearly part {fees} against {interest_of_draw} on the platform"
    );
}

/// An uninsured loan of another size.
fn loan_of(
    world: &testkit::world::World,
    name: &str,
    debt: i128,
) -> (localnet::Keypair, testkit::bindings::position::Client) {
    let owner = borrower(world, name, 10 * UNIT);
    let opened = world.open_loan(&owner, 10 * UNIT, debt, None);
    (owner, opened.unwrap().0)
}
