use chain::{Allowed, Call, Client, Clock, Error, Network, Receipt, Signer};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use wire::{
    authorisation, contract_address, created_address,
    value::symbol,
    xdr::{
        Asset, ContractDataDurability, ContractEvent, ContractEventBody, ContractEventType,
        ContractEventV0, ContractId, ContractIdPreimage, DiagnosticEvent, ExtensionPoint, Hash,
        InvokeContractArgs, LedgerKey, LedgerKeyContractData, OperationBody, ScAddress, ScError,
        ScErrorCode, ScSymbol, ScVal, SorobanAddressCredentials, SorobanAuthorizationEntry,
        SorobanAuthorizedFunction, SorobanAuthorizedInvocation, SorobanCredentials,
        SorobanTransactionMetaV2, TransactionEnvelope, TransactionExt, TransactionMeta,
        TransactionMetaV4,
    },
    Keypair,
};

use crate::fake::{alice, data, decode, encode, inner, network_id, settings, Fake, Reply};

fn pool() -> ScAddress {
    contract_address([3; 32])
}

fn call() -> Call<i128> {
    Call::new(&pool(), "deposit", vec![ScVal::U32(5)])
}

pub async fn send(client: &Client) -> Result<Receipt<i128>, Error> {
    client.send(call(), &alice(), &[]).await
}

fn simulated(answer: Value) -> Value {
    let mut whole = json!({
        "transactionData": encode(&data(1_001, 40)), "minResourceFee": "1001",
        "results": [{ "auth": [], "xdr": encode(&ScVal::from(7_i128)) }], "latestLedger": 9,
    });
    for (field, value) in answer.as_object().unwrap() {
        whole[field] = value.clone();
    }
    whole
}

/// An authorisation of the call by bob, unsigned.
pub fn bobs(function: &str) -> SorobanAuthorizationEntry {
    SorobanAuthorizationEntry {
        credentials: SorobanCredentials::Address(SorobanAddressCredentials {
            address: Keypair::named("bob").address(),
            nonce: 11,
            signature_expiration_ledger: 0,
            signature: ScVal::Void,
        }),
        root_invocation: SorobanAuthorizedInvocation {
            function: SorobanAuthorizedFunction::ContractFn(InvokeContractArgs {
                contract_address: pool(),
                function_name: ScSymbol(function.try_into().unwrap()),
                args: vec![ScVal::U32(5)].try_into().unwrap(),
            }),
            sub_invocations: Default::default(),
        },
    }
}

fn authorisations(transaction: &wire::xdr::Transaction) -> Vec<SorobanAuthorizationEntry> {
    match &transaction.operations[0].body {
        OperationBody::InvokeHostFunction(operation) => operation.auth.to_vec(),
        other => panic!("{other:?}"),
    }
}

fn said(error: ScError) -> String {
    let topics = vec![symbol("error").unwrap(), ScVal::Error(error)];
    encode(&DiagnosticEvent {
        in_successful_contract_call: false,
        event: ContractEvent {
            ext: ExtensionPoint::V0,
            contract_id: Some(ContractId(Hash([3; 32]))),
            type_: ContractEventType::Diagnostic,
            body: ContractEventBody::V0(ContractEventV0 {
                topics: topics.try_into().unwrap(),
                data: ScVal::Void,
            }),
        },
    })
}

#[tokio::test]
async fn a_view_is_simulated_and_not_sent() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.always("simulateTransaction", simulated(json!({})));
    assert_eq!(client.view(call()).await.unwrap(), 7, "value");
    let wrong = client.view(Call::<u32>::new(&pool(), "deposit", vec![]));
    assert!(matches!(wrong.await, Err(Error::Value(_))), "another type");
    assert_eq!(fake.asked("sendTransaction"), 0, "not sent");
}

