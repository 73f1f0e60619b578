use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chain::{Client, Error, Receipt};
use serde_json::{json, Value};
use wire::{
    xdr::{Asset, TransactionEnvelope, TransactionResultResult},
    Keypair,
};

use crate::fake::{
    alice, hex, inner, is_about_ledgers, network_id, said, Applies, Fake, Reply, World,
};

async fn pay(client: &Client) -> Result<Receipt, Error> {
    let bob = Keypair::named("bob").account_id();
    client.pay(&bob, Asset::Native, 5, &alice()).await
}

/// The clock on the wall.
fn seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap().as_secs()
}

fn sequences(fake: &Fake) -> Vec<i64> {
    let world = fake.world();
    world
        .sent
        .iter()
        .map(|sent| inner(sent).seq_num.0)
        .collect()
}

#[tokio::test]
async fn many_in_a_row_number_themselves() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    for _ in 0..4 {
        let receipt = pay(&client).await.unwrap();
        assert_eq!((receipt.fee, receipt.ledger), (777, 9), "receipt");
    }
    assert_eq!(sequences(&fake), [71, 72, 73, 74], "numbers");
    assert_eq!(fake.asked("getLedgerEntries"), 1, "account asked for once");
}

#[tokio::test]
async fn many_at_once_take_turns() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let (a, b, c) = tokio::join!(pay(&client), pay(&client), pay(&client));
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "all applied");
    assert_eq!(sequences(&fake), [71, 72, 73], "numbers");
}

#[tokio::test]
async fn a_number_that_someone_else_used_is_asked_for_again() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    pay(&client).await.unwrap();
    fake.world().sequence = 90;
    pay(&client).await.unwrap();
    assert_eq!(sequences(&fake), [71, 72, 91], "numbers");
}

/// Takes what was sent, and says that its number was used.
fn number_used(world: &mut World, params: &Value) -> Reply {
    let hash = world.send(params)["hash"].clone();
    let error = TransactionResultResult::TxBadSeq;
    Reply::Result(said(hash.as_str().unwrap(), "ERROR", Some(error)))
}

/// The answer to a question for a transaction that is not there.
fn not_found(world: &mut World) -> Reply {
    let nothing = json!({ "hash": hex(&[7; 32]) });
    Reply::Result(world.honest("getTransaction", &nothing))
}

/// The account as if `sequence` were its last number.
fn account_at(world: &mut World, params: &Value, sequence: i64) -> Reply {
    let truth = std::mem::replace(&mut world.sequence, sequence);
    let answer = world.honest("getLedgerEntries", params);
    world.sequence = truth;
    Reply::Result(answer)
}

/// The server takes what was sent, and says that its number was used.
fn deny_numbers(fake: &Fake, mut account_is_at: impl FnMut(i64) -> i64 + Send + 'static) {
    fake.lie(move |world, method, params| match method {
        "sendTransaction" => Some(number_used(world, params)),
        "getTransaction" => Some(not_found(world)),
        "getLedgerEntries" => {
            let sequence = account_is_at(world.sequence);
            Some(account_at(world, params, sequence))
        }
        _ => None,
    });
}

#[tokio::test]
async fn a_fresh_number_that_is_refused_is_no_reason_to_sign_another() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    deny_numbers(&fake, |truth| truth);
    let error = pay(&client).await.unwrap_err();
    assert!(matches!(error, Error::Unknown { .. }), "{error:?}");
    assert_eq!(sequences(&fake), [71], "signed once");
}

#[tokio::test]
async fn a_remembered_number_that_is_refused_is_paid_once() {
    for lead in [-1, 0, 1, 20] {
        let fake = Fake::start().await;
        let client = fake.client().await;
        pay(&client).await.unwrap();
        deny_numbers(&fake, move |truth| truth + lead);
        let error = pay(&client).await.unwrap_err();
        assert!(matches!(error, Error::Unknown { .. }), "{lead}: {error:?}");
        assert_eq!(fake.world().sequence, 72, "{lead}: applied once");
    }
}

