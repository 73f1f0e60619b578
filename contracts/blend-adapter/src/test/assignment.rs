use interfaces::adapter::AdapterError;
use interfaces::assign::AssignableClient;
use interfaces::cover::{Class, Interest};
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{vec, Address, Error, IntoVal, Vec};

use super::World;
use crate::storage;

/// Has everybody sign that a position is assigned with its cover; the error of what refuses.
fn assign(world: &World, position: &Address, to: &Address) -> Result<(), Error> {
    let adapter = AssignableClient::new(&world.env, &world.adapter.address);
    let adapter = adapter.mock_all_auths_allowing_non_root_auth();
    let reply = adapter.try_assign(&Interest(position.clone(), Class::Loan), to);
    world.env.set_auths(&[]);
    reply.map(|_| ()).map_err(|refusal| refusal.unwrap())
}

fn code(error: AdapterError) -> Result<(), Error> {
    Err(Error::from_contract_error(error as u32))
}

#[test]
fn a_position_is_assigned_with_its_cover_and_listed() {
    let world = World::new();
    let (position, heir) = (world.open_insured(), Address::generate(&world.env));
    assert_eq!(assign(&world, &position, &heir), Ok(()), "assigned");
    let owner = world.position(&position).account().owner;
    assert_eq!(owner, heir, "position");
    let interest = Interest(position.clone(), Class::Loan);
    let policy = world.cover_pool.policy(&interest).unwrap();
    assert_eq!(policy.owner, heir, "cover");
    let listed = vec![&world.env, position.clone()];
    assert_eq!(world.adapter.positions_of(&heir), listed, "listed");
    let before = world.adapter.positions_of(&world.borrower);
    assert!(before.is_empty(), "listed no more");
    assert_eq!(assign(&world, &position, &world.borrower), Ok(()), "back");
    let listed_again = world.adapter.positions_of(&world.borrower);
    assert_eq!(listed_again, listed, "listed once");
}

#[test]
fn what_is_not_insured_by_its_owner_is_not_assigned() {
    let world = World::new();
    let (position, heir) = (world.open(), Address::generate(&world.env));
    let uninsured = assign(&world, &position, &heir);
    assert_eq!(uninsured, code(AdapterError::NotInsured), "without cover");
    let position = world.open_insured();
    world.change_policy(&position, |policy| policy.owner = heir.clone());
    let differs = assign(&world, &position, &heir);
    assert_eq!(differs, code(AdapterError::NotInsured), "of somebody else");
    let foreign = assign(&world, &heir, &heir);
    assert_eq!(foreign, code(AdapterError::NotAPosition), "of nobody");
}

#[test]
fn who_has_as_many_as_can_be_listed_is_assigned_no_more() {
    let world = World::new();
    let (env, position) = (&world.env, world.open_insured());
    let heir = Address::generate(env);
    let held = Vec::from_iter(env, (0..32).map(|_| Address::generate(env)));
    env.as_contract(&world.adapter.address, || {
        storage::set_received(env, &heir, &held);
    });
    let full = assign(&world, &position, &heir);
    assert_eq!(full, code(AdapterError::TooManyAssigned), "a full list");
    let owner = world.position(&position).account().owner;
    assert_eq!(owner, world.borrower, "untouched");
}

#[test]
fn the_owner_signs() {
    let world = World::new();
    let (position, heir) = (world.open_insured(), Address::generate(&world.env));
    let (env, interest) = (&world.env, Interest(position.clone(), Class::Loan));
    let adapter = AssignableClient::new(env, &world.adapter.address);
    let at_pool = MockAuthInvoke {
        contract: &world.cover_pool.address,
        fn_name: "assign",
        args: (&interest, &heir).into_val(env),
        sub_invokes: &[],
    };
    let invoke = MockAuthInvoke {
        contract: &world.adapter.address,
        fn_name: "assign",
        args: (&interest, &heir).into_val(env),
        sub_invokes: &[at_pool],
    };
    for (address, allowed) in [
        (&heir, false),
        (&world.owner, false),
        (&world.borrower, true),
    ] {
        let auths = [MockAuth {
            address,
            invoke: &invoke,
        }];
        let assigned = adapter.mock_auths(&auths).try_assign(&interest, &heir);
        assert_eq!(assigned.is_ok(), allowed, "{address:?}");
    }
}
