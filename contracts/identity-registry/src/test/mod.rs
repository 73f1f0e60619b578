use std::{format, fs};

use identity::IdentityClient;
use interfaces::identity::IdentityError;
use soroban_sdk::testutils::storage::Persistent as _;
use soroban_sdk::testutils::{Address as _, Events as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{map, Address, Env, Event, IntoVal, Map, Val};
use stellar_tokens::rwa::identity_verification::identity_registry_storage::IdentityStored;

use crate::{DataKey, IdentityRegistry, IdentityRegistryClient};

/// A registry of identities of the compiled code; `cargo xtask wasm` makes it.
fn registry<'a>(env: &Env) -> IdentityRegistryClient<'a> {
    let folder = env!("CARGO_MANIFEST_DIR");
    let wasm = fs::read(format!("{folder}/../../target/contracts/identity.wasm")).unwrap();
    let code = env.deployer().upload_contract_wasm(wasm.as_slice());
    IdentityRegistryClient::new(env, &env.register(IdentityRegistry, (code,)))
}

#[test]
fn a_wallet_makes_one_identity_which_it_owns() {
    let env = Env::default();
    let registry = registry(&env).mock_all_auths();
    let (wallet, other) = (Address::generate(&env), Address::generate(&env));
    let identity = registry.register(&wallet);
    assert_eq!(registry.stored_identity(&wallet), identity, "stored");
    assert_eq!(
        IdentityClient::new(&env, &identity).owner(),
        wallet,
        "owner"
    );
    assert_eq!(
        registry.try_register(&wallet),
        Err(Ok(IdentityError::AlreadyRegistered)),
        "a second"
    );
    assert_ne!(registry.register(&other), identity, "another wallet's");
}

#[test]
fn a_wallet_without_an_identity_is_named() {
    let env = Env::default();
    let registry = registry(&env);
    assert_eq!(
        registry.try_stored_identity(&Address::generate(&env)),
        Err(Ok(IdentityError::NoIdentity)),
        "not registered"
    );
}

#[test]
fn nobody_registers_another_wallet() {
    let env = Env::default();
    let registry = registry(&env);
    let (wallet, stranger) = (Address::generate(&env), Address::generate(&env));
    let invoke = &MockAuthInvoke {
        contract: &registry.address,
        fn_name: "register",
        args: (&wallet,).into_val(&env),
        sub_invokes: &[],
    };
    let registered = [&stranger, &wallet].map(|address| {
        env.mock_auths(&[MockAuth { address, invoke }]);
        registry.try_register(&wallet).is_ok()
    });
    assert_eq!(registered, [false, true], "register");
}

#[test]
fn two_addresses_are_all_that_is_kept_and_told() {
    let env = Env::default();
    let registry = registry(&env).mock_all_auths();
    let wallet = Address::generate(&env);
    let identity = registry.register(&wallet);
    let told = env.events().all();
    let stored = IdentityStored {
        account: wallet.clone(),
        identity: identity.clone(),
    };
    assert_eq!(
        told,
        std::vec![stored.to_xdr(&env, &registry.address)],
        "told"
    );
    let entries = env.as_contract(&registry.address, || env.storage().persistent().all());
    let key = DataKey::Identity(wallet).into_val(&env);
    let kept: Map<Val, Val> = map![&env, (key, identity.to_val())];
    assert_eq!(
        entries, kept,
        "kept, of all contracts: an identity begins empty"
    );
}