#[tokio::test]
async fn a_number_that_is_told_twice_is_told_once() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    pay(&client).await.unwrap();
    // Past the refused number at first, and at it when asked again: the next number would fit.
    let mut lead = 2;
    deny_numbers(&fake, move |truth| {
        lead -= 1;
        truth + lead.max(0)
    });
    let error = pay(&client).await.unwrap_err();
    assert!(matches!(error, Error::Unknown { .. }), "{error:?}");
    assert_eq!(sequences(&fake), [71, 72, 74], "after the first answer");
    assert_eq!(fake.world().sequence, 72, "applied once");
}

#[tokio::test]
async fn what_was_applied_though_its_number_is_refused_is_found() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    pay(&client).await.unwrap();
    fake.lie(|world, method, params| {
        (method == "sendTransaction").then(|| {
            let hash = world.send(params)["hash"].clone();
            world.sequence += 5;
            let error = TransactionResultResult::TxBadSeq;
            Reply::Result(said(hash.as_str().unwrap(), "ERROR", Some(error)))
        })
    });
    pay(&client).await.unwrap();
    assert_eq!(sequences(&fake), [71, 72], "not made anew");
}

#[tokio::test]
async fn what_is_not_taken_in_pays_more_under_the_same_number() {
    let fake = Fake::start().await;
    fake.world().applies = Applies::OnlyFeeBumps;
    let client = fake.client().await;
    let receipt = pay(&client).await.unwrap();
    let world = fake.world();
    let [TransactionEnvelope::Tx(first), TransactionEnvelope::TxFeeBump(bump)] = &world.sent[..]
    else {
        panic!("not a transaction and its fee bump");
    };
    assert_eq!(first.tx.fee, 100, "first offer");
    assert_eq!(bump.tx.fee, 2_000, "ten times as much, for two");
    assert_eq!(inner(&world.sent[1]), first.tx, "the same transaction");
    assert_eq!(
        receipt.hash,
        first.tx.hash(network_id()).unwrap(),
        "known by its own hash"
    );
}

#[tokio::test]
async fn raising_ends() {
    let fake = Fake::start().await;
    fake.world().applies = Applies::Never;
    let client = fake.client().await;
    let error = pay(&client).await.unwrap_err();
    assert!(matches!(error, Error::Unknown { .. }), "{error:?}");
    assert_eq!(fake.world().sent.len(), 3, "two raises");
}

#[tokio::test]
async fn an_answer_that_is_lost_pays_once() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|world, method, params| {
        let is_first = world.sent.is_empty();
        (method == "sendTransaction" && is_first).then(|| {
            world.send(params);
            Reply::Status(503)
        })
    });
    pay(&client).await.unwrap();
    let world = fake.world();
    assert_eq!(world.sequence, 71, "applied once");
    assert!(
        world.sent.iter().all(|sent| *sent == world.sent[0]),
        "nothing but the same transaction was sent"
    );
}

/// The server takes in what it is sent, and answers this.
fn answer_sent(fake: &Fake, mut answer: impl FnMut() -> Reply + Send + 'static) {
    fake.lie(move |world, method, params| {
        (method == "sendTransaction").then(|| {
            world.send(params);
            answer()
        })
    });
}

#[tokio::test]
async fn what_may_have_been_handed_on_is_looked_for() {
    let statuses = [302, 405, 408, 409, 429, 500, 501, 520, 522, 524, 527];
    let codes = [-32_700, -32_603, -32_096, -32_001, -32_000, 1];
    let statuses = statuses.map(|status| (Some(status), 0));
    let codes = codes.map(|code| (None, code));
    for (status, code) in statuses.into_iter().chain(codes) {
        let fake = Fake::start().await;
        let client = fake.client().await;
        answer_sent(&fake, move || match status {
            Some(status) => Reply::Status(status),
            None => Reply::Error(code, "out of time"),
        });
        let paid = pay(&client).await;
        assert!(paid.is_ok(), "{status:?} {code}: {paid:?}");
        assert_eq!(fake.world().sequence, 71, "{status:?} {code}: once");
    }
}

