//! What a simulation does not count: entries under read-write keys of which it tells no new value.

use chain::Error;
use serde_json::{json, Value};
use wire::{
    contract_address, value,
    xdr::{
        AccountEntry, AccountEntryExt, AccountEntryExtensionV1, AccountEntryExtensionV1Ext,
        AccountEntryExtensionV2, AccountEntryExtensionV2Ext, AccountEntryExtensionV3,
        ConfigSettingContractLedgerCostExtV0, ConfigSettingContractLedgerCostV0,
        ConfigSettingEntry, ContractDataDurability, ContractDataEntry, ExtensionPoint, LedgerEntry,
        LedgerEntryData, LedgerEntryExt, LedgerKey, Limits, ScVal, Signer, SorobanResources,
        SponsorshipDescriptor, TransactionExt, TrustLineAsset, TrustLineEntry, TrustLineEntryExt,
        WriteXdr,
    },
};

use crate::{
    calls::{bobs, send, send_with_bob},
    fake::{alice, asked_keys, data, encode, inner, told_entries, Fake, Reply, World},
};

/// Bytes that the simulation counts.
const COUNTED: u32 = 476;
/// A network's stroops for 1 024 bytes.
const RATE: i64 = 3_500;
/// Bytes that a transaction may write.
const LIMIT: u32 = 2_000;

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

/// What a transaction may write, and the fee for it.
fn settings(rate: i64) -> Vec<LedgerEntryData> {
    let limits = ConfigSettingContractLedgerCostV0 {
        tx_max_write_bytes: LIMIT,
        ..Default::default()
    };
    let rates = ConfigSettingContractLedgerCostExtV0 {
        tx_max_footprint_entries: 400,
        fee_write1_kb: rate,
    };
    vec![
        LedgerEntryData::ConfigSetting(ConfigSettingEntry::ContractLedgerCostV0(limits)),
        LedgerEntryData::ConfigSetting(ConfigSettingEntry::ContractLedgerCostExtV0(rates)),
    ]
}

/// An entry as it is told.
fn entry(data: &LedgerEntryData) -> LedgerEntry {
    LedgerEntry {
        last_modified_ledger_seq: 7,
        data: data.clone(),
        ext: LedgerEntryExt::V0,
    }
}

fn bytes(data: &LedgerEntryData) -> u32 {
    let encoded = entry(data).to_xdr(Limits::none()).unwrap();
    u32::try_from(encoded.len()).unwrap()
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
        change["before"] = json!(encode(&entry(data)));
    }
    if kind != "deleted" {
        change["after"] = json!(encode(&entry(data)));
    }
    change
}

/// A simulation in which all of `untold` is deleted, or only a caught call touched it.
fn leaving_out(untold: &[LedgerEntryData]) -> Value {
    let keys = untold.iter().map(|data| data.to_key()).collect();
    let changes: Vec<_> = untold.iter().map(|data| change("deleted", data)).collect();
    simulated(keys, json!(changes))
}

/// The settings among `there`, where such are asked for.
fn found(there: &[LedgerEntryData], params: &Value) -> Option<Value> {
    let asked = asked_keys(params);
    if matches!(asked.as_slice(), [LedgerKey::Account(_)]) {
        return None;
    }
    let there = there.iter().filter(|data| asked.contains(&data.to_key()));
    Some(told_entries(there.cloned()))
}

/// Answers simulations with `simulated`, and questions for settings with those that are `there`.
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

/// Resources and resource fee of the last that was sent.
fn declared(fake: &Fake) -> (SorobanResources, i64) {
    match inner(fake.world().sent.last().unwrap()).ext {
        TransactionExt::V1(data) => (data.resources, data.resource_fee),
        TransactionExt::V0 => panic!("no resources"),
    }
}

/// The bytes that are declared as written when `simulated` is the answer.
async fn written(simulated: Value) -> u32 {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(answering(simulated, settings(RATE)));
    send(&client).await.unwrap();
    declared(&fake).0.write_bytes
}

/// The error of a call, of which nothing was sent, when the server says this.
async fn refused(simulated: Value, there: Vec<LedgerEntryData>) -> Error {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(answering(simulated, there));
    let error = send(&client).await.unwrap_err();
    assert_eq!(fake.asked("sendTransaction"), 0, "nothing was sent");
    error
}

#[tokio::test]
async fn what_is_not_told_is_declared_and_paid_for() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    // Written, made, left alone or deleted, not there, and a trustline; another's entry is not the call's to write.
    let [written, made, left, absent, others] = [1, 2, 3, 4, 5].map(|number| kept(number, 100));
    let line = trustline();
    let all = [&written, &made, &left, &absent, &line];
    let keys: Vec<_> = all.iter().map(|data| data.to_key()).collect();
    let changes = json!([
        change("updated", &written),
        change("created", &made),
        change("deleted", &left),
        change("deleted", &left),
        change("deleted", &line),
        change("deleted", &others),
    ]);
    fake.lie(answering(simulated(keys.clone(), changes), settings(RATE)));
    send(&client).await.unwrap();

    let more = bytes(&left) + bytes(&line);
    let (resources, fee) = declared(&fake);
    assert_eq!(resources.write_bytes, COUNTED + more, "each once");
    assert_eq!(more, 248, "two entries");
    // 248 bytes at 3 500 are 847.7 stroops; 15 % of 1 001 and 848 are 277.4.
    assert_eq!(fee, 1_001 + 848 + 278, "rounded up");
    assert_eq!(resources.footprint.read_write.as_slice(), keys, "as it was");
    assert_eq!(resources.instructions, 40, "as they were");
    assert_eq!(fake.asked("getLedgerEntries"), 2, "costs, and the account");
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
}

