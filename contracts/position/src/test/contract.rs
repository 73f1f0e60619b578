use interfaces::position::PlatformCall;
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{vec, Address, Error, IntoVal, Val, Vec};

use super::blend::{mint, UNIT};
use super::World;

/// Authorises exactly one call of the position, without anything below it, as `who`.
fn signed<'a>(who: &'a Address, invoke: &'a MockAuthInvoke<'a>) -> [MockAuth<'a>; 1] {
    [MockAuth {
        address: who,
        invoke,
    }]
}

fn call<'a>(world: &'a World, name: &'a str, args: Vec<Val>) -> MockAuthInvoke<'a> {
    MockAuthInvoke {
        contract: &world.position.address,
        fn_name: name,
        args,
        sub_invokes: &[],
    }
}

#[test]
fn a_loan_is_opened_with_the_owners_collateral_and_paid_out_to_them() {
    let world = World::new();
    assert_eq!(world.held(), (1_000 * UNIT, 500 * UNIT), "on Blend");
    assert_eq!(
        world.balance(&world.collateral, &world.owner),
        0,
        "collateral left"
    );
    assert_eq!(
        world.balance(&world.debt, &world.owner),
        500 * UNIT,
        "borrowed"
    );
}

#[test]
fn the_owner_withdraws_and_a_stranger_does_not() {
    let world = World::new();
    let to = Address::generate(&world.env);
    let invoke = call(&world, "withdraw", (100 * UNIT, &to).into_val(&world.env));
    let refused = world
        .position
        .mock_auths(&signed(&to, &invoke))
        .try_withdraw(&(100 * UNIT), &to);
    assert!(refused.is_err(), "a stranger");
    world
        .position
        .mock_auths(&signed(&world.owner, &invoke))
        .withdraw(&(100 * UNIT), &to);
    assert_eq!(world.held().0, 900 * UNIT, "left on Blend");
    assert_eq!(
        world.balance(&world.collateral, &to),
        100 * UNIT,
        "received"
    );
}

#[test]
fn the_owner_borrows_and_a_stranger_does_not() {
    let world = World::new();
    let to = Address::generate(&world.env);
    let invoke = call(&world, "borrow", (50 * UNIT, &to).into_val(&world.env));
    let refused = world
        .position
        .mock_auths(&signed(&to, &invoke))
        .try_borrow(&(50 * UNIT), &to);
    assert!(refused.is_err(), "a stranger");
    world
        .position
        .mock_auths(&signed(&world.owner, &invoke))
        .borrow(&(50 * UNIT), &to);
    assert_eq!(world.held().1, 550 * UNIT, "debt on Blend");
    assert_eq!(world.balance(&world.debt, &to), 50 * UNIT, "received");
}

#[test]
fn what_the_adapter_refuses_is_undone_with_its_code() {
    let world = World::new();
    world.refuse_exits(7240);
    let to = Address::generate(&world.env);
    let position = world.position.mock_all_auths();
    let refusal = Err(Ok(Error::from_contract_error(7240)));
    assert_eq!(position.try_withdraw(&UNIT, &to), refusal, "withdraw");
    assert_eq!(position.try_borrow(&UNIT, &to), refusal, "borrow");
    mint(&world.env, &world.debt, &world.owner, UNIT);
    assert_eq!(position.try_close(&(501 * UNIT)), refusal, "close");
    let swept = position.try_sweep(&world.debt, &to).map(|_| Ok(()));
    assert_eq!(swept, refusal, "sweep");
    assert_eq!(world.held(), (1_000 * UNIT, 500 * UNIT), "on Blend");
}

#[test]
fn a_refused_owner_still_adds_and_repays() {
    let world = World::new();
    world.refuse_exits(7240);
    mint(&world.env, &world.collateral, &world.owner, 10 * UNIT);
    let position = world.position.mock_all_auths();
    position.supply(&(10 * UNIT));
    position.repay(&world.owner, &(20 * UNIT));
    assert_eq!(world.held(), (1_010 * UNIT, 480 * UNIT), "on Blend");
}

#[test]
fn closing_repays_all_and_returns_all() {
    let world = World::new();
    mint(&world.env, &world.debt, &world.owner, UNIT);
    world.position.mock_all_auths().close(&(501 * UNIT));
    assert_eq!(world.held(), (0, 0), "on Blend");
    assert_eq!(
        world.balance(&world.collateral, &world.owner),
        1_000 * UNIT,
        "collateral"
    );
    assert_eq!(
        world.balance(&world.debt, &world.owner),
        UNIT,
        "what was not needed"
    );
}