#[tokio::test]
async fn a_call_declares_what_simulation_found_and_a_margin() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.always("simulateTransaction", simulated(json!({})));
    send(&client).await.unwrap();
    let sent = inner(&fake.world().sent[0]);
    let TransactionExt::V1(declared) = &sent.ext else {
        panic!("no resources");
    };
    assert_eq!(declared.resource_fee, 1_152, "1001 and 15 %, rounded up");
    assert_eq!(declared.resources.instructions, 40, "resources");
    assert_eq!(sent.fee, 1_252, "with inclusion");
}

#[tokio::test]
async fn whoever_else_has_to_signs_and_is_simulated_again() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|_, method, params| {
        (method == "simulateTransaction").then(|| {
            let envelope: TransactionEnvelope = decode(params["transaction"].as_str().unwrap());
            let entries = authorisations(&inner(&envelope));
            let mode = params["authMode"].as_str().unwrap();
            Reply::Result(match (entries.as_slice(), mode) {
                ([], "record") => {
                    let asked = encode(&bobs("deposit"));
                    let result = json!([{ "auth": [asked], "xdr": "AAAAAQ==" }]);
                    simulated(json!({ "results": result }))
                }
                ([_], "enforce") => simulated(json!({
                    "transactionData": encode(&data(2_000, 99)), "minResourceFee": "2000",
                })),
                _ => panic!("{mode} with {} authorisations", entries.len()),
            })
        })
    });
    let bob = Keypair::named("bob");
    let sent = client.send(call(), &alice(), &[&bob as &dyn Signer]).await;
    sent.unwrap();
    let sent = inner(&fake.world().sent[0]);
    let mut signed = bobs("deposit");
    authorisation::sign_entry(&mut signed, &bob, network_id(), 109).unwrap();
    assert_eq!(authorisations(&sent), [signed], "bob's signature");
    let TransactionExt::V1(declared) = &sent.ext else {
        panic!("no resources");
    };
    assert_eq!(declared.resources.instructions, 99, "of the second one");
}

#[tokio::test]
async fn a_signature_that_nobody_has_is_missing() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let result = json!([{ "auth": [encode(&bobs("deposit"))], "xdr": "AAAAAQ==" }]);
    fake.always(
        "simulateTransaction",
        simulated(json!({ "results": result })),
    );
    match send(&client).await.unwrap_err() {
        Error::MissingSignature(address) => {
            assert_eq!(address, Keypair::named("bob").address(), "whose");
        }
        error => panic!("{error:?}"),
    }
    assert_eq!(fake.asked("sendTransaction"), 0, "not sent");
}

#[tokio::test]
async fn nobody_signs_for_another_call() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let result = json!([{ "auth": [encode(&bobs("drain"))], "xdr": "AAAAAQ==" }]);
    fake.always(
        "simulateTransaction",
        simulated(json!({ "results": result })),
    );
    let bob = Keypair::named("bob");
    let sent = client.send(call(), &alice(), &[&bob as &dyn Signer]).await;
    assert!(
        matches!(sent, Err(Error::ForeignAuthorisation(_))),
        "{sent:?}"
    );
}

#[tokio::test]
async fn what_is_archived_is_restored_first() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|world, method, _| {
        (method == "simulateTransaction" && world.sent.is_empty()).then(|| {
            let preamble = json!({
                "transactionData": encode(&data(500, 3)), "minResourceFee": "500",
            });
            Reply::Result(simulated(json!({ "restorePreamble": preamble })))
        })
    });
    send(&client).await.unwrap();
    let world = fake.world();
    let bodies: Vec<_> = world.sent.iter().map(inner).collect();
    assert!(
        matches!(
            bodies[0].operations[0].body,
            OperationBody::RestoreFootprint(_)
        ),
        "restored"
    );
    assert_eq!(bodies[0].fee, 675, "500, 15 %, and inclusion");
    assert_eq!(bodies.len(), 2, "then the call");
    assert_eq!(bodies[1].seq_num.0, 72, "under the next number");
}

#[tokio::test]
async fn restoring_ends() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let preamble = json!({ "transactionData": encode(&data(500, 3)), "minResourceFee": "500" });
    let always = simulated(json!({ "restorePreamble": preamble }));
    fake.always("simulateTransaction", always);
    let error = send(&client).await.unwrap_err();
    assert!(matches!(error, Error::StillArchived), "{error:?}");
}

