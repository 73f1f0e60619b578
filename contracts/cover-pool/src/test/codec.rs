use soroban_sdk::testutils::EnvTestConfig;
use soroban_sdk::{Bytes, Env};

use crate::codec::{pack, unpack};
use crate::CoverError;

#[test]
fn numbers_come_back_and_zeros_at_the_end_cost_nothing() {
    let env = Env::new_with_config(EnvTestConfig {
        capture_snapshot_at_drop: false,
    });
    let numbers = [0, 1, 255, 256, i128::MAX, 0, 0];
    let packed = pack(&env, &numbers).unwrap();
    assert_eq!(packed.len(), 1 + 2 + 2 + 3 + 17, "bytes");
    assert_eq!(unpack::<7>(&packed), Ok(numbers), "same size");
    assert_eq!(
        unpack::<9>(&packed),
        Ok([0, 1, 255, 256, i128::MAX, 0, 0, 0, 0]),
        "appended"
    );
    assert_eq!(pack(&env, &[0; 20]).unwrap().len(), 0, "all zero");
}

#[test]
fn what_was_not_packed_here_is_refused() {
    let env = Env::new_with_config(EnvTestConfig {
        capture_snapshot_at_drop: false,
    });
    let bytes = |slice: &[u8]| Bytes::from_slice(&env, slice);
    assert_eq!(pack(&env, &[-1]), Err(CoverError::NoResult), "negative");
    assert_eq!(
        pack(&env, &[i128::MAX; 23]),
        Err(CoverError::NoResult),
        "too many"
    );
    assert_eq!(
        unpack::<1>(&bytes(&[2, 1])),
        Err(CoverError::Corrupt),
        "cut off"
    );
    assert_eq!(
        unpack::<1>(&bytes(&[1, 1, 1, 1])),
        Err(CoverError::Corrupt),
        "more than fit"
    );
    assert_eq!(
        unpack::<1>(&bytes(&[17; 18])),
        Err(CoverError::Corrupt),
        "too wide"
    );
    assert_eq!(
        unpack::<1>(&bytes(&[16; 17])),
        Ok([0x1010_1010_1010_1010_1010_1010_1010_1010])
    );
    let mut negative = [255; 17];
    negative[0] = 16;
    assert_eq!(
        unpack::<1>(&bytes(&negative)),
        Err(CoverError::Corrupt),
        "above the type"
    );
}
