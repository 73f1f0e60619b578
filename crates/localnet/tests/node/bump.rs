//! Fee bumps: one pays for another's transaction.

use localnet::{
    node::{Sent, Submission},
    xdr::{
        Asset, FeeBumpTransaction, FeeBumpTransactionEnvelope, FeeBumpTransactionExt,
        FeeBumpTransactionInnerTx, InnerTransactionResultResult as Inner, InvokeHostFunctionResult,
        LedgerEntryChange as Change, LedgerEntryData, MuxedAccount, MuxedAccountMed25519,
        OperationBody, OperationResult, OperationResultTr, PaymentOp, SorobanTransactionMetaExt,
        TransactionEnvelope, TransactionResult, TransactionResultResult as Tx, Uint256,
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
pub(crate) fn bumped_of(
    world: &World,
    draft: &Draft,
    source: &Keypair,
    fee: i64,
    signers: &[&Keypair],
) -> Submission {
    let payer = MuxedAccount::from(world.mallory.account_id());
    bumped_by(world, draft, &[source], payer, fee, signers)
}

/// `draft`, signed by `inner_signers`, paid for by `fee_source`.
fn bumped_by(
    world: &World,
    draft: &Draft,
    inner_signers: &[&Keypair],
    fee_source: MuxedAccount,
    fee: i64,
    signers: &[&Keypair],
) -> Submission {
    let network_id = world.node.network().network_id();
    let tx = FeeBumpTransaction {
        fee_source,
        fee,
        inner_tx: FeeBumpTransactionInnerTx::Tx(draft.envelope(network_id, inner_signers)),
        ext: FeeBumpTransactionExt::V0,
    };
    let hash = tx.hash(network_id).unwrap();
    let signatures = crate::envelope::signatures(hash, signers)
        .try_into()
        .unwrap();
    let envelope = FeeBumpTransactionEnvelope { tx, signatures };
    Submission::new(TransactionEnvelope::TxFeeBump(envelope), network_id).unwrap()
}

fn refused_with(world: &mut World, submission: Submission) -> TransactionResult {
    match world.node.send(submission).unwrap() {
        Sent::Error(result) => *result,
        other => panic!("not refused: {other:?}"),
    }
}

/// Alice pays Bob so often, for `fee` stroops.
fn payments(world: &World, count: usize, fee: u32) -> Draft {
    let payment = OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(world.bob.account_id()),
        asset: Asset::Native,
        amount: ONE,
    });
    let mut draft = Draft::classic(world, &world.alice, vec![payment; count]);
    draft.0.fee = fee;
    draft
}

#[test]
fn a_bump_offers_no_less_for_each_operation_than_what_is_inside() {
    let mut world = World::new();
    for (operations, fee, least) in [(1, 1_001, 2_002), (3, 1_000, 1_334), (3, 0, 400)] {
        let draft = payments(&world, operations, fee);
        let low = bumped(&world, &draft, least - 1, &[&world.mallory]);
        let low = refused_with(&mut world, low);
        assert_eq!(low.result, Tx::TxInsufficientFee);
        assert_eq!(low.fee_charged, least, "what it takes");
        let enough = bumped(&world, &draft, least, &[&world.mallory]);
        let outcome = world.apply(enough).succeeded();
        let operations = i64::try_from(operations).unwrap();
        let charged = outcome.result.fee_charged;
        assert_eq!(charged, 100 * (operations + 1), "one for the bump");
    }
    world.assert_conserved();
}

#[test]
fn what_fails_inside_is_paid_for_and_uses_its_number() {
    let mut world = World::new();
    let (alice, mallory) = (world.balance(&world.alice), world.balance(&world.mallory));
    let weak = world.transfer(ONE);
    let weak = weak.with(|data| data.resources.instructions = 50_000);
    let sequence = weak.0.seq_num.0;
    let submission = bumped(&world, &weak, RESOURCE_FEE + 200, &[&world.mallory]);
    let inner = submission.inner_hash.unwrap();
    let outcome = world.apply(submission);
    let Tx::TxFeeBumpInnerFailed(pair) = &outcome.result.result else {
        panic!("{:?}", outcome.result);
    };
    let failed = InvokeHostFunctionResult::ResourceLimitExceeded;
    let failed = OperationResult::OpInner(OperationResultTr::InvokeHostFunction(failed));
    assert_eq!(pair.transaction_hash.0, inner);
    assert_eq!(pair.result.fee_charged, 0, "the bump pays");
    assert_eq!(
        pair.result.result,
        Inner::TxFailed(vec![failed].try_into().unwrap())
    );
    let charged = outcome.result.fee_charged;
    let meta = outcome.meta.soroban_meta.as_ref().unwrap();
    let SorobanTransactionMetaExt::V1(fees) = &meta.ext else {
        panic!("no fees");
    };
    let resources = fees.total_non_refundable_resource_fee_charged;
    assert_eq!(
        charged,
        200 + resources,
        "all that is refundable is given back"
    );
    assert_eq!(world.balance(&world.mallory), mallory - charged, "mallory");
    assert_eq!(world.balance(&world.alice), alice, "alice");
    let number = world.account(&world.alice.account_id()).seq_num.0;
    assert_eq!(number, sequence, "used");
    world.assert_conserved();
}

#[test]
fn a_bump_that_is_refused_leaves_the_number_inside_alone() {
    let mut world = World::new();
    let draft = world.transfer(ONE);
    let before = world.account(&world.alice.account_id());
    let unsigned = bumped(&world, &draft, RESOURCE_FEE + 200, &[]);
    assert_eq!(world.refusal(unsigned), Tx::TxBadAuth);
    world.node.close(None).unwrap();
    assert_eq!(world.account(&world.alice.account_id()), before);
    let plain = draft.sign(&world, &[&world.alice]);
    world.apply(plain).succeeded();
}

