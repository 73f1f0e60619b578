use interfaces::adapter::AdapterError;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{Address, Error};

use super::mocks::cover_pool::Conduct;
use super::{World, UNIT};
use crate::VaultError;

fn code(error: VaultError) -> Error {
    Error::from_contract_error(error as u32)
}

#[test]
fn a_new_vault_holds_one_unit_and_a_thousand_dead_shares() {
    let world = World::new();
    let state = world.state();
    assert_eq!(
        (state.cash, state.lent, state.shares),
        (1, 0, 1_000),
        "cash, lent, shares"
    );
    assert_eq!(
        world.vault.balance(&world.vault.address),
        1_000,
        "dead shares"
    );
    assert_eq!(world.vault.total_supply(), 1_000, "supply");
    assert_eq!(world.vault.total_assets(), 1, "assets");
    assert_eq!(world.vault.decimals(), 10, "three more than the asset");
    assert_eq!(world.vault.query_asset(), world.asset.address, "asset");
}

#[test]
fn a_deposit_is_lent_and_comes_back_in_full() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    let shares = world.deposit(&lender, 100 * UNIT);
    assert_eq!(shares, 100 * UNIT * 1_000, "a thousand shares a unit");
    let state = world.state();
    assert_eq!((state.b_tokens, state.cash), (100 * UNIT, 1), "lent, idle");
    assert_eq!(world.asset.balance(&world.vault.address), 1, "balance");
    assert_eq!(world.redeem(&lender, shares), 100 * UNIT, "paid");
    assert_eq!(world.asset.balance(&lender), 100 * UNIT, "received");
    let left = world.state();
    assert_eq!(
        (left.shares, left.cash, left.b_tokens),
        (1_000, 0, 1),
        "left: cash is used first"
    );
}

#[test]
fn interest_goes_to_those_who_were_there() {
    let world = World::new();
    let (first, second) = (world.funded(100 * UNIT), world.funded(100 * UNIT));
    let before = world.deposit(&first, 100 * UNIT);
    world.set_rate(11_000_000);
    let after = world.deposit(&second, 100 * UNIT);
    assert_eq!(
        world.vault.total_assets(),
        210 * UNIT,
        "value, with the unit and without rounding"
    );
    assert_eq!(
        world.vault.preview_redeem(&before),
        1_099_999_998,
        "10 % more, less two units of rounding"
    );
    assert_eq!(
        world.redeem(&second, after),
        999_999_997,
        "what it gave, three units of rounding apart"
    );
}

#[test]
fn previews_are_what_happens() {
    let world = World::new();
    let lender = world.funded(1_000 * UNIT);
    world.set_rate(13_333_333);
    let shares = world.vault.preview_deposit(&123_456_789);
    assert_eq!(world.deposit(&lender, 123_456_789), shares, "deposit");
    let assets = world.vault.preview_mint(&77_777_777_777);
    let minted = world
        .vault
        .mock_all_auths()
        .mint(&77_777_777_777, &lender, &lender, &lender);
    assert_eq!(minted, assets, "mint");
    world.set_rate(14_142_135);
    let out = world.vault.preview_redeem(&9_999_999_999);
    assert_eq!(world.redeem(&lender, 9_999_999_999), out, "redeem");
    let burned = world.vault.preview_withdraw(&7_654_321);
    assert_eq!(world.withdraw(&lender, 7_654_321), burned, "withdraw");
}

#[test]
fn a_donation_changes_nothing() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.mint(&world.vault.address, 1_000_000 * UNIT);
    assert_eq!(world.vault.total_assets(), 1, "assets");
    assert_eq!(
        world.deposit(&lender, 100 * UNIT),
        100 * UNIT * 1_000,
        "shares"
    );
}

#[test]
fn too_little_for_a_b_token_or_nothing_is_refused() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.set_rate(25_000_000);
    let vault = world.vault.mock_all_auths();
    let deposit = |assets: i128| vault.try_deposit(&assets, &lender, &lender, &lender);
    assert_eq!(
        deposit(2),
        Err(Ok(code(VaultError::TooFewShares))),
        "2 at a rate of 2.5"
    );
    assert_eq!(
        deposit(0),
        Err(Ok(code(VaultError::InvalidAmount))),
        "nothing"
    );
    assert_eq!(
        deposit(-1),
        Err(Ok(code(VaultError::NoResult))),
        "less than nothing"
    );
    assert!(deposit(3).is_ok(), "3 at a rate of 2.5");
    let redeem = vault.try_redeem(&0, &lender, &lender, &lender);
    assert_eq!(
        redeem,
        Err(Ok(code(VaultError::InvalidAmount))),
        "no shares"
    );
}