#[tokio::test]
async fn what_is_turned_away_at_the_door_ends_at_once() {
    for code in [-32_600, -32_601, -32_602, 400, 401, 403, 404, 413, 415] {
        let fake = Fake::start().await;
        let client = fake.client().await;
        fake.lie(move |_, method, _| {
            (method == "sendTransaction").then(|| match u16::try_from(code) {
                Ok(status) => Reply::Status(status),
                Err(_) => Reply::Error(code, "no"),
            })
        });
        let error = pay(&client).await.unwrap_err();
        let is_told = matches!(error, Error::Refused { code: told, .. } if told == i64::from(code));
        assert!(is_told && !error.is_retryable(), "{code}: {error:?}");
        assert_eq!(fake.asked("sendTransaction"), 1, "{code}: sent once");
    }
}

#[tokio::test]
async fn what_is_turned_away_after_it_may_have_arrived_is_looked_for() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.world().applies = Applies::Never;
    let mut count = 0;
    fake.lie(move |world, method, params| {
        if method != "sendTransaction" {
            return None;
        }
        count += 1;
        if count == 1 {
            return Some(Reply::Status(504));
        }
        // What seemed lost arrives while the same is turned away.
        world.applies = Applies::AtOnce;
        world.send(params);
        Some(Reply::Status(403))
    });
    pay(&client).await.unwrap();
    assert_eq!(sequences(&fake), [71], "the same");
}

#[tokio::test]
async fn a_fate_that_stays_unknown_has_its_last_cause() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.world().applies = Applies::Never;
    answer_sent(&fake, || Reply::Status(520));
    match pay(&client).await.unwrap_err() {
        Error::Unknown {
            cause: Some(cause), ..
        } => assert!(
            matches!(*cause, Error::Busy { status: 520, .. }),
            "{cause:?}"
        ),
        error => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn what_was_not_applied_in_time_never_will_be() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.world().applies = Applies::Never;
    fake.lie(|world, method, params| {
        if method == "getTransaction" && !is_about_ledgers(params) {
            world.closed_at = u64::MAX;
        }
        None
    });
    let error = pay(&client).await.unwrap_err();
    assert!(matches!(error, Error::Expired(_)), "{error:?}");
    assert!(!error.is_retryable(), "the server's word");
    fake.lie(|world, _, _| {
        world.closed_at = 1_000;
        None
    });
    fake.world().applies = Applies::AtOnce;
    pay(&client).await.unwrap();
    assert_eq!(sequences(&fake), [71, 71], "the number is free again");
}

#[tokio::test]
async fn what_may_have_been_in_ledgers_that_are_gone_is_not_expired() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|world, method, params| match method {
        "sendTransaction" => Some(Reply::Status(503)),
        "getTransaction" if !is_about_ledgers(params) => {
            let mut honest = world.honest(method, params);
            honest["oldestLedger"] = json!(50);
            honest["latestLedger"] = json!(60);
            honest["latestLedgerCloseTime"] = json!(u64::MAX.to_string());
            Some(Reply::Result(honest))
        }
        _ => None,
    });
    let error = pay(&client).await.unwrap_err();
    assert!(matches!(error, Error::Unknown { .. }), "{error:?}");
}

#[tokio::test]
async fn a_fate_that_stays_unknown_is_no_reason_to_send_anew() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.world().applies = Applies::Never;
    let error = tokio::time::timeout(Duration::from_secs(5), pay(&client))
        .await
        .expect("it ends")
        .unwrap_err();
    assert!(
        matches!(error, Error::Unknown { cause: None, .. }),
        "{error:?}"
    );
    assert!(!error.is_retryable(), "not to be sent anew");
}

