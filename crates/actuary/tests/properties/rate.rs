use actuary::rate::*;
use actuary::*;
use num_traits::Zero;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to, BigInt};

const UNCUT: Rate = MAX_FACTOR;

fn tariff(base: i128) -> Tariff {
    Tariff {
        base: rate(base),
        ltv_table: LtvTable::STARTING,
        utilisation_curve: UtilisationCurve::STARTING,
        min_rate: rate(10_000),
        max_rate: rate(5_000_000),
    }
}

fn span(exposure: i128, limit: i128, capital: i128) -> Span {
    Span {
        exposure: assets(exposure),
        limit: assets(limit),
        capital: assets(capital),
    }
}

fn mean(exposure: i128, limit: i128, capital: i128) -> i128 {
    UtilisationCurve::STARTING
        .mean_factor_up(span(exposure, limit, capital), UNCUT)
        .unwrap()
        .raw()
}

#[test]
fn the_starting_tables_pass_their_own_checks() {
    assert_eq!(
        LtvTable::new(*LtvTable::STARTING.knots()),
        Ok(LtvTable::STARTING),
        "knots"
    );
    assert_eq!(
        UtilisationCurve::new(*UtilisationCurve::STARTING.ramps()),
        Ok(UtilisationCurve::STARTING),
        "ramps"
    );
}

#[test]
fn the_ltv_factor_rises_from_one_to_four() {
    let factor = |ltv| LtvTable::STARTING.factor_up(rate(ltv));
    assert_eq!(factor(0), Ok(rate(10_000_000)), "no debt");
    assert_eq!(factor(5_000_000), Ok(rate(10_000_000)), "l = 0.5");
    assert_eq!(factor(6_500_000), Ok(rate(25_000_000)), "l = 0.65");
    assert_eq!(factor(8_000_000), Ok(rate(40_000_000)), "l = 0.8");
    assert_eq!(
        factor(8_000_001),
        Err(MathError::OutOfBounds),
        "not insurable"
    );
    assert_eq!(factor(-1), Err(MathError::Negative), "negative");
}

#[test]
fn tables_out_of_order_are_refused() {
    let changed = |at: usize, ltv: i128, factor: i128| {
        let mut knots = *LtvTable::STARTING.knots();
        knots[at] = Knot {
            ltv: rate(ltv),
            factor: rate(factor),
        };
        LtvTable::new(knots)
    };
    assert_eq!(
        changed(2, 6_000_000, 30_000_000),
        Err(MathError::InvalidTable),
        "equal ltv"
    );
    assert_eq!(
        changed(2, 7_000_000, 19_999_999),
        Err(MathError::InvalidTable),
        "a falling factor"
    );
    assert_eq!(
        changed(0, 5_000_000, 0),
        Err(MathError::InvalidTable),
        "a factor of nothing"
    );
    assert_eq!(
        changed(0, -1, 1),
        Err(MathError::InvalidTable),
        "a negative ltv"
    );
    assert_eq!(
        changed(4, 10_000_001, 40_000_000),
        Err(MathError::InvalidTable),
        "above 100 %"
    );
    assert_eq!(
        changed(4, 10_000_000, 10_000_000_001),
        Err(MathError::InvalidTable),
        "above the largest factor"
    );
    let [first, second] = *UtilisationCurve::STARTING.ramps();
    assert_eq!(
        UtilisationCurve::new([second, first]),
        Err(MathError::InvalidTable),
        "ramps out of order"
    );
    let doubled = UtilisationCurve::new([first, first]);
    assert_eq!(
        doubled,
        Err(MathError::InvalidTable),
        "two ramps at one place"
    );
    let falling = Ramp {
        slope: rate(-1),
        ..first
    };
    assert_eq!(
        UtilisationCurve::new([falling, second]),
        Err(MathError::InvalidTable),
        "a falling ramp"
    );
}

#[test]
fn an_order_pays_the_mean_of_the_utilisation_it_consumes() {
    assert_eq!(mean(0, 60, 100), 10_000_000, "up to 60 %: 1");
    assert_eq!(
        mean(60, 30, 100),
        17_500_000,
        "60 to 90 %: the mean of 1 and 2.5"
    );
    assert_eq!(
        mean(90, 10, 100),
        42_500_000,
        "90 to 100 %: the mean of 2.5 and 6"
    );
    assert_eq!(mean(0, 100, 100), 15_500_000, "all: 0.6 + 0.525 + 0.425");
    assert_eq!(
        mean(0, 90, 100),
        12_500_000,
        "up to 90 %: (0.6 + 0.525) / 0.9"
    );
}

