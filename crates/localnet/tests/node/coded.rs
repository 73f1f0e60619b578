//! Contracts with code of their own, in a few bytes.

use localnet::{
    xdr::{
        ContractExecutable, ContractIdPreimage, ContractIdPreimageFromAddress, CreateContractArgs,
        Hash, HostFunction, LedgerKey, LedgerKeyContractCode, ScAddress, ScVal,
        SorobanAuthorizedFunction, Uint256,
    },
    Keypair,
};
use sha2::{Digest, Sha256};

use crate::{
    draft::{self, Draft},
    module::{custom, export, section},
    World,
};

/// A contract on one network.
pub(crate) struct Coded {
    pub contract: ScAddress,
    pub code: LedgerKey,
    wasm: Vec<u8>,
    preimage: ContractIdPreimage,
}

impl Coded {
    /// The contract of `wasm` that `owner` makes with `salt`.
    pub fn of(world: &World, owner: &Keypair, salt: [u8; 32], wasm: Vec<u8>) -> Self {
        let preimage = ContractIdPreimage::Address(ContractIdPreimageFromAddress {
            address: owner.address(),
            salt: Uint256(salt),
        });
        let hash = Hash(Sha256::digest(&wasm).into());
        Self {
            contract: draft::contract_of(world, preimage.clone()),
            code: LedgerKey::ContractCode(LedgerKeyContractCode { hash }),
            wasm,
            preimage,
        }
    }

    /// Alice's contract of `wasm`, there and ready.
    pub fn founded(world: &mut World, wasm: Vec<u8>) -> Self {
        let alice = world.alice.clone();
        let coded = Self::of(world, &alice, [7; 32], wasm);
        let upload = coded.upload(world, &alice);
        world.apply(upload.sign(world, &[&alice])).succeeded();
        let deploy = coded.deploy(world, &alice);
        world.apply(deploy.sign(world, &[&alice])).succeeded();
        coded
    }

    pub fn upload(&self, world: &World, source: &Keypair) -> Draft {
        let wasm = self.wasm.clone().try_into().unwrap();
        let body = draft::invocation(HostFunction::UploadContractWasm(wasm), Vec::new());
        let footprint = draft::footprint(&[], std::slice::from_ref(&self.code));
        Draft::soroban(world, source, body, footprint)
    }

    pub fn deploy(&self, world: &World, owner: &Keypair) -> Draft {
        let args = CreateContractArgs {
            contract_id_preimage: self.preimage.clone(),
            executable: ContractExecutable::Wasm(Hash(Sha256::digest(&self.wasm).into())),
        };
        let function = SorobanAuthorizedFunction::CreateContractHostFn(args.clone());
        let auth = draft::by_source(function);
        let body = draft::invocation(HostFunction::CreateContract(args), vec![auth]);
        let footprint = draft::footprint(std::slice::from_ref(&self.code), &[self.instance()]);
        Draft::soroban(world, owner, body, footprint)
    }

    /// A call of `name` that writes under the keys `stored`.
    pub fn call(
        &self,
        world: &World,
        source: &Keypair,
        name: &str,
        args: Vec<ScVal>,
        stored: &[LedgerKey],
    ) -> Draft {
        let call = draft::call(&self.contract, name, args);
        let body = draft::invocation(HostFunction::InvokeContract(call), Vec::new());
        let footprint = draft::footprint(&[self.instance(), self.code.clone()], stored);
        Draft::soroban(world, source, body, footprint)
    }

    pub fn instance(&self) -> LedgerKey {
        draft::instance_key(&self.contract)
    }
}

/// A function of the host, its one-letter names and its type.
pub(crate) type Import = (u8, u8, u8);

/// A function: what it is called, its type, its locals and code.
pub(crate) struct Function {
    pub name: &'static str,
    pub kind: u8,
    pub body: Vec<u8>,
}

/// A type: so many values of the host in, one out.
fn kind(parameters: u8) -> Vec<u8> {
    const I64: u8 = 0x7e;
    let values = vec![I64; parameters.into()];
    [&[0x60, parameters][..], &values, &[1, I64]].concat()
}

/// A module whose types take so many values, with so many pages of memory.
pub(crate) fn wasm(types: &[u8], imports: &[Import], pages: u8, functions: &[Function]) -> Vec<u8> {
    let count = |length: usize| vec![u8::try_from(length).unwrap()];
    let types: Vec<_> = types.iter().map(|parameters| kind(*parameters)).collect();
    let types = [count(types.len()), types.concat()].concat();
    let first = u8::try_from(imports.len()).unwrap();
    let imports: Vec<_> = imports
        .iter()
        .map(|(module, name, kind)| [1, *module, 1, *name, 0, *kind])
        .collect();
    let imports = [count(imports.len()), imports.concat()].concat();
    let (mut kinds, mut exports, mut bodies) = (
        count(functions.len()),
        count(functions.len() + usize::from(pages > 0)),
        count(functions.len()),
    );
    for (function, index) in functions.iter().zip(first..) {
        kinds.push(function.kind);
        exports.extend(export(function.name, index));
        bodies.extend(count(function.body.len()));
        bodies.extend(&function.body);
    }
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    wasm.extend(section(1, &types));
    wasm.extend(section(2, &imports));
    wasm.extend(section(3, &kinds));
    if pages > 0 {
        wasm.extend(section(5, &[1, 0, pages]));
        // Under the name by which the host looks for it.
        exports.extend(b"\x06memory\x02\x00");
    }
    wasm.extend(section(7, &exports));
    wasm.extend(section(10, &bodies));
    // ScEnvMetaEntry: interface version, protocol 25, no pre-release.
    let version = [0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 0];
    wasm.extend(custom("contractenvmetav0", &version));
    wasm
}
