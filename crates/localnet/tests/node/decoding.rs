//! Envelopes as they come in.

use base64::{engine::general_purpose::STANDARD, Engine};
use localnet::{
    node::{Submission, SubmissionError},
    xdr::{
        HostFunction, Limits, Memo, ScVal, TransactionEnvelope, TransactionResultResult as Tx,
        TransactionV0, TransactionV0Envelope, TransactionV0Ext, Uint256, WriteXdr,
    },
    Keypair,
};

use crate::{create, draft, Draft, World, ONE};

#[test]
fn what_is_no_transaction_is_malformed() {
    let world = World::new();
    let network_id = world.node.network().network_id();
    for text in ["", "?", "AAAA", "AAAAAgAAAAA=", &"A".repeat(1_000)] {
        let decoded = Submission::decode(text, network_id, 132_096);
        assert!(
            matches!(decoded, Err(SubmissionError::Malformed(_))),
            "{text}"
        );
    }
}

#[test]
fn an_old_envelope_is_taken_as_the_new_one_that_says_the_same() {
    let mut world = World::new();
    let new = Draft::classic(
        &world,
        &world.alice,
        vec![create(&Keypair::named("new"), ONE)],
    );
    let network_id = world.node.network().network_id();
    let signed = new.envelope(network_id, &[&world.alice]);
    let old = TransactionEnvelope::TxV0(TransactionV0Envelope {
        tx: TransactionV0 {
            source_account_ed25519: Uint256(world.alice.public_key()),
            fee: new.0.fee,
            seq_num: new.0.seq_num.clone(),
            time_bounds: None,
            memo: Memo::None,
            operations: new.0.operations.clone(),
            ext: TransactionV0Ext::V0,
        },
        signatures: signed.signatures.clone(),
    });
    let old = Submission::new(old, network_id).unwrap();
    assert_eq!(old.hash, signed.tx.hash(network_id).unwrap(), "hash");
    world.apply(old).succeeded();
}

/// Alice's transfer with `depth` vectors around its amount, in base64.
fn nested(world: &World, depth: usize) -> String {
    let mut value = ScVal::Void;
    for _ in 0..depth {
        value = ScVal::Vec(Some(vec![value].try_into().unwrap()));
    }
    let call = draft::call(&world.xlm, "balance", vec![value]);
    let body = draft::invocation(HostFunction::InvokeContract(call), Vec::new());
    let footprint = draft::footprint(&[draft::instance_key(&world.xlm)], &[]);
    let draft = Draft::soroban(world, &world.alice, body, footprint);
    let network_id = world.node.network().network_id();
    let envelope = TransactionEnvelope::Tx(draft.envelope(network_id, &[&world.alice]));
    STANDARD.encode(envelope.to_xdr(Limits::none()).unwrap())
}

#[test]
fn nesting_is_bounded() {
    let mut world = World::new();
    let network_id = world.node.network().network_id();
    let deep = Submission::decode(&nested(&world, 500), network_id, 132_096);
    assert!(matches!(deep, Err(SubmissionError::Malformed(_))));
    // As deep as may be: taken in, and refused by the host.
    let depths = (1..500).rev().map(|depth| (depth, nested(&world, depth)));
    let mut taken = depths.filter_map(|(depth, text)| {
        let decoded = Submission::decode(&text, network_id, 132_096);
        Some((depth, decoded.ok()?))
    });
    let (depth, deepest) = taken.next().unwrap();
    drop(taken);
    assert_eq!(depth, 121, "four levels of XDR each, of 500");
    let outcome = world.apply(deepest);
    assert!(
        matches!(outcome.result.result, Tx::TxFailed(_)),
        "{:?}",
        outcome.result
    );
}
