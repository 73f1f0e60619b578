use crate::MarketError::{self, *};

#[test]
fn codes_are_those_callers_know() {
    let codes: [(MarketError, u32); 24] = [
        (NoResult, 7_600),
        (Corrupt, 7_601),
        (InvalidConfig, 7_602),
        (Paused, 7_603),
        (InsurerSet, 7_604),
        (NoInsurer, 7_605),
        (PriceUnavailable, 7_606),
        (InsurerUnavailable, 7_607),
        (InvalidAmount, 7_610),
        (TooFewShares, 7_611),
        (TooLittleOut, 7_612),
        (NotEnough, 7_613),
        (Illiquid, 7_614),
        (PaysItself, 7_615),
        (UnknownLoan, 7_620),
        (Unsafe, 7_621),
        (NothingOwed, 7_622),
        (Healthy, 7_623),
        (TooExpensive, 7_624),
        (NotRepaid, 7_625),
        (NothingUnsettled, 7_626),
        (NothingToCollect, 7_627),
        (NotInsured, 7_628),
        (PriceQuarantined, 7_629),
    ];
    for (error, code) in codes {
        assert_eq!(error as u32, code, "{error:?}");
    }
}
