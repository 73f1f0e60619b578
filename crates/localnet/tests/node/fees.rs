//! What is charged, to the stroop.

use localnet::xdr::{
    Asset, ExtendFootprintTtlOp, ExtensionPoint, InvokeHostFunctionResult, LedgerEntryChange,
    LedgerEntryData, LedgerKey, Limits, MuxedAccount, OperationBody, OperationResult,
    OperationResultTr, PaymentOp, RestoreFootprintOp, ScAddress, ScVal,
    TransactionEventStage as Stage, TransactionResultResult as Tx, WriteXdr,
};

use crate::{
    books::{amounts, Bill, Books},
    bump::bumped,
    create,
    draft::{self, RESOURCE_FEE},
    Draft, World, FUNDS, ONE,
};

/// Seconds after which a new persistent entry has expired.
const LONG: u64 = 5 * 2_073_700;

/// Bytes and last ledger of the entry under `key`.
fn standing(world: &World, key: &LedgerKey) -> (u32, u32) {
    let (entry, until) = world.node.entry(key).unwrap().unwrap();
    let bytes = entry.to_xdr(Limits::none()).unwrap().len() as u32;
    (bytes, until.unwrap())
}

fn extension(world: &World, extend_to: u32) -> Draft {
    let body = OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
        ext: ExtensionPoint::V0,
        extend_to,
    });
    let footprint = draft::footprint(&[draft::instance_key(&world.xlm)], &[]);
    Draft::soroban(world, &world.alice, body, footprint)
}

fn restoration(world: &World, key: &LedgerKey) -> Draft {
    let body = OperationBody::RestoreFootprint(RestoreFootprintOp {
        ext: ExtensionPoint::V0,
    });
    let footprint = draft::footprint(&[], std::slice::from_ref(key));
    Draft::soroban(world, &world.alice, body, footprint)
}

/// Alice pays a coin to the contract, which makes an entry or writes the one that it has.
fn payment_to_contract(world: &World) -> Draft {
    draft::transfer(world, &world.alice, &world.xlm, ONE)
}

/// The contract holds a coin; then all that has a lifetime expires, and the contract is restored.
fn with_an_expired_balance() -> (World, LedgerKey) {
    let mut world = World::new();
    let alice = world.alice.clone();
    let paid = payment_to_contract(&world).sign(&world, &[&alice]);
    world.apply(paid).succeeded();
    world.node.advance(LONG).unwrap();
    let instance = draft::instance_key(&world.xlm);
    let restored = restoration(&world, &instance).sign(&world, &[&alice]);
    world.apply(restored).succeeded();
    let key = draft::balance_key(&world.xlm, &world.xlm);
    (world, key)
}

#[test]
fn a_call_is_charged_the_sum_of_its_parts_and_the_rest_comes_back() {
    let mut world = World::new();
    let books = Books::of(&world, &world.alice);
    let bob = world.balance(&world.bob);
    let mut draft = world.transfer(3 * ONE);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    let bill = Bill::of(&world, &mut draft, 2, &outcome);
    assert!(bill.events > 0, "an event");
    books.assert_balanced(&world, &outcome, bill, RESOURCE_FEE, 3 * ONE);
    assert_eq!(world.balance(&world.bob), bob + 3 * ONE, "bob");
}

#[test]
fn a_call_that_makes_an_entry_pays_its_rent() {
    let mut world = World::new();
    let books = Books::of(&world, &world.alice);
    let mut draft = payment_to_contract(&world);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    let key = draft::balance_key(&world.xlm, &world.xlm);
    let bill = Bill::of(&world, &mut draft, 1, &outcome).renting(&world, &key, None, &outcome);
    books.assert_balanced(&world, &outcome, bill, RESOURCE_FEE, ONE);
}

#[test]
fn a_call_that_restores_an_entry_pays_for_reading_it_and_its_rent() {
    let (mut world, key) = with_an_expired_balance();
    let books = Books::of(&world, &world.alice);
    let mut draft = payment_to_contract(&world).restoring(&[1]);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    let bill = Bill::of(&world, &mut draft, 2, &outcome).renting(&world, &key, None, &outcome);
    books.assert_balanced(&world, &outcome, bill, RESOURCE_FEE, ONE);
}

