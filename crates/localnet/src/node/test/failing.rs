//! A disk that fails.

use std::sync::{
    atomic::{AtomicBool, Ordering},
    Arc,
};

use redb::{backends::InMemoryBackend, StorageBackend};

use soroban_env_host::xdr::{Asset, MuxedAccount, OperationBody, PaymentOp};

use wire::account_key as key;

use super::{node, payment, signed};
use crate::{
    node::{store::Store, Node, NodeError, Sent},
    state::Entry,
    Keypair,
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

#[test]
fn what_cannot_be_applied_is_undone_and_waits_on() {
    let mut node = node();
    let root = node.root().account_id();
    let broken = Keypair::named("broken").account_id();
    let key = std::rc::Rc::new(key(&broken));
    let entry = Entry::encoded([1, 2, 3].as_slice().into(), None, 0);
    node.ledger.change_state(|state| state.put(key, entry));
    let body = OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(broken),
        asset: Asset::Native,
        amount: 1,
    });
    let submission = signed(&node, &node.root(), 1, body);
    assert_eq!(node.send(submission).unwrap(), Sent::Pending);
    let root = self::key(&root);
    let before = node.entry(&root).unwrap().unwrap().0;
    assert!(matches!(node.close(None), Err(NodeError::Damaged(_))));
    assert_eq!(node.entry(&root).unwrap().unwrap().0, before, "no fee");
    assert_eq!(node.open.changes.len(), 0);
    assert!(node.is_waiting());
}