#[test]
fn nobody_deposits_while_armed() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.adapter.set_armed(&7_216);
    let deposit = world
        .vault
        .mock_all_auths()
        .try_deposit(&UNIT, &lender, &lender, &lender);
    assert_eq!(deposit, Err(Ok(code(VaultError::Armed))), "deposit");
    let invest = world.vault.mock_all_auths().try_invest(&UNIT);
    assert_eq!(invest, Err(Ok(VaultError::Armed)), "invest");
    assert_eq!(world.vault.max_deposit(&lender), 0, "max deposit");
    assert_eq!(world.vault.max_mint(&lender), 0, "max mint");
    world.adapter.set_armed(&0);
    assert_eq!(world.deposit(&lender, UNIT), UNIT * 1_000, "afterwards");
}

#[test]
fn the_most_that_may_be_deposited_is_the_platforms_room() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    let mut reserve = world.platform.get_reserve(&world.asset.address);
    reserve.config.supply_cap = 60 * UNIT;
    world.platform.set_reserve(&reserve);
    world.deposit(&lender, 20 * UNIT);
    assert_eq!(world.vault.max_deposit(&lender), 40 * UNIT, "room");
    world.deposit(&lender, 40 * UNIT);
    assert_eq!(world.vault.max_deposit(&lender), 0, "full");
    reserve = world.platform.get_reserve(&world.asset.address);
    reserve.config.supply_cap = 100 * UNIT;
    reserve.config.enabled = false;
    world.platform.set_reserve(&reserve);
    assert_eq!(world.vault.max_deposit(&lender), 0, "disabled");
}

#[test]
fn leaving_needs_neither_adapter_nor_cover_pool() {
    let (world, lender) = World::insured(100 * UNIT);
    world.set_rate(5_000_000);
    world.adapter.set_broken(&true);
    world.pool.set_conduct(&Conduct {
        down: true,
        ..world.pool.conduct()
    });
    assert_eq!(
        world.withdraw(&lender, 10 * UNIT),
        199_999_999_601,
        "shares at half the value"
    );
    let deposit = world
        .vault
        .mock_all_auths()
        .try_deposit(&UNIT, &lender, &lender, &lender);
    assert_eq!(
        deposit,
        Err(Ok(Error::from_contract_error(
            AdapterError::NoResult as u32
        ))),
        "the adapter's own code"
    );
    world.adapter.set_broken(&false);
    assert_eq!(
        world.withdraw(&lender, 10 * UNIT),
        199_999_999_600,
        "with a broken cover pool"
    );
    assert_eq!(world.state().index_seen, 0, "the fall is booked later");
    world.pool.set_conduct(&Conduct {
        down: false,
        ..world.pool.conduct()
    });
    assert_eq!(
        world.settle(),
        285_000_000,
        "95 % of what the 60 that stayed lost"
    );
}

#[test]
fn who_leaves_gets_their_part_of_a_paid_claim_even_when_nothing_can_be_recorded() {
    let (world, lender) = World::insured(100 * UNIT);
    world.pool.set_conduct(&Conduct {
        files: true,
        ..world.pool.conduct()
    });
    world.set_rate(5_000_000);
    world.settle();
    world
        .pool
        .mock_all_auths()
        .close(&world.interest(), &(47 * UNIT));
    world.adapter.set_broken(&true);
    let shares = world.vault.balance(&lender);
    assert_eq!(world.vault.max_withdraw(&lender), 97 * UNIT, "the most");
    assert_eq!(world.redeem(&lender, shares), 97 * UNIT, "paid");
}

#[test]
fn an_allowance_lets_others_redeem_and_deposit() {
    let world = World::new();
    let (lender, other) = (world.funded(100 * UNIT), Address::generate(&world.env));
    world
        .asset
        .mock_all_auths()
        .approve(&lender, &other, &(10 * UNIT), &100);
    let vault = world.vault.mock_all_auths();
    let shares = vault.deposit(&(10 * UNIT), &lender, &lender, &other);
    assert_eq!(
        world.asset.balance(&lender),
        90 * UNIT,
        "taken from the allowance"
    );
    assert!(
        vault.try_redeem(&shares, &other, &lender, &other).is_err(),
        "without an allowance"
    );
    vault.approve(&lender, &other, &shares, &100);
    assert_eq!(
        vault.redeem(&shares, &other, &lender, &other),
        10 * UNIT,
        "redeemed"
    );
    assert_eq!(world.asset.balance(&other), 10 * UNIT, "received");
}
