//! Fee bumps: one pays for another's transaction.

use localnet::{
    node::{Sent, Submission},
    xdr::{
        FeeBumpTransaction, FeeBumpTransactionEnvelope, FeeBumpTransactionExt,
        FeeBumpTransactionInnerTx, InnerTransactionResultResult as Inner, MuxedAccount,
        OperationBody, PaymentOp, TransactionEnvelope, TransactionResultResult as Tx,
    },
    Keypair,
};

use crate::{
    draft::{self, RESOURCE_FEE},
    Draft, World, ONE,
};

/// `draft`, signed by Alice, paid for by Mallory.
pub(crate) fn bumped(world: &World, draft: &Draft, fee: i64, signers: &[&Keypair]) -> Submission {
    bumped_of(world, draft, &world.alice, fee, signers)
}

/// `draft`, signed by `source`, paid for by Mallory.
fn bumped_of(
    world: &World,
    draft: &Draft,
    source: &Keypair,
    fee: i64,
    signers: &[&Keypair],
) -> Submission {
    let network_id = world.node.network().network_id();
    let tx = FeeBumpTransaction {
        fee_source: MuxedAccount::from(world.mallory.account_id()),
        fee,
        inner_tx: FeeBumpTransactionInnerTx::Tx(draft.envelope(network_id, &[source])),
        ext: FeeBumpTransactionExt::V0,
    };
    let hash = tx.hash(network_id).unwrap();
    let signatures = crate::envelope::signatures(hash, signers)
        .try_into()
        .unwrap();
    let envelope = FeeBumpTransactionEnvelope { tx, signatures };
    Submission::new(TransactionEnvelope::TxFeeBump(envelope), network_id).unwrap()
}

#[test]
fn the_payer_pays_and_gets_the_refund() {
    let mut world = World::new();
    let (alice, mallory) = (world.balance(&world.alice), world.balance(&world.mallory));
    let mut draft = world.transfer(ONE);
    // All of it is paid by the bump.
    draft.0.fee = 0;
    let submission = bumped(&world, &draft, RESOURCE_FEE + 200, &[&world.mallory]);
    let (hash, inner) = (submission.hash, submission.inner_hash.unwrap());
    let outcome = world.apply(submission).succeeded();
    let charged = outcome.result.fee_charged;
    assert!(charged > 200 && charged < RESOURCE_FEE, "charged {charged}");
    assert_eq!(world.balance(&world.alice), alice - ONE, "alice pays none");
    assert_eq!(world.balance(&world.mallory), mallory - charged, "mallory");
    let Tx::TxFeeBumpInnerSuccess(pair) = &outcome.result.result else {
        panic!("not bumped: {:?}", outcome.result);
    };
    assert_eq!(pair.transaction_hash.0, inner, "inner hash");
    assert_eq!(pair.result.fee_charged, 0, "inner fee");
    let by_inner = world.node.transaction(&inner).unwrap().unwrap();
    assert_eq!(by_inner.hash, hash, "found by either hash");
    world.assert_conserved();
}

#[test]
fn what_is_wrong_with_the_bump_and_what_is_wrong_inside_are_told_apart() {
    let mut world = World::new();
    let draft = world.transfer(ONE);
    let fee = RESOURCE_FEE + 200;
    let unsigned = bumped(&world, &draft, fee, &[]);
    assert_eq!(world.refusal(unsigned), Tx::TxBadAuth, "unsigned");
    let extra = bumped(&world, &draft, fee, &[&world.mallory, &world.bob]);
    assert_eq!(world.refusal(extra), Tx::TxBadAuthExtra, "extra");
    let low = bumped(&world, &draft, fee - 1, &[&world.mallory]);
    assert_eq!(world.refusal(low), Tx::TxInsufficientFee, "low");
    let poor = bumped(&world, &draft, 2_000 * ONE, &[&world.mallory]);
    assert_eq!(world.refusal(poor), Tx::TxInsufficientBalance, "poor");

    let mut late = draft.clone();
    late.0.seq_num.0 += 1;
    let inside = bumped(&world, &late, fee, &[&world.mallory]);
    let Tx::TxFeeBumpInnerFailed(pair) = world.refusal(inside) else {
        panic!("not the inner transaction's");
    };
    assert_eq!(pair.result.result, Inner::TxBadSeq, "inside");
}

#[test]
fn a_bump_takes_the_place_of_what_waits_for_ten_times_its_bid() {
    let mut world = World::new();
    let draft = world.transfer(ONE);
    let plain = draft.sign(&world, &[&world.alice]);
    assert_eq!(world.node.send(plain.clone()).unwrap(), Sent::Pending);
    let low = bumped(&world, &draft, RESOURCE_FEE + 1_999, &[&world.mallory]);
    let Sent::Error(result) = world.node.send(low).unwrap() else {
        panic!("not refused");
    };
    assert_eq!(result.result, Tx::TxInsufficientFee);
    assert_eq!(result.fee_charged, RESOURCE_FEE + 2_000, "what it takes");
    let high = bumped(&world, &draft, RESOURCE_FEE + 2_000, &[&world.mallory]);
    let hash = high.hash;
    assert_eq!(world.node.send(high).unwrap(), Sent::Pending);
    assert_eq!(world.node.send(plain).unwrap(), Sent::Duplicate, "inside");
    world.node.close(None).unwrap();
    world.outcome(&hash).succeeded();
}

#[test]
fn what_a_payer_offers_for_all_that_waits_adds_up() {
    let mut world = World::new();
    let bob = world.bob.clone();
    let fee = 600 * ONE;
    let first = bumped(&world, &world.transfer(ONE), fee, &[&world.mallory]);
    let draft = draft::transfer(&world, &bob, &world.alice.address(), ONE);
    let second = bumped_of(&world, &draft, &bob, fee, &[&world.mallory]);
    assert_eq!(world.node.send(first).unwrap(), Sent::Pending);
    assert_eq!(world.refusal(second.clone()), Tx::TxInsufficientBalance);
    world.node.close(None).unwrap();
    assert_eq!(
        world.node.send(second).unwrap(),
        Sent::Pending,
        "paid since"
    );
}

#[test]
fn who_cannot_pay_any_more_is_not_let_off() {
    let mut network = localnet::NetworkConfig::mainnet();
    network.ledger_limits.transactions = 1;
    let mut world = World::with(network, localnet::node::Pace::Manual);
    let (bob, mallory) = (world.bob.clone(), world.mallory.clone());
    let waiting = bumped(
        &world,
        &world.transfer(ONE),
        RESOURCE_FEE + 200,
        &[&mallory],
    );
    let hash = waiting.hash;
    let mut better = draft::transfer(&world, &bob, &world.alice.address(), ONE);
    better.0.fee += 1_000;
    let away = OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(bob.account_id()),
        asset: localnet::xdr::Asset::Native,
        amount: 998 * ONE,
    });
    let away = Draft::classic(&world, &mallory, vec![away]).sign(&world, &[&mallory]);
    let better = better.sign(&world, &[&bob]);
    for submission in [waiting, better, away] {
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
    }
    world.node.close(None).unwrap();
    assert!(world.node.is_waiting());
    let held = [&world.alice, &mallory].map(|key| world.balance(key));
    assert!(held[1] < RESOURCE_FEE + ONE, "{held:?}");
    world.node.close(None).unwrap();
    assert!(!world.node.is_waiting(), "dropped");
    assert!(world.node.transaction(&hash).unwrap().is_none());
    assert_eq!([&world.alice, &mallory].map(|key| world.balance(key)), held);
}
