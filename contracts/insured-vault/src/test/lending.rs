use soroban_sdk::testutils::Address as _;
use soroban_sdk::{Address, Error};

use super::{World, UNIT};
use crate::VaultError;

/// Lends out so much of the platform's units.
fn lend_out(world: &World, assets: i128) {
    let mut reserve = world.platform.get_reserve(&world.asset.address);
    reserve.data.d_supply += assets;
    world.platform.set_reserve(&reserve);
    let borrower = Address::generate(&world.env);
    world
        .asset
        .mock_all_auths()
        .transfer(&world.platform.address, &borrower, &assets);
}

#[test]
fn the_most_that_may_leave_is_exactly_what_the_platform_can_pay() {
    for rate in [10_000_000, 11_234_567, 25_000_001] {
        let world = World::new();
        let lender = world.funded(100 * UNIT);
        let shares = world.deposit(&lender, 100 * UNIT);
        lend_out(&world, 70 * UNIT);
        world.set_rate(rate);
        let most = world.vault.max_withdraw(&lender);
        assert!(
            most < world.vault.preview_redeem(&shares),
            "not everything at {rate}"
        );
        assert!(
            (most - (100 * rate - 70 * UNIT)).abs() < 200,
            "what is not lent at {rate}: {most}"
        );
        let more =
            world
                .vault
                .mock_all_auths()
                .try_withdraw(&(most + 1), &lender, &lender, &lender);
        let illiquid = Error::from_contract_error(VaultError::Illiquid as u32);
        assert_eq!(more, Err(Ok(illiquid)), "one more at {rate}");
        let redeemable = world.vault.max_redeem(&lender);
        assert!(
            world.vault.preview_redeem(&redeemable) <= most,
            "shares for it at {rate}"
        );
        world.withdraw(&lender, most);
        assert_eq!(world.asset.balance(&lender), most, "paid at {rate}");
    }
}

#[test]
fn max_redeem_can_be_redeemed_when_the_platform_is_short() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.deposit(&lender, 100 * UNIT);
    lend_out(&world, 70 * UNIT);
    let shares = world.vault.max_redeem(&lender);
    let out = world.redeem(&lender, shares);
    assert_eq!(out, world.asset.balance(&lender), "paid");
    assert!(
        (299_999_000..=300_000_000).contains(&out),
        "what is not lent: {out}"
    );
}

#[test]
fn what_the_platform_does_not_hold_is_not_liquid() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.deposit(&lender, 100 * UNIT);
    let thief = world.owner.clone();
    world
        .asset
        .mock_all_auths()
        .transfer(&world.platform.address, &thief, &(95 * UNIT));
    assert_eq!(
        world.vault.max_withdraw(&lender),
        5 * UNIT + 1,
        "held and idle"
    );
}

#[test]
fn cash_is_used_before_the_platform() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.deposit(&lender, 100 * UNIT);
    world.vault.mock_all_auths().divest(&(30 * UNIT));
    world.withdraw(&lender, 20 * UNIT);
    let state = world.state();
    assert_eq!(
        (state.cash, state.b_tokens),
        (10 * UNIT + 1, 70 * UNIT),
        "from cash"
    );
    world.withdraw(&lender, 20 * UNIT);
    let state = world.state();
    assert_eq!(
        (state.cash, state.b_tokens),
        (0, 60 * UNIT + 1),
        "the rest from the platform"
    );
}

#[test]
fn what_is_idle_is_invested_and_no_more() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.deposit(&lender, 100 * UNIT);
    let vault = world.vault.mock_all_auths();
    vault.divest(&(30 * UNIT));
    vault.invest(&(30 * UNIT));
    assert_eq!(
        (world.state().cash, world.state().b_tokens),
        (1, 100 * UNIT),
        "as before"
    );
    assert_eq!(
        vault.try_invest(&2),
        Err(Ok(VaultError::NotEnoughCash)),
        "more than is idle"
    );
    assert_eq!(
        vault.try_invest(&0),
        Err(Ok(VaultError::InvalidAmount)),
        "nothing"
    );
    assert_eq!(
        vault.try_divest(&-1),
        Err(Ok(VaultError::InvalidAmount)),
        "less than nothing"
    );
}
