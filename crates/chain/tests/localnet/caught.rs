//! A call that goes on after one of its own failed: an exit that cannot be delivered.

use std::time::Duration;

use bindings::{
    cover_pool::{self, Terms},
    Call,
};
use chain::Allowed;
use localnet::node::Pace;
use stellar_rpc_client::{GetTransactionResponse, LedgerEntryChange, SimulateTransactionResponse};
use wire::{
    xdr::{
        AlphaNum4, Asset, AssetCode4, ContractExecutable, ContractIdPreimage,
        ContractIdPreimageFromAddress, CreateContractArgsV2, Hash, HostFunction,
        InvokeHostFunctionOp, InvokeHostFunctionResult, LedgerEntry, Limits, Memo, MuxedAccount,
        Operation, OperationBody, OperationResult, OperationResultTr, Preconditions, ReadXdr,
        ScAddress, SequenceNumber, SorobanTransactionData, Transaction, TransactionEnvelope,
        TransactionExt, TransactionResultResult, TransactionV1Envelope, Uint256, WriteXdr,
    },
    ToScVal,
};

use crate::{key, wasm_of, world, World};

/// The issuer may freeze trustlines.
const AUTH_REVOCABLE: u32 = 2;
/// From asking for an exit until it is paid.
const EXIT_DELAY: u64 = 14 * 86_400;
const STAKED: i128 = 10_000_000_000;

/// A cover pool of alice's asset, from which bob may take his stake, and cannot receive it.
async fn pool(world: &World) -> cover_pool::Client {
    let (client, alice, bob) = (&world.client, key("alice"), key("bob"));
    let usd = Asset::CreditAlphanum4(AlphaNum4 {
        asset_code: AssetCode4(*b"USD\0"),
        issuer: alice.account_id(),
    });
    client.set_flags(AUTH_REVOCABLE, &alice).await.unwrap();
    let trusted = client.change_trust(usd.clone(), i64::MAX, &bob).await;
    trusted.unwrap();
    let stake = i64::try_from(STAKED).unwrap();
    let paid = client
        .pay(&bob.account_id(), usd.clone(), stake, &alice)
        .await;
    paid.unwrap();
    let token = client.deploy_asset(usd, &alice).await.unwrap();
    let token = token.value().unwrap();

    let pool = made(world, &token).await;
    let transfers = || Allowed::These(vec![(token.clone(), "transfer".into())]);
    let allowing = client.allowing(transfers());
    let staked = allowing.send(pool.stake(&bob, STAKED, 0), &bob, &[]).await;
    let shares = staked.unwrap().value().unwrap();
    // Two exits, so that the list of them is not deleted with the first.
    for _ in 0..2 {
        let asked = client.send(pool.request_redeem(&bob, shares / 2), &bob, &[]);
        asked.await.unwrap();
    }
    world.advance(EXIT_DELAY + 60);
    let args = vec![bob.to_scval().unwrap(), false.to_scval().unwrap()];
    let frozen: Call<()> = Call::new(&token, "set_authorized", args);
    client.send(frozen, &alice, &[]).await.unwrap();
    pool
}

/// Its code, and the pool.
async fn made(world: &World, token: &ScAddress) -> cover_pool::Client {
    let alice = key("alice");
    let uploaded = world.client.upload(&wasm_of("cover_pool"), &alice).await;
    let terms = Terms {
        advance_fee: 50_000,
        base_max_age: 7 * 86_400,
        bounty: 5_000_000,
        bounty_prepaid: 5_000_000,
        daily_share: 500_000,
        instant_max: 250_000_000_000,
        instant_share: 100_000,
        min_premium: 1_0000000,
    };
    let args = [
        alice.to_scval(),
        token.to_scval(),
        "Cover".to_scval(),
        "vUSD".to_scval(),
        terms.to_scval(),
        alice.to_scval(),
    ];
    let args: Vec<_> = args.into_iter().map(Result::unwrap).collect();
    let function = HostFunction::CreateContractV2(CreateContractArgsV2 {
        contract_id_preimage: ContractIdPreimage::Address(ContractIdPreimageFromAddress {
            address: alice.address(),
            salt: Uint256([1; 32]),
        }),
        executable: ContractExecutable::Wasm(Hash(uploaded.unwrap().value().unwrap())),
        constructor_args: args.try_into().unwrap(),
    });
    let allowing = world.client.allowing(Allowed::Any);
    let made = allowing.run::<ScAddress>(function, &alice, &[]).await;
    cover_pool::Client(made.unwrap().value().unwrap())
}

