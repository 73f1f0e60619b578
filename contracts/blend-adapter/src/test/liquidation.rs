use actuary::loss::{blend_incentive_down, liquidation_loss_down, payout_down};
use actuary::{Assets, Rate};
use interfaces::adapter::AdapterError;
use interfaces::cover::{CoverError, Peril, Settlement};
use interfaces::position::{Taken, Watch};
use interfaces::price::{DepreciationEvent, PRICE_ONE};
use soroban_sdk::testutils::{Address as _, Events as _};
use soroban_sdk::{vec, Address, Event as _};

use super::blend::{mint, UNIT};
use super::insured::{refused, Insured, DAY, HOUR, LIMIT, WEEK};
use crate::events::LiquidationSettled;

const NOTHING: Result<Settlement, u32> = Ok(Settlement::Paid(0));

/// A loan insured against liquidation, whose waiting period is over.
fn insured() -> (Insured, Address) {
    let insured = Insured::new();
    let position = insured.seasoned(&[Peril::Liquidation]);
    (insured, position)
}

/// The same, of which half was liquidated at 70 cents: about 415.2 of collateral went for 250 of debt.
fn liquidated() -> (Insured, Address) {
    let (insured, position) = insured();
    insured.liquidate_half(&position, 200);
    (insured, position)
}

fn settle(insured: &Insured, position: &Address) -> Result<Settlement, u32> {
    let adapter = &insured.world.adapter;
    match adapter.try_settle_liquidation(position, &insured.keeper) {
        Ok(Ok(settlement)) => Ok(settlement),
        refusal => Err(refused(refusal)),
    }
}

fn code<T>(error: AdapterError) -> Result<T, u32> {
    Err(error as u32)
}

fn watch(insured: &Insured, position: &Address) -> Watch {
    insured.world.position(position).look().unwrap()
}

/// The gross loss of what was taken at a price of so many 1e7ths of a dollar, of which `granted` was given before.
fn loss(insured: &Insured, taken: &Taken, price: i128, granted: i128) -> Assets {
    let seized = Assets::from_raw(taken.collateral * price / UNIT);
    let repaid = Assets::from_raw(insured.owed_up(taken.debt));
    let incentive = blend_incentive_down(Rate::from_raw(7_500_000), Rate::from_raw(9_000_000));
    let granted = Assets::from_raw(granted);
    liquidation_loss_down(seized, repaid, incentive.unwrap(), granted).unwrap()
}

/// What of a gross loss is paid, with a co-insurance of 30 %.
fn payout(loss: Assets, limit: i128) -> i128 {
    let co_insurance = Rate::from_raw(3_000_000);
    payout_down(loss, Assets::ZERO, co_insurance, Assets::from_raw(limit))
        .unwrap()
        .raw()
}

#[test]
fn the_penalty_of_a_liquidation_repays_the_loan() {
    let (insured, position) = liquidated();
    let taken = watch(&insured, &position).taken;
    let left = insured.world.held(&position).0;
    assert_eq!(taken.collateral, 1_000 * UNIT - left, "what went");
    let gross = loss(&insured, &taken, 7_000_000, 0);
    let expected = payout(gross, LIMIT);
    assert!(
        (40 * UNIT..41 * UNIT).contains(&gross.raw()),
        "415 at 0.7 less 250: {gross:?}"
    );
    let (before, keeper) = (insured.debt(&position), &insured.keeper);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "settled");
    let told = LiquidationSettled {
        position: position.clone(),
        collateral: taken.collateral,
        debt: taken.debt,
        loss: gross.raw(),
        paid: expected,
    };
    let (env, adapter) = (&insured.world.env, &insured.world.adapter.address);
    let events = env.events().all().filter_by_contract(adapter);
    assert_eq!(events, [told.to_xdr(env, adapter)], "told");
    let repaid = before - insured.debt(&position);
    assert!((0..=1).contains(&(expected - repaid)), "repaid: {repaid}");
    let policy = insured.policy(&position);
    assert_eq!(policy.paid, expected, "by the policy");
    assert_eq!(policy.limit, LIMIT - expected, "limit left");
    let world = &insured.world;
    assert_eq!(world.balance(&world.asset, keeper), UNIT / 2, "bounty");
    let left = world.balance(&world.asset, &world.adapter.address);
    assert_eq!(left, 0, "nothing is left behind");
}

#[test]
fn a_liquidation_is_settled_once() {
    let (insured, position) = liquidated();
    assert!(settle(&insured, &position).is_ok(), "settled");
    let again = settle(&insured, &position);
    assert_eq!(again, code(AdapterError::NothingLost), "twice");
    let taken = watch(&insured, &position).taken;
    assert_eq!(taken, Taken::default(), "nothing is left to settle");
}

