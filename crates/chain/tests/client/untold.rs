//! What a simulation does not count: entries under read-write keys of which it tells no new value.

use chain::{Call, Client, Error, Receipt, Signer};
use serde_json::{json, Value};
use wire::{
    contract_address, value,
    xdr::{
        ConfigSettingContractLedgerCostExtV0, ConfigSettingEntry, ConfigSettingId,
        ContractDataDurability, ContractDataEntry, ExtensionPoint, LedgerEntry, LedgerEntryData,
        LedgerEntryExt, LedgerKey, LedgerKeyConfigSetting, Limits, ScVal, SorobanResources,
        TransactionExt, TrustLineAsset, TrustLineEntry, TrustLineEntryExt, WriteXdr,
    },
    Keypair,
};

use crate::{
    calls::bobs,
    fake::{alice, data, decode, encode, inner, Fake, Reply, World},
};

/// Bytes that the simulation counts.
const COUNTED: u32 = 476;
/// A network's stroops for 1 024 bytes.
const RATE: i64 = 3_500;
const SETTING: LedgerKey = LedgerKey::ConfigSetting(LedgerKeyConfigSetting {
    config_setting_id: ConfigSettingId::ContractLedgerCostExtV0,
});

/// The `number`th entry of a contract, with `bytes` bytes in it.
fn kept(number: u32, bytes: usize) -> LedgerEntryData {
    LedgerEntryData::ContractData(ContractDataEntry {
        ext: ExtensionPoint::V0,
        contract: contract_address([3; 32]),
        key: ScVal::U32(number),
        durability: ContractDataDurability::Persistent,
        val: value::bytes(&vec![0; bytes]).unwrap(),
    })
}

fn trustline() -> LedgerEntryData {
    LedgerEntryData::Trustline(TrustLineEntry {
        account_id: alice().account_id(),
        asset: TrustLineAsset::Native,
        balance: 5,
        limit: 9,
        flags: 1,
        ext: TrustLineEntryExt::V0,
    })
}

fn setting(rate: i64) -> LedgerEntryData {
    LedgerEntryData::ConfigSetting(ConfigSettingEntry::ContractLedgerCostExtV0(
        ConfigSettingContractLedgerCostExtV0 {
            tx_max_footprint_entries: 400,
            fee_write1_kb: rate,
        },
    ))
}

fn bytes(data: &LedgerEntryData) -> u32 {
    let entry = LedgerEntry {
        last_modified_ledger_seq: 7,
        data: data.clone(),
        ext: LedgerEntryExt::V0,
    };
    u32::try_from(entry.to_xdr(Limits::none()).unwrap().len()).unwrap()
}

/// A simulation of a call that may write `keys`, for 1 001 stroops.
fn simulated(keys: Vec<LedgerKey>, changes: Value) -> Value {
    let mut found = data(1_001, 40);
    found.resources.write_bytes = COUNTED;
    found.resources.footprint.read_write = keys.try_into().unwrap();
    json!({
        "transactionData": encode(&found), "minResourceFee": "1001", "stateChanges": changes,
        "results": [{ "auth": [], "xdr": "AAAAAQ==" }], "latestLedger": 9,
    })
}

/// A change of an entry, as it is told.
fn change(kind: &str, data: &LedgerEntryData) -> Value {
    let mut change = json!({ "type": kind, "key": encode(&data.to_key()) });
    if kind != "created" {
        change["before"] = json!("AAAA");
    }
    if kind != "deleted" {
        change["after"] = json!("AAAA");
    }
    change
}

/// The entries among `there` that are asked for; `None` when accounts are.
fn found(there: &[LedgerEntryData], params: &Value) -> Option<Value> {
    let keys = params["keys"].as_array().unwrap();
    let asked: Vec<LedgerKey> = keys
        .iter()
        .map(|key| decode(key.as_str().unwrap()))
        .collect();
    if matches!(asked.as_slice(), [LedgerKey::Account(_)]) {
        return None;
    }
    let there = there.iter().filter(|data| asked.contains(&data.to_key()));
    let entries: Vec<_> = there
        .map(|data| {
            let key = encode(&data.to_key());
            json!({ "key": key, "xdr": encode(data), "lastModifiedLedgerSeq": 3 })
        })
        .collect();
    Some(json!({ "entries": entries, "latestLedger": 9 }))
}

