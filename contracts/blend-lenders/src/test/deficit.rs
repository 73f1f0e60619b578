use actuary::time::DAY;
use interfaces::adapter::{AdapterError, CoverRequest};
use interfaces::blend::{BORROW, RATE_SCALE, REPAY, SUPPLY, SUPPLY_COLLATERAL, WITHDRAW};
use interfaces::blend_lenders::LossStep;
use soroban_sdk::testutils::{Address as _, Events as _};
use soroban_sdk::{vec, Address, Event as _};

use super::blend::{mint, BackstopClient, UNIT};
use super::{World, HOUR};
use crate::events::DeficitSeen;

const NO_DEFICIT: Result<i128, AdapterError> = Err(AdapterError::NoDeficit);

/// A watched reserve with 100 000 lent, of which 20 000 are borrowed.
fn watched() -> World {
    let world = World::new();
    world.add_vault();
    world.borrow(20_000 * UNIT);
    world
}

#[test]
fn a_deficit_that_is_seen_twice_is_lost() {
    let world = watched();
    world.pass(HOUR);
    world.steal(2_000 * UNIT);
    let seen_at = world.now();
    assert_eq!(world.prove(), Ok(0), "seen");
    let told = world.env.events().all();
    let told = told.filter_by_contract(&world.lenders.address);
    let (platform, asset) = (world.blend.pool.clone(), world.asset.clone());
    let missing = missing(&world);
    let event = DeficitSeen {
        platform,
        asset,
        missing,
    };
    let event = event.to_xdr(&world.env, &world.lenders.address);
    assert!(told.events().contains(&event), "{told:?}");
    world.pass(HOUR - 1);
    assert_eq!(world.prove(), NO_DEFICIT, "too soon");
    world.pass(1);
    let lost = world.per_b_token(missing);
    assert_eq!(world.prove(), Ok(lost), "an hour later");
    let index = world.record();
    assert_eq!((index.index, index.deficits), (lost, lost), "index");
    let step = LossStep {
        index: lost,
        deficits: lost,
        began_at: seen_at,
        seen_at: world.now(),
    };
    assert_eq!(index.steps, vec![&world.env, step], "of the first look");
    assert_eq!(world.prove(), NO_DEFICIT, "counted once");
}

/// What the reserve is short of; 2 000 less what rounding has left there.
fn missing(world: &World) -> i128 {
    let reserve = world.pool().get_reserve(&world.asset).data;
    let supply = reserve.b_supply * reserve.b_rate / RATE_SCALE;
    let liabilities = (reserve.d_supply * reserve.d_rate + RATE_SCALE - 1) / RATE_SCALE;
    (supply + reserve.backstop_credit - liabilities - world.held_by_platform()).max(0)
}

#[test]
fn what_belongs_to_the_backstop_is_missing_first() {
    let world = watched();
    world.pass(365 * DAY);
    let credit = world.pool().get_reserve(&world.asset).data.backstop_credit;
    assert!(credit > UNIT, "{credit}");
    world.steal(2_000 * UNIT);
    world.prove().unwrap();
    world.pass(HOUR);
    let lost = world.per_b_token(missing(&world));
    assert!((1_999 * UNIT..=2_000 * UNIT).contains(&missing(&world)));
    assert_eq!(world.prove(), Ok(lost), "what is missing, credit or not");
}

#[test]
fn a_thousandth_of_the_supply_is_no_deficit() {
    let world = World::new();
    world.add_vault();
    world.steal(100 * UNIT);
    assert_eq!(world.prove(), NO_DEFICIT, "a thousandth");
    world.steal(1);
    assert_eq!(world.prove(), Ok(0), "more");
}

#[test]
fn the_smaller_of_two_sights_counts() {
    let world = World::new();
    world.add_vault();
    world.steal(1_000 * UNIT);
    world.prove().unwrap();
    world.steal(1_000 * UNIT);
    world.pass(HOUR);
    let (first, all) = (RATE_SCALE / 100, RATE_SCALE / 50);
    assert_eq!(world.prove(), Ok(first), "what was there both times");
    assert_eq!(world.prove(), NO_DEFICIT, "the first sight is used up");
    world.pass(DAY - HOUR + 1);
    assert_eq!(world.prove(), Ok(first), "the rest is seen a day later");
    world.refill(500 * UNIT);
    world.pass(HOUR);
    assert_eq!(world.prove(), Ok(all * 3 / 4), "what is there still");
}