#[test]
fn no_more_than_blends_own_incentive_is_paid() {
    let (insured, position) = insured();
    insured.liquidate_half(&position, 300);
    let taken = watch(&insured, &position).taken;
    // Half of the debt for all of the lot.
    let repaid = insured.owed_up(taken.debt);
    let seized = taken.collateral * 7 / 10;
    assert!(seized > 2 * repaid, "{seized} for {repaid}");
    let capped = payout(Assets::from_raw(repaid * 1_625 / 10_000), LIMIT);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(capped)), "16.25 % of it");
}

#[test]
fn a_loan_that_is_gone_leaves_the_payment_to_its_owner() {
    let (insured, position) = insured();
    let world = &insured.world;
    world.set_price(5_700_000);
    insured.auction(&position, 100);
    insured.fill(&position, 100, 190);
    let (collateral, debt) = world.held(&position);
    assert!(collateral > 0 && debt == 0, "{collateral} is left");
    let taken = watch(&insured, &position).taken;
    let expected = payout(loss(&insured, &taken, 5_700_000, 0), LIMIT);
    assert!(expected > 0, "a penalty");
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "settled");
    let received = world.balance(&world.asset, &position);
    assert_eq!(received, expected, "the position's");
    let client = world.position(&position).mock_all_auths();
    let to = Address::generate(&world.env);
    assert_eq!(client.sweep(&world.asset, &to), expected, "the owner's");
}

#[test]
fn a_loan_that_ends_in_bad_debt_is_paid_nothing() {
    let (insured, position) = insured();
    insured.world.set_price(5_700_000);
    insured.auction(&position, 100);
    insured.fill(&position, 50, 300);
    assert!(watch(&insured, &position).taken.debt > 0, "a half is seen");
    insured.fill(&position, 100, 0);
    assert_eq!(insured.world.held(&position), (0, 0), "left");
    let bad = settle(&insured, &position);
    assert_eq!(bad, code(AdapterError::NothingLost), "the lenders' loss");
}

#[test]
fn nothing_is_settled_while_an_auction_is_open() {
    let (insured, position) = insured();
    insured.world.set_price(7_000_000);
    insured.auction(&position, 50);
    insured.fill(&position, 40, 200);
    let open = settle(&insured, &position);
    assert_eq!(open, code(AdapterError::AuctionOpen), "a part is open");
    insured.fill(&position, 100, 0);
    let taken = watch(&insured, &position).taken;
    let (whole, at_once) = liquidated();
    let whole = watch(&whole, &at_once).taken;
    assert_eq!(taken.debt, whole.debt, "split into two, it takes no more");
    let more = taken.collateral - whole.collateral;
    assert!((-1..=0).contains(&more), "nor collateral: {more}");
    let expected = payout(loss(&insured, &taken, 7_000_000, 0), LIMIT);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "both fills");
}

#[test]
fn a_liquidation_without_a_fall_at_the_hub_is_settled_with_nothing_a_day_after_it_was_seen() {
    let (insured, position) = insured();
    let world = &insured.world;
    // Blend's oracle alone falls; at the hub the price is a little above 90 % of what it was.
    let low = |price| world.blend.set_price(&world.env, &world.collateral, price);
    let at_hub = |price| world.hub.set_price(&world.collateral, &price);
    low(7_000_000);
    at_hub(PRICE_ONE * 18 / 10 + 1);
    insured.auction(&position, 50);
    insured.fill(&position, 100, 200);
    watch(&insured, &position);
    let higher = settle(&insured, &position);
    assert_eq!(higher, code(AdapterError::NothingLost), "90 % and a bit");
    world.pass(DAY + 1);
    world.set_price(18_000_000);
    at_hub(PRICE_ONE * 18 / 10 + 1);
    assert_eq!(settle(&insured, &position), NOTHING, "a day later");
    at_hub(PRICE_ONE);
    let later = settle(&insured, &position);
    assert_eq!(later, code(AdapterError::NothingLost), "it is final");
    low(6_000_000);
    insured.auction(&position, 50);
    insured.fill(&position, 100, 200);
    at_hub(PRICE_ONE * 18 / 10);
    let taken = watch(&insured, &position).taken;
    let expected = payout(loss(&insured, &taken, 18_000_000, 0), LIMIT);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "at 90 %");
}

