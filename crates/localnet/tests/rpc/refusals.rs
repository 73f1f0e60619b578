//! What the network refuses, as the official client tells it: each with the network's own code.

use localnet::{
    node::Pace,
    sign_entry,
    xdr::{
        Asset, CreateAccountOp, HostFunction, InvokeHostFunctionResult as Invoked, LedgerFootprint,
        Limits, ManageDataOp, OperationBody, OperationResult, OperationResultTr, PaymentOp,
        PaymentResult, Preconditions, ReadXdr, SorobanAuthorizationEntry, SorobanCredentials,
        SorobanTransactionData, TimeBounds, TimePoint, Transaction, TransactionEnvelope,
        TransactionExt, TransactionResultResult as Code, WriteXdr,
    },
    Keypair,
};
use stellar_rpc_client::Error;

use crate::{
    envelope, invocation, module, native_contract, node, signed, storing, transaction, transfer,
    World, FUNDS, START,
};

/// Longer than a new persistent entry lives, seconds.
const SEASON: u64 = 121 * 86_400;

/// A network with two accounts and the native asset's contract.
async fn world() -> (World, Keypair, Keypair) {
    let world = World::new(Pace::Manual);
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    world.invoke(&alice, native_contract()).await;
    (world, alice, bob)
}

/// Sends what must be refused.
async fn refused(world: &World, what: &str, envelope: &TransactionEnvelope, code: Code) {
    let told = match world.client.send_transaction(envelope).await {
        Err(Error::TransactionSubmissionFailed(told)) => told,
        other => panic!("{what}: {other:?}, not {code:?}"),
    };
    assert_eq!(told, format!("{code:#?}"), "{what}");
}

/// Sends what is accepted and closes the ledger; what became of it.
async fn applied(world: &World, what: &str, envelope: &TransactionEnvelope) -> Code {
    let sent = world.client.send_transaction(envelope).await;
    let hash = sent.unwrap_or_else(|error| panic!("{what}: {error}"));
    world.control("/close", "{}");
    let found = world.client.get_transaction(&hash).await.unwrap();
    found.result.unwrap().result
}

fn failed(result: OperationResult) -> Code {
    Code::TxFailed(vec![result].try_into().unwrap())
}

fn call_failed(code: Invoked) -> Code {
    let result = OperationResultTr::InvokeHostFunction(code);
    failed(OperationResult::OpInner(result))
}

fn signed_by(signers: &[&Keypair], tx: Transaction) -> TransactionEnvelope {
    let network_id = node(Pace::Manual).network.network_id();
    TransactionEnvelope::Tx(envelope::signed(tx, signers, network_id))
}

fn data(tx: &mut Transaction) -> &mut SorobanTransactionData {
    match &mut tx.ext {
        TransactionExt::V1(data) => data,
        TransactionExt::V0 => panic!("no resources are declared"),
    }
}

fn footprint(tx: &mut Transaction) -> &mut LedgerFootprint {
    &mut data(tx).resources.footprint
}

fn pay(to: &Keypair, amount: i64) -> OperationBody {
    OperationBody::Payment(PaymentOp {
        destination: to.account_id().into(),
        asset: Asset::Native,
        amount,
    })
}