#[test]
fn a_breakdown_shows_every_number_of_the_rate() {
    let shown = tariff(150_000)
        .rate_up(rate(6_500_000), span(60, 30, 100))
        .unwrap();
    assert_eq!(
        (shown.base, shown.ltv),
        (rate(150_000), rate(6_500_000)),
        "given"
    );
    assert_eq!(
        (shown.utilisation_before, shown.utilisation_after),
        (rate(6_000_000), rate(9_000_000)),
        "u"
    );
    assert_eq!(
        (shown.ltv_factor, shown.utilisation_factor),
        (rate(25_000_000), rate(17_500_000)),
        "factors"
    );
    assert_eq!(shown.rate, rate(656_250), "1.5 % * 2.5 * 1.75");
    let cheap = tariff(1).rate_up(rate(0), span(0, 1, 100)).unwrap();
    assert_eq!(cheap.rate, rate(10_000), "r_min");
    let dear = tariff(1_200_000)
        .rate_up(rate(8_000_000), span(90, 10, 100))
        .unwrap();
    assert_eq!(dear.rate, rate(5_000_000), "r_max");
}

#[test]
fn an_order_across_the_highest_rate_pays_the_mean_of_cut_rates() {
    // 12 % * 4 = 48 %; the factor is cut at 50 / 48, reached at u = 60.833.. %.
    let tariff = tariff(1_200_000);
    let whole = tariff.rate_up(rate(8_000_000), span(50, 20, 100)).unwrap();
    assert_eq!(
        whole.rate,
        rate(4_895_834),
        "10 at 48 %, 0.83 rising, 9.17 at 50 %"
    );
}

#[test]
fn a_rate_that_starts_at_the_highest_stays_there() {
    let at_most = tariff(1_250_000)
        .rate_up(rate(8_000_000), span(0, 100, 100))
        .unwrap();
    assert_eq!(
        (at_most.utilisation_factor, at_most.rate),
        (Rate::FULL, rate(5_000_000)),
        "12.5 % * 4"
    );
    let dearest = tariff(90_000_000)
        .rate_up(rate(8_000_000), span(0, 100, 100))
        .unwrap();
    assert_eq!(dearest.rate, rate(5_000_000), "900 % * 4");
    let fixed = Tariff {
        min_rate: rate(5_000_000),
        ..tariff(1)
    };
    assert_eq!(
        fixed.rate_up(Rate::ZERO, span(0, 1, 100)).unwrap().rate,
        rate(5_000_000),
        "r_min = r_max"
    );
    let from_nothing = [
        Ramp {
            from: Rate::ZERO,
            slope: Rate::FULL,
        },
        Ramp {
            from: Rate::FULL,
            slope: Rate::FULL,
        },
    ];
    let curve = UtilisationCurve::new(from_nothing).unwrap();
    assert_eq!(
        curve.mean_factor_up(span(0, 100, 100), UNCUT),
        Ok(rate(15_000_000)),
        "ramps at 0 and 100 %"
    );
    assert_eq!(
        curve.mean_factor_up(span(0, 100, 100), rate(15_000_000)),
        Ok(rate(13_750_000)),
        "cut half way"
    );
}

#[test]
fn orders_and_tariffs_out_of_bounds_are_refused() {
    let at = |tariff: Tariff, span| {
        tariff
            .rate_up(rate(5_000_000), span)
            .map(|shown| shown.rate)
    };
    let order = span(0, 10, 100);
    assert_eq!(
        at(tariff(150_000), span(91, 10, 100)),
        Err(MathError::OutOfBounds),
        "above the capital"
    );
    assert_eq!(
        at(tariff(150_000), span(0, 0, 100)),
        Err(MathError::OutOfBounds),
        "nothing"
    );
    assert_eq!(
        at(tariff(150_000), span(-1, 10, 100)),
        Err(MathError::Negative),
        "negative exposure"
    );
    assert_eq!(
        at(tariff(150_000), span(0, 10, i128::MAX)),
        Err(MathError::Overflow),
        "absurd capital"
    );
    assert_eq!(at(tariff(0), order), Err(MathError::OutOfBounds), "free");
    assert_eq!(
        at(tariff(100_000_001), order),
        Err(MathError::OutOfBounds),
        "above 1000 %"
    );
    let crossed = Tariff {
        min_rate: rate(6_000_000),
        ..tariff(1)
    };
    assert_eq!(
        at(crossed, order),
        Err(MathError::OutOfBounds),
        "r_min above r_max"
    );
}

#[test]
fn a_base_rate_moves_by_a_quarter_a_day() {
    assert_eq!(
        is_within_daily_step(rate(103), rate(128)),
        Ok(true),
        "25.75, rounded down"
    );
    assert_eq!(
        is_within_daily_step(rate(103), rate(129)),
        Ok(false),
        "never up"
    );
    let moves = |new| is_within_daily_step(rate(100), rate(new)).unwrap();
    assert_eq!(
        (moves(125), moves(126), moves(75), moves(74)),
        (true, false, true, false),
        "bounds"
    );
}

/// A point of the curve times 1e7 * 1e7 * capital, for an exposure.
fn factor_at(exposure: &BigInt, capital: i128) -> BigInt {
    let full = big(FULL_RATE);
    let u = exposure * &full;
    let beyond = |from: i128| (&u - big(from) * capital).max(BigInt::zero());
    &full * &full * capital + beyond(6_000_000) * 50_000_000 + beyond(9_000_000) * 300_000_000
}

