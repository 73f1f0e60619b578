use interfaces::adapter::AdapterError;
use interfaces::cover::{Application, Class, Interest, Loss, Peril, Route, Settlement};
use interfaces::price::{Armed, PRICE_ONE};
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{vec, Address, IntoVal, Val, Vec};

use super::blend::{mint, BackstopClient, UNIT};
use super::cover_pool::{Told, PREMIUM};
use super::World;

#[test]
fn only_the_vault_insures_renews_cancels_and_is_paid() {
    let world = World::new();
    let (vault, env, request) = (world.add_vault(), &world.env, world.request());
    let (keeper, stranger) = (Address::generate(env), Address::generate(env));
    let payer = Address::generate(env);
    mint(env, &world.asset, &payer, 20 * UNIT);
    let call = |name, args: Vec<Val>| MockAuthInvoke {
        contract: &world.lenders.address,
        fn_name: name,
        args,
        sub_invokes: &[],
    };
    let insure = call(
        "insure_vault",
        (&vault, &payer, request.clone()).into_val(env),
    );
    let renew = call("renew_vault", (&vault, UNIT, 4u32, &keeper).into_val(env));
    let cancel = call("cancel_vault", (&vault,).into_val(env));
    let pay = call(
        "pay_vault",
        (&vault, Peril::Default, UNIT, 5u64, &keeper).into_val(env),
    );
    let transfer = MockAuthInvoke {
        contract: &world.asset,
        fn_name: "transfer",
        args: (&payer, &world.cover_pool.address, request.max_premium).into_val(env),
        sub_invokes: &[],
    };
    let by = |address, invoke| MockAuth { address, invoke };
    let lenders = &world.lenders;

    let refused = [by(&stranger, &insure), by(&payer, &transfer)];
    assert!(
        lenders
            .mock_auths(&refused)
            .try_insure_vault(&vault, &payer, &request)
            .is_err(),
        "insure"
    );
    let refused = lenders
        .mock_auths(&[by(&stranger, &renew)])
        .try_renew_vault(&vault, &UNIT, &4, &keeper);
    assert!(refused.is_err(), "renew");
    let refused = lenders
        .mock_auths(&[by(&stranger, &cancel)])
        .try_cancel_vault(&vault);
    assert!(refused.is_err(), "cancel");
    let refused = lenders.mock_auths(&[by(&stranger, &pay)]).try_pay_vault(
        &vault,
        &Peril::Default,
        &UNIT,
        &5,
        &keeper,
    );
    assert!(refused.is_err(), "pay");

    env.mock_auths(&[by(&vault, &insure)]);
    let auths = [by(&vault, &insure)];
    let unpaid = lenders
        .mock_auths(&auths)
        .try_insure_vault(&vault, &payer, &request);
    assert!(unpaid.is_err(), "without the payer");
    lenders
        .mock_all_auths_allowing_non_root_auth()
        .insure_vault(&vault, &payer, &request);
    env.set_auths(&[]);
    let renewed = lenders
        .mock_auths(&[by(&vault, &renew)])
        .renew_vault(&vault, &UNIT, &4, &keeper);
    assert_eq!(renewed, PREMIUM, "renewed");
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Renew(UNIT, 4, 0)),
        "told the pool"
    );
    assert_eq!(
        lenders
            .mock_auths(&[by(&vault, &cancel)])
            .cancel_vault(&vault),
        1,
        "cancelled"
    );
    let paid = lenders.mock_auths(&[by(&vault, &pay)]).pay_vault(
        &vault,
        &Peril::Default,
        &UNIT,
        &5,
        &keeper,
    );
    assert_eq!(paid, Settlement::Paid(UNIT), "paid");
    let loss = Loss {
        peril: Peril::Default,
        event: 0,
        amount: UNIT,
        occurred_at: 5,
        rescue: false,
        sources: 0,
    };
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Pay(loss)),
        "told the pool"
    );
}

#[test]
fn a_vault_is_paid_for_defaults_and_deficits_alone() {
    let world = World::new();
    let vault = world.add_vault();
    let lenders = world.lenders.mock_all_auths();
    for peril in [
        Peril::Advance,
        Peril::Grant,
        Peril::Liquidation,
        Peril::Collateral,
    ] {
        let paid = lenders.try_pay_vault(&vault, &peril, &UNIT, &5, &vault);
        assert_eq!(paid, Err(Ok(AdapterError::WrongRoute)), "{peril:?}");
    }
    let paid = lenders.pay_vault(&vault, &Peril::Contract, &UNIT, &5, &vault);
    assert_eq!(paid, Settlement::Paid(UNIT), "paid");
    let loss = Loss {
        peril: Peril::Contract,
        event: 0,
        amount: UNIT,
        occurred_at: 5,
        rescue: false,
        sources: 0,
    };
    assert_eq!(world.cover_pool.told(), Some(Told::Pay(loss)), "told");
}

