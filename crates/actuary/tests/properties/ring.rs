use actuary::ring::*;
use actuary::time::{week_of, MAX_TIME, WEEK};
use actuary::*;
use proptest::prelude::*;

use crate::exact::{assets, big, fitting, many_cases, ten_to, time, up_to, BigInt};

const START: u64 = 2_900 * WEEK + 1_234;

fn q(raw: i128) -> ScaledRate {
    ScaledRate::from_raw(raw)
}

#[test]
fn two_policies_are_earned_to_the_second() {
    let (mut ring, boundary) = (PremiumRing::new(START), 2_901 * WEEK);
    ring.add(q(10), boundary).unwrap();
    ring.add(q(3), boundary + WEEK).unwrap();
    let first = (boundary - START) as i128;
    assert_eq!(
        ring.unearned.raw(),
        13 * first + 3 * WEEK as i128,
        "U when sold"
    );
    ring.accrue(boundary - 1).unwrap();
    assert_eq!(
        (ring.unearned.raw(), ring.earning_rate),
        (13 + 3 * WEEK as i128, q(13)),
        "a second before"
    );
    ring.accrue(boundary).unwrap();
    assert_eq!(
        (ring.unearned.raw(), ring.earning_rate),
        (3 * WEEK as i128, q(3)),
        "at the boundary"
    );
    ring.accrue(boundary + 200 * WEEK).unwrap();
    assert_eq!(ring, PremiumRing::new(boundary + 200 * WEEK), "long after");
}

#[test]
fn an_end_outside_the_ring_is_refused_and_changes_nothing() {
    let mut ring = PremiumRing::new(START);
    let ends = [
        START,
        2_900 * WEEK,
        2_915 * WEEK,
        2_901 * WEEK + 1,
        0,
        u64::MAX,
    ];
    for end in ends {
        assert_eq!(
            ring.add(q(1), end),
            Err(MathError::OutOfBounds),
            "end {end}"
        );
    }
    assert_eq!(
        ring.remove(q(1), 2_901 * WEEK),
        Err(MathError::Underflow),
        "what is not in there"
    );
    assert_eq!(
        ring.add(ScaledRate::MAX, 2_901 * WEEK),
        Err(MathError::Overflow),
        "too large"
    );
    assert_eq!(ring, PremiumRing::new(START), "unchanged");
    assert_eq!(ring.add(q(1), 2_914 * WEEK), Ok(()), "14 ahead");
    ring.accrue(START + 5).unwrap();
    assert_eq!(
        ring.accrue(START),
        Err(MathError::TimeReversed),
        "backwards"
    );
    assert_eq!({ ring }.accrue(MAX_TIME), Ok(()), "the last second");
    assert_eq!(
        ring.accrue(MAX_TIME + 1),
        Err(MathError::OutOfBounds),
        "after 2100"
    );
}

#[test]
fn the_ring_holds_ten_to_the_26_of_unearned_premium() {
    let (mut ring, end) = (PremiumRing::new(START), 2_914 * WEEK);
    let most = ten_to(38) / i128::from(end - START);
    ring.add(q(most), end).unwrap();
    ring.accrue(end - 1).unwrap();
    assert_eq!(ring.unearned.raw(), most, "the last second");
    ring.accrue(end).unwrap();
    assert_eq!(ring, PremiumRing::new(end), "all earned");
}

