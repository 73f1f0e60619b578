//! Entries that expire, and come back.

use localnet::xdr::{
    ExtendFootprintTtlOp, ExtensionPoint, InvokeHostFunctionResult, LedgerEntryChange as Change,
    LedgerEntryData, LedgerKey, Limits, OperationBody, OperationResult, OperationResultTr,
    RestoreFootprintResult, SorobanTransactionMetaExt, TransactionResultResult as Tx, WriteXdr,
};
use soroban_env_host::fees::{compute_rent_fee, LedgerEntryRentChange};

use crate::{coded::Coded, draft, module, Draft, Outcome, World, ONE};

/// Seconds after which a new persistent entry has expired.
const LONG: u64 = 5 * 2_073_700;
/// An entry that is restored, or made, lives so many ledgers.
const LEAST: u32 = 2_073_600;
/// The native asset's contract lives at least so many ledgers after each call.
const EXTENDED: u32 = 7 * 17_280;

/// The contract holds a coin; then all that has a lifetime expires.
fn expired() -> (World, LedgerKey) {
    let mut world = World::new();
    pay_contract(&mut world, &[]).succeeded();
    let key = draft::balance_key(&world.xlm, &world.xlm);
    world.node.advance(LONG).unwrap();
    (world, key)
}

fn pay_contract(world: &mut World, restoring: &[u32]) -> Outcome {
    let (alice, contract) = (world.alice.clone(), world.xlm.clone());
    let mut draft = draft::transfer(world, &alice, &contract, ONE);
    if !restoring.is_empty() {
        draft = draft.restoring(restoring);
    }
    world.apply(draft.sign(world, &[&alice]))
}

fn restore(world: &mut World, key: &LedgerKey) -> Outcome {
    let alice = world.alice.clone();
    let draft = draft::restore(world, &alice, std::slice::from_ref(key));
    world.apply(draft.sign(world, &[&alice]))
}

fn live_until(world: &World, key: &LedgerKey) -> u32 {
    world.node.entry(key).unwrap().unwrap().1.unwrap()
}

fn failed(result: OperationResultTr) -> Tx {
    let results = vec![OperationResult::OpInner(result)];
    Tx::TxFailed(results.try_into().unwrap())
}

fn bytes(world: &World, key: &LedgerKey) -> u32 {
    let (entry, _) = world.node.entry(key).unwrap().unwrap();
    entry.to_xdr(Limits::none()).unwrap().len() as u32
}

fn rent_charged(outcome: &Outcome) -> i64 {
    match &outcome.meta.soroban_meta.as_ref().unwrap().ext {
        SorobanTransactionMetaExt::V1(fees) => fees.rent_fee_charged,
        SorobanTransactionMetaExt::V0 => panic!("no fees"),
    }
}

/// The rent for a life of the persistent entry under `key` from `before` to `until`, as large as it is.
fn rent_of(world: &World, key: &LedgerKey, before: u32, until: u32, ledger: u32) -> i64 {
    let bytes = bytes(world, key);
    let extended = LedgerEntryRentChange {
        is_persistent: true,
        is_code_entry: false,
        old_size_bytes: bytes,
        new_size_bytes: bytes,
        old_live_until_ledger: before,
        new_live_until_ledger: until,
    };
    compute_rent_fee(&[extended], &world.node.network().rent, ledger)
}

#[track_caller]
fn assert_archived(outcome: &Outcome) {
    let result = OperationResultTr::InvokeHostFunction(InvokeHostFunctionResult::EntryArchived);
    assert_eq!(outcome.result.result, failed(result));
}

#[test]
fn an_archived_entry_is_refused_until_it_is_restored() {
    let (mut world, _) = expired();
    let instance = draft::instance_key(&world.xlm);
    assert!(live_until(&world, &instance) < world.node.info().sequence_number);
    assert_archived(&pay_contract(&mut world, &[1]));

    let outcome = restore(&mut world, &instance).succeeded();
    let changes = outcome.meta.operations[0].changes.as_slice();
    let [Change::Restored(data), Change::Restored(ttl)] = changes else {
        panic!("not restored: {changes:?}");
    };
    assert!(
        matches!(data.data, LedgerEntryData::ContractData(_)),
        "data"
    );
    let LedgerEntryData::Ttl(ttl) = &ttl.data else {
        panic!("no lifetime");
    };
    let until = outcome.ledger + LEAST - 1;
    assert_eq!(ttl.live_until_ledger_seq, until, "told");
    assert_eq!(live_until(&world, &instance), until, "stored");
    assert_archived(&pay_contract(&mut world, &[]));
    world.assert_archive_unchanged();
}

