//! Which parsed code stays.

use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{Hash, LedgerKey, LedgerKeyContractCode};

use super::node;
use crate::node::Node;

/// A module that does nothing: a section that says for which protocol it is.
const WASM: &[u8] = b"\0asm\x01\0\0\0\0\x1e\x11contractenvmetav0\0\0\0\0\0\0\0\x19\0\0\0\0";

#[test]
fn what_is_gone_back_from_is_not_parsed_any_more() {
    let mut node = node();
    let number = node.snapshot().unwrap();
    node.ledger.upload(&node.root(), WASM).unwrap();
    let hash = Hash(Sha256::digest(WASM).into());
    let key = LedgerKey::ContractCode(LedgerKeyContractCode { hash: hash.clone() });
    let state = node.ledger.state();
    let entry = state.entry(&key).unwrap();
    node.ledger.sync_module(&hash, entry, false).unwrap();
    let is_parsed = |node: &Node| node.ledger.modules().contains_module(&hash).unwrap();
    assert!(is_parsed(&node), "for the first who needs it");
    node.revert(number).unwrap();
    assert!(!is_parsed(&node), "gone");
}