#[test]
fn collateral_is_valued_at_the_lower_of_the_hubs_prices() {
    let (insured, position) = liquidated();
    let taken = watch(&insured, &position).taken;
    insured.world.hub.set_low(&(PRICE_ONE * 65 / 100));
    let expected = payout(loss(&insured, &taken, 6_500_000, 0), LIMIT);
    assert!(expected < payout(loss(&insured, &taken, 7_000_000, 0), LIMIT));
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "at 0.65");
}

#[test]
fn waiting_for_a_better_price_gains_no_more_than_the_incentive_and_a_worse_one_denies_nothing() {
    let (insured, position) = insured();
    insured.liquidate_half(&position, 180);
    let taken = watch(&insured, &position).taken;
    insured.world.set_price(6_000_000);
    let worth_less = settle(&insured, &position);
    assert_eq!(worth_less, code(AdapterError::NothingLost), "at 60 cents");
    insured.world.set_price(UNIT);
    let repaid = insured.owed_up(taken.debt);
    let capped = payout(Assets::from_raw(repaid * 1_625 / 10_000), LIMIT);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(capped)), "at a dollar");
}

#[test]
fn what_is_worth_no_more_than_its_debt_is_settled_with_nothing_a_day_after_it_was_seen() {
    let (insured, position) = insured();
    insured.liquidate_half(&position, 170);
    let seen = watch(&insured, &position).taken.seen_at;
    insured.world.pass(DAY);
    insured.world.set_price(7_000_000);
    let worth_less = settle(&insured, &position);
    assert_eq!(worth_less, code(AdapterError::NothingLost), "for a day");
    insured.world.pass(1);
    assert_eq!(insured.world.now(), seen + DAY + 1, "and a second");
    assert_eq!(settle(&insured, &position), NOTHING, "final");
    insured.world.set_price(UNIT);
    let over = settle(&insured, &position);
    assert_eq!(over, code(AdapterError::NothingLost), "nothing is left");
    assert_eq!(insured.policy(&position).paid, 0, "nothing was paid");
}

#[test]
fn what_is_done_before_settling_changes_nothing() {
    let (insured, position) = liquidated();
    let world = &insured.world;
    let taken = watch(&insured, &position).taken;
    let expected = payout(loss(&insured, &taken, 7_000_000, 0), LIMIT);
    let (env, friend) = (&world.env, Address::generate(&world.env));
    mint(env, &world.asset, &friend, 100 * UNIT);
    mint(env, &world.collateral, &world.borrower, 900 * UNIT);
    let client = world.position(&position).mock_all_auths();
    client.repay(&friend, &(100 * UNIT));
    client.supply(&(900 * UNIT));
    client.borrow(&(10 * UNIT), &friend);
    client.withdraw(&(10 * UNIT), &friend);
    env.set_auths(&[]);
    let after = watch(&insured, &position);
    assert_eq!(after.taken, taken, "what was taken");
    assert_eq!(after.price, PRICE_ONE * 7 / 10, "what comes is judged anew");
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "the same");
}

#[test]
fn a_gift_is_not_a_loss() {
    let (insured, position) = insured();
    let world = &insured.world;
    let friend = Address::generate(&world.env);
    mint(&world.env, &world.asset, &friend, 100 * UNIT);
    mint(&world.env, &world.asset, &position, 100 * UNIT);
    mint(&world.env, &world.collateral, &position, 100 * UNIT);
    world
        .position(&position)
        .mock_all_auths()
        .repay(&friend, &(100 * UNIT));
    world.set_price(7_000_000);
    let gifts = settle(&insured, &position);
    assert_eq!(gifts, code(AdapterError::NothingLost), "gifts alone");
    // Debt that a filler takes over for nothing is one.
    world.set_price(5_500_000);
    insured.auction(&position, 50);
    insured.fill(&position, 100, 0);
    let taken = watch(&insured, &position).taken;
    assert!(taken.debt > 0, "debt went");
    let gift = settle(&insured, &position);
    assert_eq!(gift, code(AdapterError::NothingLost), "for nothing");
}

#[test]
fn borrowing_at_the_bottom_forgoes_the_fall_before() {
    let (insured, position) = insured();
    let world = &insured.world;
    world.set_price(15_000_000);
    mint(&world.env, &world.collateral, &world.borrower, 400 * UNIT);
    let client = world.position(&position).mock_all_auths();
    client.supply(&(400 * UNIT));
    client.borrow(&UNIT, &world.borrower);
    assert_eq!(watch(&insured, &position).price, PRICE_ONE * 3 / 2, "noted");
    let hub = |price| world.hub.set_price(&world.collateral, &price);
    world
        .blend
        .set_price(&world.env, &world.collateral, 5_000_000);
    hub(PRICE_ONE * 136 / 100);
    insured.auction(&position, 50);
    insured.fill(&position, 100, 200);
    let settled = settle(&insured, &position);
    assert_eq!(
        settled,
        code(AdapterError::NothingLost),
        "9 % since, 32 % in all"
    );
}

