use actuary::{Assets, Rate};
use interfaces::adapter::AdapterError;

use crate::rescue::{measured_again, RescueTerms};

const TERMS: RescueTerms = RescueTerms {
    trigger: 11_200_000,
    target: 12_500_000,
    grant_trigger: 1_500_000,
    grant_deductible: 1_000_000,
    grant_max: 5_000_000,
    least_rate: 400_000,
};

#[test]
fn terms_that_contradict_themselves_are_told_apart() {
    assert_eq!(TERMS.require_consistent(), Ok(()), "usual ones");
    let invalid = [
        RescueTerms {
            trigger: 10_000_000,
            ..TERMS
        },
        RescueTerms {
            target: 11_200_000,
            ..TERMS
        },
        RescueTerms {
            grant_deductible: 1_500_001,
            ..TERMS
        },
        RescueTerms {
            grant_max: 1_000_000,
            ..TERMS
        },
        RescueTerms {
            grant_max: 10_000_001,
            ..TERMS
        },
        RescueTerms {
            least_rate: 5_000_001,
            ..TERMS
        },
    ];
    for terms in invalid {
        let refusal = Err(AdapterError::InvalidMarket);
        assert_eq!(terms.require_consistent(), refusal, "{terms:?}");
    }
}

#[test]
fn a_draw_costs_more_than_the_platform_within_bounds() {
    let rate = |borrow| TERMS.fee_rate_up(Rate::from_raw(borrow));
    assert_eq!(rate(100_000), Ok(400_000), "the least");
    assert_eq!(rate(800_000), Ok(1_000_000), "a quarter more");
    assert_eq!(rate(8_000_000), Ok(5_000_000), "the most");
}

#[test]
fn a_claim_that_no_draw_can_use_comes_to_nothing() {
    assert_eq!(measured_again(Ok(Assets::from_raw(5))), Ok(5), "a draw");
    for error in [
        AdapterError::NotInsured,
        AdapterError::Healthy,
        AdapterError::DrawTooSmall,
        AdapterError::EquityExhausted,
        AdapterError::StillUnhealthy,
    ] {
        assert_eq!(measured_again(Err(error)), Ok(0), "{error:?}");
    }
    let later = AdapterError::PriceUnavailable;
    assert_eq!(measured_again(Err(later)), Err(later), "not measured");
}
