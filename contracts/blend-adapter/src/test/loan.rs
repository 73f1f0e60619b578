use interfaces::adapter::{AdapterError, CoverRequest, Loan};
use interfaces::cover::{Application, Class, Interest, Peril, Route};
use interfaces::price::{Armed, DepreciationEvent, PRICE_ONE};
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{vec, Address, Error, IntoVal, Vec};

use super::blend::{mint, UNIT};
use super::cover_pool::{Told, PREMIUM};
use super::World;

#[test]
fn one_signature_opens_loan_and_cover() {
    let world = World::new();
    let env = &world.env;
    mint(env, &world.collateral, &world.borrower, 1_000 * UNIT);
    let (loan, request) = (world.loan(), world.request());
    let simulated = world.adapter.mock_all_auths();
    let quote = simulated.quote_loan(&world.borrower, &loan, &request);
    let position = world.cover_pool.application().interest.0;
    let (signed, max_premium) = (&world.borrower, request.max_premium);
    let submit_args: Vec<_> = (
        &position,
        signed,
        signed,
        vec![
            env,
            interfaces::blend::Request {
                request_type: 2,
                address: world.collateral.clone(),
                amount: loan.collateral,
            },
            interfaces::blend::Request {
                request_type: 4,
                address: world.asset.clone(),
                amount: loan.debt,
            },
        ],
    )
        .into_val(env);
    let invoke = MockAuthInvoke {
        contract: &world.adapter.address,
        fn_name: "open_loan",
        args: (signed, &loan, Some(request.clone())).into_val(env),
        sub_invokes: &[
            MockAuthInvoke {
                contract: &world.blend.pool,
                fn_name: "submit",
                args: submit_args,
                sub_invokes: &[MockAuthInvoke {
                    contract: &world.collateral,
                    fn_name: "transfer",
                    args: (signed, &world.blend.pool, loan.collateral).into_val(env),
                    sub_invokes: &[],
                }],
            },
            MockAuthInvoke {
                contract: &world.asset,
                fn_name: "transfer",
                args: (signed, &world.cover_pool.address, max_premium).into_val(env),
                sub_invokes: &[],
            },
        ],
    };
    let auths = [MockAuth {
        address: signed,
        invoke: &invoke,
    }];
    let opened = world
        .adapter
        .mock_auths(&auths)
        .open_loan(signed, &loan, &Some(request));
    assert_eq!(
        opened,
        (position.clone(), Some(quote)),
        "position and quote"
    );
    assert_eq!(
        world.held(&position),
        (1_000 * UNIT, 500 * UNIT),
        "on Blend"
    );
    assert_eq!(
        world.balance(&world.asset, signed),
        500 * UNIT - PREMIUM,
        "borrowed, less the premium"
    );
    assert!(world.adapter.is_position(&position), "registered");
    assert_eq!(
        world.adapter.positions_of(signed),
        vec![env, position],
        "positions of the owner"
    );
}

#[test]
fn without_the_owners_signature_nothing_is_opened() {
    let world = World::new();
    mint(&world.env, &world.collateral, &world.borrower, 1_000 * UNIT);
    let (stranger, loan) = (Address::generate(&world.env), world.loan());
    let invoke = MockAuthInvoke {
        contract: &world.adapter.address,
        fn_name: "open_loan",
        args: (&world.borrower, &loan, None::<CoverRequest>).into_val(&world.env),
        sub_invokes: &[],
    };
    let auths = [MockAuth {
        address: &stranger,
        invoke: &invoke,
    }];
    let opened = world
        .adapter
        .mock_auths(&auths)
        .try_open_loan(&world.borrower, &loan, &None);
    assert!(opened.is_err(), "opened");
}

#[test]
fn each_owner_has_positions_of_their_own() {
    let world = World::new();
    let first = world.open();
    let second = world.open();
    assert_ne!(first, second, "two positions");
    assert_eq!(
        world.adapter.positions_of(&world.borrower),
        vec![&world.env, first, second],
        "both"
    );
    assert_eq!(
        world.adapter.positions_of(&world.owner).len(),
        0,
        "of someone else"
    );
}

#[test]
fn a_loan_on_an_unlisted_market_is_not_opened() {
    let world = World::new();
    let loan = Loan {
        collateral_asset: world.asset.clone(),
        ..world.loan()
    };
    let opened = world
        .adapter
        .mock_all_auths()
        .try_open_loan(&world.borrower, &loan, &None);
    assert_eq!(opened, Err(Ok(AdapterError::UnknownMarket)), "opened");
}