#[test]
fn a_price_that_came_back_when_somebody_settles_does_not_end_it() {
    let (insured, position) = liquidated();
    let taken = watch(&insured, &position).taken;
    insured.world.set_price(19_000_000);
    let higher = settle(&insured, &position);
    assert_eq!(higher, code(AdapterError::NothingLost), "5 % below");
    insured.world.set_price(7_000_000);
    let expected = payout(loss(&insured, &taken, 7_000_000, 0), LIMIT);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "65 % below");
}

#[test]
fn a_liquidation_must_have_been_seen_to_begin_after_the_waiting_period() {
    let insured = Insured::new();
    let position = insured.fresh(&[Peril::Liquidation]);
    insured.world.pass(DAY - 1);
    insured.world.position(&position).look();
    insured.liquidate_half(&position, 200);
    assert_eq!(settle(&insured, &position), NOTHING, "may be too early");
    let over = settle(&insured, &position);
    assert_eq!(over, code(AdapterError::NothingLost), "it is final");
    assert_eq!(insured.policy(&position).paid, 0, "nothing was paid");
    // The settlement was a look.
    insured.world.set_price(6_000_000);
    insured.auction(&position, 50);
    insured.fill(&position, 100, 200);
    let next = settle(&insured, &position);
    assert!(matches!(next, Ok(Settlement::Paid(1..))), "next: {next:?}");
}

#[test]
fn a_liquidation_must_have_been_seen_before_the_end() {
    let (insured, position) = liquidated();
    let world = &insured.world;
    let end = insured.policy(&position).end;
    let seen = watch(&insured, &position).taken;
    world.pass(end + 1 - world.now());
    world.set_price(7_000_000);
    let expected = payout(loss(&insured, &seen, 7_000_000, 0), LIMIT);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "seen in time");

    let (insured, position) = insured_until_end();
    insured.liquidate_half(&position, 200);
    assert!(watch(&insured, &position).taken.seen_at > insured.policy(&position).end);
    assert_eq!(settle(&insured, &position), NOTHING, "seen after the end");
}

/// A loan whose cover ends in a quarter of an hour, sooner than its liquidation.
fn insured_until_end() -> (Insured, Address) {
    let (insured, position) = insured();
    let (world, end) = (&insured.world, insured.policy(&position).end);
    world.pass(end - 900 - world.now());
    (insured, position)
}

#[test]
fn nothing_is_paid_after_the_grace_week() {
    let (insured, position) = liquidated();
    watch(&insured, &position);
    let world = &insured.world;
    world.pass(insured.policy(&position).end + WEEK - world.now());
    world.set_price(7_000_000);
    assert_eq!(settle(&insured, &position), NOTHING, "expired");
    assert_eq!(insured.policy(&position).paid, 0, "nothing was paid");
}

#[test]
fn the_limit_bounds_what_is_paid() {
    let insured = Insured::new();
    let position = insured.world.open();
    let mut request = insured.request(&[Peril::Liquidation]);
    request.limit = 20 * UNIT;
    let adapter = insured.world.adapter.mock_all_auths();
    adapter.insure(&position, &request);
    insured.world.env.set_auths(&[]);
    insured.world.pass(DAY);
    insured.world.position(&position).look();
    insured.liquidate_half(&position, 200);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(20 * UNIT)), "28.4 are owed");
}

#[test]
fn a_loan_without_this_peril_is_not_watched() {
    let insured = Insured::new();
    let position = insured.seasoned(&[Peril::Grant]);
    let uninsured = insured.world.open();
    insured.liquidate_half(&position, 200);
    let other = settle(&insured, &position);
    assert_eq!(other, code(AdapterError::NotWatched), "another peril");
    let none = settle(&insured, &uninsured);
    assert_eq!(none, code(AdapterError::NotInsured), "no cover");
    let stranger = settle(&insured, &insured.keeper);
    assert_eq!(stranger, code(AdapterError::NotAPosition), "no position");
}

/// An event of 65 % that began at 2 dollars.
fn event(insured: &Insured) -> DepreciationEvent {
    let now = insured.world.now();
    DepreciationEvent {
        id: 1,
        started: now,
        reference: 2 * PRICE_ONE,
        current: PRICE_ONE * 7 / 10,
        rate: 6_500_000,
        at: now,
        deepened: now,
    }
}

