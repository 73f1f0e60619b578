use interfaces::adapter::AdapterError;
use interfaces::blend_lenders::LossStep;
use soroban_sdk::vec;

use super::blend::{BackstopClient, UNIT};
use super::World;

#[test]
fn a_reserve_that_nobody_registered_is_not_recorded() {
    let world = World::new();
    let recorded = world.lenders.try_record(&world.blend.pool, &world.asset);
    assert_eq!(recorded, Err(Ok(AdapterError::UnknownReserve)), "recorded");
}

#[test]
fn interest_is_no_loss() {
    let world = World::new();
    world.add_vault();
    world.borrow(50_000 * UNIT);
    world.pass(86_400);
    let index = world.record();
    assert_eq!(index.index, 0, "index");
    assert_eq!(index.steps, vec![&world.env], "steps");
    assert_eq!(index.recorded_at, world.now(), "looked at");
}

#[test]
fn a_default_is_recorded_in_full_with_its_interval() {
    let world = World::new();
    world.add_vault();
    world.fail_to_repay(1_000 * UNIT);
    let looked_at = world.now();
    BackstopClient::new(&world.env, &world.blend.backstop).fill(&0, &0);
    world.pass(3_600);
    let before = world.pool().get_reserve(&world.asset).data.b_rate;
    let index = world.record();
    let after = world.pool().get_reserve(&world.asset).data.b_rate;
    assert!(after < before, "Blend defaulted");
    assert_eq!(
        index.index,
        before - after,
        "the whole fall, unmasked by an hour's interest"
    );
    let step = LossStep {
        index: before - after,
        deficits: 0,
        began_at: world.now(),
        seen_at: world.now(),
    };
    assert_eq!(index.steps, vec![&world.env, step], "steps");
    assert!(looked_at < world.now(), "a look in between");
    assert_eq!(
        world.lenders.loss_index(&world.blend.pool, &world.asset),
        index,
        "stored"
    );
    assert!(
        world
            .pool()
            .get_positions(&world.blend.backstop)
            .liabilities
            .is_empty(),
        "no bad debt left"
    );
}

#[test]
fn a_default_by_someone_else_is_seen_since_the_last_look() {
    let world = World::new();
    world.add_vault();
    world.fail_to_repay(1_000 * UNIT);
    let looked_at = world.now();
    let before = world.record();
    assert_eq!(before.index, 0, "the backstop still carries it");
    BackstopClient::new(&world.env, &world.blend.backstop).fill(&0, &0);
    let rate = world.pool().get_reserve(&world.asset).data.b_rate;
    world.pass(60);
    world.pool().bad_debt(&world.blend.backstop);
    let fall = rate - world.pool().get_reserve(&world.asset).data.b_rate;
    let index = world.record();
    let step = LossStep {
        index: fall,
        deficits: 0,
        began_at: looked_at,
        seen_at: looked_at + 60,
    };
    assert_eq!(index.steps, vec![&world.env, step], "steps");
    let again = world.record();
    assert_eq!(again, index, "nothing is counted twice");
}