#[test]
fn a_payer_may_carry_a_number() {
    let mut world = World::new();
    let (alice, mallory) = (world.balance(&world.alice), world.balance(&world.mallory));
    let payer = MuxedAccount::MuxedEd25519(MuxedAccountMed25519 {
        id: 7,
        ed25519: Uint256(world.mallory.public_key()),
    });
    let draft = world.transfer(ONE);
    let fee = RESOURCE_FEE + 200;
    let signers = [&world.mallory];
    let submission = bumped_by(&world, &draft, &[&world.alice], payer, fee, &signers);
    let charged = world.apply(submission).succeeded().result.fee_charged;
    assert_eq!(world.balance(&world.mallory), mallory - charged, "mallory");
    assert_eq!(world.balance(&world.alice), alice - ONE, "alice");
    world.assert_conserved();
}

#[test]
fn the_payer_is_looked_at_before_the_number_is_used() {
    let mut world = World::new();
    for payer in [world.mallory.clone(), world.alice.clone()] {
        let draft = payments(&world, 1, 100);
        let source = MuxedAccount::from(payer.account_id());
        let submission = bumped_by(&world, &draft, &[&world.alice], source, 200, &[&payer]);
        let outcome = world.apply(submission).succeeded();
        let accounts = outcome.meta.tx_changes_before.iter().map(|change| {
            let (entry, is_state) = match change {
                Change::State(entry) => (entry, true),
                Change::Updated(entry) => (entry, false),
                other => panic!("{other:?}"),
            };
            let LedgerEntryData::Account(account) = &entry.data else {
                panic!("{entry:?}");
            };
            (account.account_id.clone(), account.seq_num.0, is_state)
        });
        let (payer, alice) = (payer.account_id(), world.alice.account_id());
        let own = world.account(&payer).seq_num.0;
        let used = draft.0.seq_num.0;
        let own = if payer == alice { own - 1 } else { own };
        let expected = [
            (payer.clone(), own, true),
            (payer, own, false),
            (alice.clone(), used - 1, true),
            (alice, used, false),
        ];
        assert_eq!(accounts.collect::<Vec<_>>(), expected);
    }
}

#[test]
fn what_waits_stays_before_what_is_older_or_of_another_kind() {
    let mut world = World::new();
    let waiting = payments(&world, 1, 100).sign(&world, &[&world.alice]);
    assert_eq!(world.node.send(waiting).unwrap(), Sent::Pending);
    let rich = 100 * RESOURCE_FEE;
    let other_kind = bumped(&world, &world.transfer(ONE), rich, &[&world.mallory]);
    assert_eq!(world.node.send(other_kind).unwrap(), Sent::TryAgainLater);
    let mut older = payments(&world, 1, 100);
    older.0.seq_num.0 -= 1;
    let older = bumped(&world, &older, 10_000, &[&world.mallory]);
    let older = refused_with(&mut world, older);
    assert_eq!((older.result, older.fee_charged), (Tx::TxBadSeq, 0));
}

#[test]
fn bids_are_compared_to_the_last_stroop() {
    let mut network = localnet::NetworkConfig::mainnet();
    network.ledger_limits.transactions = 1;
    let mut world = World::with(network, localnet::node::Pace::Manual);
    let bob = world.bob.clone();
    let plain = world.transfer(ONE).sign(&world, &[&world.alice]);
    let draft = draft::transfer(&world, &bob, &world.alice.address(), ONE);
    // 100.5 stroops for each of two.
    let better = bumped_of(&world, &draft, &bob, RESOURCE_FEE + 201, &[&world.mallory]);
    let hash = better.hash;
    for submission in [plain, better] {
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
    }
    world.node.close(None).unwrap();
    world.outcome(&hash).succeeded();
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
    let short = bumped(&world, &draft, RESOURCE_FEE - 1, &[&world.mallory]);
    let short = refused_with(&mut world, short);
    assert_eq!((short.result, short.fee_charged), (Tx::TxMalformed, 0));
    let poor = bumped(&world, &draft, 2_000 * ONE, &[&world.mallory]);
    assert_eq!(world.refusal(poor), Tx::TxInsufficientBalance, "poor");

    let mut late = draft.clone();
    late.0.seq_num.0 += 1;
    let inside = bumped(&world, &late, fee, &[&world.mallory]);
    let Tx::TxFeeBumpInnerFailed(pair) = world.refusal(inside) else {
        panic!("not the inner transaction's");
    };
    assert_eq!(pair.result.result, Inner::TxBadSeq, "inside");
    let ghost = Keypair::named("ghost");
    let payer = MuxedAccount::from(ghost.account_id());
    let nobodys = bumped_by(&world, &draft, &[&world.alice], payer, fee, &[&ghost]);
    assert_eq!(world.refusal(nobodys), Tx::TxNoAccount, "nobody pays");
    let payer = MuxedAccount::from(world.mallory.account_id());
    let inner_signers = [&world.alice, &world.bob];
    let signers = [&world.mallory];
    let extra = bumped_by(&world, &draft, &inner_signers, payer, fee, &signers);
    let Tx::TxFeeBumpInnerFailed(pair) = world.refusal(extra) else {
        panic!("not the inner transaction's");
    };
    assert_eq!(pair.result.result, Inner::TxBadAuthExtra, "extra inside");
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
