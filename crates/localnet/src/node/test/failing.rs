//! A disk that fails, and entries that cannot be read.

use std::sync::{
    atomic::{AtomicBool, Ordering},
    Arc, Mutex,
};

use redb::{backends::InMemoryBackend, StorageBackend};

use soroban_env_host::xdr::{
    AccountId, Asset, CreateAccountOp, ExtendFootprintTtlOp, ExtensionPoint, LedgerEntryData,
    Limits, MuxedAccount, OperationBody, PaymentOp, ReadXdr, SorobanTransactionData,
    TransactionExt, TransactionResult, TransactionResultResult,
};

use wire::account_key as key;

use super::{node, payment, signed, signed_all};
use crate::{
    node::{store::Store, submission::Bump, Node, NodeConfig, NodeError, Pace, Sent, Submission},
    state::{Entry, State},
    Keypair, NetworkConfig,
};

/// A disk in memory that writes nothing once told so.
#[derive(Debug)]
struct Disk {
    kept: InMemoryBackend,
    is_full: Arc<AtomicBool>,
}

impl Disk {
    fn write_if_able(
        &self,
        write: impl FnOnce() -> Result<(), std::io::Error>,
    ) -> Result<(), std::io::Error> {
        match self.is_full.load(Ordering::Relaxed) {
            true => Err(std::io::Error::other("the disk is full")),
            false => write(),
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, std::io::Error> {
        self.kept.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), std::io::Error> {
        self.kept.read(offset, out)
    }
    fn set_len(&self, len: u64) -> Result<(), std::io::Error> {
        self.write_if_able(|| self.kept.set_len(len))
    }
    fn sync_data(&self) -> Result<(), std::io::Error> {
        self.write_if_able(|| self.kept.sync_data())
    }
    fn write(&self, offset: u64, data: &[u8]) -> Result<(), std::io::Error> {
        self.write_if_able(|| self.kept.write(offset, data))
    }
}

/// A node whose disk is full from now on.
fn failing() -> Node {
    let mut node = node();
    let is_full = Arc::<AtomicBool>::default();
    node.store = Store::on_backend(Disk {
        kept: InMemoryBackend::new(),
        is_full: is_full.clone(),
    });
    is_full.store(true, Ordering::Relaxed);
    node
}

#[test]
fn what_is_on_no_disk_is_not_reported() {
    let mut node = failing();
    let latest = node.latest().clone();
    let submission = payment(&node);
    let hash = submission.hash;
    assert_eq!(node.send(submission).unwrap(), Sent::Pending);
    assert!(matches!(node.close(None), Err(NodeError::Storage(_))));
    assert_eq!(*node.latest(), latest, "the last that is kept");
    let found = node.transaction(&hash);
    assert!(!matches!(found, Ok(Some(_))), "{found:?}");
}

/// A disk that may lose what is not synced.
#[derive(Clone, Debug, Default)]
struct Fleeting {
    written: Arc<Mutex<Vec<u8>>>,
    synced: Arc<Mutex<Vec<u8>>>,
}

impl Fleeting {
    /// What is left of it when the power fails.
    fn left(&self) -> Self {
        let synced = self.synced.lock().unwrap().clone();
        Self {
            written: Arc::new(Mutex::new(synced)),
            synced: Arc::default(),
        }
    }
}

impl StorageBackend for Fleeting {
    fn len(&self) -> Result<u64, std::io::Error> {
        Ok(self.written.lock().unwrap().len() as u64)
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), std::io::Error> {
        let start = usize::try_from(offset).unwrap();
        out.copy_from_slice(&self.written.lock().unwrap()[start..start + out.len()]);
        Ok(())
    }
    fn set_len(&self, len: u64) -> Result<(), std::io::Error> {
        let len = usize::try_from(len).unwrap();
        self.written.lock().unwrap().resize(len, 0);
        Ok(())
    }
    fn sync_data(&self) -> Result<(), std::io::Error> {
        let written = self.written.lock().unwrap().clone();
        *self.synced.lock().unwrap() = written;
        Ok(())
    }
    fn write(&self, offset: u64, data: &[u8]) -> Result<(), std::io::Error> {
        let start = usize::try_from(offset).unwrap();
        self.written.lock().unwrap()[start..start + data.len()].copy_from_slice(data);
        Ok(())
    }
}

#[test]
fn what_is_reported_is_on_the_disk_when_the_power_fails() {
    let (mut node, disk) = (node(), Fleeting::default());
    node.store = Store::on_backend(disk.clone());
    let submission = payment(&node);
    let hash = submission.hash;
    assert_eq!(node.send(submission).unwrap(), Sent::Pending);
    node.close(None).unwrap();
    let reported = node.transaction(&hash).unwrap().unwrap();
    assert!(reported.is_success);

    let left = Store::on_backend(disk.left());
    assert_eq!(left.transaction(&hash).unwrap(), Some(reported));
    assert_eq!(left.ledgers(0, 2).unwrap(), [node.latest().clone()]);
}

#[test]
fn after_a_ledger_could_not_be_kept_nothing_goes_on() {
    let mut node = failing();
    let submission = payment(&node);
    assert_eq!(node.send(submission).unwrap(), Sent::Pending);
    node.close(None).unwrap_err();
    assert_stopped(&mut node);
}

#[test]
fn after_a_ledger_could_not_be_made_nothing_goes_on() {
    let mut node = node();
    node.head.header.fee_pool = i64::MAX;
    let submission = payment(&node);
    let hash = submission.hash;
    assert_eq!(node.send(submission).unwrap(), Sent::Pending);
    let error = node.close(None).unwrap_err();
    assert!(matches!(error, NodeError::Damaged(_)), "{error}");
    assert_eq!(node.transaction(&hash).unwrap(), None);
    assert_stopped(&mut node);
}

#[test]
fn what_breaks_where_fees_are_taken_stops_the_node() {
    let mut node = node();
    let submission = payment(&node);
    let root = node.root().account_id();
    damage(&mut node, &root);
    // What cannot be looked at is not taken from the queue: it was read until here.
    let error = node.apply_or_stop(vec![submission]).unwrap_err();
    assert!(matches!(error, NodeError::Damaged(_)), "{error}");
    assert_stopped(&mut node);
}

fn assert_stopped(node: &mut Node) {
    let submission = payment(node);
    let refused = |refused: Result<(), NodeError>, what| {
        let told = format!("{refused:?}");
        assert!(told.contains("nothing goes on"), "{what}: {told}");
    };
    refused(node.send(submission).map(drop), "send");
    refused(node.close(None).map(drop), "close");
    refused(node.advance(5), "advance");
    refused(node.snapshot().map(drop), "snapshot");
    refused(node.dump(&mut Vec::new()), "dump");
    refused(node.load(&mut [].as_slice()), "load");
    let key = key(&node.root().account_id());
    refused(node.entry(&key).map(drop), "entry");
}

/// A node with Carol in it, who has 100 lumens.
fn with_carol() -> (Node, Keypair) {
    let (mut node, carol) = (node(), Keypair::named("carol"));
    let body = OperationBody::CreateAccount(CreateAccountOp {
        destination: carol.account_id(),
        starting_balance: 1_000_000_000,
    });
    let created = signed(&node, &node.root(), 1, body);
    assert_eq!(node.send(created).unwrap(), Sent::Pending);
    node.close(None).unwrap();
    (node, carol)
}

/// An entry under the key of `id` that cannot be read.
fn damage(node: &mut Node, id: &AccountId) {
    let key = std::rc::Rc::new(key(id));
    let entry = Entry::encoded([1, 2, 3].as_slice().into(), None, 0);
    let changes = &mut node.open.changes;
    let put = |state: &mut _| changes.put(state, key, entry, false);
    node.ledger.change_state(put);
}

fn pay(to: &Keypair, amount: i64) -> OperationBody {
    OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(to.account_id()),
        asset: Asset::Native,
        amount,
    })
}

