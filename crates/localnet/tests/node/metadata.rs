//! Contracts of their own code: when it is parsed, what is told of it.

use localnet::{
    node::{Pace, Sent},
    xdr::{
        ContractExecutable, ContractIdPreimage, ContractIdPreimageFromAddress, CreateContractArgs,
        Hash, HostFunction, InvokeHostFunctionResult, LedgerEntryChange as Change, LedgerKey,
        LedgerKeyContractCode, OperationResult, OperationResultTr, ScAddress,
        SorobanAuthorizedFunction, TransactionResultResult as Tx, Uint256,
    },
    Keypair, NetworkConfig,
};
use sha2::{Digest, Sha256};

use crate::{draft, module::module, Draft, World};

/// Enough for a call of parsed code, too little for one that has to parse it.
const PARSED: u32 = 200_000;

fn wasm() -> (Vec<u8>, LedgerKey, Hash) {
    let wasm = module(2_000);
    let hash = Hash(Sha256::digest(&wasm).into());
    let key = LedgerKey::ContractCode(LedgerKeyContractCode { hash: hash.clone() });
    (wasm, key, hash)
}

fn upload(world: &World) -> Draft {
    let (wasm, key, _) = wasm();
    let function = HostFunction::UploadContractWasm(wasm.try_into().unwrap());
    let body = draft::invocation(function, Vec::new());
    let draft = Draft::soroban(world, &world.alice, body, draft::footprint(&[], &[key]));
    draft.with(|data| data.resources.write_bytes = 10_000)
}

fn deploy(world: &World) -> (Draft, ScAddress) {
    let (_, key, hash) = wasm();
    let preimage = ContractIdPreimage::Address(ContractIdPreimageFromAddress {
        address: world.bob.address(),
        salt: Uint256([7; 32]),
    });
    let contract = draft::contract_of(world, preimage.clone());
    let args = CreateContractArgs {
        contract_id_preimage: preimage,
        executable: ContractExecutable::Wasm(hash),
    };
    let auth = draft::by_source(SorobanAuthorizedFunction::CreateContractHostFn(
        args.clone(),
    ));
    let body = draft::invocation(HostFunction::CreateContract(args), vec![auth]);
    let footprint = draft::footprint(&[key], &[draft::instance_key(&contract)]);
    (Draft::soroban(world, &world.bob, body, footprint), contract)
}

fn call(world: &World, contract: &ScAddress, name: &str) -> Draft {
    let (_, key, _) = wasm();
    let function = HostFunction::InvokeContract(draft::call(contract, name, Vec::new()));
    let body = draft::invocation(function, Vec::new());
    let footprint = draft::footprint(&[draft::instance_key(contract), key], &[]);
    Draft::soroban(world, &world.mallory, body, footprint)
}

fn failed(code: InvokeHostFunctionResult) -> Tx {
    let result = OperationResultTr::InvokeHostFunction(code);
    Tx::TxFailed(vec![OperationResult::OpInner(result)].try_into().unwrap())
}

/// Sends uploading, deploying and calling for one ledger, in that order, and returns the call's hash.
fn send_all(world: &mut World, instructions: u32) -> ([u8; 32], ScAddress) {
    let (deploying, contract) = deploy(world);
    let calling = call(world, &contract, "noop");
    let calling = calling.with(|data| data.resources.instructions = instructions);
    let drafts = [
        (upload(world), world.alice.clone()),
        (deploying, world.bob.clone()),
        (calling, world.mallory.clone()),
    ];
    let mut bid = 300;
    let mut last = [0; 32];
    for (mut draft, signer) in drafts {
        draft.0.fee += bid;
        bid -= 100;
        let submission = draft.sign(world, &[&signer]);
        last = submission.hash;
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
    }
    world.node.close(None).unwrap();
    (last, contract)
}

#[test]
fn code_is_parsed_by_calls_of_its_own_ledger_and_kept_for_the_next() {
    let mut world = World::new();
    let (hash, contract) = send_all(&mut world, PARSED);
    let outcome = world.outcome(&hash);
    let refused = failed(InvokeHostFunctionResult::ResourceLimitExceeded);
    assert_eq!(outcome.result.result, refused, "parsing is charged");

    let again = call(&world, &contract, "noop");
    let again = again.with(|data| data.resources.instructions = PARSED);
    world
        .apply(again.sign(&world, &[&world.mallory]))
        .succeeded();

    let mut world = World::new();
    let (hash, _) = send_all(&mut world, 5_000_000);
    world.outcome(&hash).succeeded();
}

#[test]
fn an_eager_node_keeps_what_it_parsed_at_once() {
    let mut world = World::with(NetworkConfig::mainnet(), Pace::Eager);
    let (hash, _) = send_all(&mut world, PARSED);
    world.outcome(&hash).succeeded();
}

#[test]
fn an_endless_call_ends_with_what_it_declared() {
    let mut world = World::new();
    let (_, contract) = send_all(&mut world, 5_000_000);
    let endless = call(&world, &contract, "spin");
    let endless = endless.sign(&world, &[&world.mallory]);
    let outcome = world.apply(endless);
    // Wasm that runs out of fuel stops short of the limit: the network calls it a trap.
    let refused = failed(InvokeHostFunctionResult::Trapped);
    assert_eq!(outcome.result.result, refused);
    let mallory: &Keypair = &world.mallory;
    assert!(world.balance(mallory) < crate::FUNDS, "and is paid for");
    world.assert_conserved();
}

#[test]
fn new_entries_are_told_with_their_lifetimes() {
    let mut world = World::new();
    let uploading = upload(&world);
    let outcome = world
        .apply(uploading.sign(&world, &[&world.alice]))
        .succeeded();
    let changes = outcome.meta.operations[0].changes.as_slice();
    assert!(
        matches!(changes, [Change::Created(_), Change::Created(_)]),
        "code and lifetime: {changes:?}"
    );
    assert!(outcome.meta.operations[0].events.is_empty(), "no events");
}
