use interfaces::adapter::AdapterError;
use interfaces::blend_lenders::VaultTerms;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

use super::blend::Blend;
use super::World;

fn refused(world: &World, terms: &VaultTerms) -> AdapterError {
    let vault = Address::generate(&world.env);
    let added = world.lenders.mock_all_auths().try_add_vault(&vault, terms);
    added.unwrap_err().unwrap()
}

#[test]
fn a_vault_of_another_asset_is_refused() {
    let world = World::new();
    let terms = VaultTerms {
        asset: world.collateral.clone(),
        ..world.terms()
    };
    assert_eq!(refused(&world, &terms), AdapterError::InvalidMarket);
}

#[test]
fn a_vault_on_a_platform_without_its_reserve_is_refused() {
    let world = World::new();
    let other = Blend::new(&world.env, &[(&world.collateral, 7_500_000, 20_000_000)]);
    let terms = VaultTerms {
        platform: other.pool,
        ..world.terms()
    };
    assert_eq!(refused(&world, &terms), AdapterError::InvalidMarket);
}

#[test]
fn a_vault_on_a_platform_that_lends_against_what_the_hub_cannot_price_is_refused() {
    let world = World::new();
    world.hub.one_venue(&world.collateral);
    let refusal = refused(&world, &world.terms());
    assert_eq!(refusal, AdapterError::CollateralLacksSources);
}

#[test]
fn an_index_starts_when_its_first_vault_is_listed() {
    let world = World::new();
    world.add_vault();
    let started = world.now();
    world.pass(60);
    world.add_vault();
    let index = world.lenders.loss_index(&world.blend.pool, &world.asset);
    assert_eq!(index.recorded_at, started, "a second one changes nothing");
    assert_eq!((index.index, index.deficits), (0, 0), "nothing lost");
}
