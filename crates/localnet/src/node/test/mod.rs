//! What the node's parts do, from within.

#![allow(clippy::unwrap_used, clippy::panic)] // all of this is tests

mod classic;
mod eager;
mod failing;
mod history;
mod modules;
mod seal;
mod settings;

use soroban_env_host::xdr::{
    Asset, Memo, MuxedAccount, Operation, OperationBody, PaymentOp, Preconditions, SequenceNumber,
    Transaction, TransactionEnvelope, TransactionExt, TransactionV1Envelope,
};

use crate::{
    node::{Node, NodeConfig, Pace, Submission},
    Keypair, NetworkConfig,
};

/// A node in memory that closes ledgers when told.
pub(crate) fn node() -> Node {
    let config = NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual);
    Node::open(config).unwrap()
}

/// The root account's first transaction: one stroop to itself.
pub(crate) fn payment(node: &Node) -> Submission {
    let root = node.root();
    let body = OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(root.account_id()),
        asset: Asset::Native,
        amount: 1,
    });
    signed(node, &root, 1, body)
}

/// A transaction of `source` with one operation.
pub(crate) fn signed(
    node: &Node,
    source: &Keypair,
    sequence: i64,
    body: OperationBody,
) -> Submission {
    signed_all(node, source, sequence, vec![body])
}

/// A transaction of `source`.
pub(crate) fn signed_all(
    node: &Node,
    source: &Keypair,
    sequence: i64,
    bodies: Vec<OperationBody>,
) -> Submission {
    let operation = |body| Operation {
        source_account: None,
        body,
    };
    let operations: Vec<_> = bodies.into_iter().map(operation).collect();
    let tx = Transaction {
        source_account: MuxedAccount::from(source.account_id()),
        fee: 100 * u32::try_from(operations.len()).unwrap(),
        seq_num: SequenceNumber(sequence),
        cond: Preconditions::None,
        memo: Memo::None,
        operations: operations.try_into().unwrap(),
        ext: TransactionExt::V0,
    };
    let network_id = node.network().network_id();
    let signature = wire::sign_transaction(source, &tx.hash(network_id).unwrap()).unwrap();
    let signatures = vec![signature].try_into().unwrap();
    let envelope = TransactionEnvelope::Tx(TransactionV1Envelope { tx, signatures });
    Submission::new(envelope, network_id).unwrap()
}
