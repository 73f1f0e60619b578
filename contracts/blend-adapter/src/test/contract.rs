use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal, Val, Vec};
use stellar_contract_utils::upgradeable::UpgradeableClient;

use super::World;
use crate::contract::BlendAdapterClient;

#[test]
fn only_the_owner_lists_and_upgrades() {
    let world = World::unlisted();
    let (env, adapter, stranger) = (&world.env, &world.adapter, Address::generate(&world.env));
    let (market, wasm) = (world.market(), world.some_wasm());
    let call = |name, args: Vec<Val>| MockAuthInvoke {
        contract: &adapter.address,
        fn_name: name,
        args,
        sub_invokes: &[],
    };
    let list = call("set_market", (market.clone(),).into_val(env));
    let upgrade = call("upgrade", (&wasm, &world.owner).into_val(env));
    let upgradeable = UpgradeableClient::new(env, &adapter.address);
    for (who, allowed) in [(&stranger, false), (&world.owner, true)] {
        let by = |invoke| {
            [MockAuth {
                address: who,
                invoke,
            }]
        };
        let listed = adapter.mock_auths(&by(&list)).try_set_market(&market);
        assert_eq!(listed.is_ok(), allowed, "list");
    }
    for (who, allowed) in [(&stranger, false), (&world.owner, true)] {
        let auths = [MockAuth {
            address: who,
            invoke: &upgrade,
        }];
        let upgraded = upgradeable
            .mock_auths(&auths)
            .try_upgrade(&wasm, &world.owner);
        assert_eq!(upgraded.is_ok(), allowed, "upgrade");
    }
}

#[test]
fn ownership_passes_only_to_who_accepts_it() {
    let world = World::unlisted();
    let (env, heir, stranger) = (
        &world.env,
        Address::generate(&world.env),
        Address::generate(&world.env),
    );
    let adapter = BlendAdapterClient::new(env, &world.adapter.address);
    let until = env.ledger().sequence() + 100;
    let call = |name, args: Vec<Val>| MockAuthInvoke {
        contract: &adapter.address,
        fn_name: name,
        args,
        sub_invokes: &[],
    };
    let transfer = call("transfer_ownership", (&heir, until).into_val(env));
    let accept = call("accept_ownership", ().into_val(env));
    let by = |address, invoke| [MockAuth { address, invoke }];
    let offered = adapter
        .mock_auths(&by(&stranger, &transfer))
        .try_transfer_ownership(&heir, &until);
    assert!(offered.is_err(), "a stranger offers");
    adapter
        .mock_auths(&by(&world.owner, &transfer))
        .transfer_ownership(&heir, &until);
    assert!(
        adapter
            .mock_auths(&by(&stranger, &accept))
            .try_accept_ownership()
            .is_err(),
        "a stranger accepts"
    );
    assert_eq!(adapter.get_owner(), Some(world.owner.clone()), "still");
    adapter.mock_auths(&by(&heir, &accept)).accept_ownership();
    assert_eq!(adapter.get_owner(), Some(heir), "then");
}