impl World {
    /// What failed left no trace.
    fn assert_archive_unchanged(&self) {
        let key = draft::balance_key(&self.xlm, &self.xlm);
        assert!(live_until(self, &key) < self.node.info().sequence_number);
    }
}

#[test]
fn a_call_restores_what_it_marks() {
    let (mut world, key) = expired();
    let instance = draft::instance_key(&world.xlm);
    restore(&mut world, &instance).succeeded();
    let outcome = pay_contract(&mut world, &[1]).succeeded();
    assert!(live_until(&world, &key) >= outcome.ledger + LEAST - 1);
    let changes = outcome.meta.operations[0].changes.iter();
    let of_entry: Vec<_> = changes
        .filter(|change| match change {
            Change::Restored(entry) | Change::Updated(entry) => {
                matches!(&entry.data, LedgerEntryData::ContractData(_))
            }
            _ => false,
        })
        .collect();
    let [Change::Restored(was), Change::Updated(is)] = of_entry.as_slice() else {
        panic!("not restored and changed: {of_entry:?}");
    };
    assert_eq!(was.last_modified_ledger_seq, outcome.ledger, "as of now");
    assert_ne!(was.data, is.data, "one more coin");
}

#[test]
fn a_lifetime_is_extended_for_its_rent() {
    let mut world = World::new();
    let key = draft::instance_key(&world.xlm);
    let body = OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
        ext: ExtensionPoint::V0,
        extend_to: 3_000_000,
    });
    let footprint = draft::footprint(std::slice::from_ref(&key), &[]);
    let draft = Draft::soroban(&world, &world.alice, body, footprint);
    let before = live_until(&world, &key);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    assert!(before < outcome.ledger + 3_000_000);
    assert_eq!(live_until(&world, &key), outcome.ledger + 3_000_000);
    let rent = rent_of(
        &world,
        &key,
        before,
        outcome.ledger + 3_000_000,
        outcome.ledger,
    );
    assert_eq!(rent_charged(&outcome), rent, "rent");
    let changes = outcome.meta.operations[0].changes.as_slice();
    let [Change::State(was), Change::Updated(is)] = changes else {
        panic!("more than the lifetime: {changes:?}");
    };
    assert!(matches!(was.data, LedgerEntryData::Ttl(_)), "was");
    assert!(matches!(is.data, LedgerEntryData::Ttl(_)), "is");
    world.assert_conserved();
}

#[test]
fn what_a_call_restores_and_leaves_alone_lives_as_what_is_new() {
    let mut world = World::new();
    pay_contract(&mut world, &[]).succeeded();
    let contract = Coded::founded(&mut world, module::module(0));
    let key = draft::balance_key(&world.xlm, &world.xlm);
    world.node.advance(LONG).unwrap();
    let alice = world.alice.clone();
    let own = [contract.instance(), contract.code.clone()];
    let restored = draft::restore(&world, &alice, &own);
    world.apply(restored.sign(&world, &[&alice])).succeeded();
    let stored = std::slice::from_ref(&key);
    let call = contract.call(&world, &alice, "noop", Vec::new(), stored);
    let call = call.restoring(&[0]).sign(&world, &[&alice]);
    let outcome = world.apply(call).succeeded();
    assert_eq!(live_until(&world, &key), outcome.ledger + LEAST - 1);
    let bytes = bytes(&world, &key);
    let new = LedgerEntryRentChange {
        is_persistent: true,
        is_code_entry: false,
        old_size_bytes: 0,
        new_size_bytes: bytes,
        old_live_until_ledger: 0,
        new_live_until_ledger: outcome.ledger + LEAST - 1,
    };
    let rent = compute_rent_fee(&[new], &world.node.network().rent, outcome.ledger);
    assert_eq!(rent_charged(&outcome), rent, "from now on");
}

