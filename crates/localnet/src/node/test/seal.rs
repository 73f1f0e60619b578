use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{
    ContractDataDurability, ContractDataEntry, ExtensionPoint, GeneralizedTransactionSet, Hash,
    LedgerCloseMeta, LedgerEntry, LedgerEntryData, LedgerEntryExt, LedgerHeaderHistoryEntry,
    LedgerKey, Limits, ReadXdr, ScVal, TransactionPhase, WriteXdr,
};

use super::node;
use crate::{
    node::{commitment::Commitment, LedgerRecord, Node, NodeError},
    state::{key_of, Entry},
};

fn decoded(record: &LedgerRecord) -> (LedgerHeaderHistoryEntry, LedgerCloseMeta) {
    let header = LedgerHeaderHistoryEntry::from_xdr(&record.header, Limits::none()).unwrap();
    let meta = LedgerCloseMeta::from_xdr(&record.meta, Limits::none()).unwrap();
    (header, meta)
}

fn recomputed(node: &Node) -> Hash {
    let mut total = Commitment::default();
    let state = node.ledger.state();
    state.entries.values().for_each(|entry| total.add(entry));
    Hash(total.hash())
}

#[test]
fn ledgers_are_chained_by_their_hashes() {
    let mut node = node();
    let first = node.latest().clone();
    let second = node.seal(first.closed_at + 5).unwrap();
    let (header, meta) = decoded(&second);
    let LedgerCloseMeta::V2(meta) = meta else {
        panic!("{meta:?}");
    };
    assert_eq!(meta.ledger_header, header);
    assert_eq!(header.header.previous_ledger_hash.0, first.hash);
    assert_eq!(header.header.ledger_seq, first.sequence + 1);
    assert_eq!(header.header.scp_value.close_time.0, first.closed_at + 5);
    assert_eq!(header.header.ledger_version, 28);
    let hash: [u8; 32] = Sha256::digest(header.header.to_xdr(Limits::none()).unwrap()).into();
    assert_eq!((header.hash.0, second.hash), (hash, hash));
    assert_eq!(header.header.bucket_list_hash, recomputed(&node));

    let set = meta.tx_set.to_xdr(Limits::none()).unwrap();
    let set_hash: [u8; 32] = Sha256::digest(set).into();
    assert_eq!(header.header.scp_value.tx_set_hash.0, set_hash);
    let GeneralizedTransactionSet::V1(set) = meta.tx_set;
    assert_eq!(set.previous_ledger_hash.0, first.hash);
    assert!(matches!(set.phases[0], TransactionPhase::V0(_)));
    assert!(matches!(set.phases[1], TransactionPhase::V1(_)));
}

#[test]
fn the_first_ledger_holds_all_coins() {
    let node = node();
    let (header, _) = decoded(node.latest());
    assert_eq!(header.header.total_coins, 1_000_000_000_000_000_000);
    let root = node.ledger.account(&node.root().account_id()).unwrap();
    assert_eq!(root.balance, header.header.total_coins);
    assert_eq!(header.header.ledger_seq, node.network().start_sequence);
    assert_eq!(node.info().sequence_number, header.header.ledger_seq + 1);
}

#[test]
fn a_ledger_does_not_close_before_the_last_one() {
    let mut node = node();
    let latest = node.latest().clone();
    let error = node.seal(latest.closed_at - 1).unwrap_err();
    assert!(matches!(error, NodeError::Refused(_)), "{error}");
    assert_eq!(*node.latest(), latest);
    assert_eq!(
        node.seal(latest.closed_at).unwrap().sequence,
        latest.sequence + 1
    );
}

#[test]
fn expired_temporary_entries_are_evicted_and_told() {
    let mut node = node();
    let expires = node.ledger.sequence();
    let keys: Vec<_> = (0..3_000)
        .map(|number| put(&mut node, number, expires))
        .collect();
    let mut evicted = Vec::new();
    for _ in 0..8 {
        let time = node.ledger.now();
        let sealed = node.seal(time).unwrap();
        let LedgerCloseMeta::V2(meta) = decoded(&sealed).1 else {
            panic!("version");
        };
        assert!(meta.evicted_keys.len() <= 2_000, "a bounded pace");
        evicted.extend(meta.evicted_keys.to_vec());
        assert_eq!(
            decoded(&sealed).0.header.bucket_list_hash,
            recomputed(&node)
        );
    }
    assert_eq!(evicted.len(), 2 * keys.len(), "each with its time to live");
    for key in &keys {
        assert!(evicted.contains(key));
    }
    assert_eq!(node.ledger.entry_count(), 18, "root and settings are left");
}

/// A temporary entry that lives until `live_until`.
fn put(node: &mut Node, number: u32, live_until: u32) -> LedgerKey {
    let entry = LedgerEntry {
        last_modified_ledger_seq: 0,
        data: LedgerEntryData::ContractData(ContractDataEntry {
            ext: ExtensionPoint::V0,
            contract: wire::contract_address([1; 32]),
            key: ScVal::U32(number),
            durability: ContractDataDurability::Temporary,
            val: ScVal::Void,
        }),
        ext: LedgerEntryExt::V0,
    };
    let key = key_of(&entry).unwrap();
    let encoded = entry.to_xdr(Limits::none()).unwrap();
    let entry = Entry::encoded(encoded.into(), Some(live_until), 100);
    let changes = &mut node.open.changes;
    let put = |state: &mut _| changes.put(state, key.clone().into(), entry, false);
    node.ledger.change_state(put);
    key
}
