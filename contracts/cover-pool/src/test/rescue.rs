//! The route of the adapter.

use interfaces::cover::{Class, Interest, Peril, Route, Settlement};
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal};

use super::world::{World, DAY, UNIT};
use crate::CoverError;

/// A policy by the route of the adapter on an address where nothing is deployed, a day old.
fn insured() -> (World, Interest) {
    let world = World::new();
    let interest = Interest(Address::generate(&world.env), Class::Loan);
    let mut application = world.application(&interest);
    application.route = Route::Adapter;
    world.pool.open(&application);
    world.pass(DAY);
    (world, interest)
}

#[test]
fn rescues_and_draws_by_the_route_of_the_adapter_are_sent_to_it() {
    let (world, interest) = insured();
    let drawn = world.draw(&interest, 100 * UNIT);
    assert_eq!(drawn, Settlement::Paid(100 * UNIT), "draw");
    assert_eq!(world.balance(&world.adapter), 100 * UNIT, "the adapter's");
    let mut loss = world.loss(Peril::Grant, 100 * UNIT);
    loss.rescue = true;
    let paid = world.pool.pay(&interest, &loss, &world.keeper);
    assert_eq!(paid, Settlement::Paid(90 * UNIT), "grant");
    assert_eq!(world.balance(&world.adapter), 190 * UNIT, "to hand on");
    assert_eq!(
        world.balance(&world.pool.address),
        world.books().cash,
        "I01"
    );
    assert_eq!(world.policy(&interest).route, Route::Adapter, "as sold");
    world.issuer.set_authorized(&world.adapter, &false);
    let (pool, keeper) = (&world.pool, &world.keeper);
    let undelivered = pool.try_draw(&interest, &UNIT, &400_000, &3, keeper);
    assert_eq!(undelivered, Err(Ok(CoverError::RescueFailed)), "no debt");
}

#[test]
fn a_claim_by_the_route_of_the_adapter_is_finalised_with_its_signature_alone() {
    let (world, interest) = insured();
    let mut loss = world.loss(Peril::Collateral, 100 * UNIT);
    loss.rescue = true;
    let (pool, keeper) = (&world.pool, &world.keeper);
    pool.pay(&interest, &loss, keeper);
    world.pass(2 * DAY);
    let sign = |address: &Address| {
        let invoke = MockAuthInvoke {
            contract: &pool.address,
            fn_name: "finalize",
            args: (1_u32, keeper).into_val(&world.env),
            sub_invokes: &[],
        };
        let invoke = &invoke;
        world.env.mock_auths(&[MockAuth { address, invoke }]);
        pool.try_finalize(&1, keeper)
    };
    assert!(sign(keeper).is_err(), "a keeper could not hand it on");
    assert_eq!(sign(&world.adapter), Ok(Ok(100 * UNIT)), "the adapter");
    assert_eq!(world.balance(&world.adapter), 100 * UNIT, "gets it");
}

#[test]
fn a_claim_that_cannot_be_sent_to_the_adapter_waits_for_it() {
    let (world, interest) = insured();
    let mut loss = world.loss(Peril::Collateral, 100 * UNIT);
    loss.rescue = true;
    world.pool.pay(&interest, &loss, &world.keeper);
    world.pass(2 * DAY);
    world.issuer.set_authorized(&world.adapter, &false);
    world.pool.finalize(&1, &world.keeper);
    let waits = world.pool.claimable_of(&world.adapter);
    assert_eq!(waits, 100 * UNIT, "claimable by the adapter");
}

#[test]
fn the_route_of_the_adapter_is_for_addresses_where_nothing_is_deployed() {
    let world = World::new();
    let mut application = world.application(&world.position());
    application.route = Route::Adapter;
    let opened = world.pool.try_open(&application).err();
    assert_eq!(opened, Some(Ok(CoverError::ForeignSubject)), "a contract");
}
