//! All that an identity keeps and tells: the claims as they were signed, and whose it is.

use soroban_sdk::testutils::storage::{Instance as _, Persistent as _};
use soroban_sdk::testutils::Events as _;
use soroban_sdk::{contracttype, map, symbol_short, vec, BytesN, Event, IntoVal, Map, String, Val};
use stellar_tokens::rwa::identity_verification::identity_claims::{
    Claim, ClaimAdded, ClaimChanged, ClaimRemoved,
};

use super::{World, NOW, TOPIC, YEAR};

/// The keys of OpenZeppelin's module, which keeps them to itself.
#[contracttype]
enum Key {
    Claim(BytesN<32>),
    ClaimsByTopic(u32),
}

/// The claim as it is kept.
fn kept(world: &World, claim: &super::Claim) -> Claim {
    Claim {
        topic: TOPIC,
        scheme: 101,
        issuer: world.issuer.contract.address.clone(),
        signature: claim.signature.clone(),
        data: claim.data.clone(),
        uri: String::from_str(&world.env, ""),
    }
}

#[test]
fn an_identity_holds_claims_and_its_wallet_and_nothing_else() {
    let world = World::new();
    let env = &world.env;
    let (wallet, identity) = world.person();
    let claim = world.claim(&identity.address);
    let id = world.add(&identity, &claim).unwrap();
    let entries = env.as_contract(&identity.address, || env.storage().persistent().all());
    let expected: Map<Val, Val> = map![
        env,
        (
            Key::Claim(id.clone()).into_val(env),
            kept(&world, &claim).into_val(env)
        ),
        (
            Key::ClaimsByTopic(TOPIC).into_val(env),
            vec![env, id].into_val(env)
        ),
    ];
    assert_eq!(entries, expected, "entries");
    let instance = env.as_contract(&identity.address, || env.storage().instance().all());
    let owner: Map<Val, Val> = map![env, (symbol_short!("owner").to_val(), wallet.to_val())];
    assert_eq!(instance, owner, "instance");
}

#[test]
fn an_identity_tells_its_claims_and_nothing_else() {
    let world = World::new();
    let env = &world.env;
    let (_, identity) = world.person();
    let told = || env.events().all().events().to_vec();
    let first = world.claim(&identity.address);
    world.add(&identity, &first).unwrap();
    let added = ClaimAdded {
        claim: kept(&world, &first),
    };
    assert_eq!(told(), [added.to_xdr(env, &identity.address)], "added");
    let data = world.data(NOW + 1, NOW + YEAR);
    let second = world.claim_of(&world.issuer, &identity.address, TOPIC, data);
    let id = world.add(&identity, &second).unwrap();
    let claim = kept(&world, &second);
    let changed = ClaimChanged {
        claim: claim.clone(),
    };
    assert_eq!(told(), [changed.to_xdr(env, &identity.address)], "changed");
    identity.mock_all_auths().remove_claim(&id);
    let removed = ClaimRemoved { claim };
    assert_eq!(told(), [removed.to_xdr(env, &identity.address)], "removed");
}

#[test]
fn asking_tells_nothing() {
    let world = World::new();
    let (wallet, _) = world.verified();
    world.verifier.verify_identity(&wallet);
    assert!(world.env.events().all().events().is_empty(), "no event");
}
