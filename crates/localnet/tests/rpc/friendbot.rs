//! Coins for whoever asks, whatever the pace.

use std::time::Duration;

use localnet::{node::Pace, Keypair};
use serde_json::Value;

use crate::{http, World, FUNDS};

async fn balance(world: &World, key: &Keypair) -> i64 {
    let account = world
        .client
        .get_account(&key.account_id().to_string())
        .await;
    account.unwrap().balance
}

#[tokio::test]
async fn an_account_is_funded_at_every_pace() {
    let paces = [
        Pace::Manual,
        Pace::Eager,
        Pace::OnDemand,
        Pace::Every(Duration::from_millis(100)),
    ];
    for pace in paces {
        let world = World::new(pace);
        let alice = world.account("alice").await;
        assert_eq!(balance(&world, &alice).await, FUNDS, "{pace:?}");
    }
}

#[tokio::test]
async fn funding_twice_is_told_in_the_clients_words() {
    let world = World::new(Pace::Manual);
    let alice = world.account("alice").await;
    let url = format!(
        "{}/friendbot?addr={}",
        world.running.rpc_url,
        alice.account_id()
    );
    let said = http::say("POST", &url, &[], "");
    assert_eq!(said.status, 400);
    let said: Value = serde_json::from_str(&said.body).unwrap();
    let detail = said["detail"].as_str().unwrap();
    assert!(
        detail.contains("account already funded to starting balance"),
        "{detail}"
    );
    assert!(detail.contains("createAccountAlreadyExist"), "{detail}");
    assert_eq!(balance(&world, &alice).await, FUNDS);
}

#[tokio::test]
async fn the_answer_leads_to_the_transaction() {
    let world = World::new(Pace::Manual);
    let alice = Keypair::named("alice");
    // By a form, as some clients do it.
    let form = format!("addr={}", alice.account_id());
    let url = format!("{}/friendbot", world.running.rpc_url);
    let said = http::say("POST", &url, &[], &form);
    let said: Value = serde_json::from_str(&said.body).unwrap();
    assert_eq!(
        (&said["successful"], &said["ledger"]),
        (&true.into(), &2.into())
    );
    let hash = said["hash"].as_str().unwrap().parse().unwrap();
    let found = world.client.get_transaction(&hash).await.unwrap();
    assert_eq!((found.status.as_str(), found.ledger), ("SUCCESS", Some(2)));
}

#[tokio::test]
async fn many_at_once_are_all_funded() {
    let world = World::new(Pace::OnDemand);
    let keys: Vec<_> = (0..8)
        .map(|number| Keypair::named(&format!("account {number}")))
        .collect();
    std::thread::scope(|scope| {
        for key in &keys {
            let url = format!(
                "{}/friendbot?addr={}",
                world.running.rpc_url,
                key.account_id()
            );
            scope.spawn(move || assert_eq!(http::get(&url).0, 200));
        }
    });
    for key in &keys {
        assert_eq!(balance(&world, key).await, FUNDS);
    }
}

#[test]
fn who_is_no_account_is_not_funded() {
    let world = World::new(Pace::Manual);
    for query in [
        "",
        "?addr=",
        "?addr=GABC",
        "?addr=CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD2KM",
    ] {
        let (status, body) = http::get(&format!("{}/friendbot{query}", world.running.rpc_url));
        assert_eq!(status, 400, "{query}: {body}");
    }
}
