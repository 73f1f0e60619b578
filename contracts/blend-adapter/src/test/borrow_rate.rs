use interfaces::blend::RATE_SCALE;

use super::blend::UNIT;
use super::World;
use crate::borrow_rate::borrow_rate_up;
use blend_reader::platform;

const YEAR: i128 = 31_536_000;

/// The yearly rate that we say Blend charges now.
fn said(world: &World) -> i128 {
    let reserve = platform::reserve(&world.env, &world.blend.pool, &world.asset);
    borrow_rate_up(&reserve).unwrap().raw()
}

/// The yearly rate that Blend itself charged over the next 1 000 seconds, 1e7 = 100 %, and what we said before.
fn charged_and_said(world: &World) -> (i128, i128) {
    let before = world.pool().get_reserve(&world.asset);
    let said = said(world);
    world.pass(1_000);
    let after = world.pool().get_reserve(&world.asset);
    let growth = after.data.d_rate * RATE_SCALE / before.data.d_rate - RATE_SCALE;
    (growth * YEAR / 1_000 / (RATE_SCALE / UNIT), said)
}

#[test]
fn the_rate_is_what_blend_charges_from_the_target_utilisation_on() {
    for (used, expected) in [(75_000, 600_000), (85_000, 3_100_000)] {
        let world = World::new();
        world.borrow_elsewhere(used * UNIT);
        let (charged, said) = charged_and_said(&world);
        assert_eq!(said, expected, "said at {used}");
        assert!(
            (charged - said).abs() <= said / 10_000 + 1,
            "{charged} charged at {used}"
        );
    }
}

#[test]
fn the_rate_is_steep_when_nearly_all_is_lent_out() {
    let world = World::new();
    world.borrow_elsewhere(94_999 * UNIT);
    // Two years of interest push the utilisation above the 95 % up to which one may borrow.
    world.pass(2 * 31_536_000);
    world.lend(UNIT);
    let (charged, said) = charged_and_said(&world);
    assert!(said > 5_600_000, "{said} said");
    assert!(
        (charged - said).abs() <= said / 10_000 + 1,
        "{charged} charged, {said} said"
    );
}

#[test]
fn a_reserve_used_less_than_its_target_counts_as_used_so_much() {
    for used in [0, 37_500, 74_999] {
        let world = World::new();
        if used > 0 {
            world.borrow_elsewhere(used * UNIT);
        }
        assert_eq!(said(&world), 600_000, "6 % at {used}");
    }
}
