//! What a tier requires, and that it is never open by want of it.

use interfaces::identity::IdentityError as E;
use soroban_sdk::{vec, Address, Map, Vec};

use super::{World, NOW, TOPIC, YEAR};
use crate::status::VERIFIED;
use crate::{TierVerifier, TierVerifierClient};

/// Adds a year's claim of a topic by an issuer.
fn add(world: &World, issuer: &super::Issuer, identity: &identity::IdentityClient<'_>, topic: u32) {
    let data = world.data(NOW, NOW + YEAR);
    let claim = world.claim_of(issuer, &identity.address, topic, data);
    world.add(identity, &claim).unwrap();
}

#[test]
fn every_topic_is_required() {
    let world = World::new();
    let (wallet, identity) = world.verified();
    let verifier = world.verifier.mock_all_auths();
    verifier.add_claim_topic(&2, &world.owner);
    let second = world.trust(8, &[2]);
    assert_eq!(world.status(&wallet), E::ClaimMissing as u32, "one of two");
    add(&world, &second, &identity, 2);
    assert_eq!(world.status(&wallet), VERIFIED, "both");
    verifier.remove_claim_topic(&TOPIC, &world.owner);
    assert_eq!(world.status(&wallet), VERIFIED, "the second alone");
}

#[test]
fn any_trusted_issuer_of_a_topic_is_enough() {
    let world = World::new();
    let second = world.trust(8, &[TOPIC]);
    let (wallet, identity) = world.person();
    add(&world, &second, &identity, TOPIC);
    assert_eq!(world.status(&wallet), VERIFIED, "the second's");
    let claim = world.claim(&identity.address);
    world.add(&identity, &claim).unwrap();
    let issuer = world.issuer.contract.mock_all_auths();
    issuer.revoke(&identity.address, &TOPIC, &claim.data);
    assert_eq!(world.status(&wallet), VERIFIED, "the first's is revoked");
    let data = world.data(NOW, NOW + YEAR);
    let issuer = second.contract.mock_all_auths();
    issuer.revoke(&identity.address, &TOPIC, &data);
    assert_eq!(world.status(&wallet), E::Revoked as u32, "both are");
}

#[test]
fn a_topic_that_nobody_is_trusted_for_verifies_nobody() {
    let world = World::new();
    let (wallet, _) = world.verified();
    let verifier = world.verifier.mock_all_auths();
    verifier.add_claim_topic(&2, &world.owner);
    assert_eq!(world.status(&wallet), E::NotSetUp as u32, "a new topic");
    verifier.remove_claim_topic(&2, &world.owner);
    assert_eq!(world.status(&wallet), VERIFIED, "without it");
    let issuer = &world.issuer.contract.address;
    verifier.remove_trusted_issuer(issuer, &world.owner);
    assert_eq!(world.status(&wallet), E::NotSetUp as u32, "its last issuer");
    verifier.remove_claim_topic(&TOPIC, &world.owner);
    assert_eq!(world.status(&wallet), E::NotSetUp as u32, "no topic");
}

#[test]
fn a_tier_founded_without_issuers_verifies_nobody() {
    let world = World::new();
    let (wallet, _) = world.verified();
    let (env, registry) = (&world.env, &world.registry.address);
    let nobody: Vec<Address> = vec![env];
    let args = (&world.owner, registry, TOPIC, nobody);
    let verifier = TierVerifierClient::new(env, &env.register(TierVerifier, args));
    assert_eq!(verifier.status(&wallet), E::NotSetUp as u32, "nobody");
}

#[test]
fn it_says_what_it_requires_and_of_whom() {
    let world = World::new();
    let (env, verifier) = (&world.env, &world.verifier);
    let issuer = world.issuer.contract.address.clone();
    let required = Map::from_array(env, [(TOPIC, vec![env, issuer.clone()])]);
    assert_eq!(verifier.get_claim_topics_and_issuers(), required);
    assert!(verifier.is_trusted_issuer(&issuer), "issuer");
    assert!(verifier.has_claim_topic(&issuer, &TOPIC), "topic");
    assert_eq!(verifier.registry(), world.registry.address, "registry");
    let held_at = verifier.claim_topics_and_issuers();
    assert_eq!(held_at, verifier.address, "topics are here");
    let recovered: Option<Address> = verifier.recovery_target(&issuer);
    assert_eq!(recovered, None, "nobody is moved");
}