/// Answers simulations with `simulated`, and questions for entries with those that are `there`.
fn answering(
    simulated: Value,
    there: Vec<LedgerEntryData>,
) -> impl FnMut(&mut World, &str, &Value) -> Option<Reply> + Send + 'static {
    move |_, method, params| match method {
        "simulateTransaction" => Some(Reply::Result(simulated.clone())),
        "getLedgerEntries" => found(&there, params).map(Reply::Result),
        _ => None,
    }
}

async fn send(client: &Client) -> Result<Receipt<()>, Error> {
    let call: Call<()> = Call::new(&contract_address([3; 32]), "deposit", vec![ScVal::U32(5)]);
    client.send(call, &alice(), &[]).await
}

/// Resources and resource fee of the last that was sent.
fn declared(fake: &Fake) -> (SorobanResources, i64) {
    match inner(fake.world().sent.last().unwrap()).ext {
        TransactionExt::V1(data) => (data.resources, data.resource_fee),
        TransactionExt::V0 => panic!("no resources"),
    }
}

/// The error of a call, of which nothing was sent, when one entry is untold and `there` is what the server has.
async fn refused(there: Vec<LedgerEntryData>) -> Error {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let keys = vec![kept(1, 0).to_key()];
    fake.lie(answering(simulated(keys, json!([])), there));
    let error = send(&client).await.unwrap_err();
    assert_eq!(fake.asked("sendTransaction"), 0, "nothing was sent");
    error
}

#[tokio::test]
async fn what_is_not_told_is_declared_and_paid_for() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    // Written, made, left alone or deleted, archived, not there, and a trustline.
    let [written, made, left, archived, absent] = [1, 2, 3, 4, 5].map(|number| kept(number, 100));
    let line = trustline();
    let all = [&written, &made, &left, &archived, &absent, &line];
    let keys: Vec<_> = all.iter().map(|data| data.to_key()).collect();
    let changes = json!([
        change("updated", &written),
        change("created", &made),
        change("deleted", &left),
        change("deleted", &line),
    ]);
    let there = vec![
        written,
        left.clone(),
        archived.clone(),
        line.clone(),
        setting(RATE),
    ];
    fake.lie(answering(simulated(keys.clone(), changes), there));
    send(&client).await.unwrap();

    let more = bytes(&left) + bytes(&archived) + bytes(&line) + 44;
    let (resources, fee) = declared(&fake);
    assert_eq!(resources.write_bytes, COUNTED + more, "and a sponsor");
    assert_eq!(more, 464, "three entries");
    // 464 bytes at 3 500 are 1 585.9 stroops, 15 % of 1 001 and 1 586 are 388.1.
    assert_eq!(fee, 1_001 + 1_586 + 389, "rounded up");
    assert_eq!(resources.footprint.read_write.as_slice(), keys, "as it was");
    assert_eq!(resources.instructions, 40, "as they were");
    assert_eq!(fake.asked("getLedgerEntries"), 2, "these, and the account");
}

#[tokio::test]
async fn nothing_is_asked_where_all_is_told() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let [written, made] = [1, 2].map(|number| kept(number, 100));
    let keys = vec![written.to_key(), made.to_key()];
    let changes = json!([change("updated", &written), change("created", &made)]);
    fake.lie(answering(simulated(keys.clone(), changes), Vec::new()));
    send(&client).await.unwrap();
    let (resources, fee) = declared(&fake);
    assert_eq!(
        (resources.write_bytes, fee),
        (COUNTED, 1_152),
        "as simulated"
    );
    assert_eq!(fake.asked("getLedgerEntries"), 1, "the account");

    // What is restored is no call: all of it is counted, and nothing told.
    fake.lie(answering(simulated(keys.clone(), json!([])), Vec::new()));
    client.restore(keys, &alice()).await.unwrap();
    assert_eq!(declared(&fake).0.write_bytes, COUNTED, "restored");
    assert_eq!(fake.asked("getLedgerEntries"), 1, "a remembered number");
}

/// A simulation of a call that bob has to sign, with an untold key.
fn simulated_for_bob(params: &Value) -> Value {
    let mut answer = simulated(vec![kept(1, 100).to_key()], json!([]));
    if params["authMode"] == "record" {
        answer["results"][0]["auth"] = json!([encode(&bobs("deposit"))]);
    }
    answer
}

/// Alice sends a deposit that bob signs.
async fn deposited(client: &Client) -> Result<Receipt, Error> {
    let bob = Keypair::named("bob");
    let call: Call<()> = Call::new(&contract_address([3; 32]), "deposit", vec![ScVal::U32(5)]);
    client.send(call, &alice(), &[&bob as &dyn Signer]).await
}

