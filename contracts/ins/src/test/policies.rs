use interfaces::adapter::AdapterError;
use interfaces::cover::{Class, Interest};
use soroban_sdk::testutils::{
    Address as _, Events as _, MockAuth, MockAuthInvoke, MuxedAddress as _,
};
use soroban_sdk::{vec, Address, Error, Event as _, IntoVal, MuxedAddress};
use stellar_tokens::fungible::{MuxedTransfer, Transfer};

use super::World;
use crate::InsError;

#[test]
fn a_transfer_assigns_the_policy_with_exactly_this_much_left() {
    let world = World::new();
    world.insured(400, 10);
    let meant = world.insured(500, 10);
    let (ins, holder, other) = (world.ins.mock_all_auths(), &world.holder, &world.other);
    ins.transfer(holder, other, &500);
    let told = Transfer {
        from: holder.clone(),
        to: other.clone(),
        amount: 500,
    };
    let events = world.env.events().all().filter_by_contract(&ins.address);
    assert_eq!(events, [told.to_xdr(&world.env, &ins.address)], "told");
    let assigned = vec![&world.env, (meant, other.clone())];
    assert_eq!(world.adapter.assigned(), assigned, "by its adapter");
}

#[test]
fn a_muxed_assignee_is_told_with_their_number() {
    let world = World::new();
    let meant = world.insured(500, 10);
    let (ins, holder) = (world.ins.mock_all_auths(), &world.holder);
    let to = MuxedAddress::generate(&world.env);
    ins.transfer(holder, &to, &500);
    let told = MuxedTransfer {
        from: holder.clone(),
        to: to.address(),
        to_muxed_id: to.id(),
        amount: 500,
    };
    let events = world.env.events().all().filter_by_contract(&ins.address);
    assert_eq!(events, [told.to_xdr(&world.env, &ins.address)], "told");
    let assigned = vec![&world.env, (meant, to.address())];
    assert_eq!(world.adapter.assigned(), assigned, "the address behind it");
}

#[test]
fn an_amount_that_is_no_policys_is_refused() {
    let world = World::new();
    world.insured(400, 10);
    world.insured(500, 10);
    world.insured(0, 10);
    world.insured(600, 0);
    let (ins, holder) = (world.ins.mock_all_auths(), &world.holder);
    for (amount, label) in [
        (399, "a part"),
        (900, "several"),
        (600, "of a policy that has ended"),
        (0, "nothing"),
        (-400, "less than nothing"),
    ] {
        let sent = ins.try_transfer(holder, &world.other, &amount);
        assert_eq!(sent, Err(Ok(InsError::NoSuchPolicy.into())), "{label}");
    }
    let sent = ins.try_transfer(&world.other, holder, &400);
    let none = Err(Ok(InsError::NoSuchPolicy.into()));
    assert_eq!(sent, none, "somebody else's");
    assert!(world.adapter.assigned().is_empty(), "nothing was assigned");
}

#[test]
fn of_equal_policies_the_sender_says_which() {
    let world = World::new();
    world.insured(400, 10);
    let meant = world.insured(400, 10);
    let (ins, other) = (world.ins.mock_all_auths(), &world.other);
    let sent = ins.try_transfer(&world.holder, other, &400);
    assert_eq!(sent, Err(Ok(InsError::SeveralPolicies.into())), "two");
    ins.assign(&meant, other);
    let assigned = vec![&world.env, (meant, other.clone())];
    assert_eq!(world.adapter.assigned(), assigned, "named");
}

#[test]
fn of_two_only_one_of_which_is_in_force_that_one_is_meant() {
    let world = World::new();
    world.insured(400, 0);
    let meant = world.insured(400, 1);
    let other = &world.other;
    world
        .ins
        .mock_all_auths()
        .transfer(&world.holder, other, &400);
    let assigned = vec![&world.env, (meant, other.clone())];
    assert_eq!(world.adapter.assigned(), assigned, "until its last second");
}

#[test]
fn a_transfer_needs_the_holders_signature() {
    let world = World::new();
    world.insured(400, 10);
    let (holder, other) = (&world.holder, &world.other);
    let invoke = MockAuthInvoke {
        contract: &world.ins.address,
        fn_name: "transfer",
        args: (holder, other, 400_i128).into_val(&world.env),
        sub_invokes: &[],
    };
    let by = |address| {
        [MockAuth {
            address,
            invoke: &invoke,
        }]
    };
    let sent = world
        .ins
        .mock_auths(&by(other))
        .try_transfer(holder, other, &400);
    assert!(sent.is_err(), "the assignee takes it");
    assert!(world.adapter.assigned().is_empty(), "nothing was assigned");
    world
        .ins
        .mock_auths(&by(holder))
        .transfer(holder, other, &400);
    assert_eq!(world.adapter.assigned().len(), 1, "the holder gives it");
}

#[test]
fn what_is_not_in_force_is_not_assigned() {
    let world = World::new();
    let ended = world.insured(400, 0);
    let unknown = Interest(Address::generate(&world.env), Class::Loan);
    for (interest, label) in [(ended, "ended"), (unknown, "unknown")] {
        let assigned = world.ins.try_assign(&interest, &world.other);
        assert_eq!(assigned, Err(Ok(InsError::NotInForce)), "{label}");
    }
    assert!(world.adapter.assigned().is_empty(), "nothing was assigned");
}

#[test]
fn what_the_adapter_refuses_is_refused_under_its_code_and_told_by_nobody() {
    let world = World::new();
    let interest = world.insured(400, 10);
    let code = AdapterError::EventUnderWay as u32;
    world.adapter.refuse(&code);
    let (ins, holder, other) = (world.ins.mock_all_auths(), &world.holder, &world.other);
    let refused = Error::from_contract_error(code);
    let sent = ins.try_transfer(holder, other, &400);
    assert_eq!(sent, Err(Ok(refused)), "transfer");
    let assigned = ins.try_assign(&interest, other);
    assert!(assigned.is_err(), "assign: {assigned:?}");
    let events = world.env.events().all().filter_by_contract(&ins.address);
    assert!(events.events().is_empty(), "no event");
}
