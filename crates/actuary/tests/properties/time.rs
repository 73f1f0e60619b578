use actuary::time::*;
use actuary::MathError::{OutOfBounds, TimeReversed};
use proptest::prelude::*;

use crate::exact::{many_cases, time};

const MONDAY: u64 = 2_900 * WEEK;

#[test]
fn a_term_ends_on_a_week_boundary() {
    assert_eq!(term_end(MONDAY, 1), Ok(MONDAY + WEEK), "at a boundary");
    assert_eq!(
        term_end(MONDAY + WEEK - 1, 1),
        Ok(MONDAY + WEEK),
        "a second before the next"
    );
    assert_eq!(
        term_end(MONDAY + 1, 13),
        Ok(MONDAY + 13 * WEEK),
        "the longest"
    );
    assert_eq!(term_end(MONDAY, 0), Err(OutOfBounds), "no weeks");
    assert_eq!(term_end(MONDAY, 14), Err(OutOfBounds), "too many weeks");
    assert!(term_end(MAX_TIME, 13).is_ok(), "the last second");
    assert_eq!(
        term_end(MAX_TIME + 1, 1),
        Err(OutOfBounds),
        "after the last second"
    );
    assert_eq!(term_end(u64::MAX, 1), Err(OutOfBounds), "the end of time");
}

#[test]
fn a_renewal_reaches_fourteen_boundaries_ahead() {
    let end = MONDAY + WEEK;
    assert_eq!(
        renewed_end(end, 13, MONDAY),
        Ok(MONDAY + 14 * WEEK),
        "14 ahead"
    );
    assert_eq!(
        renewed_end(end + WEEK, 13, MONDAY),
        Err(OutOfBounds),
        "15 ahead"
    );
    assert_eq!(
        renewed_end(end + 1, 1, MONDAY),
        Err(OutOfBounds),
        "not from a boundary"
    );
    assert_eq!(renewed_end(end, 0, MONDAY), Err(OutOfBounds), "no weeks");
    assert_eq!(
        renewed_end(u64::MAX / WEEK * WEEK, 13, MONDAY),
        Err(OutOfBounds),
        "the end of time"
    );
}

#[test]
fn a_limit_leaves_a_grace_week_after_its_end() {
    assert_eq!(leaving_week(MONDAY), 2_901, "leaving week");
    assert!(
        is_backed(MONDAY, MONDAY + WEEK - 1),
        "the last second of grace"
    );
    assert!(!is_backed(MONDAY, MONDAY + WEEK), "after grace");
    assert_eq!(seconds_between(2, 1), Err(TimeReversed), "backwards");
    assert_eq!(MONTH * 12, YEAR, "months of a year");
}

#[test]
fn terms_renewals_and_cancellations_bind_at_the_second() {
    let waiting = 14 * DAY;
    assert!(
        is_long_enough(MONDAY, MONDAY + 3 * WEEK, waiting),
        "three weeks for a waiting of two"
    );
    assert!(
        !is_long_enough(MONDAY + 1, MONDAY + 3 * WEEK, waiting),
        "a second less"
    );
    assert!(
        is_renewable(MONDAY, MONDAY - 3 * DAY),
        "three days before the end"
    );
    assert!(
        !is_renewable(MONDAY, MONDAY - 3 * DAY - 1),
        "a second earlier"
    );
    assert!(
        is_renewable(MONDAY, MONDAY - 1) && !is_renewable(MONDAY, MONDAY),
        "until the end"
    );
    assert!(
        is_cancellable(0, 2 * WEEK, WEEK) && !is_cancellable(0, 2 * WEEK, WEEK - 1),
        "after seven days"
    );
    assert!(!is_cancellable(0, 2 * WEEK, 2 * WEEK), "until the end");
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn a_term_is_as_long_as_its_weeks_less_the_part_gone(now in time(), weeks in 1u32..=13) {
        let end = term_end(now, weeks).unwrap();
        prop_assert_eq!(end % WEEK, 0, "boundary");
        prop_assert_eq!(week_of(end) - week_of(now), u64::from(weeks), "weeks");
        prop_assert_eq!(leaving_week(end), week_of(end) + 1, "leaving week");
    }
}
