use ed25519_dalek::SigningKey;
use interfaces::identity::IdentityError as E;
use soroban_sdk::testutils::{Address as _, Ledger as _};
use soroban_sdk::{Address, Bytes};

use super::{Claim, World, NOW, TOPIC, YEAR};
use crate::{ClaimIssuer, ClaimIssuerClient};

#[track_caller]
fn refused(world: &World, claim: &Claim, error: E, label: &str) {
    assert_eq!(world.check(claim), Err(Some(error as u32)), "{label}");
}

#[track_caller]
fn badly_signed(world: &World, claim: &Claim, label: &str) {
    assert_eq!(world.check(claim), Err(None), "{label}");
}

#[test]
fn what_its_key_signed_is_valid() {
    let world = World::new();
    assert_eq!(world.check(&world.claim()), Ok(()), "times alone");
    let numbered = world.data(NOW, NOW + YEAR, Some([9; 16]));
    let numbered = world.claim_with(numbered, 0);
    assert_eq!(world.check(&numbered), Ok(()), "with a credential's number");
}

#[test]
fn a_claim_is_over_at_its_end() {
    let world = World::new();
    let claim = world.claim();
    world.pass(YEAR - 1);
    assert_eq!(world.check(&claim), Ok(()), "its last second");
    world.pass(1);
    refused(&world, &claim, E::Expired, "its end");
}

#[test]
fn a_claim_renewed_before_its_end_is_valid_throughout() {
    let world = World::new();
    let first = world.claim();
    world.pass(YEAR - 10);
    let now = NOW + YEAR - 10;
    let second = world.claim_with(world.data(now, now + YEAR, None), 0);
    assert_eq!(world.check(&first), Ok(()), "the first still");
    assert_eq!(world.check(&second), Ok(()), "the second already");
    world.pass(10);
    refused(&world, &first, E::Expired, "the first, over");
    assert_eq!(world.check(&second), Ok(()), "the second still");
}

#[test]
fn a_revoked_claim_is_refused_and_no_other() {
    let world = World::new();
    let (claim, later) = (
        world.claim(),
        world.claim_with(world.data(NOW + 1, NOW + YEAR, None), 0),
    );
    let issuer = world.issuer.mock_all_auths();
    issuer.revoke(&claim.identity, &TOPIC, &claim.data);
    refused(&world, &claim, E::Revoked, "revoked");
    assert_eq!(world.check(&later), Ok(()), "another of the same topic");
}

#[test]
fn all_claims_of_a_topic_are_revoked_by_the_nonce() {
    let world = World::new();
    world.allow(&world.key, TOPIC + 1);
    let claim = world.claim();
    let mut other_topic = claim.clone();
    other_topic.topic = TOPIC + 1;
    other_topic.signature = world.sign(&other_topic, &world.key, 0);
    let issuer = world.issuer.mock_all_auths();
    issuer.revoke_all(&claim.identity, &TOPIC);
    badly_signed(&world, &claim, "signed with the nonce before");
    assert_eq!(world.issuer.nonce(&claim.identity, &TOPIC), 1, "nonce");
    let next = world.claim_with(claim.data, 1);
    assert_eq!(world.check(&next), Ok(()), "signed with the next");
    assert_eq!(world.check(&other_topic), Ok(()), "another topic");
}

#[test]
fn a_key_signs_its_topics_and_no_others() {
    let world = World::new();
    let mut claim = world.claim();
    claim.topic = TOPIC + 1;
    claim.signature = world.sign(&claim, &world.key, 0);
    refused(&world, &claim, E::KeyNotAllowed, "another topic");
    let stranger = SigningKey::from_bytes(&[8; 32]);
    let mut claim = world.claim();
    claim.signature = world.sign(&claim, &stranger, 0);
    refused(&world, &claim, E::KeyNotAllowed, "a stranger's key");
    let claim = world.claim();
    let issuer = world.issuer.mock_all_auths();
    issuer.remove_key(&world.public(&world.key), &world.verifier, &TOPIC);
    refused(&world, &claim, E::KeyNotAllowed, "a key that was removed");
}

#[test]
fn what_is_malformed_is_named() {
    let world = World::new();
    let mut claim = world.claim();
    claim.scheme = 102;
    refused(&world, &claim, E::UnsupportedScheme, "scheme");
    let claim = world.claim();
    for length in [0, 32, 64, 95] {
        let mut short = claim.clone();
        short.signature = claim.signature.slice(0..length);
        refused(&world, &short, E::SignatureMalformed, "too short");
    }
    let mut long = claim.clone();
    long.signature.push_back(0);
    refused(&world, &long, E::SignatureMalformed, "too long");
    let whole = world.data(NOW, NOW + YEAR, Some([9; 16]));
    for length in [0, 8, 15, 17, 31] {
        let claim = world.claim_with(whole.slice(0..length), 0);
        refused(&world, &claim, E::DataMalformed, "data");
    }
    let mut named = whole;
    named.extend_from_array(b"Jane");
    let named = world.claim_with(named, 0);
    refused(&world, &named, E::DataMalformed, "room for a name");
}

#[test]
fn a_wrong_signature_is_refused() {
    let world = World::new();
    let claim = world.claim();
    let mut garbage = claim.clone();
    garbage.signature = Bytes::from(world.public(&world.key));
    garbage.signature.extend_from_array(&[0xab; 64]);
    badly_signed(&world, &garbage, "garbage");
    let mut longer = claim.clone();
    longer.data = world.data(NOW, NOW + 2 * YEAR, None);
    badly_signed(&world, &longer, "data altered");
    let mut elsewhere = claim;
    elsewhere.identity = Address::generate(&world.env);
    badly_signed(&world, &elsewhere, "another's identity");
}

#[test]
fn a_signature_is_good_for_one_issuer_and_one_network() {
    let mut world = World::new();
    let claim = world.claim();
    let network = world.env.ledger().network_id();
    world
        .env
        .ledger()
        .with_mut(|info| info.network_id = [3; 32]);
    badly_signed(&world, &claim, "another network");
    let network = network.to_array();
    world
        .env
        .ledger()
        .with_mut(|info| info.network_id = network);
    assert_eq!(world.check(&claim), Ok(()), "its own");
    let other = world.env.register(ClaimIssuer, (&world.owner,));
    world.issuer = ClaimIssuerClient::new(&world.env, &other);
    world.allow(&world.key, TOPIC);
    badly_signed(&world, &claim, "another issuer with the same key");
}
