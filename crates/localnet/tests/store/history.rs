use localnet::{
    node::{EventRecord, Node, Position},
    xdr::{
        GeneralizedTransactionSet, LedgerCloseMeta, LedgerHeaderHistoryEntry, Limits, ReadXdr,
        TransactionEnvelope, TransactionMeta, TransactionPhase, TransactionResultSet,
        TxSetComponent, WriteXdr,
    },
};
use tempfile::tempdir;

use crate::{close_with_payments, config, found_payers, header, sha256, ACCOUNTS};

#[test]
fn history_beyond_the_retention_is_gone_and_the_rest_is_there() {
    let folder = tempdir().unwrap();
    for folder in [None, Some(folder.path())] {
        let mut config = config(folder);
        config.retention = 3;
        let mut node = Node::open(config).unwrap();
        found_payers(&mut node);
        let hashes: Vec<_> = (1..=5)
            .map(|amount| close_with_payments(&mut node, amount))
            .collect();
        let latest = node.latest().sequence;
        assert_eq!(node.oldest(), latest - 2);
        let ledgers = node.ledgers(0, usize::MAX).unwrap();
        let sequences: Vec<_> = ledgers.iter().map(|ledger| ledger.sequence).collect();
        assert_eq!(sequences, [latest - 2, latest - 1, latest]);
        assert_eq!(node.oldest_closed_at(), ledgers[0].closed_at);
        for (index, hashes) in hashes.iter().enumerate() {
            for hash in hashes {
                let found = node.transaction(hash).unwrap();
                assert_eq!(found.is_some(), index >= 2, "ledger {index}");
            }
        }
        let transactions = node.transactions(Position::default(), usize::MAX).unwrap();
        assert_eq!(transactions.len(), 3 * ACCOUNTS);
        let oldest = events(&node, Position::default(), u32::MAX);
        assert_eq!(oldest[0].position.ledger, latest - 2);
    }
}

#[test]
fn a_transaction_is_found_by_its_hash_and_its_place() {
    let mut node = Node::open(config(None)).unwrap();
    found_payers(&mut node);
    let hashes = close_with_payments(&mut node, 1);
    let ledger = node.latest().sequence;
    let after = Position {
        ledger,
        ..Position::default()
    };
    let transactions = node.transactions(after, usize::MAX).unwrap();
    assert_eq!(transactions.len(), ACCOUNTS);
    for (index, transaction) in (1..).zip(&transactions) {
        assert!(transaction.is_success);
        assert!(hashes.contains(&transaction.hash));
        assert_eq!(transaction.position.transaction, index);
        let found = node.transaction(&transaction.hash).unwrap();
        assert_eq!(found.as_ref(), Some(transaction));
        let next = node.transactions(transaction.position, 1).unwrap();
        assert_eq!(next.first(), transactions.get(index as usize));
    }
    assert_eq!(node.transaction(&[0; 32]).unwrap(), None);
    assert_eq!(node.transactions(after, 3).unwrap().len(), 3);
}

#[test]
fn a_ledgers_metadata_tells_its_transactions_as_they_are_kept() {
    let mut node = Node::open(config(None)).unwrap();
    found_payers(&mut node);
    let fee_pool = header(node.latest()).fee_pool;
    close_with_payments(&mut node, 1);
    let latest = node.latest().clone();
    let after = Position {
        ledger: latest.sequence,
        ..Position::default()
    };
    let kept = node.transactions(after, usize::MAX).unwrap();
    let LedgerCloseMeta::V2(meta) = decode(&latest.meta) else {
        panic!("version");
    };
    let expected: LedgerHeaderHistoryEntry = decode(&latest.header);
    assert_eq!(meta.ledger_header, expected);
    assert_eq!(meta.tx_processing.len(), kept.len());
    for (told, kept) in meta.tx_processing.iter().zip(&kept) {
        assert_eq!(told.result.transaction_hash.0, kept.hash);
        assert_eq!(told.result.result, decode(&kept.result));
        let meta: TransactionMeta = decode(&kept.meta);
        assert_eq!(told.tx_apply_processing, meta);
    }
    let header = header(&latest);
    let results = meta.tx_processing.iter().map(|told| told.result.clone());
    let results = TransactionResultSet {
        results: results.collect::<Vec<_>>().try_into().unwrap(),
    };
    assert_eq!(header.tx_set_result_hash.0, hash(&results));
    assert_eq!(header.scp_value.tx_set_hash.0, hash(&meta.tx_set));
    let charged = 100 * i64::try_from(kept.len()).unwrap();
    assert_eq!(header.fee_pool, fee_pool + charged);

    let mut by_hash = kept;
    by_hash.sort_by_key(|transaction| transaction.hash);
    let by_hash: Vec<TransactionEnvelope> = by_hash
        .iter()
        .map(|transaction| decode(&transaction.envelope))
        .collect();
    let GeneralizedTransactionSet::V1(set) = &meta.tx_set;
    let TransactionPhase::V0(components) = &set.phases[0] else {
        panic!("classic transactions come first");
    };
    let TxSetComponent::TxsetCompTxsMaybeDiscountedFee(classic) = &components[0];
    assert_eq!(classic.txs.to_vec(), by_hash);
}

fn decode<T: ReadXdr>(bytes: &[u8]) -> T {
    T::from_xdr(bytes, Limits::none()).unwrap()
}

fn hash(value: &impl WriteXdr) -> [u8; 32] {
    sha256(&value.to_xdr(Limits::none()).unwrap())
}

#[test]
fn events_come_in_order_from_any_place() {
    let mut node = Node::open(config(None)).unwrap();
    found_payers(&mut node);
    close_with_payments(&mut node, 1);
    close_with_payments(&mut node, 2);
    let all = events(&node, Position::default(), u32::MAX);
    assert!(all
        .windows(2)
        .all(|pair| pair[0].position < pair[1].position));
    let middle = all[all.len() / 2].position;
    assert_eq!(events(&node, middle, u32::MAX), all[all.len() / 2..]);
    let last = node.latest().sequence;
    let before_last = events(&node, Position::default(), last);
    assert!(before_last.iter().all(|event| event.position.ledger < last));
    assert!(before_last.len() < all.len());
    let mut taken = 0;
    node.events(Position::default(), u32::MAX, &mut |_| {
        taken += 1;
        taken < 3
    })
    .unwrap();
    assert_eq!(taken, 3, "no more than wanted");
}

fn events(node: &Node, from: Position, until: u32) -> Vec<EventRecord> {
    let mut events = Vec::new();
    node.events(from, until, &mut |event| {
        events.push(event);
        true
    })
    .unwrap();
    events
}
