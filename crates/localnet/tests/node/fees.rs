//! What is charged, to the stroop.

use localnet::xdr::{
    ContractEventBody, LedgerEntryChange, LedgerEntryData, Limits, ScAddress, ScVal,
    SorobanTransactionMetaExt, SorobanTransactionMetaExtV1, TransactionEvent,
    TransactionEventStage as Stage, TransactionResultResult as Tx, WriteXdr,
};
use soroban_env_host::fees::{compute_transaction_resource_fee, TransactionResources};

use crate::{
    create,
    draft::{self, RESOURCE_FEE},
    Draft, Outcome, World, FUNDS, ONE,
};

/// (non-refundable, for events), of `draft` signed once.
fn parts(world: &World, draft: &mut Draft, disk_reads: u32, event_bytes: usize) -> (i64, i64) {
    let envelope = draft.envelope([0; 32], &[&world.alice]);
    // The envelope's kind is four bytes more.
    let bytes = envelope.to_xdr(Limits::none()).unwrap().len() + 4;
    let resources = &draft.data().resources;
    let used = TransactionResources {
        instructions: resources.instructions,
        disk_read_entries: disk_reads,
        write_entries: resources.footprint.read_write.len() as u32,
        disk_read_bytes: resources.disk_read_bytes,
        write_bytes: resources.write_bytes,
        contract_events_size_bytes: event_bytes as u32,
        transaction_size_bytes: bytes as u32,
    };
    compute_transaction_resource_fee(&used, &world.node.network().fees)
}

fn charged_in_meta(outcome: &Outcome) -> SorobanTransactionMetaExtV1 {
    match &outcome.meta.soroban_meta.as_ref().unwrap().ext {
        SorobanTransactionMetaExt::V1(fees) => fees.clone(),
        SorobanTransactionMetaExt::V0 => panic!("no fees"),
    }
}

fn event_bytes(outcome: &Outcome) -> usize {
    let events = outcome.meta.operations[0].events.iter();
    let events: usize = events
        .map(|event| event.to_xdr(Limits::none()).unwrap().len())
        .sum();
    let value = outcome
        .meta
        .soroban_meta
        .as_ref()
        .unwrap()
        .return_value
        .as_ref();
    events + value.unwrap().to_xdr(Limits::none()).unwrap().len()
}

fn amounts(events: &[TransactionEvent]) -> Vec<(Stage, i128)> {
    let amount = |event: &TransactionEvent| {
        let ContractEventBody::V0(body) = &event.event.body;
        let ScVal::I128(parts) = &body.data else {
            panic!("no amount");
        };
        assert_eq!(body.topics[0], draft::symbol("fee"), "topic");
        (event.stage, i128::from(parts))
    };
    events.iter().map(amount).collect()
}

#[test]
fn a_call_is_charged_the_sum_of_its_parts_and_the_rest_comes_back() {
    let mut world = World::new();
    let before = (world.balance(&world.alice), world.balance(&world.bob));
    let pool = world.header().fee_pool;
    let mut draft = world.transfer(3 * ONE);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();

    let (non_refundable, for_events) = parts(&world, &mut draft, 2, event_bytes(&outcome));
    let charged = 100 + non_refundable + for_events;
    assert_eq!(outcome.result.fee_charged, charged, "charged");
    let fees = charged_in_meta(&outcome);
    assert_eq!(
        fees.total_non_refundable_resource_fee_charged,
        non_refundable
    );
    assert_eq!(fees.total_refundable_resource_fee_charged, for_events);
    assert_eq!(fees.rent_fee_charged, 0, "accounts pay no rent");

    let refund = RESOURCE_FEE + 100 - charged;
    let alice = before.0 - 3 * ONE - charged;
    assert_eq!(world.balance(&world.alice), alice, "alice");
    assert_eq!(world.balance(&world.bob), before.1 + 3 * ONE, "bob");
    assert_eq!(world.header().fee_pool, pool + charged, "fee pool");
    let events = [
        (Stage::BeforeAllTxs, i128::from(RESOURCE_FEE + 100)),
        (Stage::AfterAllTxs, -i128::from(refund)),
    ];
    assert_eq!(amounts(&outcome.meta.events), events, "events");
    world.assert_conserved();
}

