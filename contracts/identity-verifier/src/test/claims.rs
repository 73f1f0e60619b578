//! What becomes of an account's status by what its claims are.

use interfaces::identity::IdentityError as E;
use soroban_sdk::testutils::Ledger as _;
use soroban_sdk::{vec, Bytes};

use super::{World, NOW, TOPIC, YEAR};
use crate::status::VERIFIED;

#[test]
fn a_wallet_is_verified_by_a_valid_claim_in_its_identity() {
    let world = World::new();
    let (wallet, identity) = world.person();
    assert_eq!(world.status(&wallet), E::ClaimMissing as u32, "no claim");
    let claim = world.claim(&identity.address);
    world.add(&identity, &claim).unwrap();
    assert_eq!(world.status(&wallet), VERIFIED, "with it");
    let stranger = world.owner.clone();
    assert_eq!(world.status(&stranger), E::NoIdentity as u32, "a stranger");
}

#[test]
fn an_expired_claim_verifies_nobody() {
    let world = World::new();
    let (wallet, identity) = world.verified();
    world.pass(YEAR - 1);
    assert_eq!(world.status(&wallet), VERIFIED, "its last second");
    let late = world.claim(&identity.address);
    world.pass(1);
    assert_eq!(world.status(&wallet), E::Expired as u32, "its end");
    let added = world.add(&identity, &late);
    assert_eq!(added, Err(E::Expired as u32), "nor is it added");
}

#[test]
fn a_claim_renewed_in_time_verifies_throughout() {
    let world = World::new();
    let (wallet, identity) = world.verified();
    let renewed = world.data(NOW + YEAR - 10, NOW + 2 * YEAR);
    let renewed = world.claim_of(&world.issuer, &identity.address, TOPIC, renewed);
    for second in 1..=30 {
        world.pass(if second == 1 { YEAR - 15 } else { 1 });
        if second == 7 {
            world.add(&identity, &renewed).unwrap();
        }
        assert_eq!(world.status(&wallet), VERIFIED, "second {second}");
    }
    let held = identity.get_claim_ids_by_topic(&TOPIC);
    assert_eq!(held.len(), 1, "one claim in place of the other");
}

#[test]
fn a_revoked_claim_verifies_nobody() {
    let world = World::new();
    let (wallet, identity) = world.verified();
    let claim = world.claim(&identity.address);
    let issuer = world.issuer.contract.mock_all_auths();
    issuer.revoke(&identity.address, &TOPIC, &claim.data);
    assert_eq!(world.status(&wallet), E::Revoked as u32, "where it is");
    let added = world.add(&identity, &claim);
    assert_eq!(added, Err(E::Revoked as u32), "nor is it added again");
    let next = world.data(NOW + 1, NOW + YEAR);
    let next = world.claim_of(&world.issuer, &identity.address, TOPIC, next);
    world.add(&identity, &next).unwrap();
    assert_eq!(world.status(&wallet), VERIFIED, "by a new one");
}

#[test]
fn claims_that_were_all_revoked_verify_nobody() {
    let world = World::new();
    let (wallet, identity) = world.verified();
    let claim = world.claim(&identity.address);
    let issuer = world.issuer.contract.mock_all_auths();
    issuer.revoke_all(&identity.address, &TOPIC);
    assert_eq!(world.status(&wallet), E::SignatureRefused as u32, "held");
    let added = world.add(&identity, &claim);
    assert_eq!(added, Err(E::SignatureRefused as u32), "added again");
    let next = world.claim(&identity.address);
    world.add(&identity, &next).unwrap();
    assert_eq!(
        world.status(&wallet),
        VERIFIED,
        "signed with the next nonce"
    );
}

#[test]
fn a_claim_of_another_topic_or_issuer_verifies_nobody() {
    let world = World::new();
    let (wallet, identity) = world.person();
    let verifier = world.verifier.mock_all_auths();
    verifier.add_claim_topic(&2, &world.owner);
    let issuer = &world.issuer.contract.address;
    let both = vec![&world.env, TOPIC, 2];
    verifier.update_issuer_claim_topics(issuer, &both, &world.owner);
    world.allow(&world.issuer, 2);
    let other = world.data(NOW, NOW + YEAR);
    let other = world.claim_of(&world.issuer, &identity.address, 2, other);
    world.add(&identity, &other).unwrap();
    let verifier = world.verifier.mock_all_auths();
    verifier.remove_claim_topic(&2, &world.owner);
    assert_eq!(world.status(&wallet), E::ClaimMissing as u32, "wrong topic");
    let stranger = world.trust(8, &[TOPIC]);
    let strangers = world.data(NOW, NOW + YEAR);
    let strangers = world.claim_of(&stranger, &identity.address, TOPIC, strangers);
    world.add(&identity, &strangers).unwrap();
    assert_eq!(world.status(&wallet), VERIFIED, "while it is trusted");
    let verifier = world.verifier.mock_all_auths();
    verifier.remove_trusted_issuer(&stranger.contract.address, &world.owner);
    let status = world.status(&wallet);
    assert_eq!(status, E::UntrustedIssuer as u32, "wrong issuer");
}