#[test]
fn a_call_extends_what_it_only_reads_and_pays_for_it() {
    let mut world = World::new();
    let key = draft::instance_key(&world.xlm);
    let before = live_until(&world, &key);
    let alice = world.alice.clone();
    // Less than its calls leave it is left.
    let ledgers = before - world.node.info().sequence_number - 17_280;
    world.node.advance(5 * u64::from(ledgers)).unwrap();
    let outcome = world
        .apply(world.transfer(ONE).sign(&world, &[&alice]))
        .succeeded();
    let until = outcome.ledger + EXTENDED;
    assert_eq!(live_until(&world, &key), until);
    let rent = rent_of(&world, &key, before, until, outcome.ledger);
    assert_eq!(rent_charged(&outcome), rent);
    let again = world.apply(world.transfer(ONE).sign(&world, &[&alice]));
    assert_eq!(rent_charged(&again.succeeded()), 0, "paid for");
    world.assert_conserved();
}

#[test]
fn an_entry_lives_through_its_last_ledger() {
    let mut world = World::new();
    let until = live_until(&world, &draft::instance_key(&world.xlm));
    let ledgers = until - world.node.info().sequence_number;
    world.node.advance(5 * u64::from(ledgers)).unwrap();
    assert_eq!(world.node.info().sequence_number, until);
    let alice = world.alice.clone();
    let number = world.node.snapshot().unwrap();
    let call = world.transfer(ONE).sign(&world, &[&alice]);
    assert_eq!(world.apply(call).succeeded().ledger, until);
    world.node.revert(number).unwrap();
    world.node.close(None).unwrap();
    let late = world.apply(world.transfer(ONE).sign(&world, &[&alice]));
    assert_archived(&late);
}

#[test]
fn what_is_archived_is_not_extended() {
    let (mut world, key) = expired();
    let before = live_until(&world, &key);
    let body = OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
        ext: ExtensionPoint::V0,
        extend_to: 3_000_000,
    });
    let footprint = draft::footprint(std::slice::from_ref(&key), &[]);
    let draft = Draft::soroban(&world, &world.alice, body, footprint);
    let outcome = world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    assert_eq!(rent_charged(&outcome), 0);
    assert_eq!(live_until(&world, &key), before);
}

#[test]
fn a_restoration_declares_what_it_reads_and_writes() {
    let (mut world, key) = expired();
    let (alice, size) = (world.alice.clone(), bytes(&world, &key));
    let refused = failed(OperationResultTr::RestoreFootprint(
        RestoreFootprintResult::ResourceLimitExceeded,
    ));
    for (read, written, is_enough) in [
        (size - 1, size, false),
        (size, size - 1, false),
        (size, size, true),
    ] {
        let draft = draft::restore(&world, &alice, std::slice::from_ref(&key));
        let draft = draft.with(|data| {
            data.resources.disk_read_bytes = read;
            data.resources.write_bytes = written;
        });
        let outcome = world.apply(draft.sign(&world, &[&alice]));
        match is_enough {
            true => drop(outcome.succeeded()),
            false => assert_eq!(outcome.result.result, refused, "{read}, {written}"),
        }
    }
}

#[test]
fn a_call_declares_the_bytes_that_it_restores() {
    let (mut world, key) = expired();
    let instance = draft::instance_key(&world.xlm);
    restore(&mut world, &instance).succeeded();
    let (alice, contract) = (world.alice.clone(), world.xlm.clone());
    let account = draft::account_key(&alice);
    let needed = bytes(&world, &account) + bytes(&world, &key);
    let refused = failed(OperationResultTr::InvokeHostFunction(
        InvokeHostFunctionResult::ResourceLimitExceeded,
    ));
    for (declared, is_enough) in [(needed - 1, false), (needed, true)] {
        let draft = draft::transfer(&world, &alice, &contract, ONE).restoring(&[1]);
        let draft = draft.with(|data| data.resources.disk_read_bytes = declared);
        let outcome = world.apply(draft.sign(&world, &[&alice]));
        match is_enough {
            true => drop(outcome.succeeded()),
            false => assert_eq!(outcome.result.result, refused, "{declared}"),
        }
    }
}
