//! Transactions that say when they may be applied, and what accounts remember for that.

use localnet::{
    node::Sent,
    xdr::{
        AccountEntry, AccountEntryExt, AccountEntryExtensionV1Ext, AccountEntryExtensionV2Ext,
        Duration, LedgerBounds, Preconditions, PreconditionsV2, TimeBounds, TimePoint,
        TransactionResultResult as Tx,
    },
};

use crate::{bump::bumped, draft::RESOURCE_FEE, World, ONE};

/// What Alice's transfer is refused with under these conditions; nothing of it stays.
#[track_caller]
fn refusal(world: &mut World, change: impl FnOnce(&mut PreconditionsV2)) -> Option<Tx> {
    let mut conditions = PreconditionsV2::default();
    change(&mut conditions);
    let mut draft = world.transfer(ONE);
    draft.0.cond = Preconditions::V2(conditions);
    let number = world.node.snapshot().unwrap();
    let sent = world.node.send(draft.sign(world, &[&world.alice])).unwrap();
    world.node.revert(number).unwrap();
    match sent {
        Sent::Pending => None,
        Sent::Error(result) => Some(result.result),
        other => panic!("{other:?}"),
    }
}

fn times(min: u64, max: u64) -> TimeBounds {
    TimeBounds {
        min_time: TimePoint(min),
        max_time: TimePoint(max),
    }
}

/// Ledger and time at which the account's sequence number last moved, if it says so.
fn moved(account: &AccountEntry) -> Option<(u32, u64)> {
    let AccountEntryExt::V1(v1) = &account.ext else {
        return None;
    };
    let AccountEntryExtensionV1Ext::V2(v2) = &v1.ext else {
        return None;
    };
    let AccountEntryExtensionV2Ext::V3(v3) = &v2.ext else {
        return None;
    };
    Some((v3.seq_ledger, v3.seq_time.0))
}

#[test]
fn bounds_of_time_are_kept_to_the_second() {
    let mut world = World::new();
    let now = world.node.info().timestamp;
    for (min, max, refused) in [
        (0, 0, None),
        (now, now, None),
        (now + 1, 0, Some(Tx::TxTooEarly)),
        (0, now - 1, Some(Tx::TxTooLate)),
        (now + 1, now - 1, Some(Tx::TxTooEarly)),
    ] {
        let bounds = |conditions: &mut PreconditionsV2| {
            conditions.time_bounds = Some(times(min, max));
        };
        assert_eq!(refusal(&mut world, bounds), refused, "{min} to {max}");
    }
}

#[test]
fn bounds_of_ledgers_leave_the_last_one_out() {
    let mut world = World::new();
    let open = world.node.info().sequence_number;
    for (min_ledger, max_ledger, refused) in [
        (0, 0, None),
        (open, open + 1, None),
        (open + 1, 0, Some(Tx::TxTooEarly)),
        (0, open, Some(Tx::TxTooLate)),
    ] {
        let bounds = |conditions: &mut PreconditionsV2| {
            conditions.ledger_bounds = Some(LedgerBounds {
                min_ledger,
                max_ledger,
            });
        };
        let found = refusal(&mut world, bounds);
        assert_eq!(found, refused, "{min_ledger} to {max_ledger}");
    }
}

#[test]
fn what_is_late_when_its_ledger_closes_costs_nothing() {
    let mut world = World::new();
    let (now, before) = (
        world.node.info().timestamp,
        world.account(&world.alice.account_id()),
    );
    let mut draft = world.transfer(ONE);
    draft.0.cond = Preconditions::Time(times(0, now + 4));
    let submission = draft.sign(&world, &[&world.alice]);
    let hash = submission.hash;
    let number = world.node.snapshot().unwrap();
    assert_eq!(world.node.send(submission.clone()).unwrap(), Sent::Pending);
    world.node.close(Some(now + 5)).unwrap();
    assert_eq!(world.node.transaction(&hash).unwrap(), None);
    assert!(!world.node.is_waiting(), "dropped");
    assert_eq!(world.account(&world.alice.account_id()), before);

    world.node.revert(number).unwrap();
    assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
    world.node.close(Some(now + 4)).unwrap();
    world.outcome(&hash).succeeded();
}

#[test]
fn a_sequence_number_rests_as_long_as_is_asked() {
    let mut world = World::new();
    let (open, alice) = (world.node.info(), world.account(&world.alice.account_id()));
    let (ledger, time) = moved(&alice).unwrap();
    let (ledgers, seconds) = (open.sequence_number - ledger, open.timestamp - time);
    assert_eq!((ledgers, seconds), (1, 5), "as the last ledger closed");
    for (gap, age, is_enough) in [
        (ledgers, seconds, true),
        (ledgers + 1, 0, false),
        (u32::MAX, 0, false),
        (0, seconds + 1, false),
        (0, u64::MAX, false),
    ] {
        let refused = (!is_enough).then_some(Tx::TxBadMinSeqAgeOrGap);
        let rest = |conditions: &mut PreconditionsV2| {
            conditions.min_seq_ledger_gap = gap;
            conditions.min_seq_age = Duration(age);
        };
        assert_eq!(refusal(&mut world, rest), refused, "{gap} or {age}");
    }
}

#[test]
fn an_account_remembers_when_its_own_number_moved() {
    let mut world = World::new();
    let mallory = world.account(&world.mallory.account_id());
    assert_eq!(moved(&mallory), None, "it never did");
    world.node.advance(1_000).unwrap();
    let paid = bumped(
        &world,
        &world.transfer(ONE),
        RESOURCE_FEE + 200,
        &[&world.mallory],
    );
    world.apply(paid).succeeded();
    let latest = world.node.latest().clone();
    let now = Some((latest.sequence, latest.closed_at));
    let alice = world.account(&world.alice.account_id());
    assert_eq!(moved(&alice), now, "whose number it is");
    let mallory = world.account(&world.mallory.account_id());
    assert_eq!(moved(&mallory), None, "who only pays");
    // What fails moves it, too.
    let weak = world.transfer(ONE);
    let weak = weak.with(|data| data.resources.instructions = 50_000);
    world.apply(weak.sign(&world, &[&world.alice]));
    let latest = world.node.latest();
    let now = Some((latest.sequence, latest.closed_at));
    assert_eq!(moved(&world.account(&world.alice.account_id())), now);
}
