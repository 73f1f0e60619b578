//! A disk that fails.

use std::sync::{
    atomic::{AtomicBool, Ordering},
    Arc,
};

use redb::{backends::InMemoryBackend, StorageBackend};

use soroban_env_host::xdr::{
    AccountId, Asset, CreateAccountOp, Limits, MuxedAccount, OperationBody, PaymentOp, ReadXdr,
    TransactionResult, TransactionResultResult,
};

use wire::account_key as key;

use super::{node, payment, signed, signed_all};
use crate::{
    node::{store::Store, Node, NodeConfig, NodeError, Pace, Sent},
    state::Entry,
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
    let submission = payment(&node);
    let hash = submission.hash;
    assert_eq!(node.send(submission).unwrap(), Sent::Pending);
    assert!(matches!(node.close(None), Err(NodeError::Storage(_))));
    let found = node.transaction(&hash);
    assert!(!matches!(found, Ok(Some(_))), "{found:?}");
}

#[test]
fn after_a_ledger_could_not_be_kept_nothing_goes_on() {
    let mut node = failing();
    let submission = payment(&node);
    assert_eq!(node.send(submission.clone()).unwrap(), Sent::Pending);
    node.close(None).unwrap_err();
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