#[tokio::test]
async fn a_call_that_fails_in_simulation_costs_nothing() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let escalated = ScError::Context(ScErrorCode::InvalidAction);
    let events = [said(ScError::Contract(7_001)), said(escalated)];
    let answer = json!({ "error": "HostError", "events": events, "latestLedger": 9 });
    fake.always("simulateTransaction", answer);
    let error = send(&client).await.unwrap_err();
    assert!(matches!(error, Error::Call(_)), "{error:?}");
    assert_eq!(error.error_code(), Some(7_001), "code");
    assert_eq!(
        error.failure().unwrap().name,
        bindings::error_name(7_001),
        "name"
    );
    assert!(!error.is_retryable(), "final");
    assert_eq!(fake.asked("sendTransaction"), 0, "not sent");
}

#[tokio::test]
async fn a_call_that_fails_on_the_ledger_tells_its_code_and_its_fee() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.world().is_failing = true;
    fake.lie(|world, method, params| {
        (method == "getTransaction").then(|| {
            let mut honest = world.honest(method, params);
            honest["diagnosticEventsXdr"] = json!([said(ScError::Contract(7_001))]);
            Reply::Result(honest)
        })
    });
    match send(&client).await.unwrap_err() {
        Error::Failed(failed) => {
            assert_eq!(failed.result.fee_charged, 777, "fee");
            assert_eq!(failed.failure.error, Some(ScError::Contract(7_001)), "code");
        }
        error => panic!("{error:?}"),
    }
    fake.world().is_failing = false;
    send(&client).await.unwrap();
    assert_eq!(
        fake.asked("getLedgerEntries"),
        1,
        "a failed one used its number too"
    );
}

#[tokio::test]
async fn a_fee_beyond_reason_is_not_offered() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    for (fee, is_answer) in [
        ("100000000", false),
        ("9223372036854775807", false),
        ("18446744073709551615", true),
    ] {
        let answer = simulated(json!({ "minResourceFee": fee }));
        fake.always("simulateTransaction", answer);
        let error = send(&client).await.unwrap_err();
        let is_expected = match error {
            Error::FeeTooHigh { .. } => !is_answer,
            Error::Answer { .. } => is_answer,
            _ => false,
        };
        assert!(is_expected, "{fee}: {error:?}");
    }
    assert_eq!(fake.asked("sendTransaction"), 0, "nothing was sent");
}

#[tokio::test]
async fn simulations_that_cannot_be_are_errors() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let void = json!({ "auth": [], "xdr": "AAAAAQ==" });
    let cases = [
        ("no data", json!({ "transactionData": "" })),
        ("bad data", json!({ "transactionData": "AAAADf////8=" })),
        ("two results", json!({ "results": [void.clone(), void] })),
        (
            "bad result",
            json!({ "results": [{ "auth": [], "xdr": "!" }] }),
        ),
        (
            "bad authorisation",
            json!({ "results": [{ "auth": ["AAAA"], "xdr": "AAAAAQ==" }] }),
        ),
        ("bad fee", json!({ "minResourceFee": "-1" })),
        ("bad ledger", json!({ "latestLedger": "x" })),
    ];
    for (label, answer) in cases {
        fake.always("simulateTransaction", simulated(answer));
        let error = send(&client).await.expect_err(label);
        assert!(matches!(error, Error::Answer { .. }), "{label}: {error:?}");
    }
}

#[tokio::test]
async fn an_argument_that_does_not_fit_is_never_sent() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let long = wire::Symbol("a".repeat(33));
    let call: Call<()> = Call::encode(&pool(), "deposit", &[&long]);
    let sent = client.send(call, &alice(), &[]).await;
    assert!(matches!(sent, Err(Error::Value(_))), "{sent:?}");
}

