use chain::{Error, EventFilter, EventStart, Events};
use serde_json::{json, Value};
use wire::{contract_address, value::symbol, xdr::ScAddress, xdr::ScVal};

use crate::fake::{encode, Fake, Reply};

fn pool() -> ScAddress {
    contract_address([3; 32])
}

/// The ledger of an event; the last is 12.
fn ledger(number: u64) -> u64 {
    5 + number / 10
}

fn id(number: u64) -> String {
    let operation = ledger(number) << 32 | 1 << 12;
    format!("{operation:019}-{:010}", number % 10)
}

/// The cursor behind all events of a ledger.
fn end_of(ledger: u64) -> String {
    let operation = ledger << 32 | 0xffff_ffff;
    format!("{operation:019}-{:010}", u32::MAX)
}

fn event(number: u64) -> Value {
    json!({
        "type": "contract", "ledger": ledger(number),
        "ledgerClosedAt": "2026-01-01T00:00:00Z",
        "contractId": pool().to_string(),
        "id": id(number),
        "txHash": crate::fake::hex(&[4; 32]),
        "topic": [encode(&symbol("deposit").unwrap())],
        "value": encode(&ScVal::U64(number)),
    })
}

fn page(events: &[Value], cursor: &str) -> Reply {
    Reply::Result(json!({
        "events": events, "cursor": cursor, "latestLedger": 12,
        "latestLedgerCloseTime": "1", "oldestLedger": 1, "oldestLedgerCloseTime": "1",
    }))
}

/// Sixty events, as many a page as asked for, after the cursor.
fn honest(fake: &Fake) {
    fake.lie(|_, _, params| {
        let cursor = params["pagination"]["cursor"].as_str().unwrap_or("");
        let limit = params["pagination"]["limit"].as_u64().unwrap();
        let from = (0..60).find(|number| id(*number).as_str() > cursor);
        let from = from.unwrap_or(60);
        let to = 60.min(from + limit);
        let cursor = match to - from == limit {
            true => id(to - 1),
            false => end_of(12),
        };
        let events: Vec<_> = (from..to).map(event).collect();
        Some(page(&events, &cursor))
    });
}

async fn events(fake: &Fake, start: EventStart) -> Events {
    let filter = EventFilter {
        contracts: vec![pool()],
        topics: Vec::new(),
    };
    fake.client().await.events(filter, start).with_page(25)
}

/// The numbers of the next page, and whether that was all.
async fn numbers(events: &mut Events) -> (Vec<u64>, bool) {
    let page = events.next_page().await.unwrap();
    let number = |data: &ScVal| match data {
        ScVal::U64(number) => *number,
        other => panic!("{other:?}"),
    };
    let numbers = page.events.iter().map(|event| number(&event.data));
    (numbers.collect(), page.is_last)
}

#[tokio::test]
async fn a_cursor_survives_a_restart() {
    let fake = Fake::start().await;
    let mut first = events(&fake, EventStart::Ledger(5)).await;
    honest(&fake);
    assert_eq!(first.cursor(), None, "before the first page");
    let read = numbers(&mut first).await;
    assert_eq!(read, ((0..25).collect(), false), "first");
    let kept = first.cursor().unwrap().to_owned();
    drop(first);
    fake.lie(|_, _, _| None);
    let mut second = events(&fake, EventStart::Cursor(kept)).await;
    honest(&fake);
    let read = numbers(&mut second).await;
    assert_eq!(read, ((25..50).collect(), false), "second");
    let read = numbers(&mut second).await;
    assert_eq!(read, ((50..60).collect(), true), "third");
    let nothing = (Vec::new(), true);
    assert_eq!(numbers(&mut second).await, nothing, "nothing new");
    assert_eq!(numbers(&mut second).await, nothing, "still nothing");
}

#[tokio::test]
async fn what_was_read_before_a_restart_is_not_read_again() {
    for sent in [7, 3] {
        let fake = Fake::start().await;
        let mut events = events(&fake, EventStart::Cursor(id(7))).await;
        fake.lie(move |_, _, _| Some(page(&[event(sent)], &end_of(12))));
        let error = events.next_page().await.unwrap_err();
        assert!(matches!(error, Error::Answer { .. }), "{sent}: {error:?}");
    }
}

