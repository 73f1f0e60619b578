use interfaces::price::{Armed, Depreciation, DepreciationEvent, PriceError};
use soroban_sdk::testutils::Events as _;
use soroban_sdk::Event as _;

use super::{Token, World, DOLLAR};
use crate::events::Triggered;

/// A collateral and a debt at 100 and 1 dollars for 26 hours, up to a whole hour.
fn calm() -> (World, Token, Token) {
    let world = World::new();
    let (collateral, debt) = (world.listed(), world.listed());
    world.warm_up(&[(&collateral, 100 * DOLLAR), (&debt, DOLLAR)]);
    assert_eq!(world.now() % 3_600, 0, "on the hour");
    (world, collateral, debt)
}

/// A calm pair whose collateral then keeps `price` for twenty minutes, so that the 15-minute mean is there too.
fn fallen_to(price: i128) -> (World, Token, Token) {
    let (world, collateral, debt) = calm();
    world.hold(&[(&collateral, price), (&debt, DOLLAR)], 4, 300);
    (world, collateral, debt)
}

fn measured(world: &World, pair: (&Token, &Token), after: u64) -> Result<Depreciation, PriceError> {
    let result = world
        .hub
        .try_depreciation(&pair.0.address, &pair.1.address, &after);
    result.map_or_else(|error| Err(error.unwrap()), |ok| Ok(ok.unwrap()))
}

fn triggered(world: &World, pair: (&Token, &Token)) -> Result<DepreciationEvent, PriceError> {
    let result = world.hub.try_trigger(&pair.0.address, &pair.1.address);
    result.map_or_else(|error| Err(error.unwrap()), |ok| Ok(ok.unwrap()))
}

fn armed(world: &World, pair: (&Token, &Token)) -> Option<Armed> {
    world.hub.armed(&pair.0.address, &pair.1.address)
}

#[test]
fn a_fall_is_measured_from_the_reference_to_the_price_now() {
    let (world, collateral, debt) = fallen_to(84 * DOLLAR);
    let expected = Depreciation {
        reference: 100 * DOLLAR,
        current: 84 * DOLLAR,
        rate: 1_600_000,
        started: world.now() - 1_200,
    };
    assert_eq!(
        measured(&world, (&collateral, &debt), 0),
        Ok(expected),
        "16 %"
    );
}

#[test]
fn a_fall_counts_only_as_far_as_the_fifteen_minute_mean_shows_it() {
    let (world, collateral, debt) = calm();
    world.hold(&[(&collateral, 84 * DOLLAR), (&debt, DOLLAR)], 3, 300);
    let fall = measured(&world, (&collateral, &debt), 0).unwrap();
    assert_eq!(
        fall.current,
        (100 + 84 + 84) * DOLLAR / 3 + 1,
        "mean of 15 minutes, rounded up"
    );
    assert_eq!(fall.rate, 1_066_666, "10.66666 %");
}

#[test]
fn a_fall_counts_only_as_far_as_the_price_now_shows_it() {
    let (world, collateral, debt) = fallen_to(84 * DOLLAR);
    world.all_say(&collateral, 92 * DOLLAR);
    let fall = measured(&world, (&collateral, &debt), 0).unwrap();
    assert_eq!((fall.current, fall.rate), (92 * DOLLAR, 800_000), "8 %");
}

#[test]
fn of_two_sources_the_higher_one_measures_the_fall() {
    let (world, collateral, debt) = fallen_to(84 * DOLLAR);
    world.reflector.mock_all_auths().clear(&collateral.asset);
    world.chainlink_says(&collateral, 85 * DOLLAR);
    let fall = measured(&world, (&collateral, &debt), 0).unwrap();
    assert_eq!((fall.current, fall.rate), (85 * DOLLAR, 1_500_000), "15 %");
}

#[test]
fn a_debt_that_rises_is_a_fall_of_the_collateral() {
    let (world, collateral, debt) = calm();
    world.hold(
        &[(&collateral, 100 * DOLLAR), (&debt, DOLLAR + DOLLAR / 4)],
        4,
        300,
    );
    let fall = measured(&world, (&collateral, &debt), 0).unwrap();
    assert_eq!(
        (fall.current, fall.rate),
        (80 * DOLLAR, 2_000_000),
        "100 / 1.25"
    );
}

