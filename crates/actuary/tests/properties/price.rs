use actuary::price::*;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, ten_to, up_to};

fn price(raw: i128) -> Price {
    Price::from_raw(raw)
}

fn agree(answers: &[i128]) -> Option<(i128, i128, u32)> {
    let mut answers: Vec<Price> = answers.iter().copied().map(price).collect();
    let agreement = Agreement::of(&mut answers).unwrap();
    agreement.map(|agreed| (agreed.low.raw(), agreed.high.raw(), agreed.sources))
}

#[test]
fn answers_are_brought_to_fourteen_decimals() {
    assert_eq!(normalise_down(123, 14), Ok(price(123)), "14");
    assert_eq!(normalise_down(123, 8), Ok(price(123_000_000)), "8");
    assert_eq!(
        normalise_down(129_999, 18),
        Ok(price(12)),
        "18, rounded down"
    );
    assert_eq!(
        normalise_down(9_999, 18),
        Err(MathError::OutOfBounds),
        "nothing at 14"
    );
    assert_eq!(normalise_down(0, 14), Err(MathError::Negative), "zero");
    assert_eq!(normalise_down(-1, 14), Err(MathError::Negative), "negative");
    assert_eq!(
        normalise_down(i128::MAX, 13),
        Err(MathError::Overflow),
        "too large"
    );
    assert_eq!(
        normalise_down(1, 53),
        Err(MathError::OutOfBounds),
        "absurd decimals"
    );
}

#[test]
fn three_sources_agree_on_the_median_of_those_nearby() {
    assert_eq!(agree(&[102, 100, 101]), Some((101, 101, 3)), "three");
    assert_eq!(
        agree(&[1_000, 9_999, 1_010]),
        Some((1_000, 1_010, 2)),
        "one far off, two left"
    );
    assert_eq!(
        agree(&[1_000, 1_050, 950]),
        Some((1_000, 1_000, 3)),
        "5 % is near"
    );
    assert_eq!(agree(&[1_000, 1_051, 949]), None, "both far off");
    assert_eq!(
        agree(&[1_000, 1_010, 1_020, 1_030]),
        Some((1_010, 1_020, 4)),
        "four: the middle two"
    );
    assert_eq!(agree(&[1, 1, 1_000, 1_000]), None, "two camps");
}

#[test]
fn two_sources_stand_alone_only_within_two_percent() {
    assert_eq!(agree(&[1_020, 1_000]), Some((1_000, 1_020, 2)), "at 2 %");
    assert_eq!(agree(&[1_021, 1_000]), None, "beyond");
    assert_eq!(agree(&[1_000]), None, "one");
    assert_eq!(agree(&[]), None, "none");
    assert_eq!(
        Agreement::of(&mut [price(1); 9]),
        Err(MathError::OutOfBounds),
        "nine"
    );
    assert_eq!(
        Agreement::of(&mut [price(1), price(0)]),
        Err(MathError::Negative),
        "a price of zero"
    );
}

#[test]
fn a_one_trade_spike_moves_nothing() {
    // 22 February 2026: one trade moved a price a hundredfold.
    assert_eq!(
        agree(&[1_057, 1_060, 105_700]),
        Some((1_057, 1_060, 2)),
        "with two sound sources"
    );
    assert_eq!(
        agree(&[1_057, 105_700]),
        None,
        "with one, nothing is sold or settled"
    );
}

#[test]
fn freshness_jumps_and_divergence_bind_at_their_bounds() {
    assert!(is_fresh(100, 700, REFLECTOR_MAX_AGE), "600 s old");
    assert!(!is_fresh(99, 700, REFLECTOR_MAX_AGE), "601 s old");
    assert!(!is_fresh(701, 700, REFLECTOR_MAX_AGE), "from the future");
    assert_eq!(max_age(3_600), 4_500, "a heartbeat and a quarter");
    assert_eq!(is_jump(price(100), price(125)), Ok(false), "25 % up");
    assert_eq!(
        is_jump(price(101), price(127)),
        Ok(true),
        "26 of 101, above 25.25"
    );
    assert_eq!(is_jump(price(100), price(126)), Ok(true), "26 % up");
    assert_eq!(is_jump(price(100), price(74)), Ok(true), "26 % down");
    assert_eq!(
        differ_by_more_than(price(103), price(100), DIVERGENCE),
        Ok(false),
        "3 %"
    );
    assert_eq!(
        differ_by_more_than(price(100), price(104), DIVERGENCE),
        Ok(true),
        "4 %"
    );
}