#[test]
fn the_vault_owns_the_policy_that_someone_else_pays() {
    let world = World::new();
    let (vault, payer, request) = (
        world.add_vault(),
        Address::generate(&world.env),
        world.request(),
    );
    mint(&world.env, &world.asset, &payer, 20 * UNIT);
    let lenders = world.lenders.mock_all_auths_allowing_non_root_auth();
    lenders.insure_vault(&vault, &payer, &request);
    let expected = Application {
        interest: Interest(vault.clone(), Class::Deposit),
        owner: vault,
        payer,
        group: 9,
        perils: vec![&world.env, Peril::Default],
        route: Route::Repay,
        limit: 10_000 * UNIT,
        weeks: 4,
        ltv: 0,
        max_premium: 20 * UNIT,
        max_rate: 0,
    };
    assert_eq!(world.cover_pool.application(), expected, "application");
}

#[test]
fn a_stranger_is_no_vault() {
    let world = World::new();
    let stranger = Address::generate(&world.env);
    let lenders = world.lenders.mock_all_auths();
    let unknown = AdapterError::UnknownVault;
    let insured = lenders.try_insure_vault(&stranger, &stranger, &world.request());
    assert_eq!(insured, Err(Ok(unknown)), "insure");
    assert_eq!(
        lenders.try_pay_vault(&stranger, &Peril::Default, &1, &1, &stranger),
        Err(Ok(unknown)),
        "pay"
    );
    assert_eq!(lenders.armed_vault(&stranger), unknown as u32, "armed");
}

#[test]
fn whatever_endangers_the_platform_arms_its_vaults() {
    let world = World::new();
    let vault = world.add_vault();
    let armed = |error: Option<AdapterError>, label: &str| {
        let code = error.map_or(0, |error| error as u32);
        assert_eq!(world.lenders.armed_vault(&vault), code, "{label}");
    };
    armed(None, "calm");
    world.hub.arm(&Some(Armed::Falling));
    armed(Some(AdapterError::PriceFalling), "a collateral falls");
    world.hub.arm(&None);
    world
        .hub
        .set_price(&world.collateral, &(PRICE_ONE * 194 / 100));
    armed(
        Some(AdapterError::PricesDiverge),
        "a collateral's prices diverge",
    );
    world.hub.set_price(&world.collateral, &(PRICE_ONE * 2));
    let backstop = BackstopClient::new(&world.env, &world.blend.backstop);
    backstop.fill(&1, &1);
    armed(Some(AdapterError::BackstopThin), "backstop");
    backstop.fill(&200_000, &200_000);
    world.fail_to_repay(1_000 * UNIT);
    armed(Some(AdapterError::BackstopIndebted), "bad debt");
    world.blend.set_status(&world.env, 2);
    armed(Some(AdapterError::PlatformNotActive), "on ice");
    world.hub.one_venue(&world.collateral);
    armed(
        Some(AdapterError::CollateralLacksSources),
        "a collateral of one venue",
    );
}

#[test]
fn more_than_the_limit_left_is_not_renewed_while_armed() {
    let world = World::new();
    let (vault, payer, request) = (
        world.add_vault(),
        Address::generate(&world.env),
        world.request(),
    );
    mint(&world.env, &world.asset, &payer, 20 * UNIT);
    let lenders = world.lenders.mock_all_auths_allowing_non_root_auth();
    lenders.insure_vault(&vault, &payer, &request);
    world.hub.arm(&Some(Armed::Falling));
    let renewed = lenders.try_renew_vault(&vault, &(10_000 * UNIT), &4, &payer);
    assert_eq!(renewed, Ok(Ok(PREMIUM)), "the same limit");
    let renewed = lenders.try_renew_vault(&vault, &(10_000 * UNIT + 1), &4, &payer);
    assert_eq!(renewed, Err(Ok(AdapterError::PriceFalling)), "more");
    assert_eq!(
        lenders.try_cancel_vault(&vault),
        Err(Ok(AdapterError::PriceFalling)),
        "cancel"
    );
}
