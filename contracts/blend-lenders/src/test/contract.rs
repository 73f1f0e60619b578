use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal, Val, Vec};
use stellar_contract_utils::upgradeable::UpgradeableClient;

use super::blend::wasm;
use super::World;
use crate::contract::BlendLendersClient;

#[test]
fn only_the_owner_registers_and_upgrades() {
    let world = World::new();
    let (env, lenders, stranger) = (&world.env, &world.lenders, Address::generate(&world.env));
    let (vault, terms) = (Address::generate(env), world.terms());
    let wasm = env
        .deployer()
        .upload_contract_wasm(wasm("position").as_slice());
    let call = |name, args: Vec<Val>| MockAuthInvoke {
        contract: &lenders.address,
        fn_name: name,
        args,
        sub_invokes: &[],
    };
    let register = call("add_vault", (&vault, terms.clone()).into_val(env));
    let upgrade = call("upgrade", (&wasm, &world.owner).into_val(env));
    let upgradeable = UpgradeableClient::new(env, &lenders.address);
    for (who, allowed) in [(&stranger, false), (&world.owner, true)] {
        let by = |invoke| {
            [MockAuth {
                address: who,
                invoke,
            }]
        };
        let registered = lenders
            .mock_auths(&by(&register))
            .try_add_vault(&vault, &terms);
        assert_eq!(registered.is_ok(), allowed, "register");
        let upgraded = upgradeable
            .mock_auths(&by(&upgrade))
            .try_upgrade(&wasm, &world.owner);
        assert_eq!(upgraded.is_ok(), allowed, "upgrade");
    }
}

#[test]
fn what_it_is_built_on_is_shown() {
    let world = World::new();
    let config = world.lenders.config();
    assert_eq!(config.cover_pool, world.cover_pool.address, "cover pool");
    assert_eq!(config.price_hub, world.hub.address, "price hub");
    assert_eq!(config.backstop, world.blend.backstop, "backstop");
}

#[test]
fn ownership_passes_only_to_who_accepts_it() {
    let world = World::new();
    let (env, heir, stranger) = (
        &world.env,
        Address::generate(&world.env),
        Address::generate(&world.env),
    );
    let lenders = BlendLendersClient::new(env, &world.lenders.address);
    let until = env.ledger().sequence() + 100;
    let call = |name, args: Vec<Val>| MockAuthInvoke {
        contract: &lenders.address,
        fn_name: name,
        args,
        sub_invokes: &[],
    };
    let transfer = call("transfer_ownership", (&heir, until).into_val(env));
    let accept = call("accept_ownership", ().into_val(env));
    let by = |address, invoke| [MockAuth { address, invoke }];
    let offered = lenders
        .mock_auths(&by(&stranger, &transfer))
        .try_transfer_ownership(&heir, &until);
    assert!(offered.is_err(), "a stranger offers");
    lenders
        .mock_auths(&by(&world.owner, &transfer))
        .transfer_ownership(&heir, &until);
    assert!(
        lenders
            .mock_auths(&by(&stranger, &accept))
            .try_accept_ownership()
            .is_err(),
        "a stranger accepts"
    );
    assert_eq!(lenders.get_owner(), Some(world.owner.clone()), "still");
    lenders.mock_auths(&by(&heir, &accept)).accept_ownership();
    assert_eq!(lenders.get_owner(), Some(heir), "then");
}
