use proptest::prelude::*;
use soroban_sdk::{Bytes, Env};

use super::{code, refused, World};
use crate::codec::{pack, unpack};
use crate::MarketError;

#[test]
fn zeros_at_the_end_take_no_bytes() {
    let env = Env::default();
    assert_eq!(pack(&env, &[0, 0]).len(), 0, "nothing");
    let packed = pack(&env, &[1, 0, 256, 0]);
    let expected = Bytes::from_slice(&env, &[1, 1, 0, 2, 1, 0]);
    assert_eq!(packed, expected, "one, zero, two bytes");
    assert_eq!(
        unpack::<5>(&env, &packed),
        [1, 0, 256, 0, 0],
        "appended field"
    );
}

proptest! {
    #[test]
    fn numbers_come_back(numbers in prop::array::uniform16(0..=i128::MAX)) {
        let env = Env::default();
        prop_assert_eq!(unpack::<16>(&env, &pack(&env, &numbers)), numbers);
    }
}

#[test]
fn what_was_never_packed_is_corrupt() {
    let world = World::new();
    let corrupt = |bytes: &[u8]| {
        let env = &world.env;
        let stored = Bytes::from_slice(env, bytes);
        env.as_contract(&world.market.address, || {
            crate::storage::set_raw_books(env, &stored);
        });
        refused(world.market.try_state())
    };
    let corrupted = code(MarketError::Corrupt);
    assert_eq!(corrupt(&[2, 1]), corrupted, "cut off");
    assert_eq!(corrupt(&[17; 18]), corrupted, "too wide");
    assert_eq!(corrupt(&[0; 17]), corrupted, "too many");
    assert_eq!(corrupt(&[1; 300]), corrupted, "too long");
    let negative = [&[16][..], &[255; 16]].concat();
    assert_eq!(corrupt(&negative), corrupted, "beyond i128");
}

#[test]
#[should_panic(expected = "7600")]
fn a_negative_number_is_not_packed() {
    pack(&Env::default(), &[-1]);
}

#[test]
#[should_panic(expected = "7600")]
fn more_than_the_capacity_is_not_packed() {
    pack(&Env::default(), &[i128::MAX; 18]);
}
