use interfaces::adapter::{AdapterError, Outcome};
use interfaces::cover::{Claim, Class, Interest, Peril};
use interfaces::price::{DepreciationEvent, PRICE_ONE};
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{vec, Address, IntoVal, Val, Vec};

use super::blend::{mint, UNIT};
use super::cover_pool::Told;
use super::World;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// The discount after 15 minutes, rounded down: 10 % / 24.
const FIRST_DISCOUNT: i128 = 41_666;

/// A position with 1 000 of collateral at 0.7 dollars, 500 of debt and 180 owed to the pool: 680 of 700.
fn debtor(world: &World) -> Address {
    let position = world.open_insured();
    world.change_policy(&position, |policy| {
        (policy.drawn, policy.fees_due) = (170 * UNIT, 10 * UNIT)
    });
    world.set_price(7_000_000);
    position
}

/// Someone with dollars to buy with.
fn buyer(world: &World) -> Address {
    let buyer = Address::generate(&world.env);
    mint(&world.env, &world.asset, &buyer, 1_000 * UNIT);
    buyer
}

/// Starts a foreclosure as long ago as it takes until a position is sold.
fn start(world: &World, position: &Address) {
    world.adapter.start_foreclosure(position);
    world.pass(15 * MINUTE);
}

/// What is paid after 15 minutes beyond the debt for collateral worth so many dollars.
fn first_price(world: &World, position: &Address, dollars: i128) -> i128 {
    let debt = world.adapter.health(position).debt;
    dollars * UNIT - dollars * FIRST_DISCOUNT - debt
}

/// Lets `seconds` pass and sets the price.
fn pass(world: &World, seconds: u64, price: i128) {
    world.pass(seconds);
    world.set_price(price);
}

#[test]
fn a_foreclosure_starts_only_above_95_percent_at_price_and_mean() {
    let world = World::new();
    let position = debtor(&world);
    let start = |price: i128, mean: i128| {
        world.set_price(price * UNIT / 1_000);
        world.hub.set_mean(&Some(PRICE_ONE * mean / 1_000));
        world.adapter.try_start_foreclosure(&position)
    };
    let too_early = Err(Ok(AdapterError::NotForeclosable));
    assert_eq!(start(700, 716), too_early, "680 of 716 in the mean");
    assert_eq!(start(716, 700), too_early, "680 of 716 now");
    assert_eq!(start(700, 715), Ok(Ok(world.now())), "680 of 715");
}

#[test]
fn nothing_is_sold_within_15_minutes_nor_below_the_mean() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    let take = || adapter.try_foreclose_by_assignment(&position, &payer, &(300 * UNIT));
    adapter.start_foreclosure(&position);
    world.pass(15 * MINUTE - 1);
    assert_eq!(take(), Err(Ok(AdapterError::TooSoon)), "a second before");
    world.pass(1);
    world.hub.set_mean(&Some(PRICE_ONE * 72 / 100));
    let healthier = Err(Ok(AdapterError::NotForeclosable));
    assert_eq!(take(), healthier, "680 of 720 in the mean");
    world.hub.set_mean(&Some(PRICE_ONE * 71 / 100));
    let price = first_price(&world, &position, 710);
    assert_eq!(take(), Ok(Ok(price)), "at the mean");
}

#[test]
fn nothing_is_foreclosed_that_owes_nothing() {
    let world = World::new();
    let position = debtor(&world);
    world.change_policy(&position, |policy| (policy.drawn, policy.fees_due) = (0, 0));
    let started = world.adapter.try_start_foreclosure(&position);
    assert_eq!(started, Err(Ok(AdapterError::NothingOwed)), "started");
}

