//! The yearly price of cover: `r = clamp(base * f_ltv * f_utilisation, r_min, r_max)`, rounded up.

use crate::capacity::utilisation_up;
use crate::math::{add, div_up, mul, mul_div_down, mul_div_up, sub};
use crate::premium::{MAX_LIMIT, MAX_RATE};
use crate::{Assets, MathError, Rate, FULL_RATE};

/// Knots of the LTV table.
pub const KNOTS: usize = 5;
/// The most a base rate may move in a day, as a part of itself: 25 %.
pub const MAX_DAILY_STEP: Rate = Rate::from_raw(2_500_000);
/// The largest factor of a table or of the utilisation: 1000.
pub const MAX_FACTOR: Rate = Rate::from_raw(1_000 * FULL_RATE);

/// One knot: the factor at a closeness l = 1 / health factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knot {
    /// l.
    pub ltv: Rate,
    /// The factor there, 1e7 = 1.
    pub factor: Rate,
}

/// A governed table of five knots, linear between them, as its first factor below them; nothing is sold above them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LtvTable([Knot; KNOTS]);

impl LtvTable {
    /// 1 at l <= 0.5, rising to 4 at 0.8.
    pub const STARTING: Self = Self([
        Knot {
            ltv: Rate::from_raw(5_000_000),
            factor: Rate::from_raw(10_000_000),
        },
        Knot {
            ltv: Rate::from_raw(6_000_000),
            factor: Rate::from_raw(20_000_000),
        },
        Knot {
            ltv: Rate::from_raw(7_000_000),
            factor: Rate::from_raw(30_000_000),
        },
        Knot {
            ltv: Rate::from_raw(7_500_000),
            factor: Rate::from_raw(35_000_000),
        },
        Knot {
            ltv: Rate::from_raw(8_000_000),
            factor: Rate::from_raw(40_000_000),
        },
    ]);

    /// A table of these knots.
    ///
    /// # Errors
    /// `InvalidTable` unless l rises from knot to knot up to at most 100 % and the factor, of 1e-7 to [`MAX_FACTOR`],
    /// never falls.
    pub fn new(knots: [Knot; KNOTS]) -> Result<Self, MathError> {
        let rises = knots.windows(2).all(|pair| match pair {
            [a, b] => a.ltv < b.ltv && a.factor <= b.factor,
            _ => false,
        });
        let (first, last) = (knots[0], knots[KNOTS - 1]);
        let in_range = first.ltv >= Rate::ZERO
            && last.ltv <= Rate::FULL
            && first.factor > Rate::ZERO
            && last.factor <= MAX_FACTOR;
        if rises && in_range {
            Ok(Self(knots))
        } else {
            Err(MathError::InvalidTable)
        }
    }

    /// The knots.
    pub const fn knots(&self) -> &[Knot; KNOTS] {
        &self.0
    }

    /// The factor at `ltv`, rounded up.
    ///
    /// # Errors
    /// `OutOfBounds` above the last knot, `Negative`.
    pub fn factor_up(&self, ltv: Rate) -> Result<Rate, MathError> {
        if ltv < Rate::ZERO {
            return Err(MathError::Negative);
        }
        let mut left = Knot {
            ltv: Rate::ZERO,
            factor: self.0[0].factor,
        };
        for right in self.0 {
            if ltv <= right.ltv {
                return left.between_up(right, ltv);
            }
            left = right;
        }
        Err(MathError::OutOfBounds)
    }
}

impl Knot {
    /// The factor on the line from this knot to `right`, rounded up.
    fn between_up(self, right: Self, ltv: Rate) -> Result<Rate, MathError> {
        if ltv == right.ltv {
            return Ok(right.factor);
        }
        let rise = sub(right.factor.raw(), self.factor.raw())?;
        let (way, width) = (
            sub(ltv.raw(), self.ltv.raw())?,
            sub(right.ltv.raw(), self.ltv.raw())?,
        );
        self.factor
            .checked_add(Rate::from_raw(mul_div_up(rise, way, width)?))
    }
}

/// From a utilisation `from` on, the factor rises by `slope` more per 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ramp {
    /// Where it begins, at most 100 %.
    pub from: Rate,
    /// By how much the factor rises from 0 to 100 %, on top of the ramps before; 1e7 = 1.
    pub slope: Rate,
}

