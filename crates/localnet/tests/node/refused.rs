//! What the network refuses when it is sent, and with which code.

use localnet::{
    node::{Node, Sent, Submission},
    xdr::{
        ExtendFootprintTtlOp, ExtendFootprintTtlResult, ExtensionPoint, LedgerBounds, LedgerKey,
        ManageDataOp, Memo, MuxedAccount, MuxedAccountMed25519, OperationBody, OperationResult,
        OperationResultTr, PaymentOp, Preconditions, PreconditionsV2, RestoreFootprintOp,
        SignerKey, TimeBounds, TimePoint, TransactionEnvelope, TransactionResultResult as Tx,
        Uint256,
    },
    Keypair,
};

use crate::{
    bump, create,
    draft::{self, RESOURCE_FEE},
    Draft, World, ONE,
};

/// An edit of Alice's transfer, and what it is refused with when it is sent.
type Case = (&'static str, fn(&World, &mut Draft), Tx);

/// What is refused even where Alice has another transaction waiting.
fn excessive_cases() -> Vec<Case> {
    vec![
        (
            "instructions over the limit",
            |_, draft| draft.data().resources.instructions = 400_000_001,
            Tx::TxSorobanInvalid,
        ),
        (
            "bytes read over the limit",
            |_, draft| draft.data().resources.disk_read_bytes = 200_001,
            Tx::TxSorobanInvalid,
        ),
        (
            "bytes written over the limit",
            |_, draft| draft.data().resources.write_bytes = 132_097,
            Tx::TxSorobanInvalid,
        ),
        (
            "keys over the limit",
            |world, draft| {
                let most = world.node.network().limits.footprint_entries;
                draft.data().resources.footprint =
                    draft::footprint(&data_keys(world, most + 1), &[]);
            },
            Tx::TxSorobanInvalid,
        ),
        (
            "keys to write over the limit",
            |world, draft| {
                let most = world.node.network().limits.write_entries;
                draft.data().resources.footprint =
                    draft::footprint(&[], &data_keys(world, most + 1));
            },
            Tx::TxSorobanInvalid,
        ),
        (
            "accounts over the limit",
            |world, draft| {
                let most = world.node.network().limits.disk_read_entries;
                let names = (0..=most).map(|number| Keypair::named(&number.to_string()));
                let keys: Vec<_> = names.map(|name| draft::account_key(&name)).collect();
                draft.data().resources.footprint = draft::footprint(&keys, &[]);
            },
            Tx::TxSorobanInvalid,
        ),
        (
            "a key of a kind that calls do not use",
            |_, draft| {
                let ttl = LedgerKey::Ttl(Default::default());
                draft.data().resources.footprint = draft::footprint(&[ttl], &[]);
            },
            Tx::TxSorobanInvalid,
        ),
        (
            "a key that is too long",
            |world, draft| {
                let long = draft::data_key(&world.xlm, long_bytes(250));
                draft.data().resources.footprint = draft::footprint(&[long], &[]);
            },
            Tx::TxSorobanInvalid,
        ),
        (
            "an archived position of an account",
            |_, draft| *draft = draft.clone().restoring(&[0]),
            Tx::TxSorobanInvalid,
        ),
        (
            "an archived position that is none",
            |_, draft| *draft = draft.clone().restoring(&[9]),
            Tx::TxSorobanInvalid,
        ),
        (
            "archived positions out of order",
            |world, draft| restore_two(world, draft, &[1, 0]),
            Tx::TxSorobanInvalid,
        ),
        (
            "an archived position twice",
            |world, draft| restore_two(world, draft, &[1, 1]),
            Tx::TxSorobanInvalid,
        ),
    ]
}

fn improper_cases() -> Vec<Case> {
    vec![
        (
            "a resource fee below what is declared",
            |_, draft| draft.data().resource_fee = 1_000,
            Tx::TxSorobanInvalid,
        ),
        (
            "a key twice",
            |world, draft| {
                let keys = [world.alice.clone(), world.alice.clone()];
                let keys = keys.map(|key| draft::account_key(&key));
                draft.data().resources.footprint = draft::footprint(&[], &keys);
            },
            Tx::TxSorobanInvalid,
        ),
        (
            "a memo",
            |_, draft| draft.0.memo = Memo::Id(7),
            Tx::TxSorobanInvalid,
        ),
        (
            "a source with an id",
            |world, draft| {
                draft.0.source_account = MuxedAccount::MuxedEd25519(MuxedAccountMed25519 {
                    id: 1,
                    ed25519: Uint256(world.alice.public_key()),
                });
            },
            Tx::TxSorobanInvalid,
        ),
    ]
}

fn data_keys(world: &World, count: u32) -> Vec<LedgerKey> {
    let key = |key| draft::data_key(&world.xlm, localnet::xdr::ScVal::U32(key));
    (1..=count).map(key).collect()
}

/// Two entries that may be restored, at these positions.
fn restore_two(world: &World, draft: &mut Draft, positions: &[u32]) {
    let keys = data_keys(world, 2);
    draft.data().resources.footprint = draft::footprint(&[], &keys);
    *draft = draft.clone().restoring(positions);
}

fn long_bytes(length: usize) -> localnet::xdr::ScVal {
    localnet::xdr::ScVal::Bytes(localnet::xdr::ScBytes(vec![0; length].try_into().unwrap()))
}

fn other_cases() -> Vec<Case> {
    vec![
        (
            "two operations, one a call",
            |_, draft| {
                let mut operations = draft.0.operations.to_vec();
                operations.push(draft::operation(create(&Keypair::named("new"), ONE)));
                draft.0.operations = operations.try_into().unwrap();
            },
            Tx::TxMalformed,
        ),
        (
            "no operation",
            |_, draft| {
                draft.0.operations = Default::default();
                draft.0.ext = localnet::xdr::TransactionExt::V0;
            },
            Tx::TxMissingOperation,
        ),
        (
            "a resource fee below zero",
            |_, draft| draft.data().resource_fee = -1,
            Tx::TxMalformed,
        ),
        (
            "a resource fee above the bid",
            |_, draft| draft.0.fee = 1_000_000,
            Tx::TxMalformed,
        ),
        (
            "no declared resources",
            |_, draft| draft.0.ext = localnet::xdr::TransactionExt::V0,
            Tx::TxMalformed,
        ),
        (
            "a low fee",
            |_, draft| draft.0.fee -= 1,
            Tx::TxInsufficientFee,
        ),
        (
            "the sequence number of before",
            |_, draft| draft.0.seq_num.0 -= 1,
            Tx::TxBadSeq,
        ),
        (
            "the sequence number after the next",
            |_, draft| draft.0.seq_num.0 += 1,
            Tx::TxBadSeq,
        ),
        (
            "a time that is past",
            |world, draft| draft.0.cond = times(0, world.node.info().timestamp - 1),
            Tx::TxTooLate,
        ),
        (
            "a time to come",
            |world, draft| draft.0.cond = times(world.node.info().timestamp + 1, 0),
            Tx::TxTooEarly,
        ),
        (
            "a ledger that is past",
            |world, draft| {
                let max_ledger = world.node.info().sequence_number;
                draft.0.cond = conditions(|conditions| {
                    conditions.ledger_bounds = Some(LedgerBounds {
                        min_ledger: 0,
                        max_ledger,
                    });
                });
            },
            Tx::TxTooLate,
        ),
        (
            "a ledger to come",
            |world, draft| {
                let min_ledger = world.node.info().sequence_number + 1;
                draft.0.cond = conditions(|conditions| {
                    conditions.ledger_bounds = Some(LedgerBounds {
                        min_ledger,
                        max_ledger: 0,
                    });
                });
            },
            Tx::TxTooEarly,
        ),
        (
            "a sequence number that has to rest",
            |_, draft| {
                draft.0.cond = conditions(|conditions| conditions.min_seq_ledger_gap = 100);
            },
            Tx::TxBadMinSeqAgeOrGap,
        ),
        (
            "a signer who did not sign",
            |world, draft| {
                let bob = SignerKey::Ed25519(Uint256(world.bob.public_key()));
                draft.0.cond = conditions(|conditions| {
                    conditions.extra_signers = vec![bob].try_into().unwrap();
                });
            },
            Tx::TxBadAuth,
        ),
        (
            "a source that does not exist",
            |_, draft| {
                let ghost = Keypair::named("ghost").account_id();
                draft.0.source_account = MuxedAccount::from(ghost);
            },
            Tx::TxNoAccount,
        ),
    ]
}

fn times(min: u64, max: u64) -> Preconditions {
    Preconditions::Time(TimeBounds {
        min_time: TimePoint(min),
        max_time: TimePoint(max),
    })
}

fn conditions(change: impl FnOnce(&mut PreconditionsV2)) -> Preconditions {
    let mut conditions = PreconditionsV2::default();
    change(&mut conditions);
    Preconditions::V2(conditions)
}

#[test]
fn what_is_wrong_in_itself_is_refused_when_it_is_sent() {
    let mut world = World::new();
    let of_calls = excessive_cases().into_iter().chain(improper_cases());
    for (what, edit, code) in of_calls.chain(other_cases()) {
        let mut draft = world.transfer(ONE);
        edit(&world, &mut draft);
        let submission = draft.sign(&world, &[&world.alice]);
        assert_eq!(world.refusal(submission), code, "{what}");
    }
    let untouched = world.transfer(ONE).sign(&world, &[&world.alice]);
    world.apply(untouched).succeeded();
}

#[test]
fn where_another_one_waits_only_some_of_it_is_looked_at() {
    let mut world = World::new();
    let first = world.transfer(ONE).sign(&world, &[&world.alice]);
    assert_eq!(world.node.send(first).unwrap(), Sent::Pending);
    let send = |world: &mut World, (what, edit, _): Case| {
        let mut draft = world.transfer(2 * ONE);
        edit(world, &mut draft);
        let plain = draft.sign(world, &[&world.alice]);
        let bumped = bump::bumped(world, &draft, 100 * RESOURCE_FEE, &[&world.mallory]);
        let sent = [plain, bumped].map(|submission| world.node.send(submission).unwrap());
        (what, sent)
    };
    for case in excessive_cases() {
        let code = case.2.clone();
        let (what, sent) = send(&mut world, case);
        for sent in sent {
            let Sent::Error(refused) = sent else {
                panic!("{what}: {sent:?}");
            };
            assert_eq!(
                (refused.result, refused.fee_charged),
                (code.clone(), 0),
                "{what}"
            );
        }
    }
    for case in improper_cases() {
        let (what, [plain, bumped]) = send(&mut world, case);
        assert_eq!(plain, Sent::TryAgainLater, "{what}");
        let Sent::Error(refused) = bumped else {
            panic!("{what}: {bumped:?}");
        };
        let is_inner = matches!(refused.result, Tx::TxFeeBumpInnerFailed(_));
        assert!(is_inner, "{what}: {refused:?}");
    }
    let limit = world.node.network().limits.write_bytes;
    let most = world
        .transfer(2 * ONE)
        .with(|data| data.resources.write_bytes = limit);
    let most = most.sign(&world, &[&world.alice]);
    assert_eq!(
        world.node.send(most).unwrap(),
        Sent::TryAgainLater,
        "no more"
    );
    let (_, edit, _) = excessive_cases().remove(0);
    let mut older = world.transfer(2 * ONE);
    edit(&world, &mut older);
    older.0.seq_num.0 -= 1;
    let older = older.sign(&world, &[&world.alice]);
    assert_eq!(world.refusal(older), Tx::TxBadSeq, "its number comes first");
}

#[test]
fn a_signature_must_be_the_sources() {
    let mut world = World::new();
    let draft = world.transfer(ONE);
    let wrong = draft.sign(&world, &[&world.mallory]);
    assert_eq!(world.refusal(wrong), Tx::TxBadAuth, "another's");
    let none = draft.sign(&world, &[]);
    assert_eq!(world.refusal(none), Tx::TxBadAuth, "none");
    let extra = draft.sign(&world, &[&world.alice, &world.mallory]);
    assert_eq!(world.refusal(extra), Tx::TxBadAuthExtra, "one too many");
    let twice = draft.sign(&world, &[&world.alice, &world.alice]);
    assert_eq!(world.refusal(twice), Tx::TxBadAuthExtra, "twice");

    let network_id = world.node.network().network_id();
    let mut altered = draft.envelope(network_id, &[&world.alice]);
    altered.tx.fee += 1;
    let altered = Submission::new(TransactionEnvelope::Tx(altered), network_id).unwrap();
    assert_eq!(world.refusal(altered), Tx::TxBadAuth, "of another fee");
    let elsewhere = TransactionEnvelope::Tx(draft.envelope([7; 32], &[&world.alice]));
    let elsewhere = Submission::new(elsewhere, network_id).unwrap();
    assert_eq!(
        world.refusal(elsewhere),
        Tx::TxBadAuth,
        "of another network"
    );
}

#[test]
fn an_operation_of_another_account_needs_its_signature() {
    let mut world = World::new();
    let payment = OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(world.alice.account_id()),
        asset: localnet::xdr::Asset::Native,
        amount: ONE,
    });
    let mut draft = Draft::classic(&world, &world.alice, vec![payment]);
    let mut operation = draft.0.operations[0].clone();
    operation.source_account = Some(MuxedAccount::from(world.bob.account_id()));
    draft.0.operations = vec![operation].try_into().unwrap();
    let unsigned = draft.sign(&world, &[&world.alice]);
    let failed = Tx::TxFailed(vec![OperationResult::OpBadAuth].try_into().unwrap());
    assert_eq!(world.refusal(unsigned), failed);
    let (alice, before) = (world.alice.clone(), world.balance(&world.bob));
    let signed = draft.sign(&world, &[&alice, &world.bob]);
    world.apply(signed).succeeded();
    assert_eq!(world.balance(&world.bob), before - ONE, "bob paid");
}

