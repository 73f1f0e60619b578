//! Friendbot: coins of the root account for whoever asks, by an ordinary transaction.

use std::{sync::Arc, time::Duration};

use base64::{engine::general_purpose::STANDARD, Engine};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{
    AccountId, Asset, CreateAccountOp, DecoratedSignature, Hash, LedgerEntryData, LedgerKey,
    LedgerKeyAccount, Limits, Memo, MuxedAccount, Operation, OperationBody, PaymentOp,
    Preconditions, PublicKey, SequenceNumber, Signature, SignatureHint, Transaction,
    TransactionEnvelope, TransactionExt, TransactionSignaturePayload,
    TransactionSignaturePayloadTaggedTransaction, TransactionV1Envelope, WriteXdr,
};
use tokio::{
    sync::{Mutex, Notify},
    time::{sleep, Instant},
};

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
            match found.map_err(|error| NotFunded::Node(error.to_string()))? {
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
        answered.map_err(|error| NotFunded::Node(error.to_string()))
    }
}

/// Sends the transaction that funds `account`; returns its hash.
fn send(
    node: &mut Node,
    account: &AccountId,
    amount: i64,
    closes: bool,
) -> Result<[u8; 32], NotFunded> {
    let internal = |error: String| NotFunded::Node(error);
    let root = node.root();
    let (_, sequence) = account_of(node, &root.account_id())?
        .ok_or_else(|| internal("there is no root account".into()))?;
    let operation = match account_of(node, account)? {
        Some((balance, _)) if balance >= amount => return Err(NotFunded::Already),
        Some(_) => OperationBody::Payment(PaymentOp {
            destination: muxed(account),
            asset: Asset::Native,
            amount,
        }),
        None => OperationBody::CreateAccount(CreateAccountOp {
            destination: account.clone(),
            starting_balance: amount,
        }),
    };
    let sequence = sequence.saturating_add(1);
    let network_id = node.network().network_id();
    let envelope = signed(&root, sequence, operation, network_id)
        .map_err(|error| internal(error.to_string()))?;
    let limit = node.network().limits.transaction_bytes;
    let submission = Submission::decode(&envelope, network_id, limit)
        .map_err(|error| internal(error.to_string()))?;
    let hash = submission.hash;
    let sent = node.send(submission);
    match sent.map_err(|error| internal(error.to_string()))? {
        Sent::Pending | Sent::Duplicate => {}
        Sent::TryAgainLater => return Err(internal("the node is busy: try again".into())),
        Sent::Error(result) => return Err(NotFunded::Refused(format!("{:?}", result.result))),
    }
    if closes {
        let closed = node.close(None);
        closed.map_err(|error| internal(error.to_string()))?;
    }
    Ok(hash)
}

/// The account's balance in stroops and its sequence number.
fn account_of(node: &Node, account: &AccountId) -> Result<Option<(i64, i64)>, NotFunded> {
    let key = LedgerKey::Account(LedgerKeyAccount {
        account_id: account.clone(),
    });
    let found = node.entry(&key);
    let found = found.map_err(|error| NotFunded::Node(error.to_string()))?;
    Ok(found.and_then(|(entry, _)| match &entry.data {
        LedgerEntryData::Account(account) => Some((account.balance, account.seq_num.0)),
        _ => None,
    }))
}

fn muxed(account: &AccountId) -> MuxedAccount {
    let PublicKey::PublicKeyTypeEd25519(key) = &account.0;
    MuxedAccount::Ed25519(key.clone())
}

/// The envelope in base64.
fn signed(
    source: &Keypair,
    sequence: i64,
    body: OperationBody,
    network_id: [u8; 32],
) -> Result<String, soroban_env_host::xdr::Error> {
    let operation = Operation {
        source_account: None,
        body,
    };
    let tx = Transaction {
        source_account: muxed(&source.account_id()),
        fee: FEE,
        seq_num: SequenceNumber(sequence),
        cond: Preconditions::None,
        memo: Memo::None,
        operations: vec![operation].try_into()?,
        ext: TransactionExt::V0,
    };
    let payload = TransactionSignaturePayload {
        network_id: Hash(network_id),
        tagged_transaction: TransactionSignaturePayloadTaggedTransaction::Tx(tx.clone()),
    };
    let hash = Sha256::digest(payload.to_xdr(Limits::none())?);
    let [.., a, b, c, d] = source.public_key();
    let signature = DecoratedSignature {
        hint: SignatureHint([a, b, c, d]),
        signature: Signature(source.sign(&hash).to_vec().try_into()?),
    };
    let envelope = TransactionEnvelope::Tx(TransactionV1Envelope {
        tx,
        signatures: vec![signature].try_into()?,
    });
    Ok(STANDARD.encode(envelope.to_xdr(Limits::none())?))
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
