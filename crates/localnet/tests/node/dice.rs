//! A contract that draws numbers: `keep(key)` says one and stores it for good, `note(key)` for a while.

use std::ops::Deref;

use localnet::{
    xdr::{ContractDataDurability, LedgerKey, LedgerKeyContractData, ScVal},
    Keypair,
};

use crate::{
    coded::{wasm, Coded, Function},
    draft::{self, Draft},
    World,
};

/// How long what is stored lives, as the host numbers it.
const TEMPORARY: u8 = 0;
const PERSISTENT: u8 = 1;

/// The contract on one network.
pub(crate) struct Dice(Coded);

impl Deref for Dice {
    type Target = Coded;

    fn deref(&self) -> &Coded {
        &self.0
    }
}

impl Dice {
    /// The contract that `owner` makes with `salt`.
    pub fn of(world: &World, owner: &Keypair, salt: [u8; 32]) -> Self {
        Self(Coded::of(world, owner, salt, module()))
    }

    pub fn keep(&self, world: &World, source: &Keypair, key: u32) -> Draft {
        let stored = draft::data_key(&self.contract, ScVal::U32(key));
        self.call(world, source, "keep", vec![ScVal::U32(key)], &[stored])
    }

    pub fn note(&self, world: &World, source: &Keypair, key: u32) -> Draft {
        let stored = LedgerKey::ContractData(LedgerKeyContractData {
            contract: self.contract.clone(),
            key: ScVal::U32(key),
            durability: ContractDataDurability::Temporary,
        });
        self.call(world, source, "note", vec![ScVal::U32(key)], &[stored])
    }
}

/// Draws any number, says it with no topics, stores it under the argument, and returns it.
fn body(lifetime: u8) -> Vec<u8> {
    let code = [
        [0x42, 0x00].as_slice(), // from 0
        &[0x42, 0x7f],           // to all bits set
        &[0x10, 0],              // a number
        &[0x10, 1],              // as a value
        &[0x21, 1],
        &[0x10, 2], // no topics
        &[0x20, 1],
        &[0x10, 3, 0x1a], // said
        &[0x20, 0],
        &[0x20, 1],
        &[0x42, lifetime],
        &[0x10, 4, 0x1a], // stored
        &[0x20, 1],
        &[0x0b],
    ]
    .concat();
    [&[1, 1, 0x7e][..], &code].concat()
}

fn module() -> Vec<u8> {
    let imports = [
        (b'p', b'1', 0), // prng_u64_in_inclusive_range
        (b'i', b'_', 1), // obj_from_u64
        (b'v', b'_', 2), // vec_new
        (b'x', b'1', 0), // contract_event
        (b'l', b'_', 3), // put_contract_data
    ];
    let function = |name, lifetime| Function {
        name,
        kind: 1,
        body: body(lifetime),
    };
    let functions = [function("keep", PERSISTENT), function("note", TEMPORARY)];
    wasm(&[2, 1, 0, 3], &imports, 0, &functions)
}