#[test]
fn an_operation_that_is_not_supported_says_so() {
    let mut world = World::new();
    let body = OperationBody::ManageData(ManageDataOp {
        data_name: Default::default(),
        data_value: None,
    });
    let draft = Draft::classic(&world, &world.alice, vec![body]);
    let refused = world.refusal(draft.sign(&world, &[&world.alice]));
    let failed = Tx::TxFailed(vec![OperationResult::OpNotSupported].try_into().unwrap());
    assert_eq!(refused, failed);
}

#[test]
fn a_transaction_is_applied_once() {
    let mut world = World::new();
    let submission = world.transfer(ONE).sign(&world, &[&world.alice]);
    assert_eq!(world.node.send(submission.clone()).unwrap(), Sent::Pending);
    assert_eq!(
        world.node.send(submission.clone()).unwrap(),
        Sent::Duplicate,
        "while it waits"
    );
    world.node.close(None).unwrap();
    world.outcome(&submission.hash).succeeded();
    assert_eq!(world.refusal(submission), Tx::TxBadSeq, "after it");
}

#[test]
fn a_payer_who_has_too_little_is_refused() {
    let mut world = World::new();
    let poor = Keypair::named("poor");
    let root = world.node.root();
    let least = 2 * 5_000_000;
    let founding = Draft::classic(&world, &root, vec![create(&poor, least + 99)]);
    world.apply(founding.sign(&world, &[&root])).succeeded();
    let draft = Draft::classic(&world, &poor, vec![create(&Keypair::named("new"), ONE)]);
    let refused = world.refusal(draft.sign(&world, &[&poor]));
    assert_eq!(refused, Tx::TxInsufficientBalance, "one stroop short");
}

