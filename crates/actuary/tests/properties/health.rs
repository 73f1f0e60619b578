use actuary::health::*;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to};

fn loan(collateral: i128, debt: i128, c: i128, l: i128) -> Loan {
    Loan {
        collateral: assets(collateral),
        debt: assets(debt),
        collateral_factor: rate(c),
        liability_factor: rate(l),
    }
}

#[test]
fn a_rescue_of_a_worked_loan_reaches_1_25() {
    // HF = 10 000 * 0.75 * 0.95 / 6 500 = 1.09615..; debt at 1.25 = 7 125 / 1.25 = 5 700.
    let loan = loan(10_000, 6_500, 7_500_000, 9_500_000);
    assert_eq!(
        loan.health_factor_down(),
        Ok(rate(10_961_538)),
        "health factor"
    );
    assert_eq!(loan.repay_to_reach_up(TARGET), Ok(assets(800)), "repay");
    assert_eq!(
        loan.repaid(assets(800)).health_factor_down(),
        Ok(TARGET),
        "repaid"
    );
    // 6 500 * 1.25 / 0.7125 = 11 403.51
    assert_eq!(
        loan.collateral_to_reach_up(TARGET),
        Ok(assets(1_404)),
        "collateral"
    );
    assert_eq!(
        closeness_up(rate(12_500_000)),
        Ok(rate(8_000_000)),
        "l at 1.25"
    );
    assert_eq!(
        closeness_up(rate(30_000_000)),
        Ok(rate(3_333_334)),
        "l at 3"
    );
}

#[test]
fn loans_without_debt_or_value_have_an_answer_or_a_named_error() {
    assert_eq!(
        loan(1, 0, 1, 1).health_factor_down(),
        Ok(Rate::MAX),
        "no debt"
    );
    assert_eq!(
        loan(1, 0, 1, 1).repay_to_reach_up(TARGET),
        Ok(Assets::ZERO),
        "nothing to repay"
    );
    assert_eq!(
        loan(0, 5, 1, 1).health_factor_down(),
        Ok(Rate::ZERO),
        "no collateral"
    );
    assert_eq!(
        loan(0, 5, 1, 1).repay_to_reach_up(TARGET),
        Ok(assets(5)),
        "all of the debt"
    );
    assert_eq!(
        loan(1, 5, 0, 1).collateral_to_reach_up(TARGET),
        Err(MathError::DivisionByZero),
        "worthless collateral"
    );
    assert_eq!(
        closeness_up(Rate::ZERO),
        Err(MathError::DivisionByZero),
        "health factor zero"
    );
    assert_eq!(
        loan(1, i128::MAX, 1, 1).health_factor_down(),
        Err(MathError::Overflow),
        "too large a debt"
    );
    assert_eq!(
        loan(-1, 5, 1, 1).health_factor_down(),
        Err(MathError::Negative),
        "negative collateral"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn the_health_factor_and_the_rescues_equal_the_exact_model(
        collateral in up_to(ten_to(27)), debt in from_one_to(ten_to(27)), c in from_one_to(FULL_RATE),
        l in from_one_to(FULL_RATE), target in 10_000_000i128..20_000_000,
    ) {
        let subject = loan(collateral, debt, c, l);
        let (counted, full) = (big(collateral) * c * l, big(FULL_RATE));
        let health = exact::div_down(&counted, &(big(debt) * &full));
        prop_assert_eq!(subject.health_factor_down().map(Rate::raw), fitting(&health), "health factor");
        let repay = (big(debt) - exact::div_down(&counted, &(&full * target))).max(big(0));
        prop_assert_eq!(subject.repay_to_reach_up(rate(target)).map(Assets::raw), fitting(&repay), "repay");
        let needed = exact::div_up(&(big(debt) * target * &full), &(big(c) * l));
        let add = fitting(&needed).map(|needed| (needed - collateral).max(0));
        prop_assert_eq!(subject.collateral_to_reach_up(rate(target)).map(Assets::raw), add, "collateral");
    }

    #[test]
    fn a_rescue_reaches_its_target_and_a_unit_less_does_not(
        collateral in from_one_to(ten_to(27)), debt in from_one_to(ten_to(27)), c in 1_000_000..=FULL_RATE,
    ) {
        let subject = loan(collateral, debt, c, 9_500_000);
        let repay = subject.repay_to_reach_up(TARGET).unwrap();
        prop_assert!(subject.repaid(repay).health_factor_down().unwrap() >= TARGET, "repaid");
        let add = subject.collateral_to_reach_up(TARGET).unwrap();
        let health = |added| subject.collateral_added(added).unwrap().health_factor_down().unwrap();
        prop_assert!(health(add) >= TARGET, "added");
        if !add.is_zero() {
            prop_assert!(health(assets(add.raw() - 1)) < TARGET, "a unit less of collateral");
            let short = subject.repaid(assets(repay.raw() - 1)).health_factor_down().unwrap();
            prop_assert!(short < TARGET, "a unit less repaid");
        }
    }
}