#[tokio::test]
async fn an_empty_page_is_the_last_only_at_the_last_ledger() {
    let fake = Fake::start().await;
    let mut events = events(&fake, EventStart::Ledger(5)).await;
    let mut ledger = 9;
    fake.lie(move |_, _, _| {
        ledger += 1;
        Some(page(&[], &end_of(ledger)))
    });
    for is_last in [false, false, true] {
        let read = numbers(&mut events).await;
        assert_eq!(read, (Vec::new(), is_last), "{:?}", events.cursor());
    }
    fake.lie(|_, _, _| Some(page(&[event(79)], &id(79))));
    let mut full = events.with_page(1);
    let error = full.next_page().await.unwrap_err();
    assert!(matches!(error, Error::Answer { .. }), "back: {error:?}");
}

#[tokio::test]
async fn a_page_that_ends_with_an_event_is_not_known_to_be_the_last() {
    let fake = Fake::start().await;
    let mut events = events(&fake, EventStart::Ledger(5)).await;
    fake.lie(|_, _, _| Some(page(&[event(79)], &id(79))));
    assert_eq!(numbers(&mut events).await, (vec![79], false), "ledger 12");
}

#[tokio::test]
async fn pages_that_cannot_be_are_errors() {
    let foreign = {
        let mut foreign = event(1);
        foreign["contractId"] = json!(contract_address([9; 32]).to_string());
        foreign
    };
    let nobodys = {
        let mut nobodys = event(1);
        nobodys["contractId"] = json!("");
        nobodys
    };
    let early = {
        let mut early = event(1);
        early["ledger"] = json!(4);
        early["id"] = json!(end_of(4));
        early
    };
    let bad_value = {
        let mut bad = event(1);
        bad["value"] = json!("AAAADf////8=");
        bad
    };
    let of_two_ledgers = {
        let mut moved = event(1);
        moved["ledger"] = json!(7);
        moved
    };
    let end = end_of(12);
    let cases = [
        (
            "too many",
            (0..26).map(event).collect::<Vec<_>>(),
            end.clone(),
        ),
        ("out of order", vec![event(2), event(1)], end.clone()),
        ("twice", vec![event(2), event(2)], end.clone()),
        ("another contract", vec![foreign], end.clone()),
        ("no contract", vec![nobodys], end.clone()),
        ("too early", vec![early], end.clone()),
        ("two ledgers", vec![of_two_ledgers], end.clone()),
        ("bad value", vec![bad_value], end),
        ("no cursor", vec![event(1)], String::new()),
        ("not a cursor", vec![event(1)], "9".into()),
        ("an endless one", vec![], "0".repeat(200) + "1-1"),
        ("beyond the last ledger", vec![event(1)], end_of(13)),
        ("before its events", vec![event(2)], id(1)),
    ];
    for (label, sent, cursor) in cases {
        let fake = Fake::start().await;
        let mut events = events(&fake, EventStart::Ledger(5)).await;
        fake.lie(move |_, _, _| Some(page(&sent, &cursor)));
        let error = events.next_page().await.expect_err(label);
        assert!(matches!(error, Error::Answer { .. }), "{label}: {error:?}");
        assert_eq!(events.cursor(), None, "{label}: no step forward");
    }
}

#[tokio::test]
async fn a_cursor_that_stands_still_does_not_go_round_for_ever() {
    for has_events in [true, false] {
        let fake = Fake::start().await;
        let mut events = events(&fake, EventStart::Ledger(5)).await;
        let mut number = 0;
        fake.lie(move |_, _, _| {
            number += 1;
            let sent: Vec<_> = [event(number)].into_iter().filter(|_| has_events).collect();
            Some(page(&sent, &id(1)))
        });
        events.next_page().await.unwrap();
        let again = events.next_page().await.unwrap_err();
        assert!(matches!(again, Error::Answer { .. }), "{again:?}");
    }
}

#[tokio::test]
async fn the_same_page_again_is_no_news() {
    let fake = Fake::start().await;
    let mut events = events(&fake, EventStart::Ledger(5)).await;
    let mut cursor = 0;
    fake.lie(move |_, _, _| {
        cursor += 1;
        Some(page(&[event(1)], &id(cursor)))
    });
    events.next_page().await.unwrap();
    let again = events.next_page().await.unwrap_err();
    assert!(matches!(again, Error::Answer { .. }), "{again:?}");
}