/// The integral of the curve over an order, times 2e14 * capital, by the trapezia between its corners. Corners lie on
/// whole units since the capital is a multiple of ten.
fn area(exposure: i128, limit: i128, capital: i128) -> BigInt {
    let end = exposure + limit;
    let corner = |tenths: i128| (capital / 10 * tenths).clamp(exposure, end);
    let corners = [exposure, corner(6), corner(9), end];
    let trapezium = |from: i128, to: i128| {
        big(to - from) * (factor_at(&big(from), capital) + factor_at(&big(to), capital))
    };
    corners
        .windows(2)
        .map(|pair| trapezium(pair[0], pair[1]))
        .sum()
}

fn orders() -> impl Strategy<Value = (i128, i128, i128)> {
    (from_one_to(ten_to(26)), 0u32..=1_000_000, 1u32..=1_000_000).prop_map(
        |(tenth, start, width)| {
            let capital = tenth * 10;
            let exposure = (capital - 1) / 1_000_000 * i128::from(start).min(999_999);
            let limit = ((capital - exposure) / 1_000_000 * i128::from(width)).max(1);
            (exposure, limit, capital)
        },
    )
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn the_mean_factor_equals_the_exact_integral((exposure, limit, capital) in orders()) {
        let exact = exact::div_up(&area(exposure, limit, capital), &(big(limit) * 2 * capital * FULL_RATE));
        let mean = big(mean(exposure, limit, capital));
        prop_assert!(mean >= exact, "never below: {} {}", mean, exact);
        prop_assert!(mean <= exact + 1, "at most one unit of 1e-7 above");
    }

    #[test]
    fn splitting_an_order_is_never_cheaper(
        (exposure, limit, capital) in orders(), part in 1i128..1_000, base in from_one_to(ten_to(7)), ltv in up_to(8_000_000),
    ) {
        let first = (limit / 1_000 * part).max(1);
        prop_assume!(first < limit);
        let cost = |exposure, limit| {
            let tariff = Tariff { min_rate: Rate::ZERO, ..tariff(base) };
            big(tariff.rate_up(rate(ltv), span(exposure, limit, capital)).unwrap().rate.raw()) * limit
        };
        let (whole, split) = (cost(exposure, limit), cost(exposure, first) + cost(exposure + first, limit - first));
        // The rounding of the whole is at most a unit of its rate, and of the factors that make it.
        let slack = big(limit) * (2 + base * 40_000_000 / FULL_RATE / FULL_RATE * 3);
        prop_assert!(split + slack >= whole, "split {} whole {}", cost(exposure, first), whole);
    }

    #[test]
    fn the_rate_is_the_clamped_product_of_what_is_shown(
        (exposure, limit, capital) in orders(), base in from_one_to(ten_to(8)), ltv in up_to(8_000_000),
    ) {
        let shown = tariff(base).rate_up(rate(ltv), span(exposure, limit, capital)).unwrap();
        let product = big(base) * shown.ltv_factor.raw() * shown.utilisation_factor.raw();
        let exact = exact::div_up(&product, &(big(FULL_RATE) * FULL_RATE));
        prop_assert_eq!(Ok(shown.rate.raw()), fitting(&exact.clamp(big(10_000), big(5_000_000))), "rate");
        let after = exact::div_up(&(big(exposure + limit) * FULL_RATE), &big(capital));
        prop_assert_eq!(Ok(shown.utilisation_after.raw()), fitting(&after), "u after");
    }

    #[test]
    fn the_ltv_factor_equals_the_exact_line(ltv in 0i128..=8_000_000) {
        let exact = if ltv <= 5_000_000 { 10_000_000 } else { 10_000_000 + (ltv - 5_000_000) * 10 };
        prop_assert_eq!(LtvTable::STARTING.factor_up(rate(ltv)), Ok(rate(exact)), "factor");
    }

    #[test]
    fn the_factor_between_uneven_knots_is_rounded_up(
        ltvs in prop::collection::btree_set(1i128..=FULL_RATE, 5), factors in prop::collection::vec(1i128..ten_to(10), 5), at in 0i128..=FULL_RATE,
    ) {
        let mut factors = factors;
        factors.sort_unstable();
        let points: Vec<(i128, i128)> = ltvs.into_iter().zip(factors).collect();
        let knots: Vec<Knot> = points.iter().map(|(ltv, factor)| Knot { ltv: rate(*ltv), factor: rate(*factor) }).collect();
        let table = LtvTable::new(knots.try_into().unwrap()).unwrap();
        let expected = match points.iter().position(|(ltv, _)| at <= *ltv) {
            None => Err(MathError::OutOfBounds),
            Some(0) => Ok(rate(points[0].1)),
            Some(right) => {
                let ((x0, y0), (x1, y1)) = (points[right - 1], points[right]);
                fitting(&(big(y0) + exact::div_up(&(big(y1 - y0) * (at - x0)), &big(x1 - x0)))).map(rate)
            }
        };
        prop_assert_eq!(table.factor_up(rate(at)), expected, "factor");
    }
}