#[test]
fn sweeping_hands_out_what_was_sent_by_mistake() {
    let world = World::new();
    mint(&world.env, &world.debt, &world.position.address, 7);
    let to = Address::generate(&world.env);
    assert_eq!(
        world.position.mock_all_auths().sweep(&world.debt, &to),
        7,
        "amount"
    );
    assert_eq!(world.balance(&world.debt, &to), 7, "received");
}

#[test]
fn the_payers_signature_on_exactly_the_announced_call_repays() {
    let world = World::new();
    let payer = Address::generate(&world.env);
    mint(&world.env, &world.debt, &payer, 100 * UNIT);
    let amount = 100 * UNIT;
    let announced = world.position.repay_call(&payer, &amount);
    repay_signed(&world, &payer, amount, announced, amount);
    assert_eq!(world.held().1, 400 * UNIT, "debt on Blend");
    assert_eq!(world.balance(&world.debt, &payer), 0, "payer");
}

#[test]
#[should_panic(expected = "Error(Auth, InvalidAction)")]
fn a_signature_for_another_amount_repays_nothing() {
    let world = World::new();
    let payer = Address::generate(&world.env);
    mint(&world.env, &world.debt, &payer, 100 * UNIT);
    let announced = world.position.repay_call(&payer, &(99 * UNIT));
    repay_signed(&world, &payer, 99 * UNIT, announced, 100 * UNIT);
}

/// Repays `amount` with a signature that covers the announced call and a transfer of `signed_amount`.
fn repay_signed(
    world: &World,
    payer: &Address,
    signed_amount: i128,
    announced: PlatformCall,
    amount: i128,
) {
    let transfer = MockAuthInvoke {
        contract: &world.debt,
        fn_name: "transfer",
        args: (payer, &announced.contract, signed_amount).into_val(&world.env),
        sub_invokes: &[],
    };
    let submit = MockAuthInvoke {
        contract: &announced.contract,
        fn_name: "submit",
        args: announced.args,
        sub_invokes: &[transfer],
    };
    let invoke = MockAuthInvoke {
        contract: &world.position.address,
        fn_name: "repay",
        args: (payer, amount).into_val(&world.env),
        sub_invokes: &[submit],
    };
    world
        .position
        .mock_auths(&[MockAuth {
            address: payer,
            invoke: &invoke,
        }])
        .repay(payer, &amount);
}

#[test]
fn repaying_more_than_the_debt_sends_the_rest_back() {
    let world = World::new();
    let payer = Address::generate(&world.env);
    mint(&world.env, &world.debt, &payer, 600 * UNIT);
    world.position.mock_all_auths().repay(&payer, &(600 * UNIT));
    assert_eq!(world.held().1, 0, "debt on Blend");
    assert_eq!(world.balance(&world.debt, &payer), 100 * UNIT, "sent back");
}

#[test]
fn repaying_deletes_an_open_auction() {
    let world = World::new();
    world.open_auction();
    let payer = Address::generate(&world.env);
    mint(&world.env, &world.debt, &payer, 100 * UNIT);
    let announced = world.position.repay_call(&payer, &(100 * UNIT));
    assert_eq!(requests_in(&world, &announced), 2, "repay and delete");
    world.position.mock_all_auths().repay(&payer, &(100 * UNIT));
    assert!(
        world
            .pool()
            .try_get_auction(&0, &world.position.address)
            .is_err(),
        "deleted"
    );
    assert_eq!(world.held().1, 400 * UNIT, "debt on Blend");
    let announced = world.position.repay_call(&payer, &(100 * UNIT));
    assert_eq!(requests_in(&world, &announced), 1, "repay alone");
}

fn requests_in(world: &World, call: &PlatformCall) -> u32 {
    let requests: Vec<Val> = call.args.get(3).unwrap().into_val(&world.env);
    requests.len()
}

#[test]
fn adding_collateral_deletes_an_open_auction() {
    let world = World::new();
    world.open_auction();
    mint(&world.env, &world.collateral, &world.owner, 10 * UNIT);
    world.position.mock_all_auths().supply(&(10 * UNIT));
    assert!(
        world
            .pool()
            .try_get_auction(&0, &world.position.address)
            .is_err(),
        "deleted"
    );
    assert_eq!(world.held().0, 1_010 * UNIT, "collateral on Blend");
}

