use actuary::time::HOUR;
use actuary::Price;

use super::START;
use crate::window::{Outcome, Window};

fn price(raw: i128) -> Price {
    Price::from_raw(raw)
}

/// Observes `raw` at `time`, in a round of that time.
fn observe(window: &mut Window, time: u64, raw: i128) -> Outcome {
    window.observe(time, price(raw), time).unwrap()
}

/// A window that observed `prices` every five minutes, the last one at the time returned with it.
fn observed(prices: &[i128]) -> (Window, u64) {
    let mut window = Window::new();
    let mut time = START;
    for raw in prices {
        time += 300;
        observe(&mut window, time, *raw);
    }
    (window, time)
}

fn short_mean(window: &Window, now: u64) -> Option<i128> {
    let mut window = window.clone();
    window.advance(now).unwrap();
    window
        .short_mean(now)
        .unwrap()
        .and_then(|mean| mean.price_down())
        .map(Price::raw)
}

#[test]
fn the_first_observation_is_believed() {
    let (window, time) = observed(&[1_000]);
    assert_eq!(window.believed.price, price(1_000), "price");
    assert_eq!(window.believed.time, time, "time");
}

#[test]
fn an_observation_within_a_minute_of_the_last_is_none() {
    let (mut window, time) = observed(&[1_000]);
    let before = window.clone();
    assert_eq!(
        observe(&mut window, time + 59, 1_001),
        Outcome::NothingNew,
        "59 s later"
    );
    assert_eq!(window, before, "window untouched");
    assert_eq!(
        observe(&mut window, time + 60, 1_001),
        Outcome::Believed,
        "60 s later"
    );
}

#[test]
fn an_observation_without_a_new_round_is_none() {
    let (mut window, time) = observed(&[1_000]);
    let again = window.observe(time + 300, price(1_001), time).unwrap();
    assert_eq!(again, Outcome::NothingNew, "same round");
    let newer = window.observe(time + 300, price(1_001), time + 1).unwrap();
    assert_eq!(newer, Outcome::Believed, "newer round");
}

#[test]
fn a_jump_begins_just_beyond_a_quarter_of_the_price_believed() {
    let (window, _) = observed(&[1_000]);
    let is_jump = [749, 750, 1_250, 1_251].map(|raw| window.is_jump(price(raw)).unwrap());
    assert_eq!(
        is_jump,
        [true, false, false, true],
        "749, 750, 1 250, 1 251 after 1 000"
    );
}

#[test]
fn a_jump_is_believed_when_three_observations_in_a_row_agree() {
    let (mut window, time) = observed(&[1_000, 1_000, 1_000]);
    let outcomes = [300, 600, 900].map(|later| observe(&mut window, time + later, 600));
    let expected = [
        Outcome::Quarantined,
        Outcome::Quarantined,
        Outcome::Believed,
    ];
    assert_eq!(outcomes, expected, "first, second, third");
    assert_eq!(window.believed.price, price(600), "price believed");
}

#[test]
fn a_spike_that_comes_back_is_never_believed_and_leaves_no_trace_in_the_means() {
    let (mut window, time) = observed(&[1_000, 1_000, 1_000]);
    for (later, raw) in [(300, 100_000), (600, 1_000), (900, 100_000), (1_200, 1_000)] {
        let outcome = observe(&mut window, time + later, raw);
        let expected = if raw == 1_000 {
            Outcome::Believed
        } else {
            Outcome::Quarantined
        };
        assert_eq!(outcome, expected, "{later} s later");
    }
    assert_eq!(
        short_mean(&window, time + 1_500),
        Some(1_000),
        "15-minute mean"
    );
    window.advance(time + HOUR).unwrap();
    assert_eq!(
        window.hours.mean_of(time / HOUR),
        Some(price(1_000)),
        "hourly mean"
    );
}

#[test]
fn a_price_that_swings_past_a_quarter_needs_three_new_observations_not_old_ones() {
    let (mut window, time) = observed(&[1_000, 1_000, 1_000]);
    let outcome = observe(&mut window, time + 300, 1_251);
    assert_eq!(
        outcome,
        Outcome::Quarantined,
        "the believed ones before it confirm nothing"
    );
}

