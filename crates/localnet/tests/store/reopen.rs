use std::fs;

use localnet::node::{Node, NodeError, Pace};
use redb::{Database, TableDefinition};
use tempfile::tempdir;

use crate::{account, check, close_with_payments, config, found_payers, payer, told};

const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");

fn refused(error: NodeError, part: &str) {
    let NodeError::Refused(why) = error else {
        panic!("{error}");
    };
    assert!(why.contains(part), "{why}");
}

#[test]
fn a_ledger_that_is_opened_again_is_as_it_was_and_goes_on_as_it_would_have() {
    let (one, other) = (tempdir().unwrap(), tempdir().unwrap());
    let run = |folder: &std::path::Path, is_interrupted: bool| {
        let mut node = Node::open(config(Some(folder))).unwrap();
        found_payers(&mut node);
        for amount in 1..6 {
            close_with_payments(&mut node, amount);
            if is_interrupted {
                let before = format!("{:?}", told(&node));
                let info = node.info();
                drop(node);
                node = Node::open(config(Some(folder))).unwrap();
                assert_eq!(format!("{:?}", told(&node)), before);
                assert_eq!(format!("{:?}", node.info()), format!("{info:?}"));
            }
        }
        check(&node);
        let paid = account(&node, &payer(0).account_id()).unwrap();
        (told(&node), paid)
    };
    assert!(run(one.path(), true) == run(other.path(), false));
}

#[test]
fn a_ledgers_own_settings_win() {
    let folder = tempdir().unwrap();
    let mut founding = config(Some(folder.path()));
    founding.network.limits.instructions = 77_000_000;
    founding.network.ledger_limits.transactions = 7;
    founding.network.base_reserve = 1;
    founding.network.base_fee = 200;
    drop(Node::open(founding).unwrap());
    let node = Node::open(config(Some(folder.path()))).unwrap();
    let network = node.network();
    assert_eq!(network.limits.instructions, 77_000_000);
    assert_eq!(network.ledger_limits.transactions, 7);
    assert_eq!((network.base_reserve, network.base_fee), (1, 200));
}

#[test]
fn a_folder_is_one_nodes() {
    let folder = tempdir().unwrap();
    let node = Node::open(config(Some(folder.path()))).unwrap();
    let error = Node::open(config(Some(folder.path()))).err().unwrap();
    refused(error, "in use by another node");
    drop(node);
    assert!(Node::open(config(Some(folder.path()))).is_ok());
}

#[test]
fn what_is_reported_before_it_is_kept_is_not_for_a_folder() {
    let folder = tempdir().unwrap();
    let mut eager = config(Some(folder.path()));
    eager.pace = Pace::Eager;
    refused(Node::open(eager).err().unwrap(), "cannot be kept");
}

#[test]
fn another_networks_folder_is_refused() {
    let folder = tempdir().unwrap();
    drop(Node::open(config(Some(folder.path()))).unwrap());
    let mut other = config(Some(folder.path()));
    other.network.passphrase = "another".into();
    refused(Node::open(other).err().unwrap(), "another passphrase");
}

#[test]
fn a_file_of_a_newer_version_or_of_somebody_else_is_refused() {
    let folder = tempdir().unwrap();
    drop(Node::open(config(Some(folder.path()))).unwrap());
    let file = folder.path().join("ledger.redb");
    let database = Database::open(&file).unwrap();
    let write = database.begin_write().unwrap();
    {
        let mut about = write.open_table(ABOUT).unwrap();
        about
            .insert("format", 99_u32.to_be_bytes().as_slice())
            .unwrap();
    }
    write.commit().unwrap();
    drop(database);
    let error = Node::open(config(Some(folder.path()))).err().unwrap();
    refused(error, "newer version");

    fs::remove_file(&file).unwrap();
    let database = Database::create(&file).unwrap();
    let write = database.begin_write().unwrap();
    let table: TableDefinition<'_, u32, u32> = TableDefinition::new("theirs");
    write.open_table(table).unwrap();
    write.commit().unwrap();
    drop(database);
    let error = Node::open(config(Some(folder.path()))).err().unwrap();
    refused(error, "no ledger");

    fs::write(&file, b"a letter to grandmother").unwrap();
    let error = Node::open(config(Some(folder.path()))).err().unwrap();
    assert!(!matches!(error, NodeError::Refused(_)), "{error}");
}