/// The factor of the pool's utilisation u: 1, and from each ramp on steeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UtilisationCurve([Ramp; 2]);

impl UtilisationCurve {
    /// 1 up to 60 %, then `1 + 5 (u - 0.6)` up to 90 %, then `2.5 + 35 (u - 0.9)`.
    pub const STARTING: Self = Self([
        Ramp {
            from: Rate::from_raw(6_000_000),
            slope: Rate::from_raw(50_000_000),
        },
        Ramp {
            from: Rate::from_raw(9_000_000),
            slope: Rate::from_raw(300_000_000),
        },
    ]);

    /// A curve of these ramps.
    ///
    /// # Errors
    /// `InvalidTable` unless the ramps begin one after the other, at most at 100 %, with slopes of 0 to [`MAX_FACTOR`].
    pub fn new(ramps: [Ramp; 2]) -> Result<Self, MathError> {
        let [first, second] = ramps;
        let in_order =
            Rate::ZERO <= first.from && first.from < second.from && second.from <= Rate::FULL;
        let has_slope = |ramp: &Ramp| Rate::ZERO <= ramp.slope && ramp.slope <= MAX_FACTOR;
        if in_order && ramps.iter().all(has_slope) {
            Ok(Self(ramps))
        } else {
            Err(MathError::InvalidTable)
        }
    }

    /// The ramps.
    pub const fn ramps(&self) -> &[Ramp; 2] {
        &self.0
    }

    /// The mean of `min(factor, most)` over the span of utilisation that an order consumes, rounded up. The factor is
    /// cut before it is averaged: the mean of every part then adds up to that of the whole, so splitting an order that
    /// reaches the highest rate gains nothing.
    ///
    /// # Errors
    /// `OutOfBounds` for an order that is not above zero or ends above 100 %, `Negative`, `Overflow`.
    pub fn mean_factor_up(&self, span: Span, most: Rate) -> Result<Rate, MathError> {
        let points = span.points()?;
        let cut =
            mul(self.reaches_up(most)?.raw(), span.capital.raw())?.clamp(points.start, points.end);
        let below = self.sum_up(points.start, cut, points.full)?;
        let above = mul(most.raw(), FULL_RATE)?;
        let above = mul_div_up(above, sub(points.end, cut)?, points.end - points.start)?;
        let below = mul_div_up(below, sub(cut, points.start)?, points.end - points.start)?;
        div_up(add(below, above)?, FULL_RATE).map(Rate::from_raw)
    }

    /// The mean of the factor between two points, times 1e14, rounded up. A ramp of slope s that begins at k has the
    /// mean `s * (p1 - p0) * (p1 + p0) / (2 * (end - start))` with p = how far a point is beyond k.
    fn sum_up(&self, start: i128, end: i128, full: i128) -> Result<i128, MathError> {
        let mut mean = FULL_RATE * FULL_RATE;
        for ramp in self.0.iter().filter(|_| start < end) {
            let begin = mul(ramp.from.raw(), full / FULL_RATE)?;
            let (near, far) = ((start - begin).max(0), (end - begin).max(0));
            let doubled = mul_div_up(add(far, near)?, sub(far, near)?, end - start)?;
            mean = add(
                mean,
                mul_div_up(mul(ramp.slope.raw(), FULL_RATE)?, doubled, mul(2, full)?)?,
            )?;
        }
        Ok(mean)
    }

    /// The utilisation at which the factor reaches `most`, rounded up; 100 % if it stays below.
    fn reaches_up(&self, most: Rate) -> Result<Rate, MathError> {
        let (mut at, mut factor, mut slope) = (0, FULL_RATE, 0);
        for next in self
            .0
            .iter()
            .map(|ramp| (ramp.from.raw(), ramp.slope.raw()))
            .chain([(FULL_RATE, 0)])
        {
            let there = add(factor, mul_div_down(slope, sub(next.0, at)?, FULL_RATE)?)?;
            if most.raw() <= factor {
                return Ok(Rate::from_raw(at));
            }
            if most.raw() <= there {
                let way = mul_div_up(most.raw() - factor, FULL_RATE, slope)?;
                return Ok(Rate::from_raw(add(at, way)?.min(FULL_RATE)));
            }
            (at, factor, slope) = (next.0, there, add(slope, next.1)?);
        }
        Ok(Rate::FULL)
    }
}

