//! What the network refuses, as the official client tells it.

use localnet::{
    node::Pace,
    xdr::{
        HostFunction, InvokeHostFunctionResult as Invoked, OperationResult, OperationResultTr,
        SorobanAuthorizationEntry, SorobanCredentials, SorobanTransactionData, Transaction,
        TransactionEnvelope, TransactionExt, TransactionResultResult as Code,
    },
    Keypair,
};
use stellar_rpc_client::Error;

use crate::{invocation, native_contract, signed, transaction, transfer, World};

/// A network with two accounts and the native asset's contract.
async fn world() -> (World, Keypair, Keypair) {
    let world = World::new(Pace::Manual);
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    world.invoke(&alice, native_contract()).await;
    (world, alice, bob)
}

/// Sends what must be refused.
async fn refused(world: &World, envelope: &TransactionEnvelope, code: Code) {
    let told = match world.client.send_transaction(envelope).await {
        Err(Error::TransactionSubmissionFailed(told)) => told,
        other => panic!("{other:?}, not {code:?}"),
    };
    assert_eq!(told, format!("{code:#?}"));
}

/// Applies what must fail.
async fn failed(world: &World, envelope: &TransactionEnvelope, code: Invoked) {
    let hash = world.client.send_transaction(envelope).await.unwrap();
    world.control("/close", "{}");
    let found = world.client.get_transaction(&hash).await.unwrap();
    assert_eq!(found.status, "FAILED", "{code:?}");
    let told = found.result.unwrap().result;
    let result = OperationResult::OpInner(OperationResultTr::InvokeHostFunction(code));
    assert_eq!(told, Code::TxFailed(vec![result].try_into().unwrap()));
}

fn data(tx: &mut Transaction) -> &mut SorobanTransactionData {
    match &mut tx.ext {
        TransactionExt::V1(data) => data,
        TransactionExt::V0 => panic!("no resources are declared"),
    }
}

#[tokio::test]
async fn a_wrong_signature_or_fee_is_refused_when_sent() {
    let (world, alice, bob) = world().await;
    let tx = world.prepared(&alice, transfer(&alice, &bob, 1)).await;
    refused(&world, &signed(&bob, tx.clone()), Code::TxBadAuth).await;

    let mut low = tx.clone();
    low.fee = 99 + u32::try_from(data(&mut low).resource_fee).unwrap();
    refused(&world, &signed(&alice, low), Code::TxInsufficientFee).await;

    let mut unpaid = tx.clone();
    data(&mut unpaid).resource_fee = 1;
    refused(&world, &signed(&alice, unpaid), Code::TxSorobanInvalid).await;

    let mut greedy = tx;
    data(&mut greedy).resources.instructions = 400_000_001;
    refused(&world, &signed(&alice, greedy), Code::TxSorobanInvalid).await;
}

#[tokio::test]
async fn a_transaction_that_is_too_long_is_refused_when_sent() {
    let (world, alice, bob) = world().await;
    let tx = world.prepared(&alice, transfer(&alice, &bob, 1)).await;
    let code = vec![0; 140_000].try_into().unwrap();
    let upload = invocation(HostFunction::UploadContractWasm(code));
    let mut long = transaction(&alice, tx.seq_num.0, upload);
    long.ext = tx.ext;
    refused(&world, &signed(&alice, long), Code::TxSorobanInvalid).await;
}

#[tokio::test]
async fn wrong_resources_fail_when_applied() {
    let (world, alice, bob) = world().await;
    let tx = || world.prepared(&alice, transfer(&alice, &bob, 1));

    let mut narrow = tx().await;
    data(&mut narrow).resources.footprint.read_write = Default::default();
    failed(&world, &signed(&alice, narrow), Invoked::Trapped).await;

    let mut slow = tx().await;
    data(&mut slow).resources.instructions = 1_000;
    let exceeded = Invoked::ResourceLimitExceeded;
    failed(&world, &signed(&alice, slow), exceeded).await;
}

#[tokio::test]
async fn an_authorisation_that_nobody_signed_fails_when_applied() {
    let (world, alice, bob) = world().await;
    let mut tx = world.prepared(&alice, transfer(&bob, &alice, 1)).await;
    // Room for the nonce that a signed one would take.
    data(&mut tx).resources.instructions += 1_000_000;
    let unsigned = auth(&tx);
    assert!(matches!(
        unsigned.credentials,
        SorobanCredentials::Address(_)
    ));
    failed(&world, &signed(&alice, tx), Invoked::Trapped).await;
}

/// The transaction's only authorisation.
fn auth(tx: &Transaction) -> SorobanAuthorizationEntry {
    use localnet::xdr::OperationBody::InvokeHostFunction;
    match &tx.operations[0].body {
        InvokeHostFunction(operation) => operation.auth[0].clone(),
        other => panic!("{other:?}"),
    }
}
