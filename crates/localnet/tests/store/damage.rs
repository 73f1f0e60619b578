use std::{fs, path::Path};

use localnet::node::{Node, NodeError};
use redb::{Database, ReadableTable, TableDefinition};
use tempfile::tempdir;

use crate::{close_with_payments, config, found_payers, told};

const ENTRIES: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("entries");
const LEDGERS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("ledgers");

fn found(folder: &Path) -> String {
    let mut node = Node::open(config(Some(folder))).unwrap();
    found_payers(&mut node);
    close_with_payments(&mut node, 1);
    format!("{:?}", told(&node))
}

fn with_database(folder: &Path, change: impl FnOnce(&redb::WriteTransaction)) {
    let database = Database::open(folder.join("ledger.redb")).unwrap();
    let write = database.begin_write().unwrap();
    change(&write);
    write.commit().unwrap();
}

fn is_damaged(folder: &Path) {
    let error = Node::open(config(Some(folder))).err().unwrap();
    assert!(matches!(error, NodeError::Damaged(_)), "{error}");
}

#[test]
fn an_entry_that_was_altered_is_seen() {
    for position in [0, 5, 20, 60] {
        let folder = tempdir().unwrap();
        found(folder.path());
        with_database(folder.path(), |write| {
            let mut entries = write.open_table(ENTRIES).unwrap();
            let (key, mut entry) = {
                let (key, entry) = entries.first().unwrap().unwrap();
                (key.value().to_vec(), entry.value().to_vec())
            };
            entry[position] ^= 1;
            entries.insert(key.as_slice(), entry.as_slice()).unwrap();
        });
        is_damaged(folder.path());
    }
}

#[test]
fn an_entry_that_is_gone_is_seen() {
    let folder = tempdir().unwrap();
    found(folder.path());
    with_database(folder.path(), |write| {
        let mut entries = write.open_table(ENTRIES).unwrap();
        entries.pop_last().unwrap();
    });
    is_damaged(folder.path());
}

#[test]
fn a_last_ledger_that_was_altered_or_is_gone_is_seen() {
    let folder = tempdir().unwrap();
    found(folder.path());
    with_database(folder.path(), |write| {
        let mut ledgers = write.open_table(LEDGERS).unwrap();
        ledgers.pop_last().unwrap();
    });
    is_damaged(folder.path());

    for position in [0, 10, 40, 60, 100, 200] {
        let folder = tempdir().unwrap();
        found(folder.path());
        with_database(folder.path(), |write| {
            let mut ledgers = write.open_table(LEDGERS).unwrap();
            let (key, mut ledger) = {
                let (key, ledger) = ledgers.last().unwrap().unwrap();
                (key.value(), ledger.value().to_vec())
            };
            ledger[position] ^= 1;
            ledgers.insert(key, ledger.as_slice()).unwrap();
        });
        is_damaged(folder.path());
    }
}

#[test]
fn a_byte_that_flips_in_the_file_is_seen_or_means_nothing() {
    let folder = tempdir().unwrap();
    let told_before = found(folder.path());
    let file = folder.path().join("ledger.redb");
    let whole = fs::read(&file).unwrap();
    let mut seen = 0;
    let places = (0..20)
        .map(|index| index * 13)
        .chain((1..30).map(|index| index * 4_096 + 77));
    let places = places.filter(|place| *place < whole.len());
    for place in places {
        let mut altered = whole.clone();
        altered[place] ^= 0x10;
        fs::write(&file, &altered).unwrap();
        match Node::open(config(Some(folder.path()))) {
            Err(_) => seen += 1,
            Ok(node) => assert_eq!(format!("{:?}", told(&node)), told_before, "{place}"),
        }
    }
    assert!(seen > 5, "only {seen} were seen");
}