/// The span of utilisation that an order consumes: from `exposure` to `exposure + limit`, as parts of `capital`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// E before the order.
    pub exposure: Assets,
    /// What the order adds to it.
    pub limit: Assets,
    /// What E may come to: NAV_lo less the value of queued exits.
    pub capital: Assets,
}

/// A span in capital times 1e7, where knots are whole numbers.
struct Points {
    start: i128,
    end: i128,
    full: i128,
}

impl Span {
    fn points(&self) -> Result<Points, MathError> {
        let exposure = Assets::checked_from_raw(self.exposure.raw())?;
        let end = exposure.checked_add(self.limit)?;
        if self.limit <= Assets::ZERO || self.limit > MAX_LIMIT || end > self.capital {
            return Err(MathError::OutOfBounds);
        }
        let scaled = |amount: Assets| mul(amount.raw(), FULL_RATE);
        Ok(Points {
            start: scaled(exposure)?,
            end: scaled(end)?,
            full: scaled(self.capital)?,
        })
    }
}

/// What a group's cover costs, as governance set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tariff {
    /// base_g, per year of limit.
    pub base: Rate,
    /// The group's LTV table.
    pub ltv_table: LtvTable,
    /// The pool's utilisation curve.
    pub utilisation_curve: UtilisationCurve,
    /// r_min.
    pub min_rate: Rate,
    /// r_max.
    pub max_rate: Rate,
}

/// A rate and every number it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// base_g.
    pub base: Rate,
    /// l = 1 / health factor.
    pub ltv: Rate,
    /// f_ltv, rounded up.
    pub ltv_factor: Rate,
    /// u before the order, rounded up.
    pub utilisation_before: Rate,
    /// u after the order, rounded up.
    pub utilisation_after: Rate,
    /// f_utilisation, the mean over the order, rounded up; cut where the rate would pass r_max.
    pub utilisation_factor: Rate,
    /// r, the yearly rate to charge, rounded up.
    pub rate: Rate,
}

impl Tariff {
    /// The rate of an order for a loan at `ltv`.
    ///
    /// # Errors
    /// `OutOfBounds` for a base or r_max above [`MAX_RATE`], a base of zero, `r_min > r_max`, an `ltv` above the table
    /// or an order above the capital; `Negative`, `Overflow`.
    pub fn rate_up(&self, ltv: Rate, span: Span) -> Result<Breakdown, MathError> {
        let in_range = Rate::ZERO < self.base && self.base <= MAX_RATE && self.max_rate <= MAX_RATE;
        if !in_range || self.min_rate < Rate::ZERO || self.min_rate > self.max_rate {
            return Err(MathError::OutOfBounds);
        }
        let ltv_factor = self.ltv_table.factor_up(ltv)?;
        let base = mul(self.base.raw(), ltv_factor.raw())?;
        let most = mul_div_up(self.max_rate.raw(), FULL_RATE * FULL_RATE, base)?;
        let utilisation_factor = self
            .utilisation_curve
            .mean_factor_up(span, Rate::from_raw(most))?;
        let rate = mul_div_up(base, utilisation_factor.raw(), FULL_RATE * FULL_RATE)?;
        Ok(Breakdown {
            base: self.base,
            ltv,
            ltv_factor,
            utilisation_before: utilisation_up(span.exposure, span.capital)?,
            utilisation_after: utilisation_up(
                span.exposure.checked_add(span.limit)?,
                span.capital,
            )?,
            utilisation_factor,
            rate: Rate::from_raw(rate).max(self.min_rate).min(self.max_rate),
        })
    }
}

/// Whether a base rate may move from `old` to `new` in a day: by at most 25 % of `old`.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn is_within_daily_step(old: Rate, new: Rate) -> Result<bool, MathError> {
    let step = mul_div_down(old.raw(), MAX_DAILY_STEP.raw(), FULL_RATE)?;
    Ok(new.sub_or_zero(old).raw() <= step && old.sub_or_zero(new).raw() <= step)
}
