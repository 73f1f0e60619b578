//! Events, filtered and page by page.

use localnet::{
    node::Pace,
    xdr::{Limits, ScVal, WriteXdr},
    Keypair,
};
use stellar_rpc_client::{Event, EventStart, EventType};

use crate::{native_address, native_contract, transfer, World};

fn encoded(value: ScVal) -> String {
    value.to_xdr_base64(Limits::none()).unwrap()
}

/// A network on which Alice sent Bob 1, 2 and 3 stroops, each in a ledger of its own.
async fn transfers() -> (World, Keypair, Keypair) {
    let world = World::new(Pace::Manual);
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    world.invoke(&alice, native_contract()).await;
    for amount in 1..=3 {
        world.invoke(&alice, transfer(&alice, &bob, amount)).await;
    }
    (world, alice, bob)
}

fn amounts(events: &[Event]) -> Vec<String> {
    events.iter().map(|event| event.value.clone()).collect()
}

fn expected(amounts: &[i128]) -> Vec<String> {
    amounts
        .iter()
        .map(|amount| encoded(ScVal::from(*amount)))
        .collect()
}

#[tokio::test]
async fn events_are_filtered_by_contract_and_topic() {
    let (world, alice, bob) = transfers().await;
    let contract = [native_address().to_string()];
    let name = encoded(ScVal::Symbol("transfer".try_into().unwrap()));
    let [from, to] = [&alice, &bob].map(|key| encoded(ScVal::Address(key.address())));
    let any = || "*".to_owned();
    let rest = || "**".to_owned();
    for (topics, found) in [
        (vec![name.clone(), from.clone(), to.clone(), any()], 3),
        (vec![name.clone(), rest()], 3),
        (vec![any(), any(), to.clone(), rest()], 3),
        (vec![name.clone(), any(), any()], 0),
        (vec![name.clone(), to, rest()], 0),
        (vec![name, from, any(), any(), rest()], 3),
    ] {
        // Behind the payments of friendbot, which are transfers, too.
        let start = EventStart::Ledger(4);
        let topics = [topics];
        let page =
            world
                .client
                .get_events(start, Some(EventType::Contract), &contract, &topics, None);
        let page = page.await.unwrap();
        assert_eq!(page.events.len(), found, "{topics:?}");
        if found == 3 {
            assert_eq!(amounts(&page.events), expected(&[1, 2, 3]));
            assert_eq!(page.events[0].contract_id, contract[0]);
            assert_eq!(
                (page.events[0].ledger, page.events[0].event_type.as_str()),
                (5, "contract")
            );
            assert_eq!(
                page.events[0].ledger_closed_at.len(),
                "2026-01-01T00:00:00Z".len()
            );
        }
    }
}

#[tokio::test]
async fn events_are_listed_page_by_page_and_followed() {
    let (world, alice, bob) = transfers().await;
    let name = encoded(ScVal::Symbol("transfer".try_into().unwrap()));
    let topics = [vec![name, "**".into()]];
    let ask = |start| world.client.get_events(start, None, &[], &topics, Some(2));
    let first = ask(EventStart::Ledger(4)).await.unwrap();
    assert_eq!(amounts(&first.events), expected(&[1, 2]));
    assert_eq!(first.cursor, first.events[1].id);
    let second = ask(EventStart::Cursor(first.cursor)).await.unwrap();
    assert_eq!(amounts(&second.events), expected(&[3]));
    // Behind the window nothing is missed and nothing comes twice.
    let third = ask(EventStart::Cursor(second.cursor)).await.unwrap();
    assert!(third.events.is_empty());
    world.invoke(&alice, transfer(&alice, &bob, 4)).await;
    let fourth = ask(EventStart::Cursor(third.cursor)).await.unwrap();
    assert_eq!(amounts(&fourth.events), expected(&[4]));
    let range = EventStart::ledger_range(5, 7).unwrap();
    assert_eq!(
        amounts(&ask(range).await.unwrap().events),
        expected(&[1, 2])
    );
}

#[tokio::test]
async fn what_is_out_of_bounds_is_refused() {
    let world = World::new(Pace::Manual);
    let topic = |count| vec![vec!["*".to_owned()]; count];
    let contracts = |count| vec![native_address().to_string(); count];
    let segments =
        |segments: &[&str]| vec![segments.iter().map(|text| (*text).to_owned()).collect()];
    for (start, contracts, topics, limit, told) in [
        (1, contracts(5), topic(5), 10_000, ""),
        (
            1,
            contracts(6),
            topic(0),
            1,
            "maximum 5 contract IDs per filter",
        ),
        (1, contracts(0), topic(6), 1, "maximum 5 topics per filter"),
        (
            1,
            contracts(0),
            topic(0),
            10_001,
            "limit must not exceed 10000",
        ),
        (
            2,
            contracts(0),
            topic(0),
            1,
            "startLedger must be within the ledger range: 1 - 1",
        ),
        (0, contracts(0), topic(0), 1, "startLedger must be positive"),
        (
            1,
            contracts(0),
            segments(&["**", "*"]),
            1,
            "only allowed as the last segment",
        ),
        (
            1,
            contracts(0),
            segments(&["*"; 5]),
            1,
            "more than 4 segments",
        ),
        (1, contracts(0), segments(&[]), 1, "at least 1 segment"),
        (1, vec!["CABC".into()], topic(0), 1, "contract ID 1 invalid"),
    ] {
        let start = EventStart::Ledger(start);
        let asked = world
            .client
            .get_events(start, None, &contracts, &topics, Some(limit))
            .await;
        match asked {
            Ok(_) => assert_eq!(told, ""),
            Err(error) => assert!(
                error.to_string().contains(told) && !told.is_empty(),
                "{error}"
            ),
        }
    }
}
