//! Friendbot: coins of the root account for whoever asks, by an ordinary transaction.

use std::{sync::Arc, time::Duration};

use base64::{engine::general_purpose::STANDARD, Engine};
use serde_json::{json, Value};
use soroban_env_host::xdr::{
    AccountId, Asset, CreateAccountOp, LedgerEntryData, Memo, Operation, OperationBody, PaymentOp,
    Preconditions, SequenceNumber, Transaction, TransactionEnvelope, TransactionExt,
    TransactionV1Envelope,
};
use tokio::{
    sync::{Mutex, Notify},
    time::{sleep, Instant},
};
use wire::{account_key, sign_transaction};

use crate::{
    node::{Node, NodeHandle, Pace, Sent, Submission, TransactionRecord},
    Keypair,
};

/// What an account gets, stroops: 10 000 XLM.
pub(crate) const AMOUNT: i64 = 100_000_000_000;
/// What the transaction may cost, stroops.
const FEE: u32 = 10_000;
/// How long its ledger is waited for, and how often it is looked for.
const PATIENCE: Duration = Duration::from_secs(25);
const LOOK: Duration = Duration::from_millis(20);

/// Why an account was not funded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotFunded {
    // Clients look for both wordings.
    #[error("account already funded to starting balance (createAccountAlreadyExist)")]
    Already,
    #[error("the transaction failed: {0}")]
    Refused(String),
    #[error("the transaction {0} was sent; its ledger has not closed yet")]
    Unseen(String),
    #[error("{0}")]
    Node(String),
}

/// Funds accounts, one after the other: each transaction takes the root account's next sequence number.
pub(crate) struct Friendbot {
    node: NodeHandle,
    pace: Pace,
    wake: Arc<Notify>,
    turn: Mutex<()>,
}

impl Friendbot {
    pub(crate) fn new(node: NodeHandle, pace: Pace, wake: Arc<Notify>) -> Self {
        Self {
            node,
            pace,
            wake,
            turn: Mutex::new(()),
        }
    }

    /// Funds `account` with `amount` stroops and waits for the transaction. On a node whose ledgers close by hand it closes
    /// one, since nobody else would.
    pub(crate) async fn fund(
        &self,
        account: AccountId,
        amount: i64,
    ) -> Result<TransactionRecord, NotFunded> {
        self.send_and_wait(account, amount, self.pace == Pace::Manual)
            .await
    }

    /// As [`Friendbot::fund`], without waiting for a ledger to close by itself: before anybody is served.
    pub(crate) async fn fund_at_once(
        &self,
        account: AccountId,
        amount: i64,
    ) -> Result<TransactionRecord, NotFunded> {
        self.send_and_wait(account, amount, self.pace != Pace::Eager)
            .await
    }

    async fn send_and_wait(
        &self,
        account: AccountId,
        amount: i64,
        closes: bool,
    ) -> Result<TransactionRecord, NotFunded> {
        let _turn = self.turn.lock().await;
        let sent = self
            .ask(move |node| send(node, &account, amount, closes))
            .await??;
        self.wake.notify_one();
        let began = Instant::now();
        loop {
            let found = self.ask(move |node| node.transaction(&sent)).await?;
            match found.map_err(failed)? {
                Some(record) if record.is_success => return Ok(record),
                Some(record) => return Err(NotFunded::Refused(STANDARD.encode(record.result))),
                None if began.elapsed() > PATIENCE => {
                    return Err(NotFunded::Unseen(hex::encode(sent)));
                }
                None => sleep(LOOK).await,
            }
        }
    }

    async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Node) -> T + Send + 'static,
    ) -> Result<T, NotFunded> {
        let answered = self.node.ask(job).await;
        answered.map_err(failed)
    }
}

/// Sends the transaction that funds `account`; returns its hash.
fn send(
    node: &mut Node,
    account: &AccountId,
    amount: i64,
    closes: bool,
) -> Result<[u8; 32], NotFunded> {
    let root = node.root();
    let found = account_of(node, &root.account_id())?;
    let (_, sequence) = found.ok_or_else(|| failed("there is no root account"))?;
    let operation = funding(node, account, amount)?;
    let network_id = node.network().network_id();
    let envelope = signed(&root, sequence.saturating_add(1), operation, network_id)?;
    let submission = Submission::new(envelope, network_id).map_err(failed)?;
    let hash = submission.hash;
    match node.send(submission).map_err(failed)? {
        Sent::Pending | Sent::Duplicate => {}
        Sent::TryAgainLater => return Err(failed("the node is busy: try again")),
        Sent::Error(result) => return Err(NotFunded::Refused(format!("{:?}", result.result))),
    }
    if closes {
        node.close(None).map_err(failed)?;
    }
    Ok(hash)
}

/// The operation that funds `account` with `amount` stroops, unless it has that much.
fn funding(node: &Node, account: &AccountId, amount: i64) -> Result<OperationBody, NotFunded> {
    match account_of(node, account)? {
        Some((balance, _)) if balance >= amount => Err(NotFunded::Already),
        Some(_) => Ok(OperationBody::Payment(PaymentOp {
            destination: account.clone().into(),
            asset: Asset::Native,
            amount,
        })),
        None => Ok(OperationBody::CreateAccount(CreateAccountOp {
            destination: account.clone(),
            starting_balance: amount,
        })),
    }
}

/// The account's balance in stroops and its sequence number.
fn account_of(node: &Node, account: &AccountId) -> Result<Option<(i64, i64)>, NotFunded> {
    let found = node.entry(&account_key(account)).map_err(failed)?;
    Ok(found.and_then(|(entry, _)| match &entry.data {
        LedgerEntryData::Account(account) => Some((account.balance, account.seq_num.0)),
        _ => None,
    }))
}

fn signed(
    source: &Keypair,
    sequence: i64,
    body: OperationBody,
    network_id: [u8; 32],
) -> Result<TransactionEnvelope, NotFunded> {
    let operation = Operation {
        source_account: None,
        body,
    };
    let tx = Transaction {
        source_account: source.account_id().into(),
        fee: FEE,
        seq_num: SequenceNumber(sequence),
        cond: Preconditions::None,
        memo: Memo::None,
        operations: vec![operation].try_into().map_err(failed)?,
        ext: TransactionExt::V0,
    };
    let hash = tx.hash(network_id).map_err(failed)?;
    let signature = sign_transaction(source, &hash).map_err(failed)?;
    Ok(TransactionEnvelope::Tx(TransactionV1Envelope {
        tx,
        signatures: vec![signature].try_into().map_err(failed)?,
    }))
}

fn failed(error: impl ToString) -> NotFunded {
    NotFunded::Node(error.to_string())
}

/// What Horizon would tell about the transaction, as far as clients read it.
pub(crate) fn funded(record: &TransactionRecord) -> Value {
    let hash = hex::encode(record.hash);
    json!({
        "id": hash,
        "hash": hash,
        "successful": record.is_success,
        "ledger": record.position.ledger,
        "envelope_xdr": STANDARD.encode(&record.envelope),
        "result_xdr": STANDARD.encode(&record.result),
        "result_meta_xdr": STANDARD.encode(&record.meta),
    })
}

/// Why not, as Horizon tells it.
pub(crate) fn not_funded(status: u16, detail: &str) -> Value {
    json!({ "title": "Bad Request", "status": status, "detail": detail })
}
