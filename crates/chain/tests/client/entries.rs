use chain::{Error, BATCH};
use serde_json::json;
use wire::{
    account_key,
    xdr::{LedgerEntryData, LedgerKey, LedgerKeyContractCode},
    Keypair,
};

use crate::fake::{alice, Fake, Reply};

fn key(name: &str) -> LedgerKey {
    account_key(&Keypair::named(name).account_id())
}

#[tokio::test]
async fn many_keys_go_in_batches_and_come_back_in_order() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let mut keys: Vec<_> = (0..450).map(|number| key(&number.to_string())).collect();
    keys.push(LedgerKey::ContractCode(LedgerKeyContractCode {
        hash: Default::default(),
    }));
    keys.push(keys[0].clone());
    fake.lie(|_, _, params| {
        let keys = params["keys"].as_array().unwrap().len();
        (keys > BATCH).then_some(Reply::Error(-32_602, "too many"))
    });
    let entries = client.entries(&keys).await.unwrap();
    assert_eq!(fake.asked("getLedgerEntries"), 3, "batches");
    assert_eq!(entries.len(), 452, "one for each");
    for (key, entry) in keys.iter().zip(&entries) {
        let found = entry.as_ref().map(|entry| entry.data.to_key());
        let wanted = matches!(key, LedgerKey::Account(_)).then(|| key.clone());
        assert_eq!(found, wanted, "in order");
    }
}

#[tokio::test]
async fn an_entry_that_was_not_asked_for_is_a_lie() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|world, method, _| {
        let other = crate::fake::encode(&key("mallory"));
        let asked = json!({ "keys": [other] });
        Some(Reply::Result(world.honest(method, &asked)))
    });
    let error = client.account(&alice().account_id()).await.unwrap_err();
    assert!(matches!(error, Error::Answer { .. }), "{error:?}");
}

#[tokio::test]
async fn an_entry_under_anothers_key_is_a_lie() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|world, method, params| {
        let other = crate::fake::encode(&key("mallory"));
        let mut answer = world.honest(method, &json!({ "keys": [other] }));
        answer["entries"][0]["key"] = params["keys"][0].clone();
        Some(Reply::Result(answer))
    });
    let error = client.account(&alice().account_id()).await.unwrap_err();
    assert!(matches!(error, Error::Answer { .. }), "{error:?}");
}

#[tokio::test]
async fn an_account_that_is_not_there_has_a_name() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.always(
        "getLedgerEntries",
        json!({ "entries": null, "latestLedger": 9 }),
    );
    let error = client.account(&alice().account_id()).await.unwrap_err();
    assert!(matches!(error, Error::UnknownAccount(_)), "{error:?}");
    fake.lie(|_, _, _| None);
    let entries = client.entries(&[key("alice")]).await.unwrap();
    let entry = entries[0].as_ref().unwrap();
    assert!(
        matches!(entry.data, LedgerEntryData::Account(_)) && entry.last_modified == 3,
        "{entry:?}"
    );
}