#[test]
fn a_claim_is_good_for_one_identity() {
    let world = World::new();
    let (_, identity) = world.verified();
    let (thief, theirs) = world.person();
    let claim = world.claim(&identity.address);
    let added = world.add(&theirs, &claim);
    assert_eq!(added, Err(E::SignatureRefused as u32), "replayed");
    assert_eq!(world.status(&thief), E::ClaimMissing as u32, "the thief");
}

#[test]
fn another_wallet_is_not_verified_by_it() {
    let world = World::new();
    let (wallet, identity) = world.verified();
    let (second, own) = world.person();
    assert_ne!(own.address, identity.address, "an identity of its own");
    let added = world.add(&own, &world.claim(&identity.address));
    assert_eq!(added, Err(E::SignatureRefused as u32), "the claim");
    assert_eq!(world.status(&second), E::ClaimMissing as u32, "the second");
    assert_eq!(world.status(&wallet), VERIFIED, "the first");
}

#[test]
fn what_is_malformed_or_altered_is_not_added() {
    let world = World::new();
    let (_, identity) = world.person();
    let claim = world.claim(&identity.address);
    let add = |claim| world.add(&identity, &claim).err();
    let mut short = claim.clone();
    short.signature = claim.signature.slice(0..95);
    assert_eq!(add(short), Some(E::SignatureMalformed as u32), "length");
    let mut garbage = claim.clone();
    garbage.signature = claim.signature.slice(0..32);
    garbage.signature.extend_from_array(&[0xab; 64]);
    assert_eq!(add(garbage), Some(E::SignatureRefused as u32), "garbage");
    let mut altered = claim.clone();
    altered.data = world.data(NOW, NOW + 2 * YEAR);
    assert_eq!(add(altered), Some(E::SignatureRefused as u32), "altered");
    let mut scheme = claim.clone();
    scheme.scheme = 102;
    assert_eq!(add(scheme), Some(E::UnsupportedScheme as u32), "scheme");
    let mut personal = claim.clone();
    personal
        .data
        .append(&Bytes::from_slice(&world.env, b"Jane"));
    assert_eq!(add(personal), Some(E::DataMalformed as u32), "a name");
    let linked = world.add_with(&identity, &claim, "https://jane.example");
    assert_eq!(linked, Err(E::UriNotEmpty as u32), "a link");
    let mut nowhere = claim.clone();
    nowhere.issuer = world.owner.clone();
    assert_eq!(add(nowhere), Some(E::SignatureRefused as u32), "no issuer");
    world
        .env
        .ledger()
        .with_mut(|info| info.network_id = [3; 32]);
    assert_eq!(add(claim), Some(E::SignatureRefused as u32), "network");
}

#[test]
fn a_claim_of_another_network_verifies_nobody() {
    let world = World::new();
    let (wallet, _) = world.verified();
    world
        .env
        .ledger()
        .with_mut(|info| info.network_id = [3; 32]);
    let status = world.status(&wallet);
    assert_eq!(status, E::SignatureRefused as u32, "on another network");
}

#[test]
fn a_key_that_signs_no_more_verifies_nobody() {
    let world = World::new();
    let (wallet, identity) = world.verified();
    let key = world.issuer.key.verifying_key().to_bytes();
    let key = soroban_sdk::BytesN::from_array(&world.env, &key);
    let issuer = world.issuer.contract.mock_all_auths();
    issuer.remove_key(&key, &world.verifier.address, &TOPIC);
    assert_eq!(world.status(&wallet), E::KeyNotAllowed as u32, "held");
    let added = world.add(&identity, &world.claim(&identity.address));
    assert_eq!(added, Err(E::KeyNotAllowed as u32), "nor added");
}