#[tokio::test]
async fn giving_up_half_way_leaves_the_next_number_to_the_network() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    pay(&client).await.unwrap();
    let given_up = tokio::time::timeout(Duration::from_millis(2), pay(&client)).await;
    assert!(given_up.is_err(), "given up");
    tokio::time::sleep(Duration::from_millis(50)).await;
    pay(&client).await.unwrap();
    let world = fake.world();
    let last = inner(world.sent.last().unwrap()).seq_num.0;
    assert_eq!(last, world.sequence, "applied under the network's number");
    assert_eq!(world.asked["getLedgerEntries"], 2, "asked for again");
}

#[tokio::test]
async fn the_networks_refusal_is_typed() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|world, method, params| {
        (method == "sendTransaction").then(|| {
            let hash = world.send(params)["hash"].clone();
            let error = TransactionResultResult::TxInsufficientBalance;
            Reply::Result(said(hash.as_str().unwrap(), "ERROR", Some(error)))
        })
    });
    match pay(&client).await.unwrap_err() {
        Error::NotAccepted { hash, result } => {
            let code = TransactionResultResult::TxInsufficientBalance;
            assert_eq!(result.result, code, "code");
            let sent = inner(&fake.world().sent[0]);
            assert_eq!(hash, sent.hash(network_id()).unwrap(), "hash");
        }
        error => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn no_room_is_told_after_some_attempts() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|world, method, params| {
        (method == "sendTransaction").then(|| {
            world.applies = Applies::Never;
            let hash = world.send(params)["hash"].clone();
            Reply::Result(said(hash.as_str().unwrap(), "TRY_AGAIN_LATER", None))
        })
    });
    let error = pay(&client).await.unwrap_err();
    let sent = inner(&fake.world().sent[0]).hash(network_id()).unwrap();
    assert!(
        matches!(error, Error::NoRoom(hash) if hash == sent),
        "{error:?}"
    );
    assert_eq!(fake.asked("sendTransaction"), 3, "attempts");
}

/// Pays, and again as long as that is said to be worth another try.
async fn pay_stubbornly(client: &Client) -> Error {
    let mut error = pay(client).await.unwrap_err();
    for _ in 0..3 {
        if error.is_retryable() {
            error = pay(client).await.unwrap_err();
        }
    }
    error
}

/// The server applies what it is sent, says something else, and hides it.
fn hide(fake: &Fake, status: &'static str, error: Option<TransactionResultResult>) {
    fake.lie(move |world, method, params| match method {
        "sendTransaction" => {
            let hash = world.send(params)["hash"].clone();
            let said = said(hash.as_str().unwrap(), status, error.clone());
            Some(Reply::Result(said))
        }
        "getTransaction" if !is_about_ledgers(params) => {
            world.closed_at = u64::MAX;
            Some(not_found(world))
        }
        _ => None,
    });
}

#[tokio::test]
async fn whoever_tries_again_when_told_so_pays_once() {
    use TransactionResultResult as Code;
    let lies = [
        ("TRY_AGAIN_LATER", None),
        ("PENDING", None),
        ("ERROR", Some(Code::TxTooLate)),
        ("ERROR", Some(Code::TxTooEarly)),
        ("ERROR", Some(Code::TxBadSeq)),
        ("ERROR", Some(Code::TxInsufficientFee)),
        ("ERROR", Some(Code::TxInternalError)),
    ];
    for (status, error) in lies {
        let fake = Fake::start().await;
        let client = fake.client().await;
        let label = format!("{status} {error:?}");
        hide(&fake, status, error);
        let error = pay_stubbornly(&client).await;
        assert_eq!(fake.world().sequence, 71, "{label}: {error:?}");
        assert!(
            sequences(&fake).iter().all(|number| *number == 71),
            "{label}"
        );
    }
}

