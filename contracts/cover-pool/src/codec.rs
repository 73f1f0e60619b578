//! Numbers in few bytes, since bytes written are what the network runs out of.
//!
//! Each number is one byte of length and then its significant bytes, big end first; zeros at the end are left out. So zero
//! costs a byte or nothing, and a field appended later reads as zero from older entries.

use soroban_sdk::{Bytes, Env};

use crate::errors::CoverError;

/// The most bytes of one entry: more than any entry has with the largest amounts that are counted with.
const CAPACITY: usize = 384;

/// Packs numbers, none of them negative.
pub fn pack(env: &Env, numbers: &[i128]) -> Result<Bytes, CoverError> {
    let mut packed = [0; CAPACITY];
    let mut length = 0_usize;
    let mut written = 0_usize;
    for number in numbers {
        let bytes = u128::try_from(*number)
            .map_err(|_| CoverError::NoResult)?
            .to_be_bytes();
        let first = bytes
            .iter()
            .position(|byte| *byte != 0)
            .unwrap_or(bytes.len());
        let digits = bytes.get(first..).unwrap_or_default();
        let end = length.saturating_add(1).saturating_add(digits.len());
        let room = packed.get_mut(length..end).ok_or(CoverError::NoResult)?;
        if let [size, rest @ ..] = room {
            *size = digits.len() as u8;
            rest.copy_from_slice(digits);
        }
        length = end;
        if !digits.is_empty() {
            written = length;
        }
    }
    Ok(Bytes::from_slice(
        env,
        packed.get(..written).unwrap_or_default(),
    ))
}

/// Unpacks what [`pack`] packed; numbers that were left out are zero.
pub fn unpack<const N: usize>(bytes: &Bytes) -> Result<[i128; N], CoverError> {
    let mut numbers = [0; N];
    unpack_into(bytes, &mut numbers)?;
    Ok(numbers)
}

/// Kept out of line, so that it is there once and not for every length.
#[inline(never)]
fn unpack_into(bytes: &Bytes, numbers: &mut [i128]) -> Result<(), CoverError> {
    let length = bytes.len() as usize;
    let mut packed = [0; CAPACITY];
    bytes.copy_into_slice(packed.get_mut(..length).ok_or(CoverError::Corrupt)?);
    let mut left = packed.get(..length).unwrap_or_default();
    for number in numbers {
        let Some((size, rest)) = left.split_first() else {
            return Ok(());
        };
        let (digits, rest) = rest
            .split_at_checked(usize::from(*size))
            .ok_or(CoverError::Corrupt)?;
        if digits.len() > 16 {
            return Err(CoverError::Corrupt);
        }
        let value = digits
            .iter()
            .fold(0_u128, |value, byte| (value << 8) | u128::from(*byte));
        *number = i128::try_from(value).map_err(|_| CoverError::Corrupt)?;
        left = rest;
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(CoverError::Corrupt)
    }
}