/// What a simulation answers that asks for these authorisations; enforced, it takes them.
fn asking(fake: &Fake, asked: &[SorobanAuthorizationEntry], ledger: u32) {
    let asked: Vec<_> = asked.iter().map(encode).collect();
    fake.lie(move |_, method, params| {
        (method == "simulateTransaction").then(|| {
            let is_record = params["authMode"] == "record";
            let asked = if is_record { asked.clone() } else { Vec::new() };
            let results = json!([{ "auth": asked, "xdr": "AAAAAQ==" }]);
            Reply::Result(simulated(
                json!({ "results": results, "latestLedger": ledger }),
            ))
        })
    });
}

pub async fn send_with_bob(client: &Client) -> Result<Receipt<i128>, Error> {
    let bob = Keypair::named("bob");
    client.send(call(), &alice(), &[&bob as &dyn Signer]).await
}

/// The call, and `transfer` of another contract within it.
fn with_a_transfer(mut entry: SorobanAuthorizationEntry) -> SorobanAuthorizationEntry {
    let transfer = SorobanAuthorizedInvocation {
        function: SorobanAuthorizedFunction::ContractFn(InvokeContractArgs {
            contract_address: contract_address([4; 32]),
            function_name: ScSymbol("transfer".try_into().unwrap()),
            args: Default::default(),
        }),
        sub_invocations: Default::default(),
    };
    entry.root_invocation.sub_invocations = vec![transfer].try_into().unwrap();
    entry
}

#[tokio::test]
async fn nobody_signs_twice() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let mut second = bobs("deposit");
    if let SorobanCredentials::Address(credentials) = &mut second.credentials {
        credentials.nonce = 12;
    }
    asking(&fake, &[bobs("deposit"), second], 9);
    let sent = send_with_bob(&client).await;
    assert!(
        matches!(sent, Err(Error::ForeignAuthorisation(_))),
        "{sent:?}"
    );
    assert_eq!(fake.asked("simulateTransaction"), 1, "nothing was shown");
}

#[tokio::test]
async fn the_source_signs_nothing_but_the_transaction() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    asking(&fake, &[bobs("deposit")], 9);
    let sent = client.send(call(), &Keypair::named("bob"), &[]).await;
    assert!(matches!(sent, Err(Error::MissingSignature(_))), "{sent:?}");
}

#[tokio::test]
async fn a_signature_outlives_no_more_ledgers_than_the_clock_allows() {
    let fake = Fake::start().await;
    let network = Network {
        clock: Clock::Wall,
        ..fake.network()
    };
    let client = Client::connect(network, settings()).await.unwrap();
    asking(&fake, &[bobs("deposit")], 1_000_000);
    send_with_bob(&client).await.unwrap();
    let sent = inner(&fake.world().sent[0]);
    let until = authorisation::valid_until(&authorisations(&sent)[0]);
    let until = until.unwrap();
    assert!(
        (133..=136).contains(&until),
        "9, 24 ahead, and 100: {until}"
    );
}

#[tokio::test]
async fn a_failure_after_signing_says_that_signatures_are_about() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.lie(|_, method, params| {
        (method == "simulateTransaction").then(|| {
            if params["authMode"] == "enforce" {
                let events = [said(ScError::Contract(7_001))];
                let answer = json!({ "error": "HostError", "events": events, "latestLedger": 9 });
                return Reply::Result(answer);
            }
            let results = json!([{ "auth": [encode(&bobs("deposit"))], "xdr": "AAAAAQ==" }]);
            Reply::Result(simulated(json!({ "results": results })))
        })
    });
    let error = send_with_bob(&client).await.unwrap_err();
    assert!(
        matches!(error, Error::Authorised { until: 109, .. }),
        "{error:?}"
    );
    assert_eq!(error.error_code(), Some(7_001), "code");
    assert!(!error.is_retryable(), "final");
}

