//! What is taken in, paid for, and fails.

use localnet::xdr::{
    Hash, HostFunction, InvokeHostFunctionResult, LedgerKey, LedgerKeyContractCode, MuxedAccount,
    OperationResult, OperationResultTr, SequenceNumber, TransactionResultResult as Tx,
};
use sha2::{Digest, Sha256};

use crate::{draft, module, Draft, World, ONE};

#[track_caller]
fn assert_invoke_fails(world: &mut World, draft: &Draft, code: InvokeHostFunctionResult) {
    let signers = world.alice.clone();
    let submission = draft.sign(world, &[&signers]);
    let outcome = world.apply(submission);
    let result = OperationResultTr::InvokeHostFunction(code);
    let results = vec![OperationResult::OpInner(result)];
    assert_eq!(
        outcome.result.result,
        Tx::TxFailed(results.try_into().unwrap())
    );
    assert!(outcome.meta.operations.is_empty(), "nothing changed");
    assert!(!outcome.meta.diagnostic_events.is_empty(), "it says why");
    world.assert_conserved();
}

#[test]
fn what_goes_wrong_while_it_runs_has_the_networks_code() {
    use InvokeHostFunctionResult as Code;
    let mut world = World::new();
    let bob = world.balance(&world.bob);

    let low = world
        .transfer(ONE)
        .with(|data| data.resources.instructions = 50_000);
    assert_invoke_fails(&mut world, &low, Code::ResourceLimitExceeded);
    let narrow = world
        .transfer(ONE)
        .with(|data| data.resources.write_bytes = 100);
    assert_invoke_fails(&mut world, &narrow, Code::ResourceLimitExceeded);
    let shallow = world
        .transfer(ONE)
        .with(|data| data.resources.disk_read_bytes = 100);
    assert_invoke_fails(&mut world, &shallow, Code::ResourceLimitExceeded);
    let altered = world.transfer(ONE);
    let altered = altered.with(|data| {
        let only = data.resources.footprint.read_write[0].clone();
        data.resources.footprint.read_write = vec![only].try_into().unwrap();
    });
    assert_invoke_fails(&mut world, &altered, Code::Trapped);
    let unfunded = world.transfer(2_000 * ONE);
    assert_invoke_fails(&mut world, &unfunded, Code::Trapped);

    // Alice claims that Bob pays her, as if she were the one to authorise it.
    let stolen = draft::transfer(&world, &world.bob, &world.alice.address(), ONE);
    let mut stolen = stolen;
    stolen.0.source_account = MuxedAccount::from(world.alice.account_id());
    stolen.0.seq_num = SequenceNumber(world.account(&world.alice.account_id()).seq_num.0 + 1);
    assert_invoke_fails(&mut world, &stolen, Code::Trapped);

    assert_eq!(world.balance(&world.bob), bob, "bob");
}

#[test]
fn rent_that_is_not_paid_for_is_refused() {
    let mut world = World::new();
    let contract = world.xlm.clone();
    let draft = draft::transfer(&world, &world.alice, &contract, ONE);
    // Enough for what is declared, not for the rent of the entry that is made.
    let draft = draft.with(|data| data.resource_fee = 40_000);
    let code = InvokeHostFunctionResult::InsufficientRefundableFee;
    assert_invoke_fails(&mut world, &draft, code);
}

#[test]
fn an_entry_that_is_too_large_is_refused() {
    let mut world = World::new();
    let wasm = module::module(130_900);
    let hash = Hash(Sha256::digest(&wasm).into());
    let key = LedgerKey::ContractCode(LedgerKeyContractCode { hash });
    let function = HostFunction::UploadContractWasm(wasm.try_into().unwrap());
    let body = draft::invocation(function, Vec::new());
    let draft = Draft::soroban(&world, &world.alice, body, draft::footprint(&[], &[key]));
    let draft = draft.with(|data| {
        data.resources.instructions = 100_000_000;
        data.resources.write_bytes = 132_096;
    });
    assert_invoke_fails(
        &mut world,
        &draft,
        InvokeHostFunctionResult::ResourceLimitExceeded,
    );
}
