//! The client on a localnet, over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod caught;

use bindings::sanctions::{self, Event};
use chain::{
    Client, Error, EventFilter, EventPage, EventStart, Fees, Network, Receipt, Settings, Signer,
    Timing,
};
use localnet::{
    node::{NodeConfig, Pace, SUPPLY},
    rpc::{serve, Running, ServerConfig},
    NetworkConfig,
};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};
use wire::{
    xdr::{Asset, OperationResult, OperationResultTr, PaymentResult, ScAddress, ScVal},
    Keypair, ToScVal,
};

const FUNDS: i64 = 10_000 * 10_000_000;

/// A network of this process, and a client of it.
struct World {
    client: Client,
    server: Running,
}

async fn world(pace: Pace) -> World {
    let mut network = NetworkConfig::mainnet();
    network.passphrase = Network::local("").passphrase;
    let mut config = ServerConfig::local(NodeConfig {
        network,
        pace,
        folder: None,
        retention: 1_000,
        queue: 1_000,
        supply: SUPPLY,
    });
    let funded = |name| (key(name).account_id(), FUNDS);
    config.accounts = vec![funded("alice"), funded("bob")];
    let server = tokio::task::spawn_blocking(|| serve(config).unwrap());
    let server = server.await.unwrap();
    let settings = Settings {
        // Uploading wasm pays its rent: more than a call may cost.
        fees: Fees {
            ceiling: 200_0000000,
            ..Fees::default()
        },
        timing: Timing {
            poll: Duration::from_millis(5),
            ..Timing::default()
        },
        ..Settings::default()
    };
    let client = Client::connect(Network::local(&server.rpc_url), settings).await;
    World {
        client: client.unwrap(),
        server,
    }
}

fn key(name: &str) -> Keypair {
    Keypair::named(name)
}

fn wasm() -> Vec<u8> {
    wasm_of("sanctions")
}

fn wasm_of(contract: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/contracts");
    std::fs::read(format!("{folder}/{contract}.wasm")).expect("run `make wasm` first")
}

impl World {
    async fn balance(&self, name: &str) -> i64 {
        let account = self.client.account(&key(name).account_id()).await;
        account.unwrap().balance
    }

