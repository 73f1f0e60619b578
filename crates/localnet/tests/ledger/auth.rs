use localnet::{Auth, InvokeError, Outcome};

use crate::{World, ONE};

/// Alice's transfer to Bob, sent by Mallory.
fn relayed(world: &World, auth: Auth<'_>) -> Result<Outcome, InvokeError> {
    let args = (&world.alice, &world.bob, 7 * ONE);
    world
        .ledger
        .call(&world.mallory, &world.usd, "transfer", args, auth)
}

fn is_unauthorized(result: &Result<Outcome, InvokeError>) -> bool {
    matches!(result, Err(InvokeError::Unauthorized { .. }))
}

#[test]
fn a_call_signed_by_its_owner_is_accepted_from_anyone() {
    let world = World::new();
    let sent = relayed(&world, Auth::Sign(&[&world.alice, &world.bob])).unwrap();
    assert_eq!(world.balance(&world.bob), 7 * ONE, "bob");
    assert_eq!(
        sent.costs.write_entries, 3,
        "two trustlines and the signature's nonce"
    );
}

#[test]
fn a_wrong_signer_is_refused_in_enforcement() {
    let world = World::new();
    let refused = relayed(&world, Auth::Sign(&[&world.bob, &world.mallory]));
    assert!(is_unauthorized(&refused), "{refused:?}");
    assert_eq!(world.balance(&world.bob), 0, "bob");
}

#[test]
fn no_authorisation_is_refused_even_to_the_source() {
    let world = World::new();
    let args = (&world.alice, &world.bob, ONE);
    let refused = world
        .ledger
        .call(&world.alice, &world.usd, "transfer", args, Auth::None);
    assert!(is_unauthorized(&refused), "{refused:?}");
}

#[test]
fn a_forged_signature_is_refused() {
    let world = World::new();
    let args = (&world.alice, &world.bob, ONE);
    let source = world.mallory.account_id();
    let mut transaction = world
        .ledger
        .simulate(&source, &world.usd, "transfer", args)
        .unwrap()
        .transaction;
    // Mallory signs her own copy of the payload and puts it under Alice's name.
    let mut forged = transaction.auth.clone();
    let localnet::xdr::SorobanCredentials::Address(claimed) = &mut forged[0].credentials else {
        panic!("credentials of an address");
    };
    claimed.address = world.mallory.address();
    world.ledger.sign(&mut forged, &[&world.mallory]).unwrap();
    let localnet::xdr::SorobanCredentials::Address(claimed) = &mut forged[0].credentials else {
        panic!("credentials of an address");
    };
    claimed.address = world.alice.address();
    transaction.auth = forged;
    let refused = world.ledger.submit(&transaction);
    assert!(is_unauthorized(&refused), "{refused:?}");
}

#[test]
fn a_signed_call_works_once() {
    let world = World::new();
    let args = (&world.alice, &world.bob, 7 * ONE);
    let source = world.mallory.account_id();
    let mut transaction = world
        .ledger
        .simulate(&source, &world.usd, "transfer", args)
        .unwrap()
        .transaction;
    world
        .ledger
        .sign(&mut transaction.auth, &[&world.alice])
        .unwrap();
    world.ledger.submit(&transaction).unwrap();
    let replayed = world.ledger.submit(&transaction);
    assert!(is_unauthorized(&replayed), "{replayed:?}");
    assert_eq!(world.balance(&world.bob), 7 * ONE, "bob, paid once");
}

#[test]
fn a_signature_expires() {
    let world = World::new();
    let args = (&world.alice, &world.bob, 7 * ONE);
    let source = world.mallory.account_id();
    let mut transaction = world
        .ledger
        .simulate(&source, &world.usd, "transfer", args)
        .unwrap()
        .transaction;
    world
        .ledger
        .sign(&mut transaction.auth, &[&world.alice])
        .unwrap();
    world
        .ledger
        .advance(5 * u64::from(localnet::SIGNATURE_LIFETIME + 1));
    let late = world.ledger.submit(&transaction);
    assert!(is_unauthorized(&late), "{late:?}");
}

#[test]
fn a_signature_for_one_amount_does_not_cover_another() {
    let world = World::new();
    let source = world.mallory.account_id();
    let simulate = |amount: i128| {
        let args = (&world.alice, &world.bob, amount);
        world
            .ledger
            .simulate(&source, &world.usd, "transfer", args)
            .unwrap()
            .transaction
    };
    let (mut small, mut large) = (simulate(ONE), simulate(400 * ONE));
    world.ledger.sign(&mut small.auth, &[&world.alice]).unwrap();
    large.auth = small.auth;
    large.footprint = small.footprint;
    let refused = world.ledger.submit(&large);
    assert!(is_unauthorized(&refused), "{refused:?}");
}
