//! Who may call what, with exact authorisations.

use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal, Val, Vec};

use super::{World, TOPIC};

/// Whether a call succeeds with the signature of a stranger, and with the owner's.
fn with_signatures(
    world: &World,
    fn_name: &str,
    args: Vec<Val>,
    call: impl Fn() -> bool,
) -> [bool; 2] {
    let invoke = MockAuthInvoke {
        contract: &world.issuer.address,
        fn_name,
        args,
        sub_invokes: &[],
    };
    let stranger = Address::generate(&world.env);
    [&stranger, &world.owner].map(|address| {
        let invoke = &invoke;
        world.env.mock_auths(&[MockAuth { address, invoke }]);
        call()
    })
}

#[test]
fn keys_are_the_owners() {
    let world = World::new();
    let (issuer, key) = (&world.issuer, world.public(&world.key));
    let (topic, verifier) = (TOPIC + 1, &world.verifier);
    let args = (&key, verifier, topic).into_val(&world.env);
    let allowed = with_signatures(&world, "allow_key", args, || {
        issuer.try_allow_key(&key, verifier, &topic).is_ok()
    });
    assert_eq!(allowed, [false, true], "allow_key");
    let args = (&key, verifier, topic).into_val(&world.env);
    let removed = with_signatures(&world, "remove_key", args, || {
        issuer.try_remove_key(&key, verifier, &topic).is_ok()
    });
    assert_eq!(removed, [false, true], "remove_key");
}

#[test]
fn revoking_is_the_owners() {
    let world = World::new();
    let (issuer, claim) = (&world.issuer, world.claim());
    let args = (&claim.identity, TOPIC, &claim.data).into_val(&world.env);
    let revoked = with_signatures(&world, "revoke", args, || {
        let revoked = issuer.try_revoke(&claim.identity, &TOPIC, &claim.data);
        revoked.is_ok()
    });
    assert_eq!(revoked, [false, true], "revoke");
    let args = (&claim.identity, TOPIC).into_val(&world.env);
    let revoked = with_signatures(&world, "revoke_all", args, || {
        issuer.try_revoke_all(&claim.identity, &TOPIC).is_ok()
    });
    assert_eq!(revoked, [false, true], "revoke_all");
}
