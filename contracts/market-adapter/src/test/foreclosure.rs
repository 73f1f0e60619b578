use interfaces::adapter::AdapterError;
use interfaces::cover::Peril;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::token::StellarAssetClient;
use soroban_sdk::Address;

use super::{paid, refused, signed, World, DAY, HOUR, UNIT};

/// What the advance of these tests draws.
const DRAW: i128 = 1_168 * UNIT / 10;

/// A loan that owes an advance of 116.8, and a debt of 883.2.
fn owing() -> (World, Address) {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    world.set_price(138);
    world.watch(HOUR);
    assert_eq!(paid(&world.rescue(&loan)), DRAW, "drawn");
    (world, loan)
}

/// The same a little later: collateral worth 1 040 does not carry debt and advance any more.
fn sinking() -> (World, Address) {
    let (world, loan) = owing();
    world.set_price(104);
    world.watch(HOUR);
    (world, loan)
}

fn owed(world: &World, loan: &Address) -> i128 {
    let policy = world.policy(loan);
    policy.drawn + policy.fees_due
}

fn buyer(world: &World) -> Address {
    let buyer = Address::generate(&world.env);
    world.mint(&world.asset, &buyer, 10_000 * UNIT);
    buyer
}

fn foreclose(world: &World, loan: &Address, payer: &Address, bid: i128) -> Result<i128, u32> {
    let reply = signed(&world.env, || {
        world
            .adapter
            .try_foreclose(loan, payer, &(900 * UNIT), &bid)
    });
    match reply {
        Ok(Ok(price)) => Ok(price),
        refusal => Err(refused(refusal)),
    }
}

#[test]
fn a_healthy_loan_pays_its_advance_back_after_the_end() {
    let (world, loan) = owing();
    world.set_price(200);
    world.watch(DAY);
    let refused_with = refused(world.adapter.try_refinance(&loan));
    assert_eq!(
        refused_with,
        AdapterError::CannotRefinance as u32,
        "before the end"
    );
    world.watch(world.policy(&loan).end - world.now());
    let due = owed(&world, &loan);
    world.mint(&world.asset, &world.platform.address, due);
    let cash = world.pool.books().cash;
    assert_eq!(world.adapter.refinance(&loan), due, "all of it");
    assert_eq!(world.pool.books().cash, cash + due, "the pool's");
    assert_eq!(owed(&world, &loan), 0, "nothing is owed");
    let debt = world.platform.loan(&loan).debt;
    assert_eq!(debt, 1_000 * UNIT - DRAW + due, "on the platform");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
    let again = refused(world.adapter.try_refinance(&loan));
    assert_eq!(again, AdapterError::NothingOwed as u32, "twice");
}

#[test]
fn a_loan_that_could_not_carry_it_is_not_refinanced() {
    let (world, loan) = owing();
    world.watch(world.policy(&loan).end - world.now());
    let refusal = refused(world.adapter.try_refinance(&loan));
    assert_eq!(refusal, AdapterError::CannotRefinance as u32, "at 1.38");
}

#[test]
fn a_foreclosure_starts_when_the_collateral_is_owed_and_is_cured() {
    let (world, loan) = owing();
    let refusal = refused(world.adapter.try_start_foreclosure(&loan));
    assert_eq!(refusal, AdapterError::NotForeclosable as u32, "not yet");
    let none = refused(world.adapter.try_cure(&loan));
    assert_eq!(none, AdapterError::NotStarted as u32, "nothing to cure");
    let (world, loan) = sinking();
    let started = world.now();
    assert_eq!(world.adapter.start_foreclosure(&loan), started, "started");
    world.watch(HOUR);
    assert_eq!(world.adapter.start_foreclosure(&loan), started, "already");
    let not_yet = refused(world.adapter.try_cure(&loan));
    assert_eq!(not_yet, AdapterError::NotCured as u32, "not cured");
    world.set_price(130);
    world.watch(HOUR);
    world.adapter.cure(&loan);
    let cured = refused(world.adapter.try_cure(&loan));
    assert_eq!(cured, AdapterError::NotStarted as u32, "cured");
}

#[test]
fn a_foreclosure_after_the_end_refinances_first() {
    let (world, loan) = owing();
    world.set_price(200);
    world.watch(world.policy(&loan).end + 7 * DAY - world.now());
    let due = owed(&world, &loan);
    world.mint(&world.asset, &world.platform.address, due);
    assert_eq!(world.adapter.start_foreclosure(&loan), 0, "refinanced");
    assert_eq!(owed(&world, &loan), 0, "nothing is owed");
}

#[test]
fn a_foreclosure_hands_over_the_collateral_and_pays_the_pool_first() {
    let (world, loan) = sinking();
    let payer = buyer(&world);
    let not_started = Err(AdapterError::NotStarted as u32);
    assert_eq!(
        foreclose(&world, &loan, &payer, 200 * UNIT),
        not_started,
        "early"
    );
    world.adapter.start_foreclosure(&loan);
    world.watch(899);
    let soon = Err(AdapterError::TooSoon as u32);
    assert_eq!(
        foreclose(&world, &loan, &payer, 200 * UNIT),
        soon,
        "too soon"
    );
    world.watch(1);
    let (due, debt) = (owed(&world, &loan), 1_000 * UNIT - DRAW);
    // A quarter of an hour of the discount, rounded down as a rate: 0.41666 %.
    let price = 1_040 * UNIT * 9_958_334 / 10_000_000 - debt;
    let low = Err(AdapterError::BidTooLow as u32);
    assert_eq!(
        foreclose(&world, &loan, &payer, price - 1),
        low,
        "a low bid"
    );
    let (cash, owner) = (
        world.pool.books().cash,
        world.asset.balance(&world.borrower),
    );
    assert_eq!(
        foreclose(&world, &loan, &payer, 200 * UNIT),
        Ok(price),
        "price"
    );
    let spent = 10_000 * UNIT - world.asset.balance(&payer);
    assert_eq!(spent, debt + price, "debt and price, and no more");
    assert_eq!(world.collateral.balance(&payer), 1_000 * UNIT, "collateral");
    assert_eq!(world.pool.books().cash - cash, due, "the pool first");
    let to_owner = world.asset.balance(&world.borrower) - owner;
    assert_eq!(to_owner, price - due, "the owner the rest");
    assert_eq!(owed(&world, &loan), 0, "nothing is owed");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
    let gone = Err(AdapterError::NothingOwed as u32);
    assert_eq!(foreclose(&world, &loan, &payer, UNIT), gone, "twice");
}

