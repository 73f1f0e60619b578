//! Exact decimals: text to scaled integers and back, without floats.

use thiserror::Error;

/// Digits that an `i128` always holds.
const MAX_DIGITS: usize = 38;
/// The largest power of ten in scientific notation, either way.
const MAX_EXPONENT: i64 = 64;

/// Why a text is no decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecimalError {
    /// Not a finite decimal number: words, NaN, infinity, nothing.
    #[error("is not a number")]
    NotANumber,
    /// More digits than fit.
    #[error("is too large")]
    TooLarge,
    /// More decimals than the unit has.
    #[error("has more decimals than its unit")]
    TooFine,
}

/// `text` in units of 10^-`decimals`, digits beyond them cut off: rounded towards zero.
///
/// Takes a sign, a fraction and scientific notation (`1.2e-5`).
///
/// # Errors
/// [`DecimalError::NotANumber`], [`DecimalError::TooLarge`].
pub fn parse_down(text: &str, decimals: u32) -> Result<i128, DecimalError> {
    Digits::of(text)?.scaled(decimals).map(|(value, _)| value)
}

/// `text` in units of 10^-`decimals`, which must hold it exactly.
///
/// # Errors
/// [`DecimalError::NotANumber`], [`DecimalError::TooLarge`], [`DecimalError::TooFine`].
pub fn parse_exact(text: &str, decimals: u32) -> Result<i128, DecimalError> {
    match Digits::of(text)?.scaled(decimals)? {
        (value, true) => Ok(value),
        (_, false) => Err(DecimalError::TooFine),
    }
}

/// `value` units of 10^-`decimals` as a plain decimal, without trailing zeros: `1.25`, `-0.5`, `12`.
pub fn format(value: i128, decimals: u32) -> String {
    let digits = format!(
        "{:0>width$}",
        value.unsigned_abs(),
        width = decimals as usize + 1
    );
    let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// `value` units of 10^-`decimals` with exactly `places` decimals, rounded to the nearest, and thousands apart:
/// `1,234.50`. For reading, not for counting.
pub fn format_for_reading(value: i128, decimals: u32, places: u32) -> String {
    let cut = decimals.saturating_sub(places);
    let unit = 10_u128.checked_pow(cut).unwrap_or(u128::MAX);
    let rounded = value.unsigned_abs().saturating_add(unit / 2) / unit;
    let kept = decimals - cut;
    let digits = format!("{rounded:0>width$}", width = kept as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - kept as usize);
    let sign = if value < 0 && rounded != 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", thousands_apart(whole))
}

fn thousands_apart(whole: &str) -> String {
    let mut apart = String::with_capacity(whole.len() * 4 / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

/// A decimal taken apart: `±digits * 10^exponent`.
struct Digits {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Digits {
    fn of(text: &str) -> Result<Self, DecimalError> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, parse_exponent(power)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_decimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !is_decimal(whole) || !is_decimal(fraction) {
            return Err(DecimalError::NotANumber);
        }
        let fraction_digits = i64::try_from(fraction.len()).map_err(|_| DecimalError::TooLarge)?;
        let digits = format!("{whole}{fraction}");
        Ok(Self {
            is_negative,
            digits: digits.trim_start_matches('0').to_owned(),
            exponent: exponent - fraction_digits,
        })
    }

    /// The value at `decimals`, and whether nothing but zeros was cut off.
    fn scaled(mut self, decimals: u32) -> Result<(i128, bool), DecimalError> {
        if self.digits.is_empty() {
            return Ok((0, true));
        }
        let shift = self.exponent + i64::from(decimals);
        let mut is_exact = true;
        match usize::try_from(shift) {
            Ok(zeros) if zeros > MAX_DIGITS => return Err(DecimalError::TooLarge),
            Ok(zeros) => self.digits.push_str(&"0".repeat(zeros)),
            Err(_) => {
                let cut = usize::try_from(-shift).unwrap_or(usize::MAX);
                let kept = self.digits.len().saturating_sub(cut);
                is_exact = self.digits[kept..].bytes().all(|digit| digit == b'0');
                self.digits.truncate(kept);
            }
        }
        if self.digits.len() > MAX_DIGITS {
            return Err(DecimalError::TooLarge);
        }
        let magnitude = if self.digits.is_empty() {
            0
        } else {
            self.digits
                .parse::<i128>()
                .map_err(|_| DecimalError::TooLarge)?
        };
        Ok((
            if self.is_negative {
                -magnitude
            } else {
                magnitude
            },
            is_exact,
        ))
    }
}

fn parse_exponent(power: &str) -> Result<i64, DecimalError> {
    let exponent: i64 = power.parse().map_err(|_| DecimalError::NotANumber)?;
    if exponent.abs() > MAX_EXPONENT {
        return Err(DecimalError::TooLarge);
    }
    Ok(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        for (text, decimals, value) in [
            ("195.55", 14, 19_555_000_000_000_000),
            ("1.00302319431652", 14, 100_302_319_431_652),
            (".5", 7, 5_000_000),
            ("5.", 7, 50_000_000),
            ("+12", 0, 12),
            ("-0.25", 2, -25),
            ("3.1e-5", 14, 3_100_000_000),
            ("1E3", 2, 100_000),
            ("000", 7, 0),
        ] {
            assert_eq!(parse_exact(text, decimals), Ok(value), "{text}");
        }
    }

    #[test]
    fn excess_decimals_are_cut_off_or_refused() {
        assert_eq!(parse_down("0.129", 2), Ok(12), "cut off");
        assert_eq!(parse_down("1e-20", 14), Ok(0), "all of it cut off");
        assert_eq!(
            parse_exact("0.129", 2),
            Err(DecimalError::TooFine),
            "refused"
        );
        assert_eq!(parse_exact("0.120", 2), Ok(12), "zeros carry nothing");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", "-", ".", "NaN", "inf", "1,5", "0x10", "1e", "1.2.3", "1 2", "--1", "1e1.5",
        ] {
            assert_eq!(
                parse_down(text, 14),
                Err(DecimalError::NotANumber),
                "{text:?}"
            );
        }
        for text in ["1e40", "9".repeat(60).as_str(), "1e-900", "1e99999999999"] {
            assert!(
                matches!(
                    parse_down(text, 14),
                    Err(DecimalError::TooLarge | DecimalError::NotANumber)
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn amounts_are_written_plainly() {
        assert_eq!(format(12_500_000, 7), "1.25");
        assert_eq!(format(-5_000_000, 7), "-0.5");
        assert_eq!(format(120_000_000, 7), "12");
        assert_eq!(format(1, 7), "0.0000001");
        assert_eq!(format(42, 0), "42");
    }

    #[test]
    fn amounts_for_reading_are_rounded_and_grouped() {
        assert_eq!(format_for_reading(12_345_678_950_000, 7, 2), "1,234,567.90");
        assert_eq!(format_for_reading(-12_345_000_000, 7, 2), "-1,234.50");
        assert_eq!(format_for_reading(-1, 7, 2), "0.00", "no negative zero");
        assert_eq!(format_for_reading(9_990_000_000, 7, 0), "999");
        assert_eq!(format_for_reading(9_999_999_999, 7, 0), "1,000");
    }
}