#[test]
fn what_was_granted_for_the_fall_is_taken_off() {
    let insured = Insured::new();
    let position = insured.seasoned(&[Peril::Grant, Peril::Liquidation]);
    let world = &insured.world;
    insured.liquidate_half(&position, 200);
    let taken = watch(&insured, &position).taken;
    world.hub.set_event(&event(&insured));
    let batch = vec![&world.env, position.clone()];
    world.adapter.grant(&batch, &insured.keeper);
    let granted = insured.policy(&position).event_loss;
    let gross = loss(&insured, &taken, 7_000_000, 0);
    assert!(granted > 0 && granted < gross.raw(), "{granted}");
    let (paid, left) = (
        insured.policy(&position).paid,
        insured.policy(&position).limit,
    );
    let expected = payout(loss(&insured, &taken, 7_000_000, granted), left);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "the rest");
    assert_eq!(insured.policy(&position).paid, paid + expected, "in all");
    // In the other order the penalty has repaid what the grant would have.
    let insured = Insured::new();
    let position = insured.seasoned(&[Peril::Grant, Peril::Liquidation]);
    insured.liquidate_half(&position, 200);
    insured.world.hub.set_event(&event(&insured));
    assert!(settle(&insured, &position).is_ok(), "the penalty first");
    let batch = vec![&insured.world.env, position.clone()];
    insured.world.adapter.grant(&batch, &insured.keeper);
    let in_all = insured.policy(&position).paid;
    assert!(in_all <= paid + expected, "{in_all}: no more than that");
}

#[test]
fn what_may_not_be_paid_at_once_waits() {
    let (insured, position) = liquidated();
    insured.wait_for_claims();
    let world = &insured.world;
    let taken = watch(&insured, &position).taken;
    let expected = payout(loss(&insured, &taken, 7_000_000, 0), LIMIT);
    let filed = settle(&insured, &position);
    assert_eq!(filed, Ok(Settlement::Filed(1, expected)), "filed");
    let again = settle(&insured, &position);
    assert_eq!(again, code(AdapterError::NothingLost), "once");
    world.pass(2 * DAY - 1);
    let early = world.adapter.try_finalize(&1, &insured.keeper);
    assert_eq!(refused(early), CoverError::NotPayable as u32, "early");
    world.pass(1);
    let before = insured.debt(&position);
    let paid = world.adapter.finalize(&1, &insured.keeper);
    assert_eq!(paid, expected, "paid");
    let repaid = before - insured.debt(&position);
    assert!((0..=1).contains(&(expected - repaid)), "repaid: {repaid}");
    let taken = watch(&insured, &position).taken;
    assert_eq!(taken, Taken::default(), "a payment is not a liquidation");
}

#[test]
fn what_the_pool_cannot_pay_now_can_be_settled_later() {
    let (insured, position) = liquidated();
    let admin = insured.pool.mock_all_auths();
    admin.pause(&cover_pool::Scope::Claims);
    insured.world.env.set_auths(&[]);
    let paused = settle(&insured, &position);
    assert_eq!(paused, Err(CoverError::Paused as u32), "paused");
    insured.world.pass(3 * DAY);
    insured.world.set_price(7_000_000);
    let taken = watch(&insured, &position).taken;
    let expected = payout(loss(&insured, &taken, 7_000_000, 0), LIMIT);
    let settled = settle(&insured, &position);
    assert_eq!(settled, Ok(Settlement::Paid(expected)), "afterwards");
}

#[test]
fn a_foreclosure_settles_what_was_taken_before() {
    let insured = Insured::new();
    let position = insured.seasoned(&[Peril::Advance, Peril::Liquidation]);
    let (world, payer) = (&insured.world, Address::generate(&insured.world.env));
    insured.liquidate_half(&position, 300);
    let taken = watch(&insured, &position).taken;
    world.set_price(7_500_000);
    let batch = vec![&world.env, position.clone()];
    world.adapter.rescue(&batch, &insured.keeper);
    assert!(insured.policy(&position).drawn > 0, "an advance");
    world.set_price(6_000_000);
    world.adapter.start_foreclosure(&position);
    world.pass(HOUR);
    world.set_price(6_000_000);
    let left = insured.policy(&position).limit;
    let expected = payout(loss(&insured, &taken, 6_000_000, 0), left);
    assert!(expected > 0, "a penalty");
    mint(&world.env, &world.asset, &payer, 300 * UNIT);
    let adapter = world.adapter.mock_all_auths_allowing_non_root_auth();
    adapter.foreclose_by_assignment(&position, &payer, &(300 * UNIT));
    assert_eq!(insured.policy(&position).paid, expected, "paid");
    let taken = watch(&insured, &position).taken;
    assert_eq!(taken, Taken::default(), "settled");
}
