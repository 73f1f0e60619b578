use std::collections::BTreeSet;

use actuary::MathError::*;

#[test]
fn every_error_says_something_of_its_own() {
    let all = [
        Overflow,
        Underflow,
        DivisionByZero,
        Negative,
        OutOfBounds,
        TimeReversed,
        InvalidTable,
    ];
    let texts: BTreeSet<String> = all.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), all.len(), "distinct texts");
    assert!(texts.iter().all(|text| !text.is_empty()), "no empty text");
}
