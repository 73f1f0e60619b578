use chain::{Client, Error, Network};
use serde_json::json;

use crate::fake::{alice, settings, Fake, Reply};

#[tokio::test]
async fn another_network_is_refused() {
    let fake = Fake::start().await;
    let network = Network::mainnet(&fake.url);
    let error = Client::connect(network, settings()).await.unwrap_err();
    assert!(matches!(error, Error::Passphrase { .. }), "{error:?}");
}

#[tokio::test]
async fn no_url_and_no_server_are_told_apart() {
    let nowhere = Client::connect(Network::local("no url"), settings()).await;
    assert!(matches!(nowhere, Err(Error::Url(_))), "{nowhere:?}");
    let closed = Client::connect(Network::local("http://127.0.0.1:1"), settings()).await;
    let error = closed.unwrap_err();
    assert!(
        matches!(error, Error::Unreachable { .. }) && error.is_retryable(),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_not_for_ever() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let mut left = 2;
    fake.lie(move |_, _, _| {
        left -= 1;
        (left >= 0).then_some(Reply::Status(429))
    });
    client.latest_ledger().await.unwrap();
    assert_eq!(
        fake.asked("getLatestLedger"),
        4,
        "connecting, third attempt"
    );
    fake.lie(|_, _, _| Some(Reply::Status(503)));
    let error = client.latest_ledger().await.unwrap_err();
    assert!(
        matches!(error, Error::Busy { status: 503, .. }) && error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(fake.asked("getLatestLedger"), 7, "three attempts");
}

#[tokio::test]
async fn a_refusal_is_final() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|_, _, _| Some(Reply::Error(-32_602, "invalid params")));
    let error = client.latest_ledger().await.unwrap_err();
    assert!(
        matches!(error, Error::Refused { code: -32_602, .. }) && !error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(fake.asked("getLatestLedger"), 2, "connecting, asked once");
}

#[tokio::test]
async fn nonsense_is_an_error() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let answers = [
        json!(null),
        json!([]),
        json!({ "sequence": -1 }),
        json!({ "sequence": 5_000_000_000_u64 }),
        json!({ "sequence": 1, "closeTime": "yesterday" }),
    ];
    for answer in answers {
        fake.always("getLatestLedger", answer.clone());
        let error = client.latest_ledger().await.unwrap_err();
        assert!(matches!(error, Error::Answer { .. }), "{answer}: {error:?}");
    }
    fake.lie(|_, _, _| Some(Reply::Raw("<html>".into())));
    assert!(client.latest_ledger().await.is_err(), "no JSON");
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|_, _, _| Some(Reply::Raw("9".repeat(11 << 20))));
    assert!(
        client.account(&alice().account_id()).await.is_err(),
        "11 MiB"
    );
}