#[tokio::test]
async fn a_server_that_fails_after_a_refused_number_is_no_reason_to_try_again() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    pay(&client).await.unwrap();
    fake.lie(move |world, method, params| match method {
        "sendTransaction" => Some(number_used(world, params)),
        "getTransaction" if is_about_ledgers(params) && world.sent.len() > 1 => {
            Some(Reply::Status(503))
        }
        "getTransaction" => Some(not_found(world)),
        "getLedgerEntries" => {
            let sequence = world.sequence + 20;
            Some(account_at(world, params, sequence))
        }
        _ => None,
    });
    let error = pay(&client).await.unwrap_err();
    assert!(
        matches!(error, Error::Unknown { cause: Some(_), .. }) && !error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(sequences(&fake), [71, 72], "not made anew");
}

#[tokio::test]
async fn a_number_below_one_that_was_signed_is_not_signed() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    pay(&client).await.unwrap();
    // The second is held back, and one with a later number is signed in its place; both may be applied for a while.
    fake.world().applies = Applies::Never;
    fake.world().closed_at = seconds() + 1_000;
    deny_numbers(&fake, |truth| truth + 20);
    pay(&client).await.unwrap_err();
    assert_eq!(sequences(&fake), [71, 72, 92]);
    fake.lie(|_, _, _| None);
    let error = pay(&client).await.unwrap_err();
    assert!(matches!(error, Error::Answer { .. }), "{error:?}");
    assert_eq!(sequences(&fake), [71, 72, 92], "none between them");
}

#[tokio::test]
async fn an_absurd_number_locks_an_account_only_while_it_may_be_used() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|world, method, params| {
        (method == "getLedgerEntries").then(|| account_at(world, params, i64::MAX - 1))
    });
    let error = pay(&client).await.unwrap_err();
    assert!(matches!(error, Error::Unknown { .. }), "{error:?}");
    fake.lie(|_, _, _| None);
    // Its time bound is the second in which it was signed.
    tokio::time::sleep(Duration::from_secs(1)).await;
    pay(&client).await.unwrap();
    assert_eq!(sequences(&fake), [i64::MAX, 71], "the network's again");
}

#[tokio::test]
async fn a_lie_about_what_was_sent_is_no_receipt() {
    let cases = [
        ("sendTransaction", "hash", json!(hex(&[7; 32]))),
        ("sendTransaction", "status", json!("DONE")),
        ("sendTransaction", "hash", json!("zz")),
        ("getTransaction", "status", json!("SUCCESSFUL")),
        ("getTransaction", "status", json!("FAILED")),
        ("getTransaction", "resultXdr", json!("AAAA")),
        ("getTransaction", "envelopeXdr", json!(null)),
        ("getTransaction", "ledger", json!(null)),
        ("getTransaction", "ledger", json!("nine")),
    ];
    for (lied, field, value) in cases {
        let fake = Fake::start().await;
        let client = fake.client().await;
        let label = format!("{lied} {field} {value}");
        fake.lie(move |world, method, params| {
            (method == lied).then(|| {
                let mut honest = world.honest(method, params);
                honest[field] = value.clone();
                Reply::Result(honest)
            })
        });
        let error = pay(&client).await.expect_err(&label);
        assert!(
            matches!(error, Error::Unknown { cause: Some(_), .. }),
            "{label}: {error:?}"
        );
    }
}

#[tokio::test]
async fn another_transaction_is_no_receipt() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let other = pay(&client).await.unwrap().hash;
    fake.lie(move |world, method, _| {
        let other = json!({ "hash": hex(&other) });
        (method == "getTransaction").then(|| Reply::Result(world.honest(method, &other)))
    });
    let error = pay(&client).await.unwrap_err();
    assert!(
        matches!(error, Error::Unknown { cause: Some(_), .. }),
        "{error:?}"
    );
}