#[tokio::test]
async fn what_is_restored_is_no_call() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let gone = kept(1, 100);
    fake.lie(answering(
        leaving_out(std::slice::from_ref(&gone)),
        Vec::new(),
    ));
    client.restore(vec![gone.to_key()], &alice()).await.unwrap();
    assert_eq!(declared(&fake).0.write_bytes, COUNTED);
}

#[tokio::test]
async fn an_account_may_grow_by_the_time_of_its_first_transaction() {
    let account = LedgerEntryData::Account(AccountEntry {
        account_id: alice().account_id(),
        signers: vec![Signer::default(); 2].try_into().unwrap(),
        ..Default::default()
    });
    let mut grown = account.clone();
    if let LedgerEntryData::Account(account) = &mut grown {
        account.ext = AccountEntryExt::V1(AccountEntryExtensionV1 {
            ext: AccountEntryExtensionV1Ext::V2(AccountEntryExtensionV2 {
                signer_sponsoring_i_ds: vec![SponsorshipDescriptor(None); 2].try_into().unwrap(),
                ext: AccountEntryExtensionV2Ext::V3(AccountEntryExtensionV3::default()),
                ..Default::default()
            }),
            ..Default::default()
        });
    }
    let more = written(leaving_out(&[account])).await - COUNTED;
    assert_eq!(more, bytes(&grown));
}

#[tokio::test]
async fn no_more_is_declared_than_a_transaction_may_write() {
    let large = || kept(1, 4_000);
    assert!(COUNTED + bytes(&large()) > LIMIT);
    assert_eq!(written(leaving_out(&[large()])).await, LIMIT);

    let mut most = data(1_001, 40);
    most.resources.write_bytes = u32::MAX - 1;
    most.resources.footprint.read_write = vec![large().to_key()].try_into().unwrap();
    let mut answer = leaving_out(&[large()]);
    answer["transactionData"] = json!(encode(&most));
    assert_eq!(written(answer).await, u32::MAX - 1, "as simulated");
}

/// A simulation of a call that bob has to sign, with something untold.
fn simulated_for_bob(params: &Value) -> Value {
    let mut answer = leaving_out(&[kept(1, 100)]);
    if params["authMode"] == "record" {
        answer["results"][0]["auth"] = json!([encode(&bobs("deposit"))]);
    }
    answer
}

#[tokio::test]
async fn a_signed_call_is_completed_once_it_is_signed() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let there = settings(RATE);
    fake.lie(move |_, method, params| match method {
        "simulateTransaction" => Some(Reply::Result(simulated_for_bob(params))),
        "getLedgerEntries" => found(&there, params).map(Reply::Result),
        _ => None,
    });
    send_with_bob(&client).await.unwrap();
    assert_eq!(
        declared(&fake).0.write_bytes,
        COUNTED + bytes(&kept(1, 100))
    );
    assert_eq!(fake.asked("getLedgerEntries"), 2, "costs, and the account");
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
    let error = send_with_bob(&client).await.unwrap_err();
    assert!(matches!(error, Error::Authorised { .. }), "{error:?}");
}

#[tokio::test]
async fn a_rate_that_is_a_lie_ends_at_the_ceiling() {
    for rate in [1_000_000_000, i64::MAX] {
        let error = refused(leaving_out(&[kept(1, 200)]), settings(rate)).await;
        let Error::FeeTooHigh { fee, ceiling } = error else {
            panic!("{error:?}");
        };
        assert!(fee > ceiling, "{rate}: {fee}");
        assert_eq!(ceiling, 10_0000000, "10 XLM");
    }
}

#[tokio::test]
async fn costs_that_make_no_sense_are_an_error() {
    let [limits, rates] = settings(RATE).try_into().unwrap();
    let negative = settings(-1);
    for there in [vec![], vec![limits], vec![rates], negative] {
        let error = refused(leaving_out(&[kept(1, 200)]), there).await;
        assert!(matches!(error, Error::Answer { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn changes_that_make_no_sense_are_an_error() {
    let key = encode(&kept(1, 0).to_key());
    let other = encode(&entry(&kept(2, 0)));
    for change in [
        json!({ "type": "deleted", "key": "AAAA", "before": other }),
        json!({ "type": "deleted", "key": key, "before": "AAAA" }),
        json!({ "type": "deleted", "key": key, "before": other }),
        json!({ "type": "renamed", "key": key }),
    ] {
        let simulated = simulated(vec![kept(1, 0).to_key()], json!([change]));
        let error = refused(simulated, settings(RATE)).await;
        assert!(matches!(error, Error::Answer { .. }), "{error:?}");
    }
}
