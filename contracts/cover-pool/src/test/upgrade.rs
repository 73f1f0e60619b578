use super::world::{World, UNIT};
use crate::admin::SCHEMA;
use crate::CoverError;
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, Bytes, IntoVal};
use stellar_contract_utils::upgradeable::set_schema_version;

/// The smallest contract there is: no function, protocol 28.
fn empty_contract() -> super::std::vec::Vec<u8> {
    let name = b"contractenvmetav0";
    let meta = [0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 0];
    let section = [&[17][..], name, &meta].concat();
    [b"\0asm\x01\0\0\0", &[0, section.len() as u8][..], &section].concat()
}

#[test]
fn the_owner_alone_upgrades() {
    let world = World::new();
    let (env, pool) = (&world.env, &world.pool);
    let hash = env
        .deployer()
        .upload_contract_wasm(Bytes::from_slice(env, &empty_contract()));
    let try_as = |signer: &Address| {
        let args = (&hash, signer).into_val(env);
        let invoke = MockAuthInvoke {
            contract: &pool.address,
            fn_name: "upgrade",
            args,
            sub_invokes: &[],
        };
        env.mock_auths(&[MockAuth {
            address: signer,
            invoke: &invoke,
        }]);
        pool.try_upgrade(&hash, signer).is_ok()
    };
    assert!(!try_as(&Address::generate(env)), "stranger");
    assert_eq!(pool.schema(), SCHEMA, "still this code");
    assert!(try_as(&world.owner), "owner");
    assert!(pool.try_schema().is_err(), "another code");
}

#[test]
fn a_migration_runs_once_after_an_upgrade_and_keeps_the_books() {
    let world = World::new();
    let interest = world.insured();
    let (env, pool) = (&world.env, &world.pool);
    assert_eq!(
        pool.try_migrate(),
        Err(Ok(CoverError::NothingToMigrate)),
        "nothing to migrate"
    );
    let before = (world.books(), world.policy(&interest));
    env.as_contract(&pool.address, || set_schema_version(env, SCHEMA - 1));
    pool.migrate();
    assert_eq!(pool.schema(), SCHEMA, "migrated");
    assert_eq!((world.books(), world.policy(&interest)), before, "kept");
    pool.stake(&world.lp, &UNIT, &0);
}
