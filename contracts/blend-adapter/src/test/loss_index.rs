use interfaces::adapter::{AdapterError, LossStep, VaultTerms};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{vec, Address};

use super::blend::BackstopClient;
use super::World;

/// A registered vault, so that the reserve's index is kept.
fn watch(world: &World) -> Address {
    let vault = Address::generate(&world.env);
    let terms = VaultTerms {
        platform: world.blend.pool.clone(),
        asset: world.asset.clone(),
        group: 9,
    };
    world.adapter.mock_all_auths().add_vault(&vault, &terms);
    world.env.set_auths(&[]);
    vault
}

#[test]
fn a_reserve_that_nobody_registered_is_not_recorded() {
    let world = World::new();
    let recorded = world.adapter.try_record(&world.blend.pool, &world.asset);
    assert_eq!(recorded, Err(Ok(AdapterError::UnknownReserve)), "recorded");
}

#[test]
fn interest_is_no_loss() {
    let world = World::new();
    watch(&world);
    world.borrow_elsewhere(50_000 * super::UNIT);
    world.pass(86_400);
    let index = world.adapter.record(&world.blend.pool, &world.asset);
    assert_eq!(index.index, 0, "index");
    assert_eq!(index.steps, vec![&world.env], "steps");
    assert_eq!(index.recorded_at, world.now(), "looked at");
}

#[test]
fn a_default_is_recorded_in_full_with_its_interval() {
    let world = World::new();
    watch(&world);
    world.default_elsewhere();
    let looked_at = world.now();
    BackstopClient::new(&world.env, &world.blend.backstop).fill(&0, &0);
    world.pass(3_600);
    let before = world.pool().get_reserve(&world.asset).data.b_rate;
    let index = world.adapter.record(&world.blend.pool, &world.asset);
    let after = world.pool().get_reserve(&world.asset).data.b_rate;
    assert!(after < before, "Blend defaulted");
    assert_eq!(
        index.index,
        before - after,
        "the whole fall, unmasked by an hour's interest"
    );
    let step = LossStep {
        index: before - after,
        began_at: world.now(),
        seen_at: world.now(),
    };
    assert_eq!(index.steps, vec![&world.env, step], "steps");
    assert!(looked_at < world.now(), "a look in between");
    assert_eq!(
        world.adapter.loss_index(&world.blend.pool, &world.asset),
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
    watch(&world);
    world.default_elsewhere();
    let looked_at = world.now();
    let before = world.adapter.record(&world.blend.pool, &world.asset);
    assert_eq!(before.index, 0, "the backstop still carries it");
    BackstopClient::new(&world.env, &world.blend.backstop).fill(&0, &0);
    let rate = world.pool().get_reserve(&world.asset).data.b_rate;
    world.pass(60);
    world.pool().bad_debt(&world.blend.backstop);
    let fall = rate - world.pool().get_reserve(&world.asset).data.b_rate;
    let index = world.adapter.record(&world.blend.pool, &world.asset);
    let step = LossStep {
        index: fall,
        began_at: looked_at,
        seen_at: looked_at + 60,
    };
    assert_eq!(index.steps, vec![&world.env, step], "steps");
    let again = world.adapter.record(&world.blend.pool, &world.asset);
    assert_eq!(again, index, "nothing is counted twice");
}
