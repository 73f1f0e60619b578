use proptest::prelude::*;
use soroban_sdk::testutils::EnvTestConfig;
use soroban_sdk::{Bytes, Env};

use crate::packed::{pack, unpack};

fn env() -> Env {
    Env::new_with_config(EnvTestConfig {
        capture_snapshot_at_drop: false,
    })
}

#[test]
fn zeros_at_the_end_take_no_bytes() {
    let env = env();
    assert_eq!(pack(&env, &[0; 20]).unwrap().len(), 0, "nothing");
    let packed = pack(&env, &[1, 0, 256, 0]).unwrap();
    let expected = Bytes::from_slice(&env, &[1, 1, 0, 2, 1, 0]);
    assert_eq!(packed, expected, "one, zero, two bytes");
    assert_eq!(unpack(&packed), Some([1, 0, 256, 0, 0]), "appended field");
}

proptest! {
    #[test]
    fn numbers_come_back(numbers in prop::array::uniform16(0..=i128::MAX)) {
        let env = env();
        prop_assert_eq!(unpack(&pack(&env, &numbers).unwrap()), Some(numbers));
    }
}

#[test]
fn what_was_never_packed_is_refused() {
    let env = env();
    let unpacked = |bytes: &[u8]| unpack::<1>(&Bytes::from_slice(&env, bytes));
    assert_eq!(unpacked(&[16; 17]), Some([i128::from_be_bytes([16; 16])]));
    assert_eq!(unpacked(&[2, 1]), None, "cut off");
    assert_eq!(unpacked(&[17; 18]), None, "too wide");
    assert_eq!(unpacked(&[1, 1, 1, 1]), None, "too many");
    assert_eq!(unpacked(&[1; 385]), None, "too long");
    let negative = [&[16][..], &[255; 16]].concat();
    assert_eq!(unpacked(&negative), None, "beyond i128");
}

#[test]
fn negative_numbers_and_more_than_the_capacity_are_not_packed() {
    assert_eq!(pack(&env(), &[-1]), None, "negative");
    assert_eq!(pack(&env(), &[i128::MAX; 23]), None, "23 times 17 bytes");
    assert!(pack(&env(), &[i128::MAX; 22]).is_some(), "22 times");
}