#[test]
fn one_high_hour_does_not_set_the_reference() {
    let (world, collateral, debt) = calm();
    let hold = |price, pokes| world.hold(&[(&collateral, price), (&debt, DOLLAR)], pokes, 300);
    hold(100 * DOLLAR, 11);
    hold(120 * DOLLAR, 12);
    hold(100 * DOLLAR, 13);
    let fall = measured(&world, (&collateral, &debt), 0).unwrap();
    assert_eq!(fall.reference, 100 * DOLLAR, "the second highest hour");
    assert_eq!(
        fall.started,
        world.now(),
        "the last whole hour still reached it"
    );
}

#[test]
fn two_high_hours_set_the_reference() {
    let (world, collateral, debt) = calm();
    let hold = |price, pokes| world.hold(&[(&collateral, price), (&debt, DOLLAR)], pokes, 300);
    hold(100 * DOLLAR, 11);
    hold(120 * DOLLAR, 24);
    hold(100 * DOLLAR, 13);
    let fall = measured(&world, (&collateral, &debt), 0).unwrap();
    assert_eq!(fall.reference, 120 * DOLLAR, "the second highest hour");
    assert_eq!(
        fall.started,
        world.now() - 3_600,
        "the end of the last hour at 120"
    );
    assert_eq!(fall.rate, 1_666_666, "16.66666 %, rounded down");
}

#[test]
fn a_fall_needs_18_hours_with_a_price() {
    let world = World::new();
    let (collateral, debt) = (world.listed(), world.listed());
    let prices = [(&collateral, 100 * DOLLAR), (&debt, DOLLAR)];
    world.hold(&prices, 18, 3_600);
    world.hold(&prices, 3, 300);
    let thin = measured(&world, (&collateral, &debt), 0);
    assert_eq!(thin, Err(PriceError::WindowThin), "17 whole hours");
    world.hold(&prices, 9, 300);
    let fall = measured(&world, (&collateral, &debt), 0).unwrap();
    assert_eq!(fall.rate, 0, "18 whole hours");
}

#[test]
fn a_fall_needs_the_fifteen_minute_mean() {
    let (world, collateral, debt) = calm();
    world.pass(601);
    world.all_say(&collateral, 84 * DOLLAR);
    world.all_say(&debt, DOLLAR);
    assert_eq!(
        measured(&world, (&collateral, &debt), 0),
        Err(PriceError::NoTwap),
        "not poked"
    );
}

#[test]
fn an_event_is_recorded_and_told_from_the_threshold_on() {
    let (world, collateral, debt) = fallen_to(85 * DOLLAR + 1);
    assert_eq!(
        triggered(&world, (&collateral, &debt)),
        Err(PriceError::BelowThreshold),
        "14.99 %"
    );
    assert_eq!(
        world.hub.event(&collateral.address, &debt.address),
        None,
        "nothing recorded"
    );

    let (world, collateral, debt) = fallen_to(85 * DOLLAR);
    let expected = DepreciationEvent {
        id: 1,
        started: world.now() - 1_200,
        reference: 100 * DOLLAR,
        current: 85 * DOLLAR,
        rate: 1_500_000,
        at: world.now(),
        deepened: world.now(),
    };
    assert_eq!(
        triggered(&world, (&collateral, &debt)),
        Ok(expected.clone()),
        "15 %"
    );
    let told = world
        .env
        .events()
        .all()
        .filter_by_contract(&world.hub.address);
    let (fell, against) = (collateral.address.clone(), debt.address.clone());
    let event = Triggered {
        collateral: fell,
        debt: against,
        event: expected.clone(),
    };
    assert_eq!(
        told,
        [event.to_xdr(&world.env, &world.hub.address)],
        "event"
    );
    let recorded = world.hub.event(&collateral.address, &debt.address);
    assert_eq!(recorded, Some(expected), "recorded");
    assert_eq!(
        world.hub.event(&debt.address, &collateral.address),
        None,
        "the other way round"
    );
}

