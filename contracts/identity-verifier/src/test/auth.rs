//! Who may call what, with exact authorisations.

use interfaces::identity::IdentityError as E;
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{vec, Address, IntoVal, String, Val, Vec};

use super::{code, World, TOPIC};

/// Whether a call succeeds with the signature of a stranger, and with that of who may.
fn with_signatures(
    world: &World,
    who: &Address,
    contract: &Address,
    (fn_name, args): (&str, Vec<Val>),
    call: impl Fn() -> bool,
) -> [bool; 2] {
    let invoke = &MockAuthInvoke {
        contract,
        fn_name,
        args,
        sub_invokes: &[],
    };
    let stranger = Address::generate(&world.env);
    [&stranger, who].map(|address| {
        world.env.mock_auths(&[MockAuth { address, invoke }]);
        call()
    })
}

#[test]
fn topics_and_issuers_are_the_owners() {
    let world = World::new();
    let (env, owner, verifier) = (&world.env, &world.owner, &world.verifier);
    let issuer = Address::generate(env);
    let both = vec![env, TOPIC, 2];
    let one = vec![env, TOPIC];
    let check = |name, args: Vec<Val>, call: &dyn Fn() -> bool| {
        let called = (name, args);
        let may = with_signatures(&world, owner, &verifier.address, called, call);
        assert_eq!(may, [false, true], "{name}");
    };
    check("add_claim_topic", (2_u32, owner).into_val(env), &|| {
        verifier.try_add_claim_topic(&2, owner).is_ok()
    });
    let args = (&issuer, &both, owner).into_val(env);
    check("add_trusted_issuer", args, &|| {
        let added = verifier.try_add_trusted_issuer(&issuer, &both, owner);
        added.is_ok()
    });
    let args = (&issuer, &one, owner).into_val(env);
    check("update_issuer_claim_topics", args, &|| {
        let updated = verifier.try_update_issuer_claim_topics(&issuer, &one, owner);
        updated.is_ok()
    });
    let args = (&issuer, owner).into_val(env);
    check("remove_trusted_issuer", args, &|| {
        verifier.try_remove_trusted_issuer(&issuer, owner).is_ok()
    });
    check("remove_claim_topic", (2_u32, owner).into_val(env), &|| {
        verifier.try_remove_claim_topic(&2, owner).is_ok()
    });
}

#[test]
fn topics_are_held_nowhere_else() {
    let world = World::new();
    let verifier = world.verifier.mock_all_auths();
    let elsewhere = Address::generate(&world.env);
    let set = verifier.try_set_claim_topics_and_issuers(&elsewhere, &world.owner);
    assert_eq!(code(set), Err(E::HeldHere as u32), "whoever asks");
}

#[test]
fn claims_are_the_wallets_to_add_and_to_remove() {
    let world = World::new();
    let (wallet, identity) = world.person();
    let (env, claim) = (&world.env, world.claim(&identity.address));
    let uri = String::from_str(env, "");
    let args = (
        claim.topic,
        claim.scheme,
        &claim.issuer,
        &claim.signature,
        &claim.data,
        &uri,
    );
    let add = ("add_claim", args.into_val(env));
    let added = with_signatures(&world, &wallet, &identity.address, add, || {
        let (topic, scheme) = (&claim.topic, &claim.scheme);
        let (signature, data) = (&claim.signature, &claim.data);
        let added = identity.try_add_claim(topic, scheme, &claim.issuer, signature, data, &uri);
        added.is_ok()
    });
    assert_eq!(added, [false, true], "add_claim");
    let id = identity.get_claim_ids_by_topic(&TOPIC).get(0).unwrap();
    let remove = ("remove_claim", (&id,).into_val(env));
    let removed = with_signatures(&world, &wallet, &identity.address, remove, || {
        identity.try_remove_claim(&id).is_ok()
    });
    assert_eq!(removed, [false, true], "remove_claim");
    assert_eq!(world.status(&wallet), E::ClaimMissing as u32, "removed");
}