#[test]
fn lifetimes_are_extended_and_restored_only_in_their_own_footprints() {
    let mut world = World::new();
    let instance = draft::instance_key(&world.xlm);
    let extend = |extend_to| {
        OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
            ext: ExtensionPoint::V0,
            extend_to,
        })
    };
    let restore = OperationBody::RestoreFootprint(RestoreFootprintOp {
        ext: ExtensionPoint::V0,
    });
    let malformed_extend =
        OperationResultTr::ExtendFootprintTtl(ExtendFootprintTtlResult::Malformed);
    let malformed_restore =
        OperationResultTr::RestoreFootprint(localnet::xdr::RestoreFootprintResult::Malformed);
    let key = [instance];
    let written = draft::footprint(&[], &key);
    let read = draft::footprint(&key, &[]);
    let cases = [
        (extend(100), written, malformed_extend.clone()),
        (extend(3_110_400), read.clone(), malformed_extend),
        (restore, read, malformed_restore),
    ];
    for (body, footprint, result) in cases {
        let draft = Draft::soroban(&world, &world.alice, body, footprint);
        let refused = world.refusal(draft.sign(&world, &[&world.alice]));
        let results = vec![OperationResult::OpInner(result)];
        assert_eq!(refused, Tx::TxFailed(results.try_into().unwrap()));
    }
}

#[test]
fn a_node_is_not_confused_by_what_it_refused() {
    let mut world = World::new();
    let hash = |node: &Node| node.latest().hash;
    let before = (hash(&world.node), world.header());
    let wrong = world.transfer(ONE).sign(&world, &[&world.mallory]);
    world.refusal(wrong);
    assert_eq!((hash(&world.node), world.header()), before);
    assert!(!world.node.is_waiting());
}