#[test]
fn a_pairs_own_threshold_replaces_the_usual_one() {
    let (world, collateral, debt) = fallen_to(85 * DOLLAR);
    let hub = world.hub.mock_all_auths();
    hub.set_threshold(&collateral.address, &debt.address, &1_500_001);
    assert_eq!(
        triggered(&world, (&collateral, &debt)),
        Err(PriceError::BelowThreshold),
        "above"
    );
    hub.set_threshold(&collateral.address, &debt.address, &1_000_000);
    assert!(triggered(&world, (&collateral, &debt)).is_ok(), "below");
}

#[test]
fn a_deepening_event_keeps_its_id_its_start_and_its_reference() {
    let (world, collateral, debt) = fallen_to(84 * DOLLAR);
    let first = triggered(&world, (&collateral, &debt)).unwrap();
    let again = triggered(&world, (&collateral, &debt));
    assert_eq!(again, Err(PriceError::NotDeeper), "as deep as before");
    world.hold(&[(&collateral, 70 * DOLLAR), (&debt, DOLLAR)], 4, 300);
    let deeper = triggered(&world, (&collateral, &debt)).unwrap();
    let (current, rate, deepened) = (70 * DOLLAR, 3_000_000, world.now());
    let expected = DepreciationEvent {
        current,
        rate,
        deepened,
        ..first
    };
    assert_eq!(deeper, expected, "deeper event");
    world.hold(&[(&collateral, 80 * DOLLAR), (&debt, DOLLAR)], 4, 300);
    let risen = triggered(&world, (&collateral, &debt));
    assert_eq!(risen, Err(PriceError::NotDeeper), "a rise is not deeper");
    assert_eq!(
        world.hub.event(&collateral.address, &debt.address),
        Some(expected),
        "recorded"
    );
}

#[test]
fn the_next_event_is_measured_from_what_came_after_the_last_one() {
    let (world, collateral, debt) = fallen_to(84 * DOLLAR);
    let first = triggered(&world, (&collateral, &debt)).unwrap();
    let hold = |price, pokes, every| {
        world.hold(&[(&collateral, price), (&debt, DOLLAR)], pokes, every);
    };
    hold(84 * DOLLAR, 23, 3_600);
    hold(84 * DOLLAR, 11, 300);
    assert_eq!(
        world.now(),
        first.at + 86_400 - 300,
        "five minutes before the event is over"
    );
    assert_eq!(
        triggered(&world, (&collateral, &debt)),
        Err(PriceError::NotDeeper),
        "same event"
    );
    hold(84 * DOLLAR, 1, 300);
    let quiet = triggered(&world, (&collateral, &debt));
    assert_eq!(
        quiet,
        Err(PriceError::BelowThreshold),
        "the fall before does not count again"
    );
    hold(70 * DOLLAR, 4, 300);
    let second = triggered(&world, (&collateral, &debt)).unwrap();
    assert_eq!(second.id, 2, "id");
    assert_eq!(second.reference, 84 * DOLLAR, "reference");
    assert_eq!(second.rate, 1_666_666, "(84 - 70) / 84, rounded down");
    assert!(second.started > first.deepened, "started after the first");
}

#[test]
fn a_fall_that_deepened_an_event_is_not_measured_again_by_the_next() {
    let (world, collateral, debt) = fallen_to(84 * DOLLAR);
    let first = triggered(&world, (&collateral, &debt)).unwrap();
    let hold = |price, pokes, every| {
        world.hold(&[(&collateral, price), (&debt, DOLLAR)], pokes, every);
    };
    hold(95 * DOLLAR, 20, 3_600);
    hold(80 * DOLLAR, 4, 300);
    let deeper = triggered(&world, (&collateral, &debt)).unwrap();
    assert_eq!(
        (deeper.id, deeper.rate),
        (1, 2_000_000),
        "from 95 to 80, within the event"
    );
    hold(80 * DOLLAR, 48, 300);
    assert!(world.now() >= first.at + 86_400, "the event is over");
    let whole = measured(&world, (&collateral, &debt), 0).unwrap();
    assert_eq!(whole.rate, 1_578_947, "from 95 to 80, in 24 hours");
    let next = triggered(&world, (&collateral, &debt));
    assert_eq!(next, Err(PriceError::BelowThreshold), "paid for already");
}