#[test]
fn only_the_adapter_opens_refinances_forecloses_and_assigns() {
    let world = World::new();
    for stranger in [&world.owner, &world.cover_pool] {
        let env = &world.env;
        let invokes = [
            call(&world, "open", (UNIT, UNIT).into_val(env)),
            call(&world, "refinance", (UNIT,).into_val(env)),
            call(&world, "foreclose", (stranger, UNIT, UNIT).into_val(env)),
            call(&world, "assign", (stranger,).into_val(env)),
            call(&world, "hand_back", ().into_val(env)),
        ];
        let [open, refinance, foreclose, assign, hand_back] =
            invokes.each_ref().map(|invoke| signed(stranger, invoke));
        let position = &world.position;
        assert!(
            position.mock_auths(&open).try_open(&UNIT, &UNIT).is_err(),
            "open"
        );
        assert!(
            position
                .mock_auths(&refinance)
                .try_refinance(&UNIT)
                .is_err(),
            "refinance"
        );
        let foreclosed = position
            .mock_auths(&foreclose)
            .try_foreclose(stranger, &UNIT, &UNIT);
        assert!(foreclosed.is_err(), "foreclose");
        assert!(
            position.mock_auths(&assign).try_assign(stranger).is_err(),
            "assign"
        );
        assert!(
            position.mock_auths(&hand_back).try_hand_back().is_err(),
            "hand back"
        );
    }
    let new_owner = Address::generate(&world.env);
    let invoke = call(
        &world,
        "assign",
        vec![&world.env, new_owner.into_val(&world.env)],
    );
    world
        .position
        .mock_auths(&signed(&world.adapter, &invoke))
        .assign(&new_owner);
    assert_eq!(world.position.account().owner, new_owner, "owner");
}

#[test]
fn what_a_position_holds_is_handed_back_when_told_and_else_stays() {
    let world = World::new();
    let before = world.position.account().owner;
    mint(&world.env, &world.debt, &world.position.address, 7 * UNIT);
    mint(&world.env, &world.collateral, &world.position.address, 3);
    let (debt, collateral) = (
        world.balance(&world.debt, &before),
        world.balance(&world.collateral, &before),
    );
    let position = world.position.mock_all_auths_allowing_non_root_auth();
    position.assign(&Address::generate(&world.env));
    let held = world.balance(&world.debt, &world.position.address);
    assert_eq!(held, 7 * UNIT, "an assignment moves it with the position");
    position.assign(&before);
    position.hand_back();
    let received = |token, before_it| world.balance(token, &before) - before_it;
    assert_eq!(received(&world.debt, debt), 7 * UNIT, "of the debt asset");
    assert_eq!(received(&world.collateral, collateral), 3, "of collateral");
}

#[test]
fn refinancing_borrows_to_the_adapter() {
    let world = World::new();
    let invoke = call(&world, "refinance", (30 * UNIT,).into_val(&world.env));
    world
        .position
        .mock_auths(&signed(&world.adapter, &invoke))
        .refinance(&(30 * UNIT));
    assert_eq!(world.held().1, 530 * UNIT, "debt on Blend");
    assert_eq!(
        world.balance(&world.debt, &world.adapter),
        30 * UNIT,
        "adapter"
    );
}

#[test]
fn a_foreclosure_repays_deletes_the_auction_and_hands_over_in_one_submit() {
    let world = World::new();
    world.open_auction();
    let payer = Address::generate(&world.env);
    mint(&world.env, &world.debt, &payer, 510 * UNIT);
    world
        .position
        .mock_all_auths_allowing_non_root_auth()
        .foreclose(&payer, &(510 * UNIT), &(2_000 * UNIT));
    assert_eq!(world.held(), (0, 0), "on Blend");
    assert_eq!(
        world.balance(&world.collateral, &payer),
        1_000 * UNIT,
        "collateral"
    );
    assert_eq!(world.balance(&world.debt, &payer), 10 * UNIT, "sent back");
}

#[test]
fn emissions_of_both_reserves_are_claimed_by_the_owner_alone() {
    let world = World::new();
    let to = Address::generate(&world.env);
    let invoke = call(&world, "claim_emissions", (&to,).into_val(&world.env));
    let refused = world
        .position
        .mock_auths(&signed(&to, &invoke))
        .try_claim_emissions(&to);
    assert!(refused.is_err(), "a stranger");
    let claimed = world
        .position
        .mock_auths(&signed(&world.owner, &invoke))
        .claim_emissions(&to);
    assert_eq!(claimed, 0, "nothing was emitted");
}