#[test]
fn values_cross_decimals() {
    let xlm = Priced {
        price: price(12 * ten_to(12)),
        decimals: 7,
    };
    let eth = Priced {
        price: price(2_500 * ten_to(14)),
        decimals: 18,
    };
    assert_eq!(
        eth.value_down(assets(ten_to(18)), &xlm),
        Ok(assets(208_333_333_333)),
        "1 ETH in XLM at 0.12"
    );
    assert_eq!(
        eth.value_up(assets(ten_to(18)), &xlm),
        Ok(assets(208_333_333_334)),
        "rounded up"
    );
    assert_eq!(
        cross_down(eth.price, xlm.price),
        Ok(price(2_083_333_333_333_333_333)),
        "price of ETH in XLM"
    );
    let absurd = Priced {
        decimals: 19,
        ..eth
    };
    assert_eq!(
        absurd.value_down(assets(1), &xlm),
        Err(MathError::OutOfBounds),
        "19 decimals"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn normalised_answers_equal_the_exact_model(answer in from_one_to(i128::MAX), decimals in 0u32..=38) {
        let exact = exact::div_down(&(big(answer) * ten_to(14)), &big(10).pow(decimals));
        let expected = if exact == big(0) { Err(MathError::OutOfBounds) } else { fitting(&exact) };
        prop_assert_eq!(normalise_down(answer, decimals).map(Price::raw), expected, "price");
    }

    #[test]
    fn values_equal_the_exact_model(
        amount in up_to(ten_to(27)), a in from_one_to(ten_to(20)), b in from_one_to(ten_to(20)), from in 0u32..=18, to in 0u32..=18,
    ) {
        let (of, other) = (Priced { price: price(a), decimals: from }, Priced { price: price(b), decimals: to });
        let (numerator, denominator) = (big(amount) * a * big(10).pow(to), big(b) * big(10).pow(from));
        let down = of.value_down(assets(amount), &other).map(Assets::raw);
        prop_assert_eq!(down, fitting(&exact::div_down(&numerator, &denominator)), "down");
        let up = of.value_up(assets(amount), &other).map(Assets::raw);
        prop_assert_eq!(up, fitting(&exact::div_up(&numerator, &denominator)), "up");
    }

    #[test]
    fn one_dishonest_source_of_three_stays_between_the_honest(a in 1_000i128..1_020, b in 1_000i128..1_020, lie in from_one_to(ten_to(30))) {
        if let Some((low, high, _)) = agree(&[a, lie, b]) {
            prop_assert!(a.min(b) <= low && high <= a.max(b), "{} to {}", low, high);
        }
        prop_assert!(agree(&[lie, b, a]).is_some(), "two honest ones always agree");
    }

    #[test]
    fn agreement_equals_the_sorted_model(answers in prop::collection::vec(900i128..1_100, 0..=8)) {
        let mut sorted = answers.clone();
        sorted.sort_unstable();
        if sorted.len() >= 3 {
            let median = (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2;
            sorted.retain(|answer| (answer - median).abs() * 20 <= median);
        } else if sorted.len() == 2 && (sorted[1] - sorted[0]) * 50 > sorted[0] {
            sorted.clear();
        }
        let count = sorted.len();
        let expected = (count >= 2).then(|| (sorted[(count - 1) / 2], sorted[count / 2], count as u32));
        prop_assert_eq!(agree(&answers), expected, "agreement");
    }
}
