//! `upgrade` and `migrate`: new code by the owner alone, state kept.

use testkit::{
    bindings::{blend_adapter, price_hub, Call},
    wasm,
};

use crate::stage::*;

#[test]
fn the_owner_alone_changes_code_and_state_survives() {
    let world = world();
    let hash = world.ledger.upload(&world.owner, wasm::COVER_POOL).unwrap();
    let before = books(&world);
    guarded(
        &world.ledger,
        &world.owner,
        world.cover.upgrade(&hash, &world.owner),
    );
    let upgrade = world.cover.upgrade(&hash, &world.owner);
    upgrade.send(&world.ledger, &world.owner).unwrap();
    assert_eq!(books(&world), before, "the books");
    let schema = world.cover.schema().view(&world.ledger).unwrap();
    assert_eq!(schema, 1, "the layout");
    let migrate = world.cover.migrate();
    closed(&world.ledger, &world.keeper, migrate.clone());
    let needless = migrate.send(&world.ledger, &world.owner);
    refused(
        needless,
        CoverError::NothingToMigrate as u32,
        "nothing to migrate",
    );
}

#[test]
fn other_code_takes_over_at_once() {
    let world = world();
    let hash = world
        .ledger
        .upload(&world.owner, wasm::PLAIN_VAULT)
        .unwrap();
    let hub = price_hub::Client(world.hub.address.clone());
    let upgrades: [Call<()>; 3] = [
        world.cover.upgrade(&hash, &world.owner),
        blend_adapter::Client(world.adapter.0.clone()).upgrade(&hash, &world.owner),
        hub.upgrade(&hash, &world.owner),
    ];
    for upgrade in upgrades {
        guarded(&world.ledger, &world.owner, upgrade.clone());
        upgrade.send(&world.ledger, &world.owner).unwrap();
    }
    assert!(
        world.cover.schema().view(&world.ledger).is_err(),
        "the old functions are gone"
    );
    assert!(
        hub.resolution().view(&world.ledger).is_err(),
        "the hub's too"
    );
    let symbol = world.cover.symbol().view(&world.ledger);
    assert_eq!(
        symbol,
        Ok("vUSDC".into()),
        "the new code reads what it shares with the old"
    );
}
