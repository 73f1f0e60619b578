//! A contract that draws numbers: `keep(key)` says one and stores it for good, `note(key)` for a while.

use localnet::xdr::{
    ContractDataDurability, ContractExecutable, ContractIdPreimage, ContractIdPreimageFromAddress,
    CreateContractArgs, Hash, HostFunction, LedgerKey, LedgerKeyContractCode,
    LedgerKeyContractData, ScAddress, ScVal, SorobanAuthorizedFunction, Uint256,
};
use localnet::Keypair;
use sha2::{Digest, Sha256};

use crate::{
    draft::{self, Draft},
    module::{custom, export, section},
    World,
};

/// How long what is stored lives, as the host numbers it.
const TEMPORARY: u8 = 0;
const PERSISTENT: u8 = 1;

/// The contract on one network.
pub(crate) struct Dice {
    pub contract: ScAddress,
    pub code: LedgerKey,
    hash: Hash,
    preimage: ContractIdPreimage,
}

impl Dice {
    /// The contract that `owner` makes with `salt`.
    pub fn of(world: &World, owner: &Keypair, salt: [u8; 32]) -> Self {
        let hash = Hash(Sha256::digest(module()).into());
        let preimage = ContractIdPreimage::Address(ContractIdPreimageFromAddress {
            address: owner.address(),
            salt: Uint256(salt),
        });
        Self {
            contract: draft::contract_of(world, preimage.clone()),
            code: LedgerKey::ContractCode(LedgerKeyContractCode { hash: hash.clone() }),
            hash,
            preimage,
        }
    }

    pub fn upload(&self, world: &World, source: &Keypair) -> Draft {
        let function = HostFunction::UploadContractWasm(module().try_into().unwrap());
        let body = draft::invocation(function, Vec::new());
        let footprint = draft::footprint(&[], std::slice::from_ref(&self.code));
        Draft::soroban(world, source, body, footprint)
    }

    pub fn deploy(&self, world: &World, owner: &Keypair) -> Draft {
        let args = CreateContractArgs {
            contract_id_preimage: self.preimage.clone(),
            executable: ContractExecutable::Wasm(self.hash.clone()),
        };
        let function = SorobanAuthorizedFunction::CreateContractHostFn(args.clone());
        let auth = draft::by_source(function);
        let body = draft::invocation(HostFunction::CreateContract(args), vec![auth]);
        let footprint = draft::footprint(std::slice::from_ref(&self.code), &[self.instance()]);
        Draft::soroban(world, owner, body, footprint)
    }

    pub fn keep(&self, world: &World, source: &Keypair, key: u32) -> Draft {
        let stored = draft::data_key(&self.contract, ScVal::U32(key));
        self.call(world, source, "keep", key, stored)
    }

    pub fn note(&self, world: &World, source: &Keypair, key: u32) -> Draft {
        let stored = LedgerKey::ContractData(LedgerKeyContractData {
            contract: self.contract.clone(),
            key: ScVal::U32(key),
            durability: ContractDataDurability::Temporary,
        });
        self.call(world, source, "note", key, stored)
    }

    fn call(
        &self,
        world: &World,
        source: &Keypair,
        name: &str,
        key: u32,
        stored: LedgerKey,
    ) -> Draft {
        let call = draft::call(&self.contract, name, vec![ScVal::U32(key)]);
        let body = draft::invocation(HostFunction::InvokeContract(call), Vec::new());
        let footprint = draft::footprint(&[self.instance(), self.code.clone()], &[stored]);
        Draft::soroban(world, source, body, footprint)
    }

    pub fn instance(&self) -> LedgerKey {
        draft::instance_key(&self.contract)
    }
}

fn import(module: u8, name: u8, kind: u8) -> [u8; 6] {
    [1, module, 1, name, 0, kind]
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
    let locals = [1, 1, 0x7e];
    let mut body = vec![(locals.len() + code.len()) as u8];
    body.extend(locals);
    body.extend(code);
    body
}

fn module() -> Vec<u8> {
    const I64: u8 = 0x7e;
    let types = [
        &[4][..],
        &[0x60, 2, I64, I64, 1, I64],
        &[0x60, 1, I64, 1, I64],
        &[0x60, 0, 1, I64],
        &[0x60, 3, I64, I64, I64, 1, I64],
    ];
    let imports = [
        &[5][..],
        &import(b'p', b'1', 0), // prng_u64_in_inclusive_range
        &import(b'i', b'_', 1), // obj_from_u64
        &import(b'v', b'_', 2), // vec_new
        &import(b'x', b'1', 0), // contract_event
        &import(b'l', b'_', 3), // put_contract_data
    ];
    let exports = [vec![2], export("keep", 5), export("note", 6)];
    let bodies = [vec![2], body(PERSISTENT), body(TEMPORARY)];
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    wasm.extend(section(1, &types.concat()));
    wasm.extend(section(2, &imports.concat()));
    wasm.extend(section(3, &[2, 1, 1]));
    wasm.extend(section(7, &exports.concat()));
    wasm.extend(section(10, &bodies.concat()));
    // ScEnvMetaEntry: interface version, protocol 25, no pre-release.
    let version = [0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 0];
    wasm.extend(custom("contractenvmetav0", &version));
    wasm
}
