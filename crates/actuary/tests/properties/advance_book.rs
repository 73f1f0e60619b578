use actuary::advance::*;
use actuary::time::{DAY, YEAR};
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to, BigInt};

fn scaled(raw: i128) -> Scaled {
    Scaled::from_raw(raw)
}

#[test]
fn an_advance_costs_a_flat_fee_and_a_rate_per_second() {
    let draw = Draw::new(assets(1_001), rate(50_000), rate(400_000)).unwrap();
    assert_eq!(draw.flat_fee, scaled(6 * S), "ceil(5.005)");
    // 1 001 * 4 % * 1e12 / 31 536 000 = 1 269 660.07
    assert_eq!(draw.fee_rate, ScaledRate::from_raw(1_269_661), "fee rate");
    assert_eq!(
        yearly_rate_up(rate(500_001), rate(400_000)),
        Ok(rate(625_002)),
        "1.25 times the platform's"
    );
    assert_eq!(
        yearly_rate_up(rate(100_000), rate(400_000)),
        Ok(rate(400_000)),
        "at least 4 %"
    );
    assert_eq!(
        yearly_rate_up(rate(4_000_001), rate(400_000)),
        Ok(rate(5_000_000)),
        "at most 50 %"
    );
}

#[test]
fn a_pay_back_takes_fees_first_and_restores_everything_at_the_end() {
    let mut book = AdvanceBook::new(0);
    book.add(&Draw {
        principal: assets(100),
        flat_fee: scaled(2 * S),
        fee_rate: ScaledRate::from_raw(S / 10 + 1),
    })
    .unwrap();
    book.accrue(10).unwrap();
    assert_eq!(
        book.fees_due_up(),
        Ok(assets(4)),
        "3 units and 10 scaled ones"
    );
    assert_eq!(book.owed_up(), Ok(assets(104)), "owed");
    let part = book.pay_back(assets(2)).unwrap();
    assert_eq!(
        (part.fees, part.principal, part.fees_gone),
        (assets(2), assets(0), scaled(2 * S)),
        "fees only"
    );
    let more = book.pay_back(assets(34)).unwrap();
    assert_eq!(
        (more.fees, more.principal, more.fees_gone),
        (assets(4), assets(30), scaled(3 * S + 10)),
        "then principal"
    );
    // ceil((1e11 + 1) * 70 / 100) stays
    assert_eq!(
        more.fee_rate_gone,
        ScaledRate::from_raw(30_000_000_000),
        "its share of the fee rate, the rest rounded up"
    );
    let all = book.pay_back(Assets::MAX).unwrap();
    assert_eq!(all.paid(), Ok(assets(104)), "at most what is owed");
    book.subtract(&all).unwrap();
    assert_eq!(book, AdvanceBook::new(10), "nothing left");
    assert_eq!(
        book.pay_back(assets(1)),
        Err(MathError::OutOfBounds),
        "nothing owed"
    );
    assert_eq!(
        book.foreclose(assets(1)),
        Err(MathError::OutOfBounds),
        "nothing to foreclose"
    );
    assert_eq!(
        book.subtract(&all),
        Err(MathError::Underflow),
        "not owed here"
    );
    assert_eq!(book.accrue(9), Err(MathError::TimeReversed), "backwards");
}

#[test]
fn fees_beyond_the_bound_are_a_named_error_that_changes_nothing() {
    let mut book = AdvanceBook::new(0);
    book.add(&Draw::new(assets(ten_to(25)), rate(50_000), rate(100_000_000)).unwrap())
        .unwrap();
    assert_eq!(book.accrue(YEAR), Ok(()), "10^26 in a year at 1000 %");
    let before = book;
    assert_eq!(
        book.accrue(3 * YEAR),
        Err(MathError::Overflow),
        "three years"
    );
    assert_eq!(book, before, "unchanged");
    assert!(
        Draw::new(assets(ten_to(27)), rate(50_000), rate(100_000_000)).is_ok(),
        "a draw at the bounds"
    );
    assert_eq!(
        Draw::new(assets(-1), rate(1), rate(1)),
        Err(MathError::Negative),
        "a negative draw"
    );
}