#[test]
fn a_foreclosure_pays_blend_the_pool_and_the_owner_in_that_order() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    world.adapter.start_foreclosure(&position);
    world.pass(HOUR);
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    // An hour's discount is a sixth of 10 %, rounded down; 500 and some interest are owed to Blend.
    let debt = world.adapter.health(&position).debt;
    let price = 700 * UNIT - 700 * 166_666 - debt;
    let bid = 300 * UNIT;
    let paid = adapter.foreclose(&position, &payer, &(600 * UNIT), &(1_000 * UNIT), &bid);
    assert_eq!(paid, price, "price");
    assert_eq!(world.held(&position), (0, 0), "on Blend");
    assert_eq!(
        world.balance(&world.collateral, &payer),
        1_000 * UNIT,
        "collateral"
    );
    let spent = 1_000 * UNIT - world.balance(&world.asset, &payer);
    assert!(
        (spent - debt - price).abs() <= 1,
        "{spent} spent for {debt} and {price}"
    );
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Foreclose(180 * UNIT)),
        "the pool is made whole"
    );
    let to_owner = price - 180 * UNIT;
    assert_eq!(
        world.balance(&world.asset, &world.borrower),
        490 * UNIT + to_owner,
        "the owner's rest"
    );
    assert_eq!(
        world.balance(&world.asset, &world.adapter.address),
        0,
        "nothing stays"
    );
}

#[test]
fn what_does_not_cover_the_advance_is_all_the_pools() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    world.set_price(6_000_000);
    start(&world, &position);
    let price = first_price(&world, &position, 600);
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    let paid = adapter.foreclose(
        &position,
        &payer,
        &(501 * UNIT),
        &(1_000 * UNIT),
        &(100 * UNIT),
    );
    assert_eq!(paid, price, "price");
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Foreclose(price)),
        "recovered"
    );
    assert_eq!(
        world.balance(&world.asset, &world.borrower),
        490 * UNIT,
        "the owner gets nothing"
    );
}

#[test]
fn the_payer_signs_once_for_submit_and_bid() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    start(&world, &position);
    let price = first_price(&world, &position, 700);
    let (env, pay_max, take, bid) = (&world.env, 510 * UNIT, 2_000 * UNIT, 200 * UNIT);
    let request = |request_type, address: &Address, amount| interfaces::blend::Request {
        request_type,
        address: address.clone(),
        amount,
    };
    let requests = vec![
        env,
        request(5, &world.asset, pay_max),
        request(3, &world.collateral, take),
    ];
    let transfer = |to: &Address, amount: i128| MockAuthInvoke {
        contract: &world.asset,
        fn_name: "transfer",
        args: (&payer, to, amount).into_val(env),
        sub_invokes: &[],
    };
    let deposits = [transfer(&world.blend.pool, pay_max)];
    let submit = MockAuthInvoke {
        contract: &world.blend.pool,
        fn_name: "submit",
        args: (&position, &payer, &payer, requests).into_val(env),
        sub_invokes: &deposits,
    };
    let args: Vec<Val> = (&position, &payer, pay_max, take, bid).into_val(env);
    let signed = [submit, transfer(&world.adapter.address, bid)];
    let invoke = MockAuthInvoke {
        contract: &world.adapter.address,
        fn_name: "foreclose",
        args,
        sub_invokes: &signed,
    };
    let stranger = [MockAuth {
        address: &world.owner,
        invoke: &invoke,
    }];
    let refused = world
        .adapter
        .mock_auths(&stranger)
        .try_foreclose(&position, &payer, &pay_max, &take, &bid);
    assert!(refused.is_err(), "someone else's signature");
    let auths = [MockAuth {
        address: &payer,
        invoke: &invoke,
    }];
    let paid = world
        .adapter
        .mock_auths(&auths)
        .foreclose(&position, &payer, &pay_max, &take, &bid);
    assert_eq!(paid, price, "price");
}

