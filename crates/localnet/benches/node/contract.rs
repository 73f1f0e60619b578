//! A contract in a few bytes: `noop` returns at once; `put(first, count, value)` stores `value` under `count` numbers from
//! `first` on.

use crate::module::{custom, export, section};

/// The result of both: void.
const VOID: u8 = 2;
/// How the host takes a `U32Val`: the number in the upper half, this tag in the lower.
const U32_TAG: u8 = 4;
/// Storage that lasts.
const PERSISTENT: u8 = 1;

/// The module.
pub fn module() -> Vec<u8> {
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    // () -> i64 and (i64, i64, i64) -> i64.
    let types = [2, 0x60, 0, 1, 0x7e, 0x60, 3, 0x7e, 0x7e, 0x7e, 1, 0x7e];
    wasm.extend(section(1, &types));
    // The host's `put_contract_data`.
    wasm.extend(section(2, &[1, 1, b'l', 1, b'_', 0, 1]));
    wasm.extend(section(3, &[2, 0, 1]));
    let exports = [vec![2], export("noop", 1), export("put", 2)].concat();
    wasm.extend(section(7, &exports));
    let code = [vec![2], noop(), put()].concat();
    wasm.extend(section(10, &code));
    // ScEnvMetaEntry: interface version, protocol 25, no pre-release.
    let version = [0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 0];
    wasm.extend(custom("contractenvmetav0", &version));
    wasm
}

fn noop() -> Vec<u8> {
    function(&[0x42, VOID])
}

#[rustfmt::skip]
fn put() -> Vec<u8> {
    // The next `U32Val`: 1 << 32.
    const ONE: [u8; 6] = [0x42, 0x80, 0x80, 0x80, 0x80, 0x10];
    let (first, count, value) = (0, 1, 2);
    let step = |local, operation| [&[0x20, local][..], &ONE, &[operation, 0x21, local]].concat();
    let body = [
        // Until `count` is zero,
        &[0x02, 0x40, 0x03, 0x40, 0x20, count, 0x42, U32_TAG, 0x51, 0x0d, 1][..],
        // store,
        &[0x20, first, 0x20, value, 0x42, PERSISTENT, 0x10, 0, 0x1a],
        // and go on.
        &step(first, 0x7c), &step(count, 0x7d),
        &[0x0c, 0, 0x0b, 0x0b, 0x42, VOID],
    ];
    function(&body.concat())
}

/// A function without locals of its own.
fn function(body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(body.len() + 2).unwrap_or(u8::MAX);
    [&[length, 0][..], body, &[0x0b]].concat()
}
