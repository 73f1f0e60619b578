//! A contract in a few bytes: `put` stores the value that it is given, under one key.

use localnet::{
    node::Pace,
    xdr::{
        ContractExecutable, ContractIdPreimage, ContractIdPreimageFromAddress, CreateContractArgs,
        Hash, HostFunction, InvokeContractArgs, ScAddress, ScVal, Uint256,
    },
    Keypair,
};
use sha2::{Digest, Sha256};

use crate::{
    module::{export, interface, section},
    node, World,
};

fn module() -> Vec<u8> {
    const VOID: u8 = 2;
    const PERSISTENT: u8 = 1;
    let host_function = [0x60, 3, 0x7e, 0x7e, 0x7e, 1, 0x7e];
    let own_function = [0x60, 1, 0x7e, 1, 0x7e];
    let body = [10, 0, 0x42, VOID, 0x20, 0, 0x42, PERSISTENT, 0x10, 0, 0x0b];
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    let types = [&[2][..], &host_function, &own_function].concat();
    wasm.extend(section(1, &types));
    // The host's put_contract_data.
    wasm.extend(section(2, &[1, 1, b'l', 1, b'_', 0, 0]));
    wasm.extend(section(3, &[1, 1]));
    wasm.extend(section(7, &[vec![1], export("put", 1)].concat()));
    wasm.extend(section(10, &[&[1][..], &body].concat()));
    wasm.extend(interface());
    wasm
}

/// Uploads the contract and makes one.
pub(crate) async fn deploy(world: &World, source: &Keypair) -> ScAddress {
    let wasm = module();
    let hash = Hash(Sha256::digest(&wasm).into());
    let upload = HostFunction::UploadContractWasm(wasm.try_into().unwrap());
    world.invoke(source, upload).await;
    let preimage = ContractIdPreimage::Address(ContractIdPreimageFromAddress {
        address: source.address(),
        salt: Uint256([7; 32]),
    });
    let create = HostFunction::CreateContract(CreateContractArgs {
        contract_id_preimage: preimage.clone(),
        executable: ContractExecutable::Wasm(hash),
    });
    world.invoke(source, create).await;
    wire::created_address(node(Pace::Manual).network.network_id(), &preimage).unwrap()
}

/// Stores so many bytes.
pub(crate) fn put(contract: &ScAddress, bytes: usize) -> HostFunction {
    let value = ScVal::Bytes(vec![0; bytes].try_into().unwrap());
    HostFunction::InvokeContract(InvokeContractArgs {
        contract_address: contract.clone(),
        function_name: "put".try_into().unwrap(),
        args: vec![value].try_into().unwrap(),
    })
}