#[test]
fn a_bid_below_the_price_and_a_part_of_the_position_are_refused() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    start(&world, &position);
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    let (all_debt, all) = (world.adapter.health(&position).debt, 1_000 * UNIT);
    let price = first_price(&world, &position, 700);
    let foreclose = |pay_max: i128, take: i128, bid: i128| {
        adapter.try_foreclose(&position, &payer, &pay_max, &take, &bid)
    };
    assert_eq!(
        foreclose(all_debt, all, price - 1),
        Err(Ok(AdapterError::BidTooLow)),
        "bid"
    );
    assert_eq!(
        foreclose(all_debt, all - 1, price),
        Err(Ok(AdapterError::NotClosed)),
        "collateral"
    );
    assert!(
        foreclose(all_debt - 2, all, price).is_err(),
        "debt left behind"
    );
    assert_eq!(foreclose(all_debt, all, price), Ok(Ok(price)), "all of it");
}

#[test]
fn nothing_is_foreclosed_before_it_started_or_once_it_is_healthy() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    let foreclose = || {
        adapter.try_foreclose(
            &position,
            &payer,
            &(600 * UNIT),
            &(1_000 * UNIT),
            &(300 * UNIT),
        )
    };
    assert_eq!(foreclose(), Err(Ok(AdapterError::NotStarted)), "before");
    start(&world, &position);
    world.set_price(UNIT);
    assert_eq!(
        foreclose(),
        Err(Ok(AdapterError::NotForeclosable)),
        "healthy"
    );
    pass(&world, 24 * HOUR, 7_000_000);
    assert_eq!(foreclose(), Err(Ok(AdapterError::NotStarted)), "a day old");
    assert_eq!(
        world.adapter.start_foreclosure(&position),
        world.now(),
        "started anew"
    );
}

#[test]
fn starting_twice_keeps_the_first_start() {
    let world = World::new();
    let position = debtor(&world);
    let first = world.adapter.start_foreclosure(&position);
    world.pass(HOUR);
    assert_eq!(
        world.adapter.start_foreclosure(&position),
        first,
        "the first start"
    );
}

#[test]
fn curing_clears_the_start() {
    let world = World::new();
    let position = debtor(&world);
    assert_eq!(
        world.adapter.try_cure(&position),
        Err(Ok(AdapterError::NotStarted)),
        "not started"
    );
    world.adapter.start_foreclosure(&position);
    assert_eq!(
        world.adapter.try_cure(&position),
        Err(Ok(AdapterError::NotCured)),
        "not cured"
    );
    world.set_price(UNIT);
    world.adapter.cure(&position);
    pass(&world, HOUR, 7_000_000);
    assert_eq!(
        world.adapter.start_foreclosure(&position),
        world.now(),
        "a new start"
    );
    world.change_policy(&position, |policy| (policy.drawn, policy.fees_due) = (0, 0));
    world.adapter.cure(&position);
}

#[test]
fn an_owner_who_cannot_receive_does_not_stop_a_foreclosure() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    start(&world, &position);
    let waiting = first_price(&world, &position, 700) - 180 * UNIT;
    // The issuer locks the owner's balance.
    let issuer = soroban_sdk::token::StellarAssetClient::new(&world.env, &world.asset);
    issuer
        .mock_all_auths()
        .set_authorized(&world.borrower, &false);
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    adapter.foreclose(
        &position,
        &payer,
        &(501 * UNIT),
        &(1_000 * UNIT),
        &(200 * UNIT),
    );
    assert_eq!(
        world.balance(&world.asset, &world.adapter.address),
        waiting,
        "kept"
    );
    issuer
        .mock_all_auths()
        .set_authorized(&world.borrower, &true);
    world.env.set_auths(&[]);
    assert_eq!(
        world.adapter.collect(&world.borrower),
        waiting,
        "collected by anyone"
    );
    assert_eq!(
        world.balance(&world.asset, &world.borrower),
        490 * UNIT + waiting,
        "the owner"
    );
    let again = world.adapter.try_collect(&world.borrower);
    assert_eq!(again, Err(Ok(AdapterError::NothingToCollect)), "again");
}