#[test]
fn the_application_states_the_worse_of_hub_and_platform() {
    let world = World::new();
    let position = world.open();
    // 2 % apart: 2 000 * 0.675 / 500 = 2.7 at the platform, 2.646 at the hub.
    world
        .hub
        .set_price(&world.collateral, &(PRICE_ONE * 196 / 100));
    world
        .adapter
        .mock_all_auths()
        .insure(&position, &world.request());
    let expected = Application {
        interest: Interest(position, Class::Loan),
        owner: world.borrower.clone(),
        payer: world.borrower.clone(),
        group: 7,
        perils: vec![&world.env, Peril::Advance],
        route: Route::Repay,
        limit: 250 * UNIT,
        weeks: 4,
        ltv: 3_779_290,
        max_premium: 20 * UNIT,
        max_rate: 0,
    };
    assert_eq!(world.cover_pool.application(), expected, "application");
}

#[test]
fn only_the_owner_insures_tops_up_and_cancels() {
    let world = World::new();
    let position = world.open_insured();
    let (env, stranger, request) = (&world.env, Address::generate(&world.env), world.request());
    let call = |name, args| MockAuthInvoke {
        contract: &world.adapter.address,
        fn_name: name,
        args,
        sub_invokes: &[],
    };
    let insure = call("insure", (&position, request.clone()).into_val(env));
    let top_up = call("top_up", (&position, UNIT, UNIT).into_val(env));
    let cancel = call("cancel", (&position,).into_val(env));
    let [insure, top_up, cancel_by_stranger] = [&insure, &top_up, &cancel].map(|invoke| {
        [MockAuth {
            address: &stranger,
            invoke,
        }]
    });
    assert!(
        world
            .adapter
            .mock_auths(&insure)
            .try_insure(&position, &request)
            .is_err(),
        "insure"
    );
    assert!(
        world
            .adapter
            .mock_auths(&top_up)
            .try_top_up(&position, &UNIT, &UNIT)
            .is_err(),
        "top up"
    );
    assert!(
        world
            .adapter
            .mock_auths(&cancel_by_stranger)
            .try_cancel(&position)
            .is_err(),
        "cancel"
    );
    let cancel = [MockAuth {
        address: &world.borrower,
        invoke: &cancel,
    }];
    assert_eq!(
        world.adapter.mock_auths(&cancel).cancel(&position),
        1,
        "refund"
    );
    assert_eq!(world.cover_pool.told(), Some(Told::Cancel), "told the pool");
}

#[test]
fn an_advances_limit_is_at_most_the_debt() {
    let world = World::new();
    let position = world.open();
    let request = CoverRequest {
        limit: 500 * UNIT + 1,
        ..world.request()
    };
    let insured = world
        .adapter
        .mock_all_auths()
        .try_insure(&position, &request);
    assert_eq!(insured, Err(Ok(AdapterError::LimitAboveDebt)), "advance");
    let grant = CoverRequest {
        perils: vec![&world.env, Peril::Grant],
        ..request
    };
    assert!(
        world
            .adapter
            .mock_all_auths()
            .try_insure(&position, &grant)
            .is_ok(),
        "grant"
    );
}

#[test]
fn nothing_is_sold_near_liquidation() {
    let world = World::new();
    let position = world.open();
    // 925.92 * 0.675 / 500 = 1.249992
    world.set_price(9_259_200);
    let insured = world
        .adapter
        .mock_all_auths()
        .try_insure(&position, &world.request());
    assert_eq!(insured, Err(Ok(AdapterError::LtvTooHigh)), "above 0.8");
    world.set_price(9_260_000);
    assert!(
        world
            .adapter
            .mock_all_auths()
            .try_insure(&position, &world.request())
            .is_ok(),
        "below"
    );
}

#[test]
fn what_the_pool_refuses_reaches_the_caller_with_its_code() {
    let world = World::new();
    let position = world.open();
    world.cover_pool.refuse();
    let insured = world
        .adapter
        .mock_all_auths()
        .try_insure(&position, &world.request());
    assert_eq!(
        insured.err(),
        Some(Err(soroban_sdk::InvokeError::Contract(7004))),
        "code"
    );
}