#[tokio::test]
async fn a_signed_call_is_completed_once_it_is_signed() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let there = vec![kept(1, 100), setting(RATE)];
    fake.lie(move |_, method, params| match method {
        "simulateTransaction" => Some(Reply::Result(simulated_for_bob(params))),
        "getLedgerEntries" => found(&there, params).map(Reply::Result),
        _ => None,
    });
    deposited(&client).await.unwrap();
    assert_eq!(
        declared(&fake).0.write_bytes,
        COUNTED + bytes(&kept(1, 100))
    );
    assert_eq!(fake.asked("getLedgerEntries"), 2, "these, and the account");
}

#[tokio::test]
async fn a_signed_call_that_cannot_be_completed_says_until_when_it_is_signed() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let mut is_signed = false;
    fake.lie(move |_, method, params| match method {
        "simulateTransaction" => {
            is_signed = params["authMode"] == "enforce";
            Some(Reply::Result(simulated_for_bob(params)))
        }
        "getLedgerEntries" if is_signed => Some(Reply::Result(json!({ "latestLedger": 9 }))),
        _ => None,
    });
    let error = deposited(&client).await.unwrap_err();
    assert!(matches!(error, Error::Authorised { .. }), "{error:?}");
}

#[tokio::test]
async fn a_rate_or_a_size_that_is_a_lie_ends_at_the_ceiling() {
    for rate in [1_000_000_000, i64::MAX] {
        let error = refused(vec![kept(1, 200), setting(rate)]).await;
        let Error::FeeTooHigh { fee, ceiling } = error else {
            panic!("{error:?}");
        };
        assert!(fee > ceiling, "{rate}: {fee}");
        assert_eq!(ceiling, 10_0000000, "10 XLM");
    }
    let error = refused(vec![kept(1, 5 << 20), setting(100_000)]).await;
    assert!(matches!(error, Error::FeeTooHigh { .. }), "{error:?}");
}

#[tokio::test]
async fn a_fee_for_what_is_written_that_makes_no_sense_is_an_error() {
    let other = LedgerEntryData::ConfigSetting(ConfigSettingEntry::ContractMaxSizeBytes(5));
    for there in [
        vec![kept(1, 200)],
        vec![kept(1, 200), other],
        vec![kept(1, 200), setting(-1)],
    ] {
        let error = refused(there).await;
        assert!(matches!(error, Error::Answer { .. }), "{error:?}");
    }
    assert_eq!(SETTING, setting(RATE).to_key(), "the key that is asked for");
}

#[tokio::test]
async fn bytes_written_never_wrap() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let mut most = data(1_001, 40);
    most.resources.write_bytes = u32::MAX - 1;
    most.resources.footprint.read_write = vec![kept(1, 0).to_key()].try_into().unwrap();
    let mut answer = simulated(Vec::new(), json!([]));
    answer["transactionData"] = json!(encode(&most));
    fake.lie(answering(answer, vec![kept(1, 200), setting(RATE)]));
    send(&client).await.unwrap();
    assert_eq!(declared(&fake).0.write_bytes, u32::MAX, "the most there is");
}

#[tokio::test]
async fn keys_without_number_and_keys_that_are_none_are_refused() {
    for (keys, changes) in [
        (
            (0..201).map(|number| kept(number, 0).to_key()).collect(),
            json!([]),
        ),
        (
            vec![],
            json!([{ "type": "updated", "key": "AAAA", "before": "", "after": "" }]),
        ),
        (
            vec![],
            json!([{ "type": "renamed", "key": encode(&SETTING) }]),
        ),
    ] {
        let fake = Fake::start().await;
        let client = fake.client().await;
        fake.lie(answering(simulated(keys, changes), vec![setting(RATE)]));
        let error = send(&client).await.unwrap_err();
        assert!(matches!(error, Error::Answer { .. }), "{error:?}");
        assert_eq!(fake.asked("getLedgerEntries"), 0, "nothing was asked");
    }
    let fake = Fake::start().await;
    let client = fake.client().await;
    let keys = (0..200).map(|number| kept(number, 0).to_key()).collect();
    fake.lie(answering(simulated(keys, json!([])), vec![setting(RATE)]));
    send(&client).await.unwrap();
    assert_eq!(fake.asked("getLedgerEntries"), 3, "two, and the account");
}
