use crate::VaultError;

#[test]
fn codes_are_those_callers_know() {
    let codes = [
        (VaultError::NoResult, 7_500),
        (VaultError::Corrupt, 7_501),
        (VaultError::AdapterUnavailable, 7_502),
        (VaultError::CoverPoolUnavailable, 7_503),
        (VaultError::PlatformUnavailable, 7_504),
        (VaultError::Armed, 7_510),
        (VaultError::InvalidAmount, 7_511),
        (VaultError::TooFewShares, 7_512),
        (VaultError::Illiquid, 7_513),
        (VaultError::NotEnoughCash, 7_514),
        (VaultError::NotInsured, 7_520),
        (VaultError::Unsettled, 7_521),
        (VaultError::BelowCover, 7_522),
        (VaultError::RateTooHigh, 7_523),
        (VaultError::LimitAboveAssets, 7_524),
        (VaultError::PaymentNotBooked, 7_525),
        (VaultError::InvalidTerm, 7_526),
    ];
    for (error, code) in codes {
        assert_eq!(error as u32, code, "{error:?}");
    }
}
