use actuary::window::*;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{big, fitting, from_one_to, many_cases, rate, ten_to, up_to};

fn price(raw: i128) -> Price {
    Price::from_raw(raw)
}

fn seen(raw: i128, time: u64) -> Observation {
    Observation {
        price: price(raw),
        time,
    }
}

#[test]
fn the_reference_is_the_second_highest_of_enough_hours() {
    let hours = |known: i128| (0..24).map(move |hour| (hour < known).then_some(price(100 + hour)));
    assert_eq!(reference(hours(24)), Some(price(122)), "a full day");
    assert_eq!(reference(hours(18)), Some(price(116)), "18 hours");
    assert_eq!(reference(hours(17)), None, "17 hours");
    let spike = [Some(price(9_999))];
    assert_eq!(
        reference(hours(23).take(23).chain(spike)),
        Some(price(122)),
        "one odd hour sets nothing"
    );
    assert_eq!(
        reference(hours(24).chain(spike)),
        Some(price(122)),
        "nor does an hour beyond the day"
    );
    assert_eq!(reference([Some(price(7)); 24]), Some(price(7)), "all equal");
}

#[test]
fn the_short_average_weighs_by_time() {
    let observations = [seen(100, 0), seen(200, 300), seen(400, 600)];
    let mean = mean_of(&observations, SHORT_SPAN, 3, 700).unwrap().unwrap();
    assert_eq!(
        (mean.weighted, mean.seconds),
        (100 * 300 + 200 * 300 + 400 * 100, 700),
        "all inside"
    );
    assert_eq!(
        (mean.price_down(), mean.price_up()),
        (Some(price(185)), Some(price(186))),
        "185.7"
    );
    let mean = mean_of(&observations, SHORT_SPAN, 2, 1_100)
        .unwrap()
        .unwrap();
    assert_eq!(
        (mean.weighted, mean.seconds),
        (100 * 100 + 200 * 300 + 400 * 500, 900),
        "the first holds into the span"
    );
    assert_eq!(
        mean_of(&observations, SHORT_SPAN, 3, 1_100),
        Ok(None),
        "only two inside"
    );
    assert_eq!(
        mean_of(&observations, SHORT_SPAN, 3, 599),
        Err(MathError::TimeReversed),
        "from the future"
    );
    assert_eq!(mean_of(&[], SHORT_SPAN, 0, 1), Ok(None), "none");
    assert_eq!(Mean::default().price_up(), None, "no time");
}

#[test]
fn a_fall_is_measured_from_the_reference() {
    assert_eq!(
        fall_down(price(300), price(200)),
        Ok(rate(3_333_333)),
        "a third"
    );
    assert_eq!(fall_down(price(300), price(301)), Ok(Rate::ZERO), "a rise");
    assert_eq!(
        fall_down(Price::ZERO, Price::ZERO),
        Err(MathError::DivisionByZero),
        "no reference"
    );
    assert_eq!(current(price(5), price(4)), price(5), "a moment's dip");
    assert_eq!(
        lendable(price(5), price(4)),
        price(4),
        "lent against the lower"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn the_mean_equals_the_exact_model(
        prices in prop::collection::vec((from_one_to(ten_to(24)), 0u64..400), 1..8), later in 0u64..400,
    ) {
        let (mut observations, mut time) = (Vec::new(), 10_000);
        for (raw, pause) in prices {
            time += pause;
            observations.push(seen(raw, time));
        }
        let (now, mut weighted, mut seconds) = (time + later, big(0), 0u64);
        for second in (now - SHORT_SPAN).max(10_000)..now {
            if let Some(holding) = observations.iter().rev().find(|seen| seen.time <= second) {
                weighted += holding.price.raw();
                seconds += 1;
            }
        }
        let mean = mean_of(&observations, SHORT_SPAN, 0, now).unwrap();
        prop_assert_eq!(mean.is_some(), seconds > 0, "time has passed");
        if let Some(mean) = mean {
            prop_assert_eq!((Ok(mean.weighted), mean.seconds), (fitting(&weighted), seconds), "second by second");
            let down = exact::div_down(&weighted, &seconds.into());
            prop_assert_eq!(Ok(mean.price_down().unwrap().raw()), fitting(&down), "down");
        }
    }

    #[test]
    fn the_reference_equals_the_sorted_model(cells in prop::collection::vec(prop::option::weighted(0.9, from_one_to(ten_to(20))), 24)) {
        let mut known: Vec<i128> = cells.iter().flatten().copied().collect();
        known.sort_unstable();
        let exact = (known.len() >= 18).then(|| price(known[known.len() - 2]));
        prop_assert_eq!(reference(cells.iter().map(|cell| cell.map(price))), exact, "second highest");
    }

    #[test]
    fn falls_equal_the_exact_model(from in from_one_to(ten_to(30)), to in up_to(ten_to(30))) {
        let exact = exact::div_down(&((big(from) - to).max(big(0)) * FULL_RATE), &big(from));
        prop_assert_eq!(fall_down(price(from), price(to)).map(Rate::raw), fitting(&exact), "fall");
    }
}