#[test]
fn by_assignment_the_payer_becomes_the_owner() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    let env = &world.env;
    world.blend.set_status(env, 4);
    start(&world, &position);
    let price = first_price(&world, &position, 700);
    let transfer = MockAuthInvoke {
        contract: &world.asset,
        fn_name: "transfer",
        args: (&payer, &world.adapter.address, 250 * UNIT).into_val(env),
        sub_invokes: &[],
    };
    let invoke = MockAuthInvoke {
        contract: &world.adapter.address,
        fn_name: "foreclose_by_assignment",
        args: (&position, &payer, 250 * UNIT).into_val(env),
        sub_invokes: &[transfer],
    };
    let stranger = [MockAuth {
        address: &world.owner,
        invoke: &invoke,
    }];
    let bid = 250 * UNIT;
    let refused = world
        .adapter
        .mock_auths(&stranger)
        .try_foreclose_by_assignment(&position, &payer, &bid);
    assert!(refused.is_err(), "someone else's signature");
    let auths = [MockAuth {
        address: &payer,
        invoke: &invoke,
    }];
    let paid = world
        .adapter
        .mock_auths(&auths)
        .foreclose_by_assignment(&position, &payer, &bid);
    assert_eq!(paid, price, "price");
    assert_eq!(world.position(&position).account().owner, payer, "owner");
    assert_eq!(
        world.held(&position),
        (1_000 * UNIT, 500 * UNIT),
        "on Blend"
    );
    assert_eq!(
        world.balance(&world.asset, &payer),
        1_000 * UNIT - price,
        "the rest of the bid came back"
    );
    assert_eq!(
        world.balance(&world.asset, &world.borrower),
        490 * UNIT + price - 180 * UNIT,
        "the old owner"
    );
}

#[test]
fn an_empty_position_is_written_off() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    world
        .position(&position)
        .mock_all_auths_allowing_non_root_auth()
        .foreclose(&payer, &(600 * UNIT), &(1_000 * UNIT));
    world.env.set_auths(&[]);
    start(&world, &position);
    let adapter = world.adapter.mock_all_auths();
    assert_eq!(adapter.foreclose(&position, &payer, &0, &0, &0), 0, "price");
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Foreclose(0)),
        "recovered"
    );
}

#[test]
fn a_healthy_position_borrows_what_it_owes_after_the_end() {
    let world = World::new();
    let position = debtor(&world);
    pass(&world, 4 * 7 * 24 * HOUR - 1, 2 * UNIT);
    let early = world.adapter.try_refinance(&position);
    assert_eq!(
        early,
        Err(Ok(AdapterError::CannotRefinance)),
        "before the end"
    );
    pass(&world, 1, 2 * UNIT);
    let debt = world.held(&position).1;
    assert_eq!(world.adapter.refinance(&position), 180 * UNIT, "amount");
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::PayBack(180 * UNIT)),
        "told the pool"
    );
    assert!(world.held(&position).1 > debt + 179 * UNIT, "debt on Blend");
    assert_eq!(
        world.balance(&world.asset, &world.adapter.address),
        0,
        "nothing stays"
    );
}

#[test]
fn a_loan_that_would_fall_below_the_target_does_not_refinance() {
    let world = World::new();
    let position = debtor(&world);
    pass(&world, 4 * 7 * 24 * HOUR, 12_500_000);
    let refused = world.adapter.try_refinance(&position);
    assert_eq!(
        refused,
        Err(Ok(AdapterError::CannotRefinance)),
        "843 of 681 is 1.239"
    );
}

#[test]
fn a_week_after_the_end_a_debtor_refinances_or_is_foreclosed() {
    let world = World::new();
    let rich = debtor(&world);
    world.set_price(2 * UNIT);
    let poor = debtor(&world);
    pass(&world, 5 * 7 * 24 * HOUR - 1, 2 * UNIT);
    let early = world.adapter.try_start_foreclosure(&rich);
    assert_eq!(early, Err(Ok(AdapterError::NotForeclosable)), "before");
    pass(&world, 1, 2 * UNIT);
    assert_eq!(world.adapter.start_foreclosure(&rich), 0, "refinanced");
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::PayBack(180 * UNIT)),
        "told the pool"
    );
    pass(&world, 5, UNIT);
    assert_eq!(
        world.adapter.start_foreclosure(&poor),
        world.now(),
        "started"
    );
}