/// Root's transaction, which sends Carol 5 stroops and then breaks the node, and hers, which does not.
fn send_both(node: &mut Node, carol: &Keypair) -> [[u8; 32]; 2] {
    let broken = Keypair::named("broken");
    damage(node, &broken.account_id());
    let bodies = vec![pay(carol, 5), pay(&broken, 1)];
    let breaks = signed_all(node, &node.root(), 2, bodies);
    let number = node.ledger.account(&carol.account_id()).unwrap().seq_num.0;
    let sound = signed(node, carol, number + 1, pay(&node.root(), 7));
    [breaks, sound].map(|submission| {
        let hash = submission.hash;
        assert_eq!(node.send(submission).unwrap(), Sent::Pending);
        hash
    })
}

#[test]
fn what_breaks_while_it_is_applied_fails_and_keeps_nobody_waiting() {
    let (mut node, carol) = with_carol();
    let root = node.ledger.account(&node.root().account_id()).unwrap();
    let [breaks, sound] = send_both(&mut node, &carol);
    node.close(None).unwrap();
    assert!(!node.is_waiting());
    let broke = node.transaction(&breaks).unwrap().unwrap();
    let result = TransactionResult::from_xdr(&broke.result, Limits::none()).unwrap();
    assert_eq!(result.result, TransactionResultResult::TxInternalError);
    assert_eq!(result.fee_charged, 200);
    assert!(node.transaction(&sound).unwrap().unwrap().is_success);
    let told = String::from_utf8_lossy(&broke.meta).into_owned();
    assert!(told.contains("damaged"), "it says why");
    let after = node.ledger.account(&node.root().account_id()).unwrap();
    assert_eq!(after.seq_num.0, 2, "its number is used");
    assert_eq!(after.balance, root.balance - 200 + 7);
    let carol = node.ledger.account(&carol.account_id()).unwrap();
    assert_eq!(carol.balance, 1_000_000_000 - 100 - 7, "5 are taken back");
    assert!(!node.has_failed);
}

