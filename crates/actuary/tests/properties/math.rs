use actuary::math::*;
use actuary::MathError;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{big, fitting, from_one_to, many_cases, up_to};

#[test]
fn a_product_of_253_bits_divides_to_the_last_unit() {
    let most = i128::MAX;
    assert_eq!(mul_div_down(most, most, most), Ok(most), "down, exact");
    assert_eq!(mul_div_up(most, most - 1, most), Ok(most - 1), "up, exact");
    assert_eq!(
        mul_div_down(most, most - 2, most - 1),
        Ok(most - 2),
        "down, remainder"
    );
    assert_eq!(
        mul_div_up(most, most - 2, most - 1),
        Ok(most - 1),
        "up, remainder"
    );
}

#[test]
fn what_has_no_answer_is_a_named_error() {
    assert_eq!(
        mul_div_down(1, 1, 0),
        Err(MathError::DivisionByZero),
        "by zero"
    );
    assert_eq!(
        mul_div_down(-1, 1, 1),
        Err(MathError::Negative),
        "first factor"
    );
    assert_eq!(
        mul_div_up(1, -1, 1),
        Err(MathError::Negative),
        "second factor"
    );
    assert_eq!(mul_div_up(1, 1, -1), Err(MathError::Negative), "divisor");
    assert_eq!(
        mul_div_down(i128::MAX, 2, 1),
        Err(MathError::Overflow),
        "127 bits passed"
    );
    assert_eq!(
        mul_div_down(i128::MAX, i128::MAX, 1),
        Err(MathError::Overflow),
        "128 bits passed"
    );
    assert_eq!(
        mul_div_up(i128::MAX, i128::MAX, i128::MAX - 1),
        Err(MathError::Overflow),
        "by the rounding"
    );
    assert_eq!(mul(i128::MAX, 2), Err(MathError::Overflow), "product");
    assert_eq!(add(i128::MAX, 1), Err(MathError::Overflow), "sum");
    assert_eq!(sub(1, 2), Err(MathError::Underflow), "difference");
    assert_eq!(
        sub(i128::MIN, 1),
        Err(MathError::Underflow),
        "wrapped difference"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn mul_div_equals_the_exact_quotient(a in up_to(i128::MAX), b in up_to(i128::MAX), d in from_one_to(i128::MAX)) {
        let product = big(a) * big(b);
        prop_assert_eq!(mul_div_down(a, b, d), fitting(&exact::div_down(&product, &big(d))), "down");
        prop_assert_eq!(mul_div_up(a, b, d), fitting(&exact::div_up(&product, &big(d))), "up");
    }

    #[test]
    fn mul_div_of_wide_products_that_fit_equals_the_exact_quotient(
        a in ten_to_38(), b in ten_to_38(), more in up_to(i128::MAX),
    ) {
        let d = a.max(b).saturating_add(more / 2);
        let product = big(a) * big(b);
        prop_assert_eq!(mul_div_down(a, b, d), fitting(&exact::div_down(&product, &big(d))), "down");
        prop_assert_eq!(mul_div_up(a, b, d), fitting(&exact::div_up(&product, &big(d))), "up");
    }

    #[test]
    fn division_equals_the_exact_quotient(a in up_to(i128::MAX), d in from_one_to(i128::MAX)) {
        prop_assert_eq!(div_down(a, d), fitting(&exact::div_down(&big(a), &big(d))), "down");
        prop_assert_eq!(div_up(a, d), fitting(&exact::div_up(&big(a), &big(d))), "up");
    }
}

fn ten_to_38() -> impl Strategy<Value = i128> {
    i128::MAX / 1_000..=i128::MAX
}