#[test]
fn rent_is_charged_from_the_refundable_fee() {
    let mut world = World::new();
    let (alice, contract) = (world.alice.clone(), world.xlm.clone());
    let mut draft = draft::transfer(&world, &alice, &contract, ONE);
    let outcome = world.apply(draft.sign(&world, &[&alice])).succeeded();
    let (non_refundable, for_events) = parts(&world, &mut draft, 1, event_bytes(&outcome));
    let fees = charged_in_meta(&outcome);
    assert!(fees.rent_fee_charged > 0, "rent");
    let refundable = for_events + fees.rent_fee_charged;
    assert_eq!(fees.total_refundable_resource_fee_charged, refundable);
    assert_eq!(
        outcome.result.fee_charged,
        100 + non_refundable + refundable
    );
}

#[test]
fn a_failed_call_pays_for_what_it_declared() {
    let mut world = World::new();
    let before = world.balance(&world.alice);
    let mut draft = world.transfer(2 * FUNDS);
    let outcome = world.apply(draft.sign(&world, &[&world.alice]));
    assert!(matches!(outcome.result.result, Tx::TxFailed(_)));
    let (non_refundable, _) = parts(&world, &mut draft, 2, 0);
    assert_eq!(outcome.result.fee_charged, 100 + non_refundable);
    assert_eq!(world.balance(&world.alice), before - 100 - non_refundable);
    let sequence = world.account(&world.alice.account_id()).seq_num.0;
    assert_eq!(sequence, draft.0.seq_num.0, "the sequence number is used");
    world.assert_conserved();
}

#[test]
fn a_classic_transaction_pays_the_base_fee_whatever_it_bids() {
    let mut world = World::new();
    let before = world.balance(&world.alice);
    let new = localnet::Keypair::named("new");
    let mut draft = Draft::classic(&world, &world.alice, vec![create(&new, ONE)]);
    draft.0.fee = 5_000;
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    assert_eq!(outcome.result.fee_charged, 100, "charged");
    assert_eq!(world.balance(&world.alice), before - ONE - 100, "alice");
    assert!(outcome.meta.soroban_meta.is_none(), "no call");
    assert_eq!(amounts(&outcome.meta.events), [(Stage::BeforeAllTxs, 100)]);
}

#[test]
fn a_failed_classic_transaction_pays_and_changes_nothing() {
    let mut world = World::new();
    let new = localnet::Keypair::named("new");
    let bodies = vec![create(&new, ONE), create(&world.bob.clone(), ONE)];
    let draft = Draft::classic(&world, &world.alice, bodies);
    let before = world.balance(&world.alice);
    let outcome = world.apply(draft.sign(&world, &[&world.alice]));
    let Tx::TxFailed(results) = &outcome.result.result else {
        panic!("not failed: {:?}", outcome.result);
    };
    assert_eq!(results.len(), 2, "both are told");
    assert_eq!(world.balance(&world.alice), before - 200, "two base fees");
    let key = draft::account_key(&new);
    assert!(world.node.entry(&key).unwrap().is_none(), "undone");
    world.assert_conserved();
}

#[test]
fn metadata_tells_the_fee_the_sequence_number_and_what_was_called() {
    let mut world = World::new();
    let draft = world.transfer(ONE);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    let changes = &outcome.meta.tx_changes_before;
    let [LedgerEntryChange::State(was), LedgerEntryChange::Updated(is)] = changes.as_slice() else {
        panic!("not one account: {changes:?}");
    };
    let (LedgerEntryData::Account(was), LedgerEntryData::Account(is)) = (&was.data, &is.data)
    else {
        panic!("no accounts");
    };
    assert_eq!(was.seq_num.0 + 1, is.seq_num.0, "sequence");
    assert_eq!(was.balance, is.balance, "the fee is told elsewhere");
    let operation = &outcome.meta.operations[0];
    assert_eq!(operation.changes.len(), 4, "two accounts, before and after");
    assert_eq!(operation.events.len(), 1, "transfer");
    let ScAddress::Contract(contract) = &world.xlm else {
        panic!("no contract");
    };
    assert_eq!(operation.events[0].contract_id.as_ref(), Some(contract));
    let value = &outcome.meta.soroban_meta.as_ref().unwrap().return_value;
    assert_eq!(*value, Some(ScVal::Void), "value");
    for change in operation.changes.iter() {
        if let LedgerEntryChange::Updated(entry) = change {
            assert_eq!(entry.last_modified_ledger_seq, outcome.ledger, "ledger");
        }
    }
}
