//! All that an issuer's contract keeps and tells: keys, topics, addresses, times, hashes and counts.

use soroban_sdk::testutils::storage::Persistent as _;
use soroban_sdk::testutils::Events as _;
use soroban_sdk::{map, vec, Event, IntoVal, Map, Val};
use stellar_tokens::rwa::identity_verification::claim_issuer::{
    build_claim_identifier, ClaimIssuerStorageKey as Key, ClaimRevoked, SignaturesInvalidated,
    SigningKey,
};

use super::{World, NOW, TOPIC, YEAR};
use crate::ED25519;

fn entries(world: &World) -> Map<Val, Val> {
    let env = &world.env;
    env.as_contract(&world.issuer.address, || env.storage().persistent().all())
}

#[test]
fn entries_hold_nothing_personal() {
    let world = World::new();
    let (env, issuer) = (&world.env, &world.issuer.mock_all_auths());
    let claim = world.claim_with(world.data(NOW, NOW + YEAR, Some([9; 16])), 0);
    world.check(&claim).unwrap();
    issuer.revoke(&claim.identity, &TOPIC, &claim.data);
    issuer.revoke_all(&claim.identity, &TOPIC);
    let key = SigningKey {
        public_key: world.public(&world.key).into(),
        scheme: ED25519,
    };
    let digest = env.as_contract(&issuer.address, || {
        let identifier = build_claim_identifier(env, &claim.identity, TOPIC, &claim.data);
        env.crypto().keccak256(&identifier).to_bytes()
    });
    let pairs = vec![env, (TOPIC, world.verifier.clone())];
    let expected: Map<Val, Val> = map![
        env,
        (
            Key::Topics(TOPIC).into_val(env),
            vec![env, key.clone()].into_val(env)
        ),
        (Key::Pairs(key).into_val(env), pairs.into_val(env)),
        (Key::RevokedClaim(digest).into_val(env), true.into_val(env)),
        (
            Key::ClaimNonce(claim.identity, TOPIC).into_val(env),
            1_u32.into_val(env)
        ),
    ];
    assert_eq!(entries(&world), expected, "all entries");
}

#[test]
fn events_hold_nothing_personal() {
    let world = World::new();
    let (env, issuer) = (&world.env, &world.issuer.mock_all_auths());
    let claim = world.claim();
    let told = || {
        let told = env.events().all().filter_by_contract(&issuer.address);
        told.events().to_vec()
    };
    world.check(&claim).unwrap();
    assert_eq!(told(), [], "a check tells nothing");
    issuer.revoke(&claim.identity, &TOPIC, &claim.data);
    let revoked = ClaimRevoked {
        identity: claim.identity.clone(),
        claim_topic: TOPIC,
        revoked: true,
        claim_data: claim.data.clone(),
    };
    assert_eq!(told(), [revoked.to_xdr(env, &issuer.address)], "revoke");
    issuer.revoke_all(&claim.identity, &TOPIC);
    let invalidated = SignaturesInvalidated {
        identity: claim.identity,
        claim_topic: TOPIC,
        nonce: 0,
    };
    let invalidated = invalidated.to_xdr(env, &issuer.address);
    assert_eq!(told(), [invalidated], "revoke_all");
}
