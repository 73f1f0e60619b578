//! A contract in a few bytes: `noop` returns at once, `spin` never does.

use localnet::Auth;

use crate::World;

fn section(id: u8, body: &[u8]) -> Vec<u8> {
    let mut section = vec![id];
    section.extend(leb128(body.len()));
    section.extend_from_slice(body);
    section
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn custom(name: &str, data: &[u8]) -> Vec<u8> {
    let mut body = vec![name.len() as u8];
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(data);
    section(0, &body)
}

fn export(name: &str, function: u8) -> Vec<u8> {
    let mut bytes = vec![name.len() as u8];
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend([0, function]);
    bytes
}

/// The module, with `padding` bytes that mean nothing.
pub fn module(padding: usize) -> Vec<u8> {
    const VOID: u8 = 2;
    let noop = [4, 0, 0x42, VOID, 0x0b];
    let spin = [9, 0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x42, VOID, 0x0b];
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    wasm.extend(section(1, &[1, 0x60, 0, 1, 0x7e]));
    wasm.extend(section(3, &[2, 0, 0]));
    let exports = [vec![2], export("noop", 0), export("spin", 1)].concat();
    wasm.extend(section(7, &exports));
    wasm.extend(section(10, &[&[2][..], &noop, &spin].concat()));
    // ScEnvMetaEntry: interface version, protocol 25, no pre-release.
    wasm.extend(custom(
        "contractenvmetav0",
        &[0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 0],
    ));
    wasm.extend(custom("padding", &vec![0; padding]));
    wasm
}

#[test]
fn uploaded_wasm_is_stored_once_and_runs() {
    let world = World::new();
    let wasm = module(0);
    let hash = world.ledger.upload(&world.alice, &wasm).unwrap();
    let entries = world.ledger.entry_count();
    assert_eq!(
        world.ledger.upload(&world.bob, &wasm).unwrap(),
        hash,
        "same hash"
    );
    assert_eq!(world.ledger.entry_count(), entries, "nothing stored again");

    let salt = [7; 32];
    let contract = world
        .ledger
        .create_contract(&world.alice, hash, salt, (), &[])
        .unwrap();
    assert_eq!(
        world.ledger.contract_of(&world.alice, salt).unwrap(),
        contract,
        "address"
    );
    let outcome = world
        .ledger
        .call(&world.bob, &contract, "noop", (), Auth::None)
        .unwrap();
    assert_eq!(outcome.get(), Ok(()), "void");
    assert_eq!(outcome.costs.write_entries, 0, "a call that writes nothing");
}

#[test]
fn the_same_salt_cannot_be_used_twice() {
    let world = World::new();
    let hash = world.ledger.upload(&world.alice, &module(0)).unwrap();
    world
        .ledger
        .create_contract(&world.alice, hash, [7; 32], (), &[])
        .unwrap();
    assert!(world
        .ledger
        .create_contract(&world.alice, hash, [7; 32], (), &[])
        .is_err());
}
