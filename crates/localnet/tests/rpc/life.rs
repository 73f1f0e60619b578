//! A server's life: paces, seeded accounts, ending and opening again.

use std::time::Duration;

use localnet::{
    node::Pace,
    rpc::{serve, ServeError, ServerConfig},
    Keypair,
};
use stellar_rpc_client::Client;

use crate::{node, World};

#[tokio::test]
async fn ledgers_close_by_themselves() {
    let world = World::new(Pace::Every(Duration::from_millis(20)));
    for _ in 0..100 {
        if world.client.get_latest_ledger().await.unwrap().sequence > 3 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no ledger closed");
}

#[tokio::test]
async fn without_transactions_none_closes_on_demand() {
    let world = World::new(Pace::OnDemand);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(world.client.get_latest_ledger().await.unwrap().sequence, 1);
}

#[tokio::test]
async fn a_stopped_servers_ledger_is_opened_again() {
    let folder = std::env::temp_dir().join(format!("localnet-rpc-{}", std::process::id()));
    let alice = Keypair::named("alice").account_id();
    let config = || {
        let mut node = node(Pace::Manual);
        node.folder = Some(folder.clone());
        let mut config = ServerConfig::local(node);
        config.accounts = vec![(alice.clone(), 12_340_000_000)];
        config
    };
    let mut last = Vec::new();
    for _ in 0..2 {
        let running = serve(config()).unwrap();
        let client = Client::new(&running.rpc_url).unwrap();
        let account = client.get_account(&alice.to_string()).await.unwrap();
        assert_eq!(account.balance, 12_340_000_000);
        last.push(client.get_latest_ledger().await.unwrap().id);
        assert!(serve(config()).is_err(), "a folder is opened twice");
        running.stop().unwrap();
    }
    // Seeded once: nothing was left to do the second time.
    assert_eq!(last[0], last[1]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_address_that_is_taken_is_told() {
    let world = World::new(Pace::Manual);
    let mut config = ServerConfig::local(node(Pace::Manual));
    let taken = world.running.rpc_url.strip_prefix("http://").unwrap();
    config.address = taken.parse().unwrap();
    let refused = serve(config).unwrap_err();
    assert!(matches!(refused, ServeError::Address(..)), "{refused}");
}

#[test]
fn an_open_connection_does_not_keep_a_server_from_stopping() {
    let world = World::new(Pace::Manual);
    let host = world.running.rpc_url.strip_prefix("http://").unwrap();
    let _idle = std::net::TcpStream::connect(host).unwrap();
    let began = std::time::Instant::now();
    world.running.stop().unwrap();
    assert!(began.elapsed() < Duration::from_secs(8));
}