#[test]
fn the_discount_grows_for_six_hours_and_the_pool_writes_off_the_rest() {
    let (world, loan) = sinking();
    let payer = buyer(&world);
    world.adapter.start_foreclosure(&loan);
    world.watch(6 * HOUR);
    let debt = 1_000 * UNIT - DRAW;
    let price = 936 * UNIT - debt;
    assert_eq!(
        foreclose(&world, &loan, &payer, 200 * UNIT),
        Ok(price),
        "10 % off"
    );
    assert_eq!(world.pool.books().drawn, 0, "the rest is written off");
}

#[test]
fn a_start_is_good_for_a_day() {
    let (world, loan) = sinking();
    let payer = buyer(&world);
    world.adapter.start_foreclosure(&loan);
    world.watch(DAY);
    let not_started = Err(AdapterError::NotStarted as u32);
    assert_eq!(
        foreclose(&world, &loan, &payer, 200 * UNIT),
        not_started,
        "stale"
    );
    assert_eq!(world.adapter.start_foreclosure(&loan), world.now(), "anew");
}

#[test]
fn nothing_is_foreclosed_at_a_price_that_is_not_confirmed() {
    let (world, loan) = owing();
    world.set_price(90);
    let refusal = refused(world.adapter.try_start_foreclosure(&loan));
    assert_eq!(refusal, AdapterError::PriceQuarantined as u32, "a jump");
}

#[test]
fn what_an_owner_cannot_receive_waits_for_them() {
    let (world, loan) = sinking();
    let payer = buyer(&world);
    world.adapter.start_foreclosure(&loan);
    let token = StellarAssetClient::new(&world.env, &world.asset.address);
    signed(&world.env, || token.set_authorized(&world.borrower, &false));
    world.watch(HOUR / 4);
    let due = owed(&world, &loan);
    let price = foreclose(&world, &loan, &payer, 200 * UNIT).unwrap();
    assert_eq!(world.held_by_adapter(), price - due, "waits");
    assert!(
        world.adapter.try_collect(&world.borrower).is_err(),
        "frozen"
    );
    signed(&world.env, || token.set_authorized(&world.borrower, &true));
    assert_eq!(
        world.adapter.collect(&world.borrower),
        price - due,
        "collected"
    );
    let again = refused(world.adapter.try_collect(&world.borrower));
    assert_eq!(again, AdapterError::NothingToCollect as u32, "twice");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
}

#[test]
fn a_dip_of_minutes_starts_no_foreclosure_and_makes_none_cheap() {
    let (world, loan) = owing();
    world.set_price(104);
    let dip = refused(world.adapter.try_start_foreclosure(&loan));
    assert_eq!(
        dip,
        AdapterError::NotForeclosable as u32,
        "the mean is higher"
    );
    let (world, loan) = sinking();
    let payer = buyer(&world);
    world.adapter.start_foreclosure(&loan);
    world.watch(HOUR / 4);
    world.set_price(90);
    let price = 1_040 * UNIT * 9_958_334 / 10_000_000 - (1_000 * UNIT - DRAW);
    let at_mean = foreclose(&world, &loan, &payer, 200 * UNIT);
    assert_eq!(at_mean, Ok(price), "sold at the mean");
}

#[test]
fn a_grant_that_is_due_is_settled_before_the_collateral_is_sold() {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance, Peril::Grant]);
    world.set_price(138);
    world.watch(HOUR);
    paid(&world.rescue(&loan));
    world.set_price(104);
    world.watch(HOUR);
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    world.adapter.start_foreclosure(&loan);
    world.watch(HOUR / 4);
    let debt = world.platform.loan(&loan).debt;
    let payer = buyer(&world);
    // The gift lifts the loan out of reach, and with the refused foreclosure it is undone.
    let unharmed = Err(AdapterError::NotForeclosable as u32);
    assert_eq!(
        foreclose(&world, &loan, &payer, 200 * UNIT),
        unharmed,
        "it is due"
    );
    assert_eq!(world.platform.loan(&loan).debt, debt, "undone");
    assert!(paid(&world.grant(&loan)) > 0, "anyone has it settled");
}

#[test]
fn a_loan_that_can_refinance_by_now_is_not_sold() {
    let (world, loan) = sinking();
    let payer = buyer(&world);
    world.watch(world.policy(&loan).end + 7 * DAY - world.now());
    world.adapter.start_foreclosure(&loan);
    world.set_price(200);
    world.watch(HOUR);
    let due = owed(&world, &loan);
    world.mint(&world.asset, &world.platform.address, due);
    assert_eq!(
        foreclose(&world, &loan, &payer, 200 * UNIT),
        Ok(0),
        "refinanced"
    );
    assert_eq!(
        world.asset.balance(&payer),
        10_000 * UNIT,
        "nothing is taken"
    );
    assert_eq!(owed(&world, &loan), 0, "nothing is owed");
}
