use actuary::quote::*;
use actuary::rate::{LtvTable, Span, Tariff, UtilisationCurve};
use actuary::time::{DAY, MAX_TIME, MONTH, WEEK, YEAR};
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to, UNIT};

const NOW: u64 = 2_900 * WEEK;

const TARIFF: Tariff = Tariff {
    base: Rate::from_raw(150_000),
    ltv_table: LtvTable::STARTING,
    utilisation_curve: UtilisationCurve::STARTING,
    min_rate: Rate::from_raw(10_000),
    max_rate: Rate::from_raw(5_000_000),
};

fn request() -> QuoteRequest {
    QuoteRequest {
        span: Span {
            exposure: Assets::ZERO,
            limit: assets(5_000 * UNIT),
            capital: assets(1_000_000 * UNIT),
        },
        ltv: rate(6_000_000),
        weeks: 13,
        minimum: assets(UNIT),
        debt: assets(10_000 * UNIT),
        borrow_rate: rate(600_000),
    }
}

#[test]
fn a_worked_loan_is_quoted_in_every_way() {
    let quote = Quote::of(&TARIFF, &request(), NOW).unwrap();
    assert_eq!(quote.breakdown.rate, rate(300_000), "1.5 % * 2 * 1");
    assert_eq!(quote.end, NOW + 13 * WEEK, "end");
    assert_eq!(
        quote.premium.total,
        assets(373_972_603),
        "5 000 * 3 % * 91 / 365 = 37.40"
    );
    assert_eq!(quote.per_day, assets(4_109_590), "0.41 a day");
    assert_eq!(quote.per_month, assets(125_000_001), "12.50 a month");
    assert_eq!(
        quote.share_of_interest,
        Some(rate(2_500_001)),
        "a quarter of 6 % on 10 000"
    );
    let no_debt = QuoteRequest {
        debt: Assets::ZERO,
        ..request()
    };
    let quote = Quote::of(&TARIFF, &no_debt, NOW).unwrap();
    assert_eq!(quote.share_of_interest, None, "no interest to compare with");
}

#[test]
fn what_cannot_be_sold_is_not_quoted() {
    let quote =
        |request: QuoteRequest, now| Quote::of(&TARIFF, &request, now).map(|quote| quote.end);
    assert_eq!(
        quote(
            QuoteRequest {
                weeks: 14,
                ..request()
            },
            NOW
        ),
        Err(MathError::OutOfBounds),
        "too long"
    );
    assert_eq!(
        quote(
            QuoteRequest {
                ltv: rate(8_000_001),
                ..request()
            },
            NOW
        ),
        Err(MathError::OutOfBounds),
        "ltv"
    );
    assert_eq!(
        quote(request(), MAX_TIME + 1),
        Err(MathError::OutOfBounds),
        "after 2100"
    );
    assert_eq!(
        per_up(assets(1), 0, DAY),
        Err(MathError::DivisionByZero),
        "no time"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn what_is_shown_equals_the_exact_model(
        premium in up_to(ten_to(27)), seconds in 1..13 * WEEK, debt in from_one_to(ten_to(27)), borrow in from_one_to(ten_to(8)),
    ) {
        for period in [DAY, MONTH] {
            let exact = exact::div_up(&(big(premium) * period), &seconds.into());
            prop_assert_eq!(per_up(assets(premium), seconds, period).map(Assets::raw), fitting(&exact), "per period");
        }
        let year = big(i128::from(YEAR)) * FULL_RATE;
        let interest = exact::div_up(&(big(debt) * borrow * seconds), &year);
        let share = exact::div_up(&(big(premium) * FULL_RATE), &interest);
        let shown = share_of_interest_up(assets(premium), assets(debt), rate(borrow), seconds).unwrap();
        prop_assert_eq!(Ok(shown.unwrap().raw()), fitting(&share), "share of interest");
    }
}