#[test]
fn a_sight_is_good_for_a_day_and_forgotten_when_nothing_is_missing() {
    let world = World::new();
    world.add_vault();
    world.steal(1_000 * UNIT);
    world.prove().unwrap();
    world.pass(DAY + 1);
    assert_eq!(world.prove(), Ok(0), "seen anew");
    world.refill(1_000 * UNIT - 1);
    world.pass(HOUR);
    assert_eq!(world.prove(), NO_DEFICIT, "a unit is no deficit");
    world.refill(1);
    assert_eq!(world.prove(), Ok(0), "it is gone");
    assert_eq!(world.prove(), NO_DEFICIT, "and forgotten");
    world.steal(1_000 * UNIT);
    assert_eq!(world.prove(), Ok(0), "seen anew");
    world.pass(DAY);
    assert_eq!(world.prove(), Ok(RATE_SCALE / 100), "at the end of its day");
}

#[test]
fn what_was_counted_and_made_good_is_set_off_against_a_later_default() {
    let world = World::new();
    world.add_vault();
    world.steal(1_000 * UNIT);
    world.prove().unwrap();
    world.pass(HOUR);
    let counted = world.prove().unwrap();
    world.refill(1_000 * UNIT);
    let fall = default(&world, 500 * UNIT);
    assert!(fall < counted, "{fall}");
    assert_eq!(
        world.record().index,
        counted,
        "the smaller loss adds nothing"
    );
    let fall = fall + default(&world, 2_000 * UNIT);
    assert!(fall > counted, "{fall}");
    let index = world.record();
    assert_eq!(index.index, fall, "all falls, which are more");
    assert_eq!(index.deficits, counted, "of which paid as a deficit");
    assert_eq!(world.prove(), Ok(fall), "nothing is missing any more");
    assert_eq!(world.prove(), NO_DEFICIT, "nor was seen to be");
}

/// Has debt default and be recorded; returns by how much the b_rate fell.
fn default(world: &World, amount: i128) -> i128 {
    BackstopClient::new(&world.env, &world.blend.backstop).fill(&200_000, &200_000);
    world.fail_to_repay(amount);
    world.record();
    BackstopClient::new(&world.env, &world.blend.backstop).fill(&0, &0);
    let before = world.pool().get_reserve(&world.asset).data.b_rate;
    world.record();
    before - world.pool().get_reserve(&world.asset).data.b_rate
}

#[test]
fn a_default_beside_a_deficit_that_stands_is_lost_as_well() {
    let world = World::new();
    world.add_vault();
    world.steal(1_000 * UNIT);
    world.prove().unwrap();
    world.pass(HOUR);
    let counted = world.prove().unwrap();
    let fall = default(&world, 500 * UNIT);
    let index = world.record();
    assert_eq!(index.index, counted + fall, "both");
    assert_eq!(index.deficits, counted, "of which a deficit");
}

#[test]
fn a_deficit_that_comes_back_is_not_lost_again() {
    let world = World::new();
    world.add_vault();
    world.steal(1_000 * UNIT);
    world.prove().unwrap();
    world.pass(HOUR);
    let counted = world.prove().unwrap();
    world.refill(1_000 * UNIT);
    assert_eq!(world.prove(), Ok(counted), "it is gone");
    world.steal(1_000 * UNIT);
    assert_eq!(world.prove(), NO_DEFICIT, "the same again");
    world.steal(500 * UNIT);
    assert_eq!(world.prove(), Ok(counted), "more is seen");
    world.pass(HOUR);
    assert_eq!(world.prove(), Ok(counted * 3 / 2), "and counts");
}

#[test]
fn a_bank_run_leaves_the_deficit_to_those_who_stay() {
    let world = World::new();
    world.add_vault();
    world.steal(10_000 * UNIT);
    world.prove().unwrap();
    world.pass(HOUR);
    assert_eq!(world.prove(), Ok(RATE_SCALE / 10), "a tenth");
    world.submit(&world.lender, &[(WITHDRAW, &world.asset, 50_000 * UNIT)]);
    world.pass(DAY);
    world.prove().unwrap();
    world.pass(HOUR);
    assert_eq!(world.prove(), Ok(RATE_SCALE / 5), "a fifth of what is left");
}

#[test]
fn no_b_token_loses_more_than_it_is_worth() {
    let world = watched();
    world.pass(365 * DAY);
    world.refresh();
    let supply = world.pool().get_reserve(&world.asset).data.b_supply;
    let rate = world.pool().get_reserve(&world.asset).data.b_rate;
    world.steal(world.held_by_platform());
    world.prove().unwrap();
    world.pass(HOUR);
    let index = world.prove().unwrap();
    assert!(
        index <= rate + rate / 1_000,
        "{index} of {rate} for {supply}"
    );
}