#[test]
fn anyone_renews_at_the_limit_left_even_while_armed() {
    let world = World::new();
    let position = world.open_insured();
    world.hub.arm(&Some(Armed::Falling));
    let keeper = Address::generate(&world.env);
    let renewed = world
        .adapter
        .try_renew(&position, &(250 * UNIT), &4, &keeper);
    assert_eq!(renewed, Ok(Ok(PREMIUM)), "the same limit");
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Renew(250 * UNIT, 4, 3_703_704)),
        "told the pool"
    );
}

#[test]
fn only_the_owner_renews_at_another_limit_and_not_above_it_while_armed() {
    let world = World::new();
    let position = world.open_insured();
    for limit in [250 * UNIT - 1, 250 * UNIT + 1] {
        let renew = MockAuthInvoke {
            contract: &world.adapter.address,
            fn_name: "renew",
            args: (&position, limit, 4u32, &world.owner).into_val(&world.env),
            sub_invokes: &[],
        };
        for (who, allowed) in [(&world.owner, false), (&world.borrower, true)] {
            let auths = [MockAuth {
                address: who,
                invoke: &renew,
            }];
            let adapter = world.adapter.mock_auths(&auths);
            let renewed = adapter.try_renew(&position, &limit, &4, &world.owner);
            assert_eq!(renewed.is_ok(), allowed, "at {limit}");
        }
    }
    world.hub.arm(&Some(Armed::Falling));
    let adapter = world.adapter.mock_all_auths();
    let renewed = adapter.try_renew(&position, &(250 * UNIT + 1), &4, &world.owner);
    assert_eq!(
        renewed,
        Err(Ok(AdapterError::PriceFalling)),
        "above it while armed"
    );
}

#[test]
fn an_advance_is_renewed_at_the_debt_when_that_is_less() {
    let world = World::new();
    let position = world.open_insured();
    world
        .position(&position)
        .mock_all_auths()
        .repay(&world.borrower, &(400 * UNIT));
    world.env.set_auths(&[]);
    world
        .adapter
        .renew(&position, &(250 * UNIT), &4, &world.owner);
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Renew(100 * UNIT, 4, 740_741)),
        "told the pool"
    );
}

#[test]
fn nothing_is_renewed_while_an_advance_is_owed() {
    let world = World::new();
    let position = world.open_insured();
    world.change_policy(&position, |policy| policy.fees_due = 1);
    let renewed = world
        .adapter
        .try_renew(&position, &(250 * UNIT), &4, &world.owner);
    assert_eq!(renewed, Err(Ok(AdapterError::AdvanceOwed)), "renewed");
}

#[test]
fn a_top_up_is_rated_now_and_bounded_by_the_debt() {
    let world = World::new();
    let position = world.open_insured();
    let adapter = world.adapter.mock_all_auths();
    assert_eq!(
        adapter.top_up(&position, &(250 * UNIT), &UNIT),
        PREMIUM,
        "premium"
    );
    let told = Told::TopUp(250 * UNIT, 3_703_704, UNIT);
    assert_eq!(world.cover_pool.told(), Some(told), "told the pool");
    let refused = adapter.try_top_up(&position, &(250 * UNIT + 1), &UNIT);
    assert_eq!(
        refused,
        Err(Ok(AdapterError::LimitAboveDebt)),
        "above the debt"
    );
    world.hub.arm(&Some(Armed::Falling));
    let refused = adapter.try_top_up(&position, &UNIT, &UNIT);
    assert_eq!(refused, Err(Ok(AdapterError::PriceFalling)), "armed");
}

#[test]
fn a_top_up_is_rated_no_better_than_what_the_owner_may_take_out() {
    let world = World::new();
    let position = world.open_insured();
    let adapter = world.adapter.mock_all_auths();
    let told_at = |price, ltv| {
        world.set_price(price);
        adapter.top_up(&position, &UNIT, &UNIT);
        let told = Told::TopUp(UNIT, ltv, UNIT);
        assert_eq!(
            world.cover_pool.told(),
            Some(told),
            "told the pool at {price}"
        );
    };
    told_at(4 * UNIT, 3_703_704);
    told_at(15_000_000, 4_938_272);
}

#[test]
fn nothing_is_cancelled_while_armed() {
    let world = World::new();
    let position = world.open_insured();
    world.hub.arm(&Some(Armed::Falling));
    let cancelled = world.adapter.mock_all_auths().try_cancel(&position);
    assert_eq!(cancelled, Err(Ok(AdapterError::PriceFalling)), "cancelled");
}