#[test]
fn what_cannot_be_looked_at_any_more_is_dropped() {
    let (mut node, carol) = with_carol();
    let root = node.root().account_id();
    let paid = signed(&node, &node.root(), 2, pay(&carol, 1));
    let number = node.ledger.account(&carol.account_id()).unwrap().seq_num.0;
    let sound = signed(&node, &carol, number + 1, pay(&carol, 1));
    let hash = sound.hash;
    for submission in [paid, sound] {
        assert_eq!(node.send(submission).unwrap(), Sent::Pending);
    }
    damage(&mut node, &root);
    node.close(None).unwrap();
    assert!(!node.is_waiting(), "dropped");
    assert!(node.transaction(&hash).unwrap().unwrap().is_success);
}

#[test]
fn an_eager_node_tells_what_broke_it_at_once() {
    let config = NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Eager);
    let mut node = Node::open(config).unwrap();
    let root = node.root();
    let broken = Keypair::named("broken");
    damage(&mut node, &broken.account_id());
    let breaks = signed_all(&node, &root, 1, vec![pay(&root, 1), pay(&broken, 1)]);
    let hash = breaks.hash;
    assert_eq!(node.send(breaks).unwrap(), Sent::Pending);
    assert!(!node.transaction(&hash).unwrap().unwrap().is_success);
    let refused = signed(&node, &root, 7, pay(&root, 1));
    let before = node.ledger.account(&root.account_id()).unwrap();
    let Sent::Error(result) = node.send(refused).unwrap() else {
        panic!("not refused");
    };
    assert_eq!(result.result, TransactionResultResult::TxBadSeq);
    assert_eq!(node.ledger.account(&root.account_id()).unwrap(), before);
    assert_eq!(node.open.applied.len(), 1, "what is refused is nowhere");
    node.close(None).unwrap();
}

/// What comes of `submission` where Carol has 60 stroops: its result, her balance and number then.
fn short(
    node: &mut Node,
    carol: &Keypair,
    submission: Submission,
) -> (TransactionResult, i64, i64) {
    let mut poor = node.ledger.account(&carol.account_id()).unwrap();
    poor.balance = 60;
    let changes = &mut node.open.changes;
    let put = |state: &mut State| changes.put_classic(state, LedgerEntryData::Account(poor));
    node.ledger.change_state(put).unwrap();
    node.apply_or_stop(vec![submission]).unwrap();
    let result = node.open.applied.pop().unwrap().result;
    let carol = node.ledger.account(&carol.account_id()).unwrap();
    (result, carol.balance, carol.seq_num.0)
}

#[test]
fn who_has_less_than_is_due_pays_that_and_gets_nothing_for_it() {
    let (mut node, carol) = with_carol();
    let number = node.ledger.account(&carol.account_id()).unwrap().seq_num.0 + 1;
    let poor = TransactionResultResult::TxInsufficientBalance;
    let paid = signed(&node, &carol, number, pay(&node.root(), 1));
    let (result, balance, used) = short(&mut node, &carol, paid);
    assert_eq!((result.result, result.fee_charged), (poor.clone(), 60));
    assert_eq!((balance, used), (0, number));

    // No more of a refundable fee comes back than was paid.
    let extend = OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
        ext: ExtensionPoint::V0,
        extend_to: 1,
    });
    let mut call = signed(&node, &carol, number + 1, extend);
    call.transaction.fee = 1_000_100;
    call.transaction.ext = TransactionExt::V1(SorobanTransactionData {
        resource_fee: 1_000_000,
        ..SorobanTransactionData::default()
    });
    let (result, balance, used) = short(&mut node, &carol, call);
    assert_eq!((result.result, result.fee_charged), (poor, 0));
    assert_eq!((balance, used), (60, number + 1));

    // Nor is anything done for another.
    let mut bumped = signed(&node, &node.root(), 2, pay(&carol, 5));
    bumped.bump = Some(Bump {
        source: carol.account_id(),
        fee: 200,
        signed: bumped.signed.clone(),
    });
    bumped.inner_hash = Some(bumped.hash);
    let (result, balance, _) = short(&mut node, &carol, bumped);
    let TransactionResultResult::TxFeeBumpInnerFailed(_) = result.result else {
        panic!("{result:?}");
    };
    assert_eq!((result.fee_charged, balance), (60, 0));
    let root = node.ledger.account(&node.root().account_id()).unwrap();
    assert_eq!(root.seq_num.0, 2, "its number is used");
}