#[test]
fn a_limit_is_held_until_its_leaving_week() {
    let mut ring = ExposureRing::new(START);
    ring.add(assets(7), 2_902).unwrap();
    ring.add(assets(5), 2_916).unwrap();
    ring.roll(2_902 * WEEK - 1).unwrap();
    assert_eq!(ring.exposure, assets(12), "a second before");
    ring.roll(2_902 * WEEK).unwrap();
    assert_eq!(ring.exposure, assets(5), "at the start of the week");
    assert_eq!(
        ring.remove(assets(6), 2_916),
        Err(MathError::Underflow),
        "more than is there"
    );
    assert_eq!(
        ring.add(assets(1), 2_902),
        Err(MathError::OutOfBounds),
        "this week"
    );
    assert_eq!(
        ring.add(assets(1), 2_919),
        Err(MathError::OutOfBounds),
        "17 ahead"
    );
    assert_eq!(
        ring.add(Assets::MAX, 2_916),
        Err(MathError::Overflow),
        "too large"
    );
    assert_eq!(ring.roll(START), Err(MathError::TimeReversed), "backwards");
    assert_eq!(
        ring.roll(MAX_TIME + 1),
        Err(MathError::OutOfBounds),
        "after 2100"
    );
    ring.remove(assets(2), 2_916).unwrap();
    assert_eq!(ring.exposure, assets(3), "unchanged by what was refused");
    ring.roll(3_100 * WEEK).unwrap();
    assert_eq!(ring, ExposureRing::new(3_100 * WEEK), "long after");
    assert_eq!(ring.roll(MAX_TIME), Ok(()), "the last second");
}

/// A policy or a pause: (seconds that pass, earning rate, weeks, whether one policy is taken out).
type Step = (u64, i128, u64, bool);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let pause = prop_oneof![0u64..10, 0..WEEK, Just(WEEK), 0..20 * WEEK];
    prop::collection::vec((pause, up_to(ten_to(29)), 1u64..=14, any::<bool>()), 1..30)
}

/// I02 and I03 from single policies (earning rate, end).
fn left(policies: &[(i128, u64)], now: u64) -> (BigInt, i128) {
    let unearned = policies
        .iter()
        .map(|(rate, end)| big(*rate) * end.saturating_sub(now))
        .sum();
    (
        unearned,
        policies
            .iter()
            .filter(|(_, end)| now < *end)
            .map(|(rate, _)| rate)
            .sum(),
    )
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn i02_i03_i07_the_ring_equals_the_sum_of_its_policies(start in time(), steps in steps(), pokes in 1u64..5) {
        let (mut ring, mut now) = (PremiumRing::new(start), start);
        let mut policies: Vec<(i128, u64)> = Vec::new();
        for (pause, rate, weeks, takes_out) in steps {
            let mut poked = ring;
            for poke in 1..=pokes {
                poked.accrue(now + pause * poke / pokes).unwrap();
            }
            now += pause;
            ring.accrue(now).unwrap();
            prop_assert_eq!(poked, ring, "I07");
            let end = (week_of(now) + weeks) * WEEK;
            ring.add(q(rate), end).unwrap();
            policies.push((rate, end));
            if let Some(at) = policies.iter().position(|(_, end)| takes_out && now < *end) {
                let (rate, end) = policies.remove(at);
                ring.remove(q(rate), end).unwrap();
            }
            let (unearned, earning) = left(&policies, now);
            prop_assert_eq!(Ok(ring.unearned.raw()), fitting(&unearned), "I02");
            prop_assert_eq!(ring.earning_rate.raw(), earning, "I03");
            let slots: i128 = ring.ending.iter().map(|rate| rate.raw()).sum();
            prop_assert_eq!(slots, earning, "I03 ring");
        }
    }

    #[test]
    fn i04_the_exposure_equals_the_sum_of_backed_limits(start in time(), steps in steps()) {
        let (mut ring, mut now) = (ExposureRing::new(start), start);
        let mut limits: Vec<(i128, u64)> = Vec::new();
        for (pause, limit, weeks, takes_out) in steps {
            now += pause;
            ring.roll(now).unwrap();
            let (limit, leaving) = (limit / 100, week_of(now) + weeks + 1);
            ring.add(assets(limit), leaving).unwrap();
            limits.push((limit, leaving));
            if let Some((limit, leaving)) = limits.iter_mut().find(|(_, week)| takes_out && week_of(now) < *week) {
                ring.remove(assets(*limit / 3), *leaving).unwrap();
                *limit -= *limit / 3;
            }
            let in_force: i128 = limits.iter().filter(|(_, week)| week_of(now) < *week).map(|(limit, _)| limit).sum();
            prop_assert_eq!(ring.exposure, assets(in_force), "I04");
        }
    }
}
