//! A group's book: the limits it has to back, its advances, what it was paid at once.

use actuary::ring::{ExposureRing, EXPOSURE_SLOTS};
use actuary::time::DAY;
use actuary::Assets;
use soroban_sdk::Env;

use crate::amount::increase;
use crate::errors::OrFail;

/// A group's book, rolled to now.
pub struct GroupBook {
    pub ring: ExposureRing,
    /// A_g, principal of the advances of its policies.
    pub drawn: Assets,
    /// Appeals for its policies that nobody has decided: out of the ring, and back in it when they are denied.
    pub appealed: Assets,
    pub paid_at_once: DailyMeter,
}

/// What was paid today and yesterday. Any 24 hours lie within two calendar days, so a bound on their sum is a bound on
/// every 24 hours.
#[derive(Clone, Copy, Default)]
pub struct DailyMeter {
    day: u64,
    today: Assets,
    yesterday: Assets,
}

/// How many numbers [`GroupBook`] packs.
pub const GROUP_NUMBERS: usize = EXPOSURE_SLOTS + 7;

impl DailyMeter {
    /// The meter of today.
    fn turned_to(self, now: u64) -> Self {
        let day = now / DAY;
        match day.checked_sub(self.day) {
            Some(0) | None => self,
            Some(1) => Self {
                day,
                today: Assets::ZERO,
                yesterday: self.today,
            },
            Some(_) => Self {
                day,
                ..Self::default()
            },
        }
    }

    /// What was paid today and yesterday.
    pub fn sum(&self, env: &Env) -> Assets {
        self.today.checked_add(self.yesterday).or_fail(env)
    }

    /// Whether nothing was paid.
    fn is_unused(&self) -> bool {
        self.today.is_zero() && self.yesterday.is_zero()
    }

    /// Counts a payment.
    pub fn add(&mut self, env: &Env, amount: Assets) {
        increase(env, &mut self.today, amount);
    }
}

impl GroupBook {
    /// The book of a group in which nothing was sold yet.
    pub fn new(now: u64) -> Self {
        Self {
            ring: ExposureRing::new(now),
            drawn: Assets::ZERO,
            appealed: Assets::ZERO,
            paid_at_once: DailyMeter::default(),
        }
    }

    /// Lets expired limits leave and the days pass.
    pub fn roll(&mut self, env: &Env, now: u64) {
        self.ring.roll(now).or_fail(env);
        self.paid_at_once = self.paid_at_once.turned_to(now);
    }

    /// The numbers to pack; slots come last, since most of them are empty.
    pub fn numbers(&self) -> [i128; GROUP_NUMBERS] {
        let meter = &self.paid_at_once;
        let head = [
            self.ring.exposure.raw(),
            self.ring.week.into(),
            self.drawn.raw(),
            self.appealed.raw(),
            meter.today.raw(),
            meter.yesterday.raw(),
            if meter.is_unused() {
                0
            } else {
                meter.day.into()
            },
        ];
        let mut numbers = [0; GROUP_NUMBERS];
        let values = head
            .into_iter()
            .chain(self.ring.leaving.iter().map(|limit| limit.raw()));
        numbers
            .iter_mut()
            .zip(values)
            .for_each(|(number, value)| *number = value);
        numbers
    }

    /// The book from its numbers.
    pub fn from_numbers(numbers: [i128; GROUP_NUMBERS]) -> Self {
        let [exposure, week, drawn, appealed, today, yesterday, day, slots @ ..] = numbers;
        Self {
            ring: ExposureRing {
                exposure: Assets::from_raw(exposure),
                leaving: slots.map(Assets::from_raw),
                week: week as u64,
            },
            drawn: Assets::from_raw(drawn),
            appealed: Assets::from_raw(appealed),
            paid_at_once: DailyMeter {
                day: day as u64,
                today: Assets::from_raw(today),
                yesterday: Assets::from_raw(yesterday),
            },
        }
    }
}