    /// Closes the open ledger, and moves its clock.
    fn advance(&self, seconds: u64) {
        let url = self.server.control_url.as_deref().unwrap();
        let host = url.trim_start_matches("http://").trim_end_matches('/');
        let body = format!("{{\"seconds\":{seconds}}}");
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "POST /advance HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len(),
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// A list of sanctioned accounts, which alice owns and bob screens.
    async fn list(&self) -> sanctions::Client {
        let alice = key("alice");
        let uploaded = self.client.upload(&wasm(), &alice).await.unwrap();
        let args: Vec<ScVal> = vec![alice.to_scval().unwrap(), key("bob").to_scval().unwrap()];
        let hash = uploaded.value().unwrap();
        let made = self.client.deploy(hash, [1; 32], args, &alice).await;
        sanctions::Client(made.unwrap().value().unwrap())
    }
}

#[tokio::test]
async fn accounts_are_made_and_paid_to_the_stroop() {
    let world = world(Pace::OnDemand).await;
    let (alice, carol) = (key("alice"), key("carol").account_id());
    let client = &world.client;
    let made: Receipt = client
        .create_account(&carol, 50_0000000, &alice)
        .await
        .unwrap();
    let paid = client.pay(&carol, Asset::Native, 3, &alice).await.unwrap();
    assert_eq!((made.fee, paid.fee), (100, 100), "fees");
    assert_eq!(world.balance("carol").await, 50_0000003, "carol");
    assert_eq!(
        world.balance("alice").await,
        FUNDS - 50_0000003 - 200,
        "alice"
    );
}

#[tokio::test]
async fn an_upload_that_costs_more_than_is_allowed_says_how_to_allow_it() {
    let world = world(Pace::OnDemand).await;
    let alice = key("alice");
    let largest = wasm_of("cover_pool");
    let connect = |fees| {
        let settings = Settings {
            fees,
            ..Settings::default()
        };
        Client::connect(world.client.network().clone(), settings)
    };
    let client = connect(Fees::default()).await.unwrap();
    let refused = client.upload(&largest, &alice).await.unwrap_err();
    let Error::FeeTooHigh { fee, ceiling } = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(ceiling, 10_0000000, "10 XLM by default");
    assert!((100_0000000..200_0000000).contains(&fee), "{fee}");
    assert!(refused.to_string().contains("`Fees::ceiling`"), "{refused}");
    assert_eq!(world.balance("alice").await, FUNDS, "nothing was sent");
    let allowed = Fees {
        ceiling: fee,
        ..Fees::default()
    };
    let client = connect(allowed).await.unwrap();
    let uploaded = client.upload(&largest, &alice).await.unwrap();
    assert!(uploaded.fee <= fee, "{}", uploaded.fee);
}

#[tokio::test]
async fn the_networks_own_code_comes_back() {
    let world = world(Pace::OnDemand).await;
    let bob = key("bob").account_id();
    let paid = world
        .client
        .pay(&bob, Asset::Native, FUNDS, &key("alice"))
        .await;
    let Err(Error::Failed(failed)) = paid else {
        panic!("{paid:?}");
    };
    let wire::xdr::TransactionResultResult::TxFailed(operations) = &failed.result.result else {
        panic!("{failed:?}");
    };
    assert_eq!(
        operations.as_slice(),
        [OperationResult::OpInner(OperationResultTr::Payment(
            PaymentResult::Underfunded
        ))],
        "code"
    );
    assert_eq!(failed.result.fee_charged, 100, "fee");
}

#[tokio::test]
async fn contracts_are_made_called_viewed_and_heard() {
    let world = world(Pace::OnDemand).await;
    let list = world.list().await;
    let bob = key("bob");
    let listed = vec![key("mallory").address(), key("eve").address()];
    let sent = world.client.send(list.add(&listed), &bob, &[]).await;
    assert_eq!(sent.unwrap().events.len(), 2, "events of the receipt");
    let seen = world.client.view(list.is_sanctioned(&listed[0])).await;
    assert!(seen.unwrap(), "on the list");

    let filter = EventFilter {
        contracts: vec![list.0.clone()],
        topics: Vec::new(),
    };
    let start = world.client.latest_ledger().await.unwrap().sequence - 1;
    let mut events = world.client.events(filter, EventStart::Ledger(start));
    let page = events.next_page().await.unwrap();
    assert!(page.is_last, "nothing else happened");
    assert_eq!(heard(&page), listed, "in order");
}

/// The accounts that a page says were listed.
fn heard(page: &EventPage) -> Vec<ScAddress> {
    let events = page.events.iter();
    let listed = events.filter_map(|event| match event.decode().unwrap() {
        Some(Event::Listed(event)) => Some(event.account),
        _ => None,
    });
    listed.collect()
}

#[tokio::test]
async fn events_beyond_the_ledgers_of_one_page_are_on_the_next() {
    let world = world(Pace::Eager).await;
    let list = world.list().await;
    let listed = [key("mallory").address(), key("eve").address()];
    let start = world.client.latest_ledger().await.unwrap().sequence;
    for (account, seconds) in listed.iter().zip([60_000, 5]) {
        let call = list.add(&vec![account.clone()]);
        let sent = world.client.send(call, &key("bob"), &[]).await;
        sent.unwrap();
        world.advance(seconds);
    }
    let filter = EventFilter {
        contracts: vec![list.0.clone()],
        topics: Vec::new(),
    };
    let mut events = world.client.events(filter, EventStart::Ledger(start));
    for (account, is_last) in listed.iter().zip([false, true]) {
        let page = events.next_page().await.unwrap();
        assert_eq!(
            heard(&page),
            std::slice::from_ref(account),
            "12 000 ledgers apart"
        );
        assert_eq!(page.is_last, is_last, "{account}");
    }
}

#[tokio::test]
async fn another_signs_for_a_call_that_someone_else_sends() {
    let world = world(Pace::OnDemand).await;
    let list = world.list().await;
    let (alice, bob) = (key("alice"), key("bob"));
    let listed = vec![key("mallory").address()];
    let unsigned = world.client.send(list.add(&listed), &alice, &[]).await;
    match unsigned {
        Err(Error::MissingSignature(who)) => assert_eq!(who, bob.address(), "whose"),
        other => panic!("{other:?}"),
    }
    let signers: [&dyn Signer; 1] = [&bob];
    let sent = world.client.send(list.add(&listed), &alice, &signers);
    sent.await.unwrap();
    let seen = world.client.view(list.is_sanctioned(&listed[0])).await;
    assert!(seen.unwrap(), "on the list");
}

#[tokio::test]
async fn what_is_not_used_of_a_fee_comes_back() {
    let world = world(Pace::OnDemand).await;
    let list = world.list().await;
    let before = world.balance("bob").await;
    let listed = vec![key("mallory").address()];
    let sent = world
        .client
        .send(list.add(&listed), &key("bob"), &[])
        .await
        .unwrap();
    assert_eq!(
        world.balance("bob").await,
        before - sent.fee,
        "charged what the receipt says"
    );
}

#[tokio::test]
async fn many_in_a_row_and_at_once_are_all_applied() {
    let world = world(Pace::Eager).await;
    let (alice, bob) = (key("alice"), key("bob").account_id());
    let before = world.balance("bob").await;
    for _ in 0..10 {
        let paid = world.client.pay(&bob, Asset::Native, 1, &alice).await;
        paid.unwrap();
    }
    let pay = || world.client.pay(&bob, Asset::Native, 10, &alice);
    let (a, b, c) = tokio::join!(pay(), pay(), pay());
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "at once");
    assert_eq!(world.balance("bob").await, before + 40, "every one once");
}

#[tokio::test]
async fn another_network_is_noticed() {
    let world = world(Pace::OnDemand).await;
    let other = Network::mainnet(&world.client.network().url);
    let error = Client::connect(other, Settings::default()).await;
    assert!(matches!(error, Err(Error::Passphrase { .. })), "{error:?}");
}