#[tokio::test]
async fn calls_within_a_call_are_signed_only_where_they_are_allowed() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let mut alices = with_a_transfer(bobs("deposit"));
    alices.credentials = SorobanCredentials::SourceAccount;
    for asked in [with_a_transfer(bobs("deposit")), alices] {
        asking(&fake, &[asked], 9);
        let sent = send_with_bob(&client).await;
        assert!(matches!(sent, Err(Error::CallNotAllowed(_))), "{sent:?}");
        let bob = Keypair::named("bob");
        for (contract, function, is_allowed) in [
            (4, "transfer", true),
            (5, "transfer", false),
            (4, "mint", false),
        ] {
            let these = vec![(contract_address([contract; 32]), function.to_owned())];
            let allowing = client.allowing(Allowed::These(these));
            let sent = allowing.send(call(), &alice(), &[&bob]).await;
            assert_eq!(sent.is_ok(), is_allowed, "{contract} {function}: {sent:?}");
        }
        let allowing = client.allowing(Allowed::Any);
        allowing.send(call(), &alice(), &[&bob]).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_made_is_not_taken_from_the_server() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    let returns = |value: ScVal| {
        let meta = TransactionMeta::V4(TransactionMetaV4 {
            soroban_meta: Some(SorobanTransactionMetaV2 {
                return_value: Some(value),
                ..Default::default()
            }),
            ..Default::default()
        });
        fake.lie(move |world, method, params| {
            (method == "getTransaction").then(|| {
                let mut honest = world.honest(method, params);
                honest["resultMetaXdr"] = json!(encode(&meta));
                Reply::Result(honest)
            })
        });
    };
    returns(wire::value::bytes(&[1; 32]).unwrap());
    let uploaded = client.upload(b"wasm", &alice()).await;
    assert!(
        matches!(uploaded, Err(Error::Unknown { .. })),
        "{uploaded:?}"
    );
    let hash: [u8; 32] = Sha256::digest(b"wasm").into();
    returns(wire::value::bytes(&hash).unwrap());
    let uploaded = client.upload(b"wasm", &alice()).await.unwrap();
    assert_eq!(uploaded.value().unwrap(), hash, "hash");

    returns(ScVal::Address(pool()));
    let made = client.deploy(hash, [1; 32], vec![], &alice()).await;
    assert!(matches!(made, Err(Error::Unknown { .. })), "{made:?}");
    let made = client.deploy_asset(Asset::Native, &alice()).await;
    assert!(matches!(made, Err(Error::Unknown { .. })), "{made:?}");
    let native = created_address(network_id(), &ContractIdPreimage::Asset(Asset::Native));
    let native = native.unwrap();
    returns(ScVal::Address(native.clone()));
    let made = client.deploy_asset(Asset::Native, &alice()).await.unwrap();
    assert_eq!(made.value().unwrap(), native, "address");
}

/// What has to be restored first: an entry of the pool, for `fee`.
fn restoring(fee: i64, also_in_the_call: bool) -> Value {
    let key = LedgerKey::ContractData(LedgerKeyContractData {
        contract: pool(),
        key: ScVal::Void,
        durability: ContractDataDurability::Persistent,
    });
    let mut touched = data(1_001, 40);
    touched.resources.footprint.read_write = vec![key].try_into().unwrap();
    let preamble = json!({
        "transactionData": encode(&touched), "minResourceFee": fee.to_string(),
    });
    let mut answer = simulated(json!({ "restorePreamble": preamble }));
    if also_in_the_call {
        answer["transactionData"] = json!(encode(&touched));
    }
    answer
}

#[tokio::test]
async fn nothing_is_restored_that_the_call_does_not_touch() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.always("simulateTransaction", restoring(500, false));
    let error = send(&client).await.unwrap_err();
    assert!(matches!(error, Error::Answer { .. }), "{error:?}");
    assert_eq!(fake.asked("sendTransaction"), 0, "nothing was sent");
}

#[tokio::test]
async fn restoring_and_calling_share_a_ceiling() {
    let fake = Fake::start().await;
    let client = fake.client().await;
    fake.always("simulateTransaction", restoring(5_0000000, true));
    let error = send(&client).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::FeeTooHigh {
                ceiling: 4_2499900,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(fake.asked("sendTransaction"), 1, "one was paid for");
}