#[test]
fn hours_that_began_before_the_last_event_do_not_count() {
    let (world, collateral, debt) = fallen_to(84 * DOLLAR);
    world.hold(&[(&collateral, 84 * DOLLAR), (&debt, DOLLAR)], 32, 300);
    let fell_at = world.now() - 3 * 3_600;
    let counted = |after| measured(&world, (&collateral, &debt), after).map(|fall| fall.reference);
    let hour_of_the_fall = (300 * 100 + 3_300 * 84) * DOLLAR / 3_600;
    assert_eq!(
        counted(fell_at - 3_601),
        Ok(hour_of_the_fall),
        "second to the hour before it"
    );
    assert_eq!(
        counted(fell_at - 3_600),
        Ok(84 * DOLLAR),
        "an hour that began then is out"
    );
    assert_eq!(counted(fell_at), Ok(84 * DOLLAR), "two hours are left");
    assert_eq!(
        counted(fell_at + 3_600),
        Err(PriceError::WindowThin),
        "one hour is left"
    );
}

#[test]
fn a_sudden_crash_triggers_after_its_quarantine_and_never_before() {
    let (world, collateral, debt) = calm();
    let hold = |pokes| world.hold(&[(&collateral, 60 * DOLLAR), (&debt, DOLLAR)], pokes, 300);
    for pokes in 1..=3 {
        hold(1);
        let rate = measured(&world, (&collateral, &debt), 0).unwrap().rate;
        assert_eq!(rate, 0, "after {pokes} pokes");
    }
    hold(3);
    let event = triggered(&world, (&collateral, &debt)).unwrap();
    assert_eq!(
        (event.current, event.rate),
        (60 * DOLLAR, 4_000_000),
        "40 %, half an hour later"
    );
}

#[test]
fn a_single_wrong_print_triggers_nothing() {
    let (world, collateral, debt) = calm();
    world.hold(&[(&collateral, 10 * DOLLAR), (&debt, DOLLAR)], 1, 300);
    assert_eq!(
        triggered(&world, (&collateral, &debt)),
        Err(PriceError::BelowThreshold),
        "then"
    );
    world.hold(&[(&collateral, 100 * DOLLAR), (&debt, DOLLAR)], 3, 300);
    assert_eq!(
        triggered(&world, (&collateral, &debt)),
        Err(PriceError::BelowThreshold),
        "after"
    );
}

#[test]
fn a_calm_pair_is_not_armed() {
    let (world, collateral, debt) = calm();
    assert_eq!(armed(&world, (&collateral, &debt)), None, "armed");
}

#[test]
fn half_the_fall_that_triggers_arms() {
    let (world, collateral, debt) = fallen_to(92 * DOLLAR + DOLLAR / 2 + 1);
    assert_eq!(armed(&world, (&collateral, &debt)), None, "7.49 %");
    let (world, collateral, debt) = fallen_to(92 * DOLLAR + DOLLAR / 2);
    assert_eq!(
        armed(&world, (&collateral, &debt)),
        Some(Armed::Falling),
        "7.5 %"
    );
}

#[test]
fn a_pair_without_two_sources_for_both_is_armed() {
    let (world, collateral, debt) = calm();
    let alone = world.token();
    world.list(&alone, &world.sources(&alone).slice(..1));
    world.all_say(&alone, DOLLAR);
    let unlisted = world.token();
    for other in [&alone, &unlisted] {
        let reasons = [
            armed(&world, (&collateral, other)),
            armed(&world, (other, &debt)),
        ];
        assert_eq!(
            reasons,
            [Some(Armed::TooFewSources); 2],
            "as debt, as collateral"
        );
    }
}

#[test]
fn a_pair_with_a_thin_window_is_armed() {
    let (world, collateral, _) = calm();
    let new = world.listed();
    world.hold(&[(&new, DOLLAR), (&collateral, 100 * DOLLAR)], 3, 300);
    assert_eq!(
        armed(&world, (&collateral, &new)),
        Some(Armed::WindowThin),
        "reason"
    );
}

#[test]
fn a_pair_in_quarantine_is_armed() {
    let (world, collateral, debt) = calm();
    world.all_say(&collateral, 130 * DOLLAR);
    assert_eq!(
        armed(&world, (&collateral, &debt)),
        Some(Armed::Quarantined),
        "jump upward"
    );
    world.all_say(&collateral, 100 * DOLLAR);
    assert_eq!(armed(&world, (&collateral, &debt)), None, "came back");
}
