//! What the network refuses, and with which code.

use base64::{engine::general_purpose::STANDARD, Engine};
use localnet::{
    node::{Node, Sent, Submission, SubmissionError},
    xdr::{
        ExtendFootprintTtlOp, ExtendFootprintTtlResult, ExtensionPoint, Hash, HostFunction,
        InvokeHostFunctionResult, LedgerBounds, LedgerKey, LedgerKeyContractCode, Limits,
        ManageDataOp, Memo, MuxedAccount, MuxedAccountMed25519, OperationBody, OperationResult,
        OperationResultTr, PaymentOp, Preconditions, PreconditionsV2, RestoreFootprintOp, ScVal,
        SequenceNumber, SignerKey, TimeBounds, TimePoint, TransactionEnvelope,
        TransactionResultResult as Tx, TransactionV0, TransactionV0Envelope, TransactionV0Ext,
        Uint256, WriteXdr,
    },
    Keypair,
};
use sha2::{Digest, Sha256};

use crate::{create, draft, module, Draft, World, ONE};

/// An edit of Alice's transfer, and what it is refused with when it is sent.
type Case = (&'static str, fn(&World, &mut Draft), Tx);

fn soroban_invalid_cases() -> Vec<Case> {
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
            "a resource fee below what is declared",
            |_, draft| draft.data().resource_fee = 1_000,
            Tx::TxSorobanInvalid,
        ),
        (
            "a resource fee above the bid",
            |_, draft| draft.0.fee = 1_000_000,
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
    for (what, edit, code) in soroban_invalid_cases().into_iter().chain(other_cases()) {
        let mut draft = world.transfer(ONE);
        edit(&world, &mut draft);
        let submission = draft.sign(&world, &[&world.alice]);
        assert_eq!(world.refusal(submission), code, "{what}");
    }
    let untouched = world.transfer(ONE).sign(&world, &[&world.alice]);
    world.apply(untouched).succeeded();
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

#[track_caller]
fn assert_invoke_fails(world: &mut World, draft: &Draft, code: InvokeHostFunctionResult) {
    let signers = world.alice.clone();
    let submission = draft.sign(world, &[&signers]);
    let outcome = world.apply(submission);
    let result = OperationResultTr::InvokeHostFunction(code);
    let results = vec![OperationResult::OpInner(result)];
    assert_eq!(
        outcome.result.result,
        Tx::TxFailed(results.try_into().unwrap())
    );
    assert!(outcome.meta.operations.is_empty(), "nothing changed");
    assert!(!outcome.meta.diagnostic_events.is_empty(), "it says why");
    world.assert_conserved();
}

#[test]
fn what_goes_wrong_while_it_runs_has_the_networks_code() {
    use InvokeHostFunctionResult as Code;
    let mut world = World::new();
    let bob = world.balance(&world.bob);

    let low = world
        .transfer(ONE)
        .with(|data| data.resources.instructions = 50_000);
    assert_invoke_fails(&mut world, &low, Code::ResourceLimitExceeded);
    let narrow = world
        .transfer(ONE)
        .with(|data| data.resources.write_bytes = 100);
    assert_invoke_fails(&mut world, &narrow, Code::ResourceLimitExceeded);
    let shallow = world
        .transfer(ONE)
        .with(|data| data.resources.disk_read_bytes = 100);
    assert_invoke_fails(&mut world, &shallow, Code::ResourceLimitExceeded);
    let altered = world.transfer(ONE);
    let altered = altered.with(|data| {
        let only = data.resources.footprint.read_write[0].clone();
        data.resources.footprint.read_write = vec![only].try_into().unwrap();
    });
    assert_invoke_fails(&mut world, &altered, Code::Trapped);
    let unfunded = world.transfer(2_000 * ONE);
    assert_invoke_fails(&mut world, &unfunded, Code::Trapped);

    // Alice claims that Bob pays her, as if she were the one to authorise it.
    let stolen = draft::transfer(&world, &world.bob, &world.alice.address(), ONE);
    let mut stolen = stolen;
    stolen.0.source_account = MuxedAccount::from(world.alice.account_id());
    stolen.0.seq_num = SequenceNumber(world.account(&world.alice.account_id()).seq_num.0 + 1);
    assert_invoke_fails(&mut world, &stolen, Code::Trapped);

    assert_eq!(world.balance(&world.bob), bob, "bob");
}

#[test]
fn rent_that_is_not_paid_for_is_refused() {
    let mut world = World::new();
    let contract = world.xlm.clone();
    let draft = draft::transfer(&world, &world.alice, &contract, ONE);
    // Enough for what is declared, not for the rent of the entry that is made.
    let draft = draft.with(|data| data.resource_fee = 40_000);
    let code = InvokeHostFunctionResult::InsufficientRefundableFee;
    assert_invoke_fails(&mut world, &draft, code);
}

#[test]
fn an_entry_that_is_too_large_is_refused() {
    let mut world = World::new();
    let wasm = module::module(130_900);
    let hash = Hash(Sha256::digest(&wasm).into());
    let key = LedgerKey::ContractCode(LedgerKeyContractCode { hash });
    let function = HostFunction::UploadContractWasm(wasm.try_into().unwrap());
    let body = draft::invocation(function, Vec::new());
    let draft = Draft::soroban(&world, &world.alice, body, draft::footprint(&[], &[key]));
    let draft = draft.with(|data| {
        data.resources.instructions = 100_000_000;
        data.resources.write_bytes = 132_096;
    });
    assert_invoke_fails(
        &mut world,
        &draft,
        InvokeHostFunctionResult::ResourceLimitExceeded,
    );
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
    let depths = (1..500).rev().map(|depth| nested(&world, depth));
    let mut taken = depths.filter_map(|text| Submission::decode(&text, network_id, 132_096).ok());
    let deepest = taken.next().unwrap();
    drop(taken);
    let outcome = world.apply(deepest);
    assert!(
        matches!(outcome.result.result, Tx::TxFailed(_)),
        "{:?}",
        outcome.result
    );
}