#[test]
fn an_insured_owner_takes_out_up_to_the_rated_ltv() {
    let world = World::new();
    let position = world.open_insured();
    let (client, to) = (world.position(&position), Address::generate(&world.env));
    let client = client.mock_all_auths();
    let above = Err(Ok(Error::from_contract_error(
        AdapterError::AboveRatedLtv as u32,
    )));
    assert_eq!(client.try_withdraw(&UNIT, &to), above, "withdraw");
    assert_eq!(client.try_borrow(&UNIT, &to), above, "borrow");
    world.set_price(4 * UNIT);
    client.withdraw(&(500 * UNIT), &to);
    assert_eq!(client.try_withdraw(&UNIT, &to), above, "one more");
    assert_eq!(world.held(&position), (500 * UNIT, 500 * UNIT), "on Blend");
}

#[test]
fn an_uninsured_owner_is_bound_by_blend_alone() {
    let world = World::new();
    let position = world.open();
    let to = Address::generate(&world.env);
    world.hub.arm(&Some(Armed::Falling));
    world
        .position(&position)
        .mock_all_auths()
        .withdraw(&(600 * UNIT), &to);
    assert_eq!(world.held(&position).0, 400 * UNIT, "on Blend");
}

#[test]
fn nothing_is_taken_out_while_owing_claiming_or_during_an_event() {
    let world = World::new();
    let position = world.open_insured();
    world.set_price(4 * UNIT);
    let refusal = || world.adapter.judge_exit(&position).refusal;
    assert_eq!(refusal(), 0, "calm");
    world.change_policy(&position, |policy| policy.drawn = 1);
    assert_eq!(refusal(), AdapterError::AdvanceOwed as u32, "owing");
    world.change_policy(&position, |policy| {
        (policy.drawn, policy.open_claims) = (0, 1)
    });
    assert_eq!(refusal(), AdapterError::ClaimOpen as u32, "claiming");
    world.change_policy(&position, |policy| policy.open_claims = 0);
    world.hub.arm(&Some(Armed::Falling));
    assert_eq!(refusal(), AdapterError::EventUnderWay as u32, "armed");
    world.hub.arm(&None);
    let now = world.now();
    let event = DepreciationEvent {
        id: 1,
        started: now,
        reference: 5 * PRICE_ONE,
        current: 4 * PRICE_ONE,
        rate: 2_000_000,
        at: now,
        deepened: now,
    };
    world.hub.set_event(&event);
    assert_eq!(refusal(), AdapterError::EventUnderWay as u32, "an event");
    world.pass(2 * 86_400);
    world.set_price(4 * UNIT);
    assert_eq!(refusal(), 0, "two days later");
}

#[test]
fn the_owner_is_free_again_when_the_grace_week_is_over() {
    let world = World::new();
    let position = world.open_insured();
    world.hub.arm(&Some(Armed::Falling));
    world.pass(5 * 604_800 - 1);
    world.set_price(2 * UNIT);
    assert_eq!(
        world.adapter.judge_exit(&position).refusal,
        AdapterError::EventUnderWay as u32,
        "before"
    );
    world.pass(1);
    assert_eq!(world.adapter.judge_exit(&position).refusal, 0, "after");
}

#[test]
fn closing_is_allowed_during_an_event() {
    let world = World::new();
    let position = world.open_insured();
    world.hub.arm(&Some(Armed::Falling));
    mint(&world.env, &world.asset, &world.borrower, 20 * UNIT);
    world
        .position(&position)
        .mock_all_auths()
        .close(&(501 * UNIT));
    assert_eq!(world.held(&position), (0, 0), "on Blend");
}

#[test]
fn without_debt_the_collateral_comes_out_whatever_can_be_priced() {
    let world = World::new();
    let position = world.open_insured();
    let (client, to) = (world.position(&position), Address::generate(&world.env));
    world.hub.forget_price(&world.collateral);
    let unpriced = AdapterError::PriceUnavailable as u32;
    assert_eq!(
        world.adapter.judge_exit(&position).refusal,
        unpriced,
        "in debt"
    );
    mint(&world.env, &world.asset, &world.borrower, 20 * UNIT);
    let client = client.mock_all_auths();
    client.repay(&world.borrower, &(501 * UNIT));
    client.withdraw(&(1_000 * UNIT), &to);
    assert_eq!(world.held(&position), (0, 0), "on Blend");
    world.change_policy(&position, |policy| policy.open_claims = 1);
    let refusal = world.adapter.judge_exit(&position).refusal;
    assert_eq!(refusal, AdapterError::ClaimOpen as u32, "a claim");
}
