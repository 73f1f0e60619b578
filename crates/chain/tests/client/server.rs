use chain::{Client, Error, Network};
use serde_json::{json, Value};

use crate::fake::{alice, settings, Fake, Reply};

/// What tells the last ledger.
const METHOD: &str = "getTransaction";

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
    assert_eq!(fake.asked(METHOD), 4, "connecting, third attempt");
    for status in [408, 425, 429, 500, 502, 503, 504, 520, 522, 527] {
        fake.lie(move |_, _, _| Some(Reply::Status(status)));
        let error = client.latest_ledger().await.unwrap_err();
        let is_busy = matches!(error, Error::Busy { status: told, .. } if told == status);
        assert!(is_busy && error.is_retryable(), "{error:?}");
    }
    let asked = fake.asked(METHOD);
    fake.lie(|_, _, _| Some(Reply::Error(-32_001, "out of time")));
    let error = client.latest_ledger().await.unwrap_err();
    assert!(
        matches!(error, Error::Refused { code: -32_001, .. }) && error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(fake.asked(METHOD), asked + 3, "three attempts");
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
    assert_eq!(fake.asked(METHOD), 2, "connecting, asked once");
}

#[tokio::test]
async fn nonsense_is_an_error() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let ledgers = json!({ "latestLedger": 9, "oldestLedger": 1, "latestLedgerCloseTime": "5" });
    let with = |field: &str, value: Value| {
        let mut answer = ledgers.clone();
        answer[field] = value;
        answer
    };
    let answers = [
        json!(null),
        json!([]),
        json!({ "latestLedger": 9 }),
        with("latestLedger", json!(-1)),
        with("latestLedger", json!(5_000_000_000_u64)),
        with("latestLedgerCloseTime", json!("yesterday")),
    ];
    for answer in answers {
        fake.always(METHOD, answer.clone());
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

#[tokio::test]
async fn the_last_ledger_costs_a_small_answer() {
    let fake = Fake::start().await;
    // A crowded ledger's metadata is longer than an answer may be.
    fake.lie(|_, method, _| {
        (method == "getLatestLedger").then(|| Reply::Raw("9".repeat(11 << 20)))
    });
    let client = fake.client().await;
    let latest = client.latest_ledger().await.unwrap();
    assert_eq!((latest.sequence, latest.close_time), (9, 1_000), "ledger");
    assert_eq!(fake.asked("getLatestLedger"), 0, "not asked");
}

#[tokio::test]
async fn a_question_that_is_too_long_is_no_fault_of_the_server() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let wasm = vec![0; 8 << 20];
    let error = client.upload(&wasm, &alice()).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Question {
                method: "simulateTransaction",
                ..
            }
        ) && !error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(fake.asked("simulateTransaction"), 0, "never asked");
}