/// A transaction of the call by alice, and what a simulation says of it.
async fn simulated<R>(
    world: &World,
    official: &stellar_rpc_client::Client,
    call: Call<R>,
) -> (Transaction, SimulateTransactionResponse) {
    let alice = key("alice");
    let account = world.client.account(&alice.account_id()).await.unwrap();
    let function = call.into_function().unwrap();
    let mut transaction = Transaction {
        source_account: MuxedAccount::Ed25519(Uint256(alice.public_key())),
        fee: 100,
        seq_num: SequenceNumber(account.seq_num.0 + 1),
        cond: Preconditions::None,
        memo: Memo::None,
        operations: Default::default(),
        ext: TransactionExt::V0,
    };
    let with = |auth| Operation {
        source_account: None,
        body: OperationBody::InvokeHostFunction(InvokeHostFunctionOp {
            host_function: function.clone(),
            auth,
        }),
    };
    transaction.operations = vec![with(Default::default())].try_into().unwrap();
    let question = transaction.clone().into();
    let found = official
        .simulate_transaction_envelope(&question, None)
        .await;
    let found = found.unwrap();
    assert_eq!(found.error, None, "simulated");
    let auth = found.results().unwrap().remove(0).auth;
    transaction.operations = vec![with(auth.try_into().unwrap())].try_into().unwrap();
    (transaction, found)
}

fn data(found: &SimulateTransactionResponse) -> SorobanTransactionData {
    SorobanTransactionData::from_xdr_base64(&found.transaction_data, Limits::none()).unwrap()
}

/// Sends a transaction of alice's with what the simulation found, as official clients do.
async fn sent_as_simulated(
    world: &World,
    official: &stellar_rpc_client::Client,
    mut transaction: Transaction,
    found: &SimulateTransactionResponse,
) -> GetTransactionResponse {
    transaction.fee += u32::try_from(found.min_resource_fee).unwrap();
    transaction.ext = TransactionExt::V1(data(found));
    let hash = transaction.hash(world.client.network().id()).unwrap();
    let signature = wire::sign_transaction(&key("alice"), &hash).unwrap();
    let envelope = TransactionEnvelope::Tx(TransactionV1Envelope {
        tx: transaction,
        signatures: vec![signature].try_into().unwrap(),
    });
    let hash = official.send_transaction(&envelope).await.unwrap();
    for _ in 0..1_000 {
        let found = official.get_transaction(&hash).await.unwrap();
        if found.status != "NOT_FOUND" {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never applied");
}

/// Bytes of the entries that a simulation says are deleted.
fn deleted(found: &SimulateTransactionResponse) -> usize {
    let changes = found.state_changes.iter().flatten();
    let deleted = changes.filter_map(|change| match change {
        LedgerEntryChange::Deleted { before, .. } => Some(before),
        _ => None,
    });
    let entries = deleted.map(|entry| LedgerEntry::from_xdr_base64(entry, Limits::none()).unwrap());
    entries
        .map(|entry| entry.to_xdr(Limits::none()).unwrap().len())
        .sum()
}

#[tokio::test]
async fn what_only_a_caught_call_touched_is_declared_and_paid_for() {
    let world = world(Pace::Eager).await;
    let pool = pool(&world).await;
    let (alice, bob) = (key("alice"), key("bob"));
    let exit = || pool.fulfil(&bob, 0, &alice, 0);
    let official = stellar_rpc_client::Client::new(&world.server.rpc_url).unwrap();

    let (transaction, found) = simulated(&world, &official, exit()).await;
    let untold = deleted(&found);
    assert_eq!(untold, 224, "the pool's balance: {:?}", found.state_changes);
    let failed = sent_as_simulated(&world, &official, transaction, &found).await;
    assert_eq!(failed.status, "FAILED", "as simulated");
    let TransactionResultResult::TxFailed(operations) = failed.result.unwrap().result else {
        panic!("no operation failed");
    };
    assert_eq!(
        operations.as_slice(),
        [OperationResult::OpInner(
            OperationResultTr::InvokeHostFunction(InvokeHostFunctionResult::ResourceLimitExceeded)
        )],
        "the bytes written reach over what is simulated"
    );

    world.client.forget_sequences();
    let paid = world.client.send(exit(), &alice, &[]).await.unwrap();
    let out = paid.value().unwrap();
    assert!(out > 0, "an exit");
    let owed = world.client.view(pool.claimable_of(&bob)).await;
    assert_eq!(owed.unwrap(), out, "it waits for its owner");
    let declared = paid.resources.unwrap().write_bytes;
    let simulated = data(&found).resources.write_bytes;
    assert_eq!(
        declared,
        simulated + u32::try_from(untold).unwrap(),
        "declared"
    );
}
