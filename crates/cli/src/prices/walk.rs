//! From candles to a path of equal steps.

use actuary::time::DAY;
use actuary::Price;

use super::resample::Candle;
use super::{Path, PricePoint, MAX_DAYS, STEP_SECONDS, WARM_UP_SECONDS};

const STEP_MS: i64 = STEP_SECONDS as i64 * 1_000;
/// A candle is walked in four steps, so it spans at least four.
const CANDLE_STEPS: i64 = 4;
/// The last step of the longest path.
const LAST_STEP: i64 = (MAX_DAYS * DAY / STEP_SECONDS) as i64;

/// A price at a step after the first row.
type Anchor = (i64, Price);

/// The path through candles that each last at most `spacing` milliseconds beyond their last row.
///
/// Each candle is walked open, high, low, close, or open, low, high, close when it closes above its open, in four equal
/// parts; each part starts on a step, so highs and lows are reached exactly. Candles of less than four steps are merged
/// first. Between, the path is a straight line, rounded towards the earlier price.
pub(super) fn through_candles(candles: &[Candle], spacing: i64) -> Path {
    let merged;
    let candles = if spacing < CANDLE_STEPS * STEP_MS {
        merged = merged_to_four_steps(candles);
        &merged
    } else {
        candles
    };
    let Some(origin) = candles.first().map(|first| first.begins) else {
        return Path {
            begins: 0,
            points: Vec::new(),
        };
    };
    let step_of = |time: i64| (time - origin) / STEP_MS;
    let mut anchors = Vec::with_capacity(candles.len() * 4);
    for (index, candle) in candles.iter().enumerate() {
        let begins = step_of(candle.begins);
        let own_end = step_of(candle.last + spacing).max(begins + CANDLE_STEPS);
        let ends = candles
            .get(index + 1)
            .map_or(own_end, |next| own_end.min(step_of(next.begins)));
        let prices = if candle.close > candle.open {
            [candle.open, candle.low, candle.high, candle.close]
        } else {
            [candle.open, candle.high, candle.low, candle.close]
        };
        anchors.extend(
            (0..)
                .zip(prices)
                .map(|(part, price)| (begins + part * (ends - begins) / 4, price)),
        );
    }
    through_anchors(origin, &anchors)
}

/// The path through single prices, a straight line from one to the next, rounded towards the earlier price.
pub(super) fn through_ticks(ticks: &[Candle]) -> Path {
    let Some(origin) = ticks.first().map(|first| first.begins) else {
        return Path {
            begins: 0,
            points: Vec::new(),
        };
    };
    let anchors: Vec<Anchor> = ticks
        .iter()
        .map(|tick| ((tick.begins - origin) / STEP_MS, tick.open))
        .collect();
    through_anchors(origin, &anchors)
}

fn merged_to_four_steps(candles: &[Candle]) -> Vec<Candle> {
    const WIDTH: i64 = CANDLE_STEPS * STEP_MS;
    let origin = candles.first().map_or(0, |first| first.begins);
    let mut merged: Vec<Candle> = Vec::new();
    for candle in candles {
        let begins = candle.begins - (candle.begins - origin) % WIDTH;
        match merged.last_mut() {
            Some(last) if last.begins == begins => last.merge(*candle),
            _ => merged.push(Candle { begins, ..*candle }),
        }
    }
    merged
}

/// The path that starts with the warm-up at the first price and goes through `anchors`, whose steps never fall, up to
/// [`LAST_STEP`].
fn through_anchors(origin: i64, anchors: &[Anchor]) -> Path {
    let begins = u64::try_from(origin / 1_000).unwrap_or(0);
    let Some((&(last_step, last_price), first)) = anchors.last().zip(anchors.first()) else {
        return Path {
            begins,
            points: Vec::new(),
        };
    };
    let mut points: Vec<PricePoint> = (begins.saturating_sub(WARM_UP_SECONDS)..begins)
        .step_by(STEP_SECONDS as usize)
        .map(|time| PricePoint {
            time,
            price: first.1,
        })
        .collect();
    let mut add = |step: i64, raw: i128| {
        let time = begins + STEP_SECONDS * u64::try_from(step).unwrap_or(0);
        points.push(PricePoint {
            time,
            price: Price::from_raw(raw),
        });
    };
    for (&(from, price), &(to, next)) in anchors.iter().zip(anchors.iter().skip(1)) {
        for step in from..to.min(LAST_STEP + 1) {
            let change =
                (next.raw() - price.raw()) * i128::from(step - from) / i128::from(to - from);
            add(step, price.raw() + change);
        }
    }
    if last_step <= LAST_STEP {
        add(last_step, last_price.raw());
    }
    Path { begins, points }
}
