use crate::PriceError;

#[test]
fn codes_are_those_callers_know_and_begin_at_7100() {
    let codes = [
        PriceError::UnknownAsset,
        PriceError::TooFewSources,
        PriceError::WindowThin,
        PriceError::NoTwap,
        PriceError::BelowThreshold,
        PriceError::NotDeeper,
        PriceError::Overflow,
        PriceError::InvalidSources,
        PriceError::InvalidThreshold,
        PriceError::InvalidPeriod,
        PriceError::UnknownVenue,
        PriceError::AlreadyDropped,
    ]
    .map(|error| error as u32);
    assert_eq!(
        codes,
        core::array::from_fn(|index| 7_100 + index as u32),
        "codes"
    );
}