#[test]
fn who_lends_much_for_a_moment_hides_no_deficit() {
    let world = World::new();
    world.add_vault();
    world.steal(1_000 * UNIT);
    let whale = Address::generate(&world.env);
    world.prove().unwrap();
    world.pass(HOUR);
    world.lend(&whale, 9_900_000 * UNIT);
    assert_eq!(world.prove(), NO_DEFICIT, "a thousandth of the supply now");
    world.submit(&whale, &[(WITHDRAW, &world.asset, 9_800_000 * UNIT)]);
    let part = RATE_SCALE / 200;
    assert_eq!(world.prove(), Ok(part), "of twice the supply");
    world.submit(&whale, &[(WITHDRAW, &world.asset, 100_000 * UNIT)]);
    assert_eq!(world.prove(), Ok(2 * part), "the rest, on the same sight");
}

#[test]
fn cover_is_not_sold_while_anything_is_missing_or_was_seen_to_be() {
    let world = World::new();
    let (vault, payer) = (world.add_vault(), Address::generate(&world.env));
    mint(&world.env, &world.asset, &payer, 60 * UNIT);
    let request = world.request();
    let lenders = &world.lenders;
    let insure = || {
        let lenders = lenders.mock_all_auths_allowing_non_root_auth();
        let sold = lenders.try_insure_vault(&vault, &payer, &request);
        world.env.set_auths(&[]);
        sold.map(drop).map_err(Result::unwrap)
    };
    let short = AdapterError::PlatformNotActive;
    world.steal(1);
    assert_eq!(insure(), Err(short), "a unit is missing");
    assert_eq!(lenders.armed_vault(&vault), short as u32, "armed");
    world.refill(1);
    assert_eq!(insure(), Ok(()), "nothing is");
    world.steal(1_000 * UNIT);
    world.prove().unwrap();
    world.refill(1_000 * UNIT);
    assert_eq!(insure(), Err(short), "it was an hour ago");
    world.pass(DAY + 1);
    world.refresh();
    assert_eq!(insure(), Ok(()), "a day later");
    world.steal(1_000 * UNIT);
    world.prove().unwrap();
    world.pass(HOUR);
    world.prove().unwrap();
    world.pass(DAY);
    world.refresh();
    assert_eq!(insure(), Err(short), "counted, and missing still");
    let raised = CoverRequest {
        limit: request.limit + 1,
        ..request.clone()
    };
    let lenders = lenders.mock_all_auths();
    let renewed = lenders.try_renew_vault(&vault, &raised.limit, &4, &payer);
    assert_eq!(renewed, Err(Ok(short)), "nor more of it");
    assert!(
        lenders
            .try_renew_vault(&vault, &request.limit, &4, &payer)
            .is_ok(),
        "the same limit is renewed"
    );
    assert_eq!(lenders.try_cancel_vault(&vault), Err(Ok(short)), "cancel");
}

#[test]
fn a_reserve_that_nobody_registered_is_not_looked_at() {
    let world = World::new();
    world.steal(1_000 * UNIT);
    assert_eq!(world.prove(), Err(AdapterError::UnknownReserve));
}

#[test]
fn an_honest_reserve_is_never_short_of_a_unit() {
    let world = World::new();
    let vault = world.add_vault();
    let who = Address::generate(&world.env);
    let amounts = [7_777_777_i128, 33_333, 1_234_567_891, 99_999_999_999, 3];
    mint(&world.env, &world.asset, &who, 1_000_000 * UNIT);
    mint(&world.env, &world.collateral, &who, 1_000_000 * UNIT);
    let (asset, collateral) = (&world.asset, &world.collateral);
    world.submit(&who, &[(SUPPLY_COLLATERAL, collateral, 1_000_000 * UNIT)]);
    let repaid = amounts.iter().sum::<i128>() * 99 / 100;
    for round in 0..40_u64 {
        for amount in amounts {
            world.submit(&who, &[(SUPPLY, asset, amount + i128::from(round))]);
            world.submit(&who, &[(BORROW, asset, amount)]);
            world.submit(&who, &[(WITHDRAW, asset, amount / 2 + 1)]);
        }
        world.submit(&who, &[(REPAY, asset, repaid)]);
        world.pass(7_919 + 13 * round);
        world.refresh();
        assert_eq!(missing(&world), 0, "after round {round}");
        assert_eq!(world.lenders.armed_vault(&vault), 0, "sold");
    }
    let fall = default(&world, 1_000 * UNIT);
    assert!(fall > 0, "a default");
    assert_eq!(missing(&world), 0, "after it");
}