#[test]
fn a_platform_that_does_not_lend_does_not_stop_a_foreclosure() {
    let world = World::new();
    let position = debtor(&world);
    pass(&world, 5 * 7 * 24 * HOUR, 2 * UNIT);
    world.blend.set_status(&world.env, 2);
    assert_eq!(
        world.adapter.start_foreclosure(&position),
        world.now(),
        "started"
    );
}

#[test]
fn a_loan_that_can_refinance_by_now_is_not_sold() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    pass(&world, 5 * 7 * 24 * HOUR, UNIT);
    start(&world, &position);
    world.set_price(2 * UNIT);
    let sold = adapter.foreclose_by_assignment(&position, &payer, &(1_500 * UNIT));
    assert_eq!(sold, 0, "the price");
    let told = Some(Told::PayBack(180 * UNIT));
    assert_eq!(world.cover_pool.told(), told, "refinanced");
    let owner = world.position(&position).account().owner;
    assert_eq!(owner, world.borrower, "the owner stays");
    let left = world.balance(&world.asset, &payer);
    assert_eq!(left, 1_000 * UNIT, "nothing is taken from the payer");
    let cured = adapter.try_cure(&position);
    assert_eq!(cured, Err(Ok(AdapterError::NotStarted)), "the start");
}

#[test]
fn a_grant_that_is_due_is_settled_before_the_sale() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    mint(
        &world.env,
        &world.asset,
        &world.cover_pool.address,
        1_000 * UNIT,
    );
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    start(&world, &position);
    let now = world.now();
    world.hub.set_event(&DepreciationEvent {
        id: 1,
        started: now - HOUR,
        reference: PRICE_ONE,
        current: PRICE_ONE * 7 / 10,
        rate: 3_000_000,
        at: now,
        deepened: now,
    });
    let take = || adapter.try_foreclose_by_assignment(&position, &payer, &(300 * UNIT));
    let healthy = Err(Ok(AdapterError::NotForeclosable));
    assert_eq!(
        take(),
        healthy,
        "with the grant the position carries what it owes"
    );
    world.cover_pool.refuse();
    assert!(
        matches!(take(), Ok(Ok(_))),
        "a grant that is refused stops nothing"
    );
}

#[test]
fn the_old_owners_cover_pays_nothing_for_a_position_that_was_assigned() {
    let world = World::new();
    let (position, payer) = (debtor(&world), buyer(&world));
    let (pool, env) = (&world.cover_pool, &world.env);
    mint(env, &world.asset, &pool.address, 1_000 * UNIT);
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    start(&world, &position);
    adapter.foreclose_by_assignment(&position, &payer, &(300 * UNIT));
    world.change_policy(&position, |policy| (policy.drawn, policy.fees_due) = (0, 0));
    let now = world.now();
    world.hub.set_event(&DepreciationEvent {
        id: 1,
        started: now - HOUR,
        reference: PRICE_ONE,
        current: PRICE_ONE * 7 / 10,
        rate: 3_000_000,
        at: now,
        deepened: now,
    });
    let batch = vec![env, position.clone()];
    let uninsured = vec![env, Outcome::Skipped(AdapterError::NotInsured as u32)];
    assert_eq!(adapter.grant(&batch, &payer), uninsured, "grant");
    assert_eq!(adapter.rescue(&batch, &payer), uninsured, "advance");
    pool.set_claim(
        &5,
        &Claim {
            interest: Interest(position, Class::Loan),
            peril: Peril::Advance,
            amount: 68 * UNIT,
            filed_at: now,
            payable_from: 0,
            delayed: false,
            disputed_by: None,
            bond: 0,
            is_appeal: false,
            rescue: true,
        },
    );
    assert_eq!(adapter.finalize(&5, &payer), 0, "an advance that was filed");
}