/// An edit of a call that would succeed, and what it comes to.
type Case<T> = (&'static str, fn(&mut Transaction), T);

fn within(min: u64, max: u64) -> Preconditions {
    Preconditions::Time(TimeBounds {
        min_time: TimePoint(min),
        max_time: TimePoint(max),
    })
}

fn cases_when_sent() -> Vec<Case<Code>> {
    let stranger = |tx: &mut Transaction| {
        tx.source_account = Keypair::named("stranger").account_id().into();
    };
    let read_and_written = |tx: &mut Transaction| {
        let both = footprint(tx).read_write[..1].to_vec();
        footprint(tx).read_only = both.try_into().unwrap();
    };
    vec![
        (
            "a sequence number that was",
            |tx| tx.seq_num.0 -= 1,
            Code::TxBadSeq,
        ),
        ("one after the next", |tx| tx.seq_num.0 += 1, Code::TxBadSeq),
        ("a low fee", |tx| tx.fee -= 1, Code::TxInsufficientFee),
        (
            "a resource fee below what is declared",
            |tx| data(tx).resource_fee = 1,
            Code::TxSorobanInvalid,
        ),
        (
            "more instructions than there may be",
            |tx| data(tx).resources.instructions = 400_000_001,
            Code::TxSorobanInvalid,
        ),
        ("a key twice", read_and_written, Code::TxSorobanInvalid),
        (
            "too early",
            |tx| tx.cond = within(START + 86_400, 0),
            Code::TxTooEarly,
        ),
        (
            "too late",
            |tx| tx.cond = within(0, START - 1),
            Code::TxTooLate,
        ),
        ("no account", stranger, Code::TxNoAccount),
    ]
}

#[tokio::test]
async fn what_is_wrong_in_itself_is_refused_when_it_is_sent() {
    let (world, alice, bob) = world().await;
    let tx = world.prepared(&alice, transfer(&alice, &bob, 1)).await;
    for (what, edit, code) in cases_when_sent() {
        let mut edited = tx.clone();
        edit(&mut edited);
        refused(&world, what, &signed(&alice, edited), code).await;
    }
    let unedited = applied(&world, "unedited", &signed(&alice, tx)).await;
    assert!(matches!(unedited, Code::TxSuccess(_)), "{unedited:?}");
}

#[tokio::test]
async fn signatures_must_be_the_sources_and_work_once() {
    let (world, alice, bob) = world().await;
    let tx = world.prepared(&alice, transfer(&alice, &bob, 1)).await;
    let by = |signers: &[&Keypair]| signed_by(signers, tx.clone());
    refused(&world, "another's", &by(&[&bob]), Code::TxBadAuth).await;
    refused(&world, "none", &by(&[]), Code::TxBadAuth).await;
    let both = by(&[&alice, &bob]);
    refused(&world, "one too many", &both, Code::TxBadAuthExtra).await;

    let right = by(&[&alice]);
    let first = applied(&world, "the right one", &right).await;
    assert!(matches!(first, Code::TxSuccess(_)), "{first:?}");
    refused(&world, "a replay", &right, Code::TxBadSeq).await;
}

#[tokio::test]
async fn what_accounts_cannot_do_is_refused_or_fails() {
    let (world, alice, bob) = world().await;
    let (poor, stranger) = (Keypair::named("poor"), Keypair::named("stranger"));
    let create = OperationBody::CreateAccount(CreateAccountOp {
        destination: poor.account_id(),
        starting_balance: 10_000_000,
    });
    let store = OperationBody::ManageData(ManageDataOp {
        data_name: Default::default(),
        data_value: None,
    });
    let sequence = world.next_sequence(&alice).await;
    let of_alice = |offset, body| signed(&alice, transaction(&alice, sequence + offset, body));
    let unsupported = failed(OperationResult::OpNotSupported);
    refused(&world, "not supported", &of_alice(0, store), unsupported).await;
    let created = applied(&world, "create", &of_alice(0, create)).await;
    assert!(matches!(created, Code::TxSuccess(_)), "{created:?}");

    let payment = |code| failed(OperationResult::OpInner(OperationResultTr::Payment(code)));
    let missing = applied(&world, "missing", &of_alice(1, pay(&stranger, 1))).await;
    assert_eq!(missing, payment(PaymentResult::NoDestination));
    let much = applied(&world, "much", &of_alice(2, pay(&bob, 2 * FUNDS))).await;
    assert_eq!(much, payment(PaymentResult::Underfunded));

    let sequence = world.next_sequence(&poor).await;
    let spent = signed(&poor, transaction(&poor, sequence, pay(&bob, 1)));
    refused(&world, "no coins left", &spent, Code::TxInsufficientBalance).await;
}

fn cases_when_applied() -> Vec<Case<Invoked>> {
    let read_only = |tx: &mut Transaction| {
        let written = std::mem::take(&mut footprint(tx).read_write);
        let read = std::mem::take(&mut footprint(tx).read_only);
        let all = [read.to_vec(), written.to_vec()].concat();
        footprint(tx).read_only = all.try_into().unwrap();
    };
    vec![
        (
            "a footprint without what is written",
            |tx| footprint(tx).read_write = Default::default(),
            Invoked::Trapped,
        ),
        (
            "one that reads what is written",
            read_only,
            Invoked::Trapped,
        ),
        (
            "a footprint without the contract",
            |tx| footprint(tx).read_only = Default::default(),
            Invoked::Trapped,
        ),
        (
            "low instructions",
            |tx| data(tx).resources.instructions = 100_000,
            Invoked::ResourceLimitExceeded,
        ),
        (
            "few bytes read",
            |tx| data(tx).resources.disk_read_bytes = 10,
            Invoked::ResourceLimitExceeded,
        ),
        (
            "few bytes written",
            |tx| data(tx).resources.write_bytes = 10,
            Invoked::ResourceLimitExceeded,
        ),
    ]
}

#[tokio::test]
async fn declarations_that_do_not_suffice_fail_when_applied() {
    let (world, alice, bob) = world().await;
    for (what, edit, code) in cases_when_applied() {
        let mut tx = world.prepared(&alice, transfer(&alice, &bob, 1)).await;
        edit(&mut tx);
        let found = applied(&world, what, &signed(&alice, tx)).await;
        assert_eq!(found, call_failed(code), "{what}");
    }
    let code = module::module(1_000).try_into().unwrap();
    let upload = HostFunction::UploadContractWasm(code);
    let mut tx = world.prepared(&alice, upload).await;
    data(&mut tx).resource_fee -= data(&mut tx).resource_fee / 4;
    let found = applied(&world, "low rent", &signed(&alice, tx)).await;
    assert_eq!(found, call_failed(Invoked::InsufficientRefundableFee));
}

#[tokio::test]
async fn what_is_too_large_is_refused_or_fails() {
    let (world, alice, _) = world().await;
    let contract = storing::deploy(&world, &alice).await;
    let put = async |what, bytes| {
        let tx = world.prepared(&alice, storing::put(&contract, bytes)).await;
        applied(&world, what, &signed(&alice, tx)).await
    };
    let large = put("large", 65_000).await;
    assert!(matches!(large, Code::TxSuccess(_)), "{large:?}");
    let oversized = put("oversized", 65_536).await;
    assert_eq!(oversized, call_failed(Invoked::ResourceLimitExceeded));

    let tx = world.prepared(&alice, storing::put(&contract, 1)).await;
    let upload = |bytes| {
        let code = vec![0; bytes].try_into().unwrap();
        let body = invocation(HostFunction::UploadContractWasm(code));
        let mut upload = transaction(&alice, tx.seq_num.0, body);
        upload.ext = tx.ext.clone();
        data(&mut upload).resource_fee = 10_000_000;
        upload.fee = 10_000_100;
        signed(&alice, upload)
    };
    // An operation that is found wrong before it is applied keeps the code it began with.
    let code = call_failed(Invoked::Success(Default::default()));
    refused(&world, "code", &upload(131_073), code).await;
    let transaction = upload(132_097);
    refused(&world, "transaction", &transaction, Code::TxSorobanInvalid).await;
}

#[tokio::test]
async fn an_expired_entry_fails_unless_the_call_restores_it() {
    let (world, alice, bob) = world().await;
    world.control("/advance", &format!(r#"{{"seconds":{SEASON}}}"#));
    let restoring = world.prepared(&alice, transfer(&alice, &bob, 1)).await;
    let mut silent = restoring.clone();
    data(&mut silent).ext = Default::default();
    let found = applied(&world, "silent", &signed(&alice, silent)).await;
    assert_eq!(found, call_failed(Invoked::EntryArchived));
    let mut restoring = restoring;
    restoring.seq_num.0 += 1;
    let found = applied(&world, "restoring", &signed(&alice, restoring)).await;
    assert!(matches!(found, Code::TxSuccess(_)), "{found:?}");
}

/// What becomes of an authorisation.
type Sign<'a> = &'a dyn Fn(&mut SorobanAuthorizationEntry);

/// Bob's coins moved by Alice, with what `sign` makes of the authorisation that the simulation asks for.
async fn relayed(world: &World, [alice, bob]: [&Keypair; 2], sign: Sign<'_>) -> Transaction {
    let mut tx = world.prepared(alice, transfer(bob, alice, 1)).await;
    let mut operations = tx.operations.to_vec();
    let OperationBody::InvokeHostFunction(call) = &mut operations[0].body else {
        panic!("no call")
    };
    let mut entry = call.auth[0].clone();
    sign(&mut entry);
    call.auth = vec![entry].try_into().unwrap();
    tx.operations = operations.try_into().unwrap();
    // Simulated without a signature: room for its verification.
    let data = data(&mut tx);
    data.resources.instructions += 3_000_000;
    data.resources.write_bytes += 500;
    data.resource_fee += 1_000_000;
    tx.fee += 1_000_000;
    tx
}

/// Signs for Bob with another's key.
fn forge(entry: &mut SorobanAuthorizationEntry, forger: &Keypair, last: u32) {
    let SorobanCredentials::Address(credentials) = &mut entry.credentials else {
        panic!("nobody's signature is asked for")
    };
    let asked = std::mem::replace(&mut credentials.address, forger.address());
    sign_for(entry, forger, last);
    let SorobanCredentials::Address(credentials) = &mut entry.credentials else {
        panic!("no credentials")
    };
    credentials.address = asked;
}

fn sign_for(entry: &mut SorobanAuthorizationEntry, signer: &Keypair, last: u32) {
    let network_id = node(Pace::Manual).network.network_id();
    sign_entry(entry, signer, network_id, last).unwrap();
}

/// Flips a bit of the signature, which is the last before the invocation.
fn corrupt(entry: &mut SorobanAuthorizationEntry) {
    let mut bytes = entry.to_xdr(Limits::none()).unwrap();
    let behind = entry.root_invocation.to_xdr(Limits::none()).unwrap().len();
    let last = bytes.len() - behind - 1;
    bytes[last] ^= 1;
    *entry = SorobanAuthorizationEntry::from_xdr(bytes, Limits::none()).unwrap();
}

#[tokio::test]
async fn an_authorisation_must_be_whose_it_is_and_works_once() {
    let (world, alice, bob) = world().await;
    let people = [&alice, &bob];
    let latest = world.client.get_latest_ledger().await.unwrap().sequence;
    let last = latest + 100;
    let wrong: [(_, Sign<'_>); 4] = [
        ("unsigned", &|_| {}),
        ("another's", &|entry| forge(entry, &alice, last)),
        ("too late", &|entry| sign_for(entry, &bob, latest)),
        ("corrupted", &|entry| {
            sign_for(entry, &bob, last);
            corrupt(entry);
        }),
    ];
    for (what, sign) in wrong {
        let tx = relayed(&world, people, sign).await;
        let found = applied(&world, what, &signed(&alice, tx)).await;
        assert_eq!(found, call_failed(Invoked::Trapped), "{what}");
    }
    let mut tx = relayed(&world, people, &|entry| sign_for(entry, &bob, last)).await;
    let found = applied(&world, "the right one", &signed(&alice, tx.clone())).await;
    assert!(matches!(found, Code::TxSuccess(_)), "{found:?}");
    tx.seq_num.0 += 1;
    let replayed = applied(&world, "a replay", &signed(&alice, tx)).await;
    assert_eq!(replayed, call_failed(Invoked::Trapped));
    let address = bob.account_id().to_string();
    let account = world.client.get_account(&address).await.unwrap();
    assert_eq!(account.balance, FUNDS - 1, "paid once");
}
