//! What is kept, and what of it is there again: after the node is opened once more, after a crash, after damage.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)] // the fixtures below are tests, too

mod control;
mod crash;
mod crash_over_http;
mod damage;
mod determinism;
#[path = "../fixtures/envelope.rs"]
mod envelope;
mod history;
mod reopen;

use std::path::Path;

use localnet::{
    node::{LedgerRecord, Node, NodeConfig, Pace, Sent, Submission},
    xdr::{
        AccountEntry, AccountId, Asset, CreateAccountOp, LedgerEntryData, LedgerHeader,
        LedgerHeaderHistoryEntry, Limits, Memo, Operation, OperationBody, PaymentOp, Preconditions,
        ReadXdr, SequenceNumber, Transaction, TransactionEnvelope, TransactionExt, WriteXdr,
    },
    Keypair, NetworkConfig,
};
use wire::account_key;

/// Accounts that pay each other.
pub const ACCOUNTS: usize = 10;
/// What each holds at first, stroops.
pub const FUNDS: i64 = 1_000_000_000_000;

pub(crate) fn config(folder: Option<&Path>) -> NodeConfig {
    NodeConfig {
        folder: folder.map(Into::into),
        retention: 20,
        ..NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual)
    }
}

pub(crate) fn account(node: &Node, account_id: &AccountId) -> Option<AccountEntry> {
    let (entry, _) = node.entry(&account_key(account_id)).unwrap()?;
    match &entry.data {
        LedgerEntryData::Account(account) => Some(account.clone()),
        _ => None,
    }
}

pub(crate) fn header(record: &LedgerRecord) -> LedgerHeader {
    LedgerHeaderHistoryEntry::from_xdr(&record.header, Limits::none())
        .unwrap()
        .header
}

pub(crate) fn payer(index: usize) -> Keypair {
    Keypair::named(&format!("payer {}", index % ACCOUNTS))
}

/// Creates the payers, if there are none.
pub(crate) fn found_payers(node: &mut Node) {
    if account(node, &payer(0).account_id()).is_some() {
        return;
    }
    let created = (0..ACCOUNTS).map(|index| {
        OperationBody::CreateAccount(CreateAccountOp {
            destination: payer(index).account_id(),
            starting_balance: FUNDS,
        })
    });
    let root = node.root();
    let created = signed(node, &root, created.collect());
    assert_eq!(node.send(created).unwrap(), Sent::Pending);
    node.close(None).unwrap();
}

/// Closes a ledger in which each pays the next `amount` stroops; answers the transactions' hashes.
pub(crate) fn close_with_payments(node: &mut Node, amount: i64) -> Vec<[u8; 32]> {
    let mut hashes = Vec::new();
    for index in 0..ACCOUNTS {
        let payment = signed(node, &payer(index), vec![payment(index, amount)]);
        hashes.push(payment.hash);
        assert_eq!(node.send(payment).unwrap(), Sent::Pending);
    }
    node.close(None).unwrap();
    hashes
}

/// Account `index` pays the next `amount` stroops.
pub(crate) fn payment(index: usize, amount: i64) -> OperationBody {
    OperationBody::Payment(PaymentOp {
        destination: payer(index + 1).account_id().into(),
        asset: Asset::Native,
        amount,
    })
}

/// A transaction of `source` with its next sequence number.
pub(crate) fn signed(node: &Node, source: &Keypair, bodies: Vec<OperationBody>) -> Submission {
    let entry = account(node, &source.account_id()).unwrap();
    signed_as(
        node.network().network_id(),
        source,
        entry.seq_num.0 + 1,
        bodies,
    )
}

pub(crate) fn signed_as(
    network_id: [u8; 32],
    source: &Keypair,
    sequence: i64,
    bodies: Vec<OperationBody>,
) -> Submission {
    let operations: Vec<_> = bodies
        .into_iter()
        .map(|body| Operation {
            source_account: None,
            body,
        })
        .collect();
    let tx = Transaction {
        source_account: source.account_id().into(),
        fee: 100 * u32::try_from(operations.len()).unwrap(),
        seq_num: SequenceNumber(sequence),
        cond: Preconditions::None,
        memo: Memo::None,
        operations: operations.try_into().unwrap(),
        ext: TransactionExt::V0,
    };
    let envelope = TransactionEnvelope::Tx(envelope::signed(tx, &[source], network_id));
    Submission::new(envelope, network_id).unwrap()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

/// All that a node tells of its history.
pub(crate) fn told(node: &Node) -> impl PartialEq + std::fmt::Debug {
    let mut events = Vec::new();
    let from = localnet::node::Position::default();
    node.events(from, u32::MAX, &mut |event| {
        events.push(event);
        true
    })
    .unwrap();
    (
        node.ledgers(0, usize::MAX).unwrap(),
        node.transactions(from, usize::MAX).unwrap(),
        events,
    )
}

/// Every kept ledger has its hash, and follows the one before; balances and fees are all coins.
pub(crate) fn check(node: &Node) {
    let ledgers = node.ledgers(node.oldest(), usize::MAX).unwrap();
    assert_eq!(ledgers.last(), Some(node.latest()));
    assert_eq!(ledgers[0].sequence, node.oldest(), "the oldest");
    assert_eq!(ledgers[0].closed_at, node.oldest_closed_at(), "its time");
    for pair in ledgers.windows(2) {
        let [before, after] = pair else { continue };
        assert_eq!(header(after).previous_ledger_hash.0, before.hash, "chained");
    }
    for ledger in &ledgers {
        let bytes = header(ledger).to_xdr(Limits::none()).unwrap();
        assert_eq!(sha256(&bytes), ledger.hash, "hashed");
    }
    let payers = (0..ACCOUNTS).map(payer).chain([node.root()]);
    let accounts = payers.filter_map(|key| account(node, &key.account_id()));
    let held: i64 = accounts.map(|account| account.balance).sum();
    let header = header(node.latest());
    assert_eq!(held + header.fee_pool, header.total_coins, "coins");
}