#[test]
fn an_extension_is_charged_the_sum_of_its_parts() {
    let mut world = World::new();
    let key = draft::instance_key(&world.xlm);
    let old = standing(&world, &key);
    let books = Books::of(&world, &world.alice);
    let mut draft = extension(&world, 3_000_000);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    let bill = Bill::of(&world, &mut draft, 0, &outcome).renting(&world, &key, Some(old), &outcome);
    assert_eq!(bill.events, 0, "it says nothing");
    books.assert_balanced(&world, &outcome, bill, RESOURCE_FEE, 0);
}

#[test]
fn an_extension_of_what_lives_long_enough_pays_no_rent() {
    let mut world = World::new();
    let books = Books::of(&world, &world.alice);
    let mut draft = extension(&world, 1);
    let key = draft::instance_key(&world.xlm);
    let before = standing(&world, &key);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    assert_eq!(standing(&world, &key), before, "it lives as long as it did");
    let bill = Bill::of(&world, &mut draft, 0, &outcome);
    books.assert_balanced(&world, &outcome, bill, RESOURCE_FEE, 0);
}

#[test]
fn a_restoration_is_charged_the_sum_of_its_parts() {
    let (mut world, key) = with_an_expired_balance();
    let books = Books::of(&world, &world.alice);
    let mut draft = restoration(&world, &key);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    let bill = Bill::of(&world, &mut draft, 1, &outcome).renting(&world, &key, None, &outcome);
    assert_eq!(bill.events, 0, "it says nothing");
    books.assert_balanced(&world, &outcome, bill, RESOURCE_FEE, 0);
}

#[test]
fn the_payer_of_a_bump_is_charged_one_base_fee_more_and_gets_what_comes_back() {
    let mut world = World::new();
    let (alice, mallory) = (world.alice.clone(), world.mallory.clone());
    let (books, before) = (Books::of(&world, &mallory), world.balance(&alice));
    let mut draft = world.transfer(ONE);
    draft.0.fee = 0;
    // What it bids beyond two base fees is not taken.
    let submission = bumped(&world, &draft, RESOURCE_FEE + 5_000, &[&mallory]);
    let outcome = world.apply(submission).succeeded();
    let bill = Bill {
        inclusion: 200,
        ..Bill::of(&world, &mut draft, 2, &outcome)
    };
    books.assert_balanced(&world, &outcome, bill, RESOURCE_FEE, 0);
    assert_eq!(world.balance(&alice), before - ONE, "alice");
}

#[test]
fn a_bump_of_a_classic_transaction_pays_a_base_fee_for_each() {
    let mut world = World::new();
    let (alice, mallory) = (world.alice.clone(), world.mallory.clone());
    let (before, pool) = (world.balance(&mallory), world.header().fee_pool);
    let own = world.balance(&alice);
    let payment = OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(world.bob.account_id()),
        asset: Asset::Native,
        amount: ONE,
    });
    let mut draft = Draft::classic(&world, &alice, vec![payment]);
    draft.0.fee = 0;
    let outcome = world
        .apply(bumped(&world, &draft, 5_000, &[&mallory]))
        .succeeded();
    assert_eq!(outcome.result.fee_charged, 200, "charged");
    assert_eq!(world.balance(&mallory), before - 200, "mallory");
    assert_eq!(world.balance(&alice), own - ONE, "alice");
    assert_eq!(world.header().fee_pool, pool + 200, "fee pool");
    assert_eq!(amounts(&outcome.meta.events), [(Stage::BeforeAllTxs, 200)]);
    world.assert_conserved();
}

#[test]
fn a_failed_call_pays_for_what_it_declared() {
    let mut world = World::new();
    let books = Books::of(&world, &world.alice);
    let mut draft = world.transfer(2 * FUNDS);
    let outcome = world.apply(draft.sign(&world, &[&world.alice]));
    assert!(matches!(outcome.result.result, Tx::TxFailed(_)));
    let bill = Bill::of(&world, &mut draft, 2, &outcome);
    assert_eq!((bill.events, bill.rent), (0, 0), "no events, no rent");
    books.assert_balanced(&world, &outcome, bill, RESOURCE_FEE, 0);
    let sequence = world.account(&world.alice.account_id()).seq_num.0;
    assert_eq!(sequence, draft.0.seq_num.0, "the sequence number is used");
}

