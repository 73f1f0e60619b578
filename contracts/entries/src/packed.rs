//! Numbers in few bytes, since bytes written are what the network runs out of.
//!
//! Each number is one byte of length and then its significant bytes, big end first; zeros at the end are left out. So zero
//! costs a byte or nothing, and a field appended later reads as zero from older entries.

use soroban_sdk::{Bytes, Env};

/// The most bytes of one entry: more than any entry has with the largest amounts that are counted with.
const CAPACITY: usize = 384;

/// Packs numbers; none if one is negative, or they are more than fit.
pub fn pack(env: &Env, numbers: &[i128]) -> Option<Bytes> {
    let mut packed = [0; CAPACITY];
    let mut length = 0_usize;
    let mut written = 0_usize;
    for number in numbers {
        let bytes = u128::try_from(*number).ok()?.to_be_bytes();
        let first = bytes
            .iter()
            .position(|byte| *byte != 0)
            .unwrap_or(bytes.len());
        let digits = bytes.get(first..).unwrap_or_default();
        let end = length.saturating_add(1).saturating_add(digits.len());
        if let [size, rest @ ..] = packed.get_mut(length..end)? {
            *size = digits.len() as u8;
            rest.copy_from_slice(digits);
        }
        length = end;
        if !digits.is_empty() {
            written = length;
        }
    }
    Some(Bytes::from_slice(
        env,
        packed.get(..written).unwrap_or_default(),
    ))
}

/// Unpacks what [`pack`] packed, and none else; numbers that were left out are zero.
pub fn unpack<const N: usize>(bytes: &Bytes) -> Option<[i128; N]> {
    let mut numbers = [0; N];
    unpack_into(bytes, &mut numbers)?;
    Some(numbers)
}

/// Kept out of line, so that it is there once and not for every length.
#[inline(never)]
fn unpack_into(bytes: &Bytes, numbers: &mut [i128]) -> Option<()> {
    let length = bytes.len() as usize;
    let mut packed = [0; CAPACITY];
    bytes.copy_into_slice(packed.get_mut(..length)?);
    let mut left = packed.get(..length)?;
    for number in numbers {
        let Some((size, rest)) = left.split_first() else {
            return Some(());
        };
        let (digits, rest) = rest.split_at_checked(usize::from(*size))?;
        if digits.len() > 16 {
            return None;
        }
        let value = digits
            .iter()
            .fold(0_u128, |value, byte| (value << 8) | u128::from(*byte));
        *number = i128::try_from(value).ok()?;
        left = rest;
    }
    left.is_empty().then_some(())
}
