use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{contractclient, vec, Address, Env, IntoVal, Vec};

use super::blend::{mint, wasm, UNIT};
use super::{MockHubClient, World};
use interfaces::price::PRICE_ONE;

#[contractclient(name = "CometSetupClient")]
#[allow(dead_code)]
trait CometSetup {
    fn init(
        env: Env,
        controller: Address,
        tokens: Vec<Address>,
        weights: Vec<i128>,
        balances: Vec<i128>,
        swap_fee: i128,
    );
}

/// Comet's own wasm with equal weights, where collateral costs 2 dollars and the fee is 0.3 %.
fn comet(env: &Env, collateral: &Address, debt: &Address) -> Option<Address> {
    let exchange = env.register(wasm("blend/comet").as_slice(), ());
    let provider = Address::generate(env);
    mint(env, collateral, &provider, 500_000 * UNIT);
    mint(env, debt, &provider, 1_000_000 * UNIT);
    CometSetupClient::new(env, &exchange).mock_all_auths().init(
        &provider,
        &vec![env, collateral.clone(), debt.clone()],
        &vec![env, UNIT / 2, UNIT / 2],
        &vec![env, 500_000 * UNIT, 1_000_000 * UNIT],
        &30_000,
    );
    Some(exchange)
}

/// Sends 100 dollars to the position and has the cover pool tell it to buy.
fn buy(world: &World) -> i128 {
    let amount = 100 * UNIT;
    mint(&world.env, &world.debt, &world.position.address, amount);
    let invoke = MockAuthInvoke {
        contract: &world.position.address,
        fn_name: "buy_collateral",
        args: (amount,).into_val(&world.env),
        sub_invokes: &[],
    };
    let auths = [MockAuth {
        address: &world.cover_pool,
        invoke: &invoke,
    }];
    let bought = world.position.mock_auths(&auths).buy_collateral(&amount);
    assert_eq!(
        world.balance(&world.debt, &world.position.address),
        0,
        "debt asset left behind"
    );
    assert_eq!(
        world.balance(&world.collateral, &world.position.address),
        0,
        "collateral left behind"
    );
    bought
}

#[test]
fn collateral_is_bought_on_comet_and_deposited() {
    let world = World::with_exchange(comet);
    let bought = buy(&world);
    assert_eq!(bought, 498_450_304, "bought");
    assert_eq!(
        world.held(),
        (1_000 * UNIT + bought, 500 * UNIT),
        "on Blend"
    );
}

#[test]
fn debt_is_repaid_when_the_exchange_is_more_than_one_percent_too_dear() {
    let world = World::with_exchange(comet);
    MockHubClient::new(&world.env, &world.hub).set(&(PRICE_ONE * 197 / 100));
    assert_eq!(buy(&world), 0, "bought");
    assert_eq!(world.held(), (1_000 * UNIT, 400 * UNIT), "on Blend");
}

#[test]
fn debt_is_repaid_without_an_exchange() {
    let world = World::new();
    assert_eq!(buy(&world), 0, "bought");
    assert_eq!(world.held(), (1_000 * UNIT, 400 * UNIT), "on Blend");
}

#[test]
fn debt_is_repaid_while_the_platform_takes_no_supply() {
    let world = World::with_exchange(comet);
    world.blend.set_status(&world.env, 4);
    assert_eq!(buy(&world), 0, "bought");
    assert_eq!(world.held(), (1_000 * UNIT, 400 * UNIT), "on Blend");
}

#[test]
fn buying_deletes_an_open_auction() {
    let world = World::with_exchange(comet);
    world.open_auction();
    assert_eq!(buy(&world), 498_450_304, "bought");
    assert!(
        world
            .pool()
            .try_get_auction(&0, &world.position.address)
            .is_err(),
        "deleted"
    );
}

#[test]
fn only_the_cover_pool_makes_a_position_buy() {
    let world = World::with_exchange(comet);
    mint(&world.env, &world.debt, &world.position.address, UNIT);
    for stranger in [&world.owner, &world.adapter] {
        let invoke = MockAuthInvoke {
            contract: &world.position.address,
            fn_name: "buy_collateral",
            args: (UNIT,).into_val(&world.env),
            sub_invokes: &[],
        };
        let auths = [MockAuth {
            address: stranger,
            invoke: &invoke,
        }];
        assert!(
            world
                .position
                .mock_auths(&auths)
                .try_buy_collateral(&UNIT)
                .is_err(),
            "a stranger"
        );
    }
}
