use chain::{Error, EventFilter, EventStart, Events};
use serde_json::{json, Value};
use wire::{contract_address, value::symbol, xdr::ScAddress, xdr::ScVal};

use crate::fake::{encode, Fake, Reply};

fn pool() -> ScAddress {
    contract_address([3; 32])
}

fn event(number: u64) -> Value {
    json!({
        "type": "contract", "ledger": 5 + number / 10,
        "ledgerClosedAt": "2026-01-01T00:00:00Z",
        "contractId": pool().to_string(),
        "id": format!("{number:019}-0000000001"),
        "txHash": crate::fake::hex(&[4; 32]),
        "topic": [encode(&symbol("deposit").unwrap())],
        "value": encode(&ScVal::U64(number)),
    })
}

fn page(events: &[Value], cursor: &str) -> Reply {
    Reply::Result(json!({
        "events": events, "cursor": cursor, "latestLedger": 9,
        "latestLedgerCloseTime": "1", "oldestLedger": 1, "oldestLedgerCloseTime": "1",
    }))
}

/// Sixty events, as many a page as asked for, after the cursor.
fn honest(fake: &Fake) {
    fake.lie(|_, _, params| {
        let cursor = params["pagination"]["cursor"].as_str().unwrap_or("0");
        let from: u64 = cursor.parse().unwrap();
        let to = 60.min(from + params["pagination"]["limit"].as_u64().unwrap());
        let events: Vec<_> = (from..to).map(event).collect();
        Some(page(&events, &to.to_string()))
    });
}

async fn events(fake: &Fake, start: EventStart) -> Events {
    let filter = EventFilter {
        contracts: vec![pool()],
        topics: Vec::new(),
    };
    fake.client().await.events(filter, start).with_page(25)
}

async fn numbers(events: &mut Events) -> Vec<u64> {
    let page = events.next_page().await.unwrap();
    let number = |data: &ScVal| match data {
        ScVal::U64(number) => *number,
        other => panic!("{other:?}"),
    };
    page.iter().map(|event| number(&event.data)).collect()
}

#[tokio::test]
async fn a_cursor_survives_a_restart() {
    let fake = Fake::start().await;
    let mut first = events(&fake, EventStart::Ledger(5)).await;
    honest(&fake);
    assert_eq!(first.cursor(), None, "before the first page");
    assert_eq!(numbers(&mut first).await, (0..25).collect::<Vec<_>>());
    let kept = first.cursor().unwrap().to_owned();
    drop(first);
    fake.lie(|_, _, _| None);
    let mut second = events(&fake, EventStart::Cursor(kept)).await;
    honest(&fake);
    assert_eq!(numbers(&mut second).await, (25..50).collect::<Vec<_>>());
    assert_eq!(numbers(&mut second).await, (50..60).collect::<Vec<_>>());
    assert!(numbers(&mut second).await.is_empty(), "nothing new");
    assert!(numbers(&mut second).await.is_empty(), "still nothing");
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
        early
    };
    let bad_value = {
        let mut bad = event(1);
        bad["value"] = json!("AAAADf////8=");
        bad
    };
    let cases = [
        ("too many", (0..26).map(event).collect::<Vec<_>>(), "9"),
        ("out of order", vec![event(2), event(1)], "9"),
        ("twice", vec![event(2), event(2)], "9"),
        ("another contract", vec![foreign], "9"),
        ("no contract", vec![nobodys], "9"),
        ("too early", vec![early], "9"),
        ("bad value", vec![bad_value], "9"),
        ("no cursor", vec![event(1)], ""),
    ];
    for (label, sent, cursor) in cases {
        let fake = Fake::start().await;
        let mut events = events(&fake, EventStart::Ledger(5)).await;
        fake.lie(move |_, _, _| Some(page(&sent, cursor)));
        let error = events.next_page().await.expect_err(label);
        assert!(matches!(error, Error::Answer { .. }), "{label}: {error:?}");
        assert_eq!(events.cursor(), None, "{label}: no step forward");
    }
}

#[tokio::test]
async fn a_cursor_that_stands_still_does_not_go_round_for_ever() {
    let fake = Fake::start().await;
    let mut events = events(&fake, EventStart::Ledger(5)).await;
    let mut number = 0;
    fake.lie(move |_, _, _| {
        number += 1;
        Some(page(&[event(number)], "9"))
    });
    assert_eq!(events.next_page().await.unwrap().len(), 1, "first");
    let again = events.next_page().await.unwrap_err();
    assert!(matches!(again, Error::Answer { .. }), "{again:?}");
}

#[tokio::test]
async fn the_same_page_again_is_no_news() {
    let fake = Fake::start().await;
    let mut events = events(&fake, EventStart::Ledger(5)).await;
    let mut cursor = 0;
    fake.lie(move |_, _, _| {
        cursor += 1;
        Some(page(&[event(1)], &cursor.to_string()))
    });
    events.next_page().await.unwrap();
    let again = events.next_page().await.unwrap_err();
    assert!(matches!(again, Error::Answer { .. }), "{again:?}");
}