/// What the exact model says of (drawn, fees owed, fee rate) after paying back `amount`.
fn paid_back(
    drawn: &BigInt,
    fees: &BigInt,
    fee_rate: &BigInt,
    amount: i128,
) -> (BigInt, BigInt, BigInt) {
    let due = exact::div_up(fees, &big(S));
    let amount = big(amount).min(drawn + &due);
    let paid = amount.clone().min(due);
    let left = drawn - (&amount - &paid);
    (
        left.clone(),
        fees - (paid * S).min(fees.clone()),
        exact::div_up(&(fee_rate * left), drawn),
    )
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn draws_cost_what_the_exact_model_says(principal in from_one_to(ten_to(27)), yearly in up_to(ten_to(8)), flat in up_to(100_000)) {
        let draw = Draw::new(assets(principal), rate(flat), rate(yearly));
        let fee = exact::div_up(&(big(principal) * flat), &big(FULL_RATE)) * S;
        if fitting(&fee).is_err() {
            prop_assert_eq!(draw, Err(MathError::Overflow), "too large a fee");
        } else {
            let draw = draw.unwrap();
            prop_assert_eq!(Ok(draw.flat_fee.raw()), fitting(&fee), "flat fee");
            let year = big(i128::from(YEAR)) * FULL_RATE;
            let exact = exact::div_up(&(big(principal) * yearly * S), &year);
            prop_assert_eq!(Ok(draw.fee_rate.raw()), fitting(&exact), "fee rate");
        }
    }

    #[test]
    fn i16_books_of_policies_add_up_to_the_book_of_all(
        draws in prop::collection::vec((from_one_to(ten_to(20)), up_to(ten_to(7)), 0u64..30 * DAY, up_to(ten_to(20))), 1..12),
    ) {
        let (mut all, mut each) = (AdvanceBook::new(0), [AdvanceBook::new(0); 3]);
        let mut now = 0;
        for (number, (principal, yearly, pause, back)) in draws.into_iter().enumerate() {
            now += pause;
            all.accrue(now).unwrap();
            let one = &mut each[number % 3];
            one.accrue(now).unwrap();
            let draw = Draw::new(assets(principal), FLAT_FEE, rate(yearly)).unwrap();
            one.add(&draw).unwrap();
            all.add(&draw).unwrap();
            if back > 0 {
                let exact = paid_back(&big(one.drawn.raw()), &big(one.fees_owed.raw()), &big(one.fee_rate.raw()), back);
                let settlement = one.pay_back(assets(back)).unwrap();
                one.subtract(&settlement).unwrap();
                all.subtract(&settlement).unwrap();
                let left = (big(one.drawn.raw()), big(one.fees_owed.raw()), big(one.fee_rate.raw()));
                prop_assert_eq!(left, exact, "pay-back");
            }
            if one.drawn.is_zero() {
                prop_assert_eq!((one.fees_owed, one.fee_rate), (Scaled::ZERO, ScaledRate::ZERO), "no fees on nothing");
            }
            let drawn: i128 = each.iter().map(|book| book.drawn.raw()).sum();
            prop_assert_eq!(all.drawn, assets(drawn), "D");
            let fees: i128 = each.iter().map(|book| book.fees_owed.raw() + book.fee_rate.raw() * i128::from(now - book.last)).sum();
            prop_assert_eq!(all.fees_owed, scaled(fees), "F");
        }
    }

    #[test]
    fn a_foreclosure_clears_the_book_and_takes_at_most_what_is_owed(
        principal in from_one_to(ten_to(26)), yearly in up_to(ten_to(7)), seconds in 0..YEAR, recovered in up_to(ten_to(27)),
    ) {
        let mut book = AdvanceBook::new(0);
        book.add(&Draw::new(assets(principal), FLAT_FEE, rate(yearly)).unwrap()).unwrap();
        if book.accrue(seconds).is_ok() {
            let owed = book.owed_up().unwrap();
            let settlement = book.foreclose(assets(recovered)).unwrap();
            prop_assert_eq!(settlement.paid(), Ok(owed.min(assets(recovered))), "taken");
            book.subtract(&settlement).unwrap();
            prop_assert_eq!(book, AdvanceBook::new(seconds), "cleared");
        }
    }
}