#[test]
fn a_call_whose_rent_is_not_paid_for_gets_its_refundable_fee_back() {
    let mut world = World::new();
    let books = Books::of(&world, &world.alice);
    let offered = 40_000;
    let mut draft = payment_to_contract(&world).with(|data| data.resource_fee = offered);
    let outcome = world.apply(draft.sign(&world, &[&world.alice]));
    let code = InvokeHostFunctionResult::InsufficientRefundableFee;
    let result = OperationResult::OpInner(OperationResultTr::InvokeHostFunction(code));
    let failed = Tx::TxFailed(vec![result].try_into().unwrap());
    assert_eq!(outcome.result.result, failed);
    let bill = Bill::of(&world, &mut draft, 1, &outcome);
    books.assert_balanced(&world, &outcome, bill, offered, 0);
}

#[test]
fn an_extension_and_a_restoration_that_fail_pay_no_rent() {
    let (mut world, key) = with_an_expired_balance();
    let alice = world.alice.clone();
    for (draft, disk_reads) in [
        (extension(&world, 3_000_000), 0),
        (restoration(&world, &key), 1),
    ] {
        let books = Books::of(&world, &alice);
        let offered = 20_000;
        let mut draft = draft.with(|data| data.resource_fee = offered);
        draft.0.seq_num = world.account(&alice.account_id()).seq_num;
        draft.0.seq_num.0 += 1;
        let outcome = world.apply(draft.sign(&world, &[&alice]));
        assert!(matches!(outcome.result.result, Tx::TxFailed(_)));
        let bill = Bill::of(&world, &mut draft, disk_reads, &outcome);
        books.assert_balanced(&world, &outcome, bill, offered, 0);
    }
}

#[test]
fn a_classic_transaction_pays_the_base_fee_whatever_it_bids() {
    let mut world = World::new();
    let (before, pool) = (world.balance(&world.alice), world.header().fee_pool);
    let new = localnet::Keypair::named("new");
    let mut draft = Draft::classic(&world, &world.alice, vec![create(&new, ONE)]);
    draft.0.fee = 5_000;
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    assert_eq!(outcome.result.fee_charged, 100, "charged");
    assert_eq!(world.balance(&world.alice), before - ONE - 100, "alice");
    assert_eq!(world.balance(&new), ONE, "new");
    assert_eq!(world.header().fee_pool, pool + 100, "fee pool");
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

#[test]
fn a_call_that_marks_what_is_live_pays_no_rent_for_it() {
    let mut world = World::new();
    let alice = world.alice.clone();
    let paid = payment_to_contract(&world).sign(&world, &[&alice]);
    world.apply(paid).succeeded();
    let key = draft::balance_key(&world.xlm, &world.xlm);
    let before = standing(&world, &key);
    let books = Books::of(&world, &alice);
    let mut draft = payment_to_contract(&world).restoring(&[1]);
    let outcome = world.apply(draft.sign(&world, &[&alice])).succeeded();
    assert_eq!(standing(&world, &key), before, "as it was");
    // It is charged as it is declared: read from disk.
    let bill = Bill::of(&world, &mut draft, 2, &outcome);
    books.assert_balanced(&world, &outcome, bill, RESOURCE_FEE, ONE);
}

#[test]
fn rent_and_events_have_to_be_paid_for_to_the_stroop() {
    let mut world = World::new();
    let alice = world.alice.clone();
    let number = world.node.snapshot().unwrap();
    let mut draft = payment_to_contract(&world);
    let outcome = world.apply(draft.sign(&world, &[&alice])).succeeded();
    let key = draft::balance_key(&world.xlm, &world.xlm);
    let bill = Bill::of(&world, &mut draft, 1, &outcome).renting(&world, &key, None, &outcome);
    let due = bill.declared + bill.rent + bill.events;
    assert!(bill.events > 1, "more than the last stroop");
    for (offered, suffices) in [(due - 1, false), (due, true)] {
        world.node.revert(number).unwrap();
        let draft = payment_to_contract(&world).with(|data| data.resource_fee = offered);
        let outcome = world.apply(draft.sign(&world, &[&alice]));
        let is_success = matches!(outcome.result.result, Tx::TxSuccess(_));
        assert_eq!(is_success, suffices, "{offered}: {:?}", outcome.result);
    }
}
