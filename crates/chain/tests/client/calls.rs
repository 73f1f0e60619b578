use chain::{Call, Client, Error, Receipt, Signer};
use serde_json::{json, Value};
use wire::{
    authorisation, contract_address,
    value::symbol,
    xdr::{
        ContractEvent, ContractEventBody, ContractEventType, ContractEventV0, ContractId,
        DiagnosticEvent, ExtensionPoint, Hash, InvokeContractArgs, OperationBody, ScAddress,
        ScError, ScErrorCode, ScSymbol, ScVal, SorobanAddressCredentials,
        SorobanAuthorizationEntry, SorobanAuthorizedFunction, SorobanAuthorizedInvocation,
        SorobanCredentials, TransactionEnvelope, TransactionExt,
    },
    Keypair,
};

use crate::fake::{alice, data, decode, encode, inner, network_id, Fake, Reply};

fn pool() -> ScAddress {
    contract_address([3; 32])
}

fn call() -> Call<i128> {
    Call::new(&pool(), "deposit", vec![ScVal::U32(5)])
}

async fn send(client: &Client) -> Result<Receipt<i128>, Error> {
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
fn bobs(function: &str) -> SorobanAuthorizationEntry {
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
    assert_eq!(error.contract_code(), Some(7_001), "code");
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
