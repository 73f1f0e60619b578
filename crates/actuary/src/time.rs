//! Weeks, terms and the last moment that is counted with.

use crate::ring::EARNING_SLOTS;
use crate::MathError;

/// Seconds of an hour.
pub const HOUR: u64 = 3_600;
/// Seconds of a day.
pub const DAY: u64 = 86_400;
/// Seconds of a week; weeks are counted from 1970-01-01 and cover ends where one begins.
pub const WEEK: u64 = 604_800;
/// Seconds of a twelfth of a year.
pub const MONTH: u64 = YEAR / 12;
/// Seconds of a year of 365 days.
pub const YEAR: u64 = 31_536_000;

/// The longest term, in weeks.
pub const MAX_WEEKS: u32 = 13;
/// How long a limit stays backed after the end of its cover.
pub const GRACE: u64 = WEEK;
/// How long before its end cover may be renewed.
pub const RENEWAL_WINDOW: u64 = 3 * DAY;
/// How long after its start cover may be cancelled at the earliest.
pub const CANCEL_DELAY: u64 = 7 * DAY;
/// What a term must leave after its waiting period.
pub const MIN_COVERED: u64 = 7 * DAY;
/// 2100-01-01, the last time that is counted with.
pub const MAX_TIME: u64 = 4_102_444_800;

/// The week of a time, counted from 1970.
pub const fn week_of(time: u64) -> u64 {
    time / WEEK
}

/// The end of a term of `weeks` that starts now: a week boundary, so the first week is usually shorter.
///
/// # Errors
/// `OutOfBounds` for no weeks, more than [`MAX_WEEKS`], or a time after [`MAX_TIME`].
pub fn term_end(now: u64, weeks: u32) -> Result<u64, MathError> {
    check_term(now, weeks)?;
    Ok((week_of(now) + u64::from(weeks)) * WEEK)
}

/// Whether a term that starts now and ends at `end` leaves [`MIN_COVERED`] after its waiting period.
pub const fn is_long_enough(now: u64, end: u64, waiting: u64) -> bool {
    end.saturating_sub(now) >= waiting.saturating_add(MIN_COVERED)
}

/// Whether cover that ends at `end` may be renewed now.
pub const fn is_renewable(end: u64, now: u64) -> bool {
    end.saturating_sub(RENEWAL_WINDOW) <= now && now < end
}

/// Whether cover from `start` to `end` may be cancelled now.
pub const fn is_cancellable(start: u64, end: u64, now: u64) -> bool {
    start.saturating_add(CANCEL_DELAY) <= now && now < end
}

/// The end of a renewed term of `weeks` that starts at `end`: at most [`EARNING_SLOTS`] boundaries ahead of `now`.
///
/// # Errors
/// `OutOfBounds` as for [`term_end`], for an `end` that is no week boundary, or a term that reaches further.
pub fn renewed_end(end: u64, weeks: u32, now: u64) -> Result<u64, MathError> {
    check_term(now, weeks)?;
    let furthest = week_of(now) + EARNING_SLOTS as u64;
    let week = week_of(end).saturating_add(u64::from(weeks));
    if !end.is_multiple_of(WEEK) || week > furthest {
        return Err(MathError::OutOfBounds);
    }
    Ok(week * WEEK)
}

fn check_term(now: u64, weeks: u32) -> Result<(), MathError> {
    if weeks == 0 || weeks > MAX_WEEKS || now > MAX_TIME {
        return Err(MathError::OutOfBounds);
    }
    Ok(())
}

/// The week at whose start the limit of a policy that ends at `end` leaves the exposure: one grace week later.
pub const fn leaving_week(end: u64) -> u64 {
    week_of(end.saturating_add(GRACE))
}

/// Whether the limit of a policy that ends at `end` is still backed: in force or in its grace week, when claims may be filed.
pub const fn is_backed(end: u64, now: u64) -> bool {
    now < end.saturating_add(GRACE)
}

/// Seconds from `earlier` to `later`.
///
/// # Errors
/// `TimeReversed`.
pub fn seconds_between(earlier: u64, later: u64) -> Result<u64, MathError> {
    later.checked_sub(earlier).ok_or(MathError::TimeReversed)
}