#[test]
fn three_jumps_that_do_not_agree_stay_quarantined_until_three_do() {
    let (mut window, time) = observed(&[1_000]);
    let prices = [
        (300, 400),
        (600, 520),
        (900, 501),
        (1_200, 500),
        (1_500, 500),
    ];
    let outcomes = prices.map(|(later, raw)| observe(&mut window, time + later, raw));
    use Outcome::{Believed, Quarantined};
    let expected = [Quarantined, Quarantined, Quarantined, Believed, Believed];
    assert_eq!(
        outcomes, expected,
        "520 is more than a quarter above 400; 520, 501, 500 agree"
    );
}

#[test]
fn a_quarantined_jump_lets_the_price_before_it_go_on_holding() {
    let (mut window, time) = observed(&[1_000, 1_000, 1_000]);
    observe(&mut window, time + 300, 600);
    assert_eq!(
        short_mean(&window, time + 599),
        Some(1_000),
        "15-minute mean"
    );
}

#[test]
fn the_fifteen_minute_mean_weighs_each_price_by_the_time_it_held() {
    let (window, time) = observed(&[1_000, 1_000, 1_100, 1_200]);
    let expected = (300 * 1_000 + 300 * 1_100 + 300 * 1_200) / 900;
    assert_eq!(
        short_mean(&window, time + 300),
        Some(expected),
        "three prices of 300 s"
    );
    let expected = (150 * 1_000 + 300 * 1_000 + 300 * 1_100 + 150 * 1_200) / 900;
    assert_eq!(short_mean(&window, time + 150), Some(expected), "half way");
}

#[test]
fn the_fifteen_minute_mean_needs_three_observations_within_twenty_minutes() {
    let (two, time) = observed(&[1_000, 1_000]);
    assert_eq!(short_mean(&two, time), None, "two observations");
    let (three, time) = observed(&[1_000, 1_000, 1_000]);
    assert_eq!(short_mean(&three, time), Some(1_000), "three");
    assert_eq!(
        short_mean(&three, time + 600),
        Some(1_000),
        "the first 1 200 s ago"
    );
    assert_eq!(
        short_mean(&three, time + 601),
        None,
        "the first 1 201 s ago"
    );
}

#[test]
fn a_price_holds_for_an_hour_and_hours_nobody_observed_stay_empty() {
    let mut window = Window::new();
    observe(&mut window, START, 1_000);
    window.advance(START + 5 * HOUR).unwrap();
    let first = START / HOUR;
    assert_eq!(
        window.hours.mean_of(first),
        Some(price(1_000)),
        "the hour observed"
    );
    assert_eq!(window.hours.mean_of(first + 1), None, "the hour after");
    assert_eq!(window.hours_priced(), 1, "hours with a price");
}

#[test]
fn pokes_every_hour_fill_all_24_hours_of_the_reference() {
    let mut window = Window::new();
    for hour in 0..30 {
        observe(
            &mut window,
            START + hour * HOUR + 7,
            1_000 + i128::from(hour),
        );
    }
    window.advance(START + 30 * HOUR).unwrap();
    assert_eq!(window.hours_priced(), 24, "hours with a price");
    let (newest, mean) = window.reference_hours().next().unwrap();
    assert_eq!(newest, START / HOUR + 29, "newest whole hour");
    assert_eq!(
        mean,
        Some(price(1_028)),
        "7 s at 1 028, 3 593 s at 1 029, rounded down"
    );
}

#[test]
fn how_often_a_window_is_brought_up_to_now_changes_nothing() {
    let (window, time) = observed(&[1_000, 1_100, 1_200]);
    let mut at_once = window.clone();
    at_once.advance(time + HOUR).unwrap();
    let mut twice = window.clone();
    observe(&mut twice, time + 600, 1_200);
    twice.advance(time + HOUR).unwrap();
    assert_eq!(at_once.hours, twice.hours, "hourly means");
    assert_eq!(
        at_once.five_minutes, twice.five_minutes,
        "five-minute means"
    );
}
