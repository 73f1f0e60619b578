//! What is generated, tried on contracts of ours.
#![allow(clippy::unwrap_used, clippy::panic)]

use bindings::{
    cover_pool::{self, CoverError},
    error_name, own_topics,
    sanctions::{self, events, Event},
    Call, DecodeEvent,
};
use wire::{
    contract_address,
    value::{map, symbol, vector},
    xdr::ScVal,
    Keypair, Symbol, ToScVal,
};

fn topics(values: &[&dyn ToScVal]) -> Vec<ScVal> {
    values
        .iter()
        .map(|value| value.to_scval().unwrap())
        .collect()
}

#[test]
fn a_call_holds_contract_function_and_arguments() {
    let (pool, eve) = (contract_address([3; 32]), Keypair::named("eve"));
    let call = sanctions::Client(pool.clone()).is_sanctioned(&eve);
    assert_eq!((&call.contract, call.function), (&pool, "is_sanctioned"));
    assert_eq!(call.args().unwrap(), [eve.to_scval().unwrap()], "arguments");
}

#[test]
fn an_argument_that_does_not_fit_shows_when_the_call_is_sent() {
    let long = Symbol("a".repeat(33));
    let call: Call<()> = Call::encode(&contract_address([3; 32]), "f", &[&1_u32, &long]);
    assert!(
        call.args().is_err() && call.into_function().is_err(),
        "too long"
    );
}

#[test]
fn errors_have_codes_and_names() {
    assert_eq!(CoverError::from_code(7_002), Some(CoverError::Impaired));
    assert_eq!(CoverError::Impaired.code(), 7_002, "code");
    assert_eq!(CoverError::Impaired.name(), "Impaired", "name");
    assert_eq!(error_name(7_002), Some("Impaired"), "without the contract");
    assert_eq!(CoverError::from_code(1), None, "none of its");
    assert_eq!(error_name(101), None, "a library's code has many meanings");
}

#[test]
fn an_event_is_read_from_topics_and_data() {
    let eve = Keypair::named("eve");
    let empty = map(Vec::new()).unwrap();
    let listed = topics(&[&Symbol::from("listed"), &eve]);
    let account = eve.address();
    assert_eq!(
        Event::decode(&listed, &empty),
        Ok(Some(Event::Listed(events::Listed { account }))),
        "topics"
    );
    let appointed = topics(&[&Symbol::from("screener_appointed")]);
    let screener = eve.address();
    assert_eq!(
        Event::decode(&appointed, &eve.to_scval().unwrap()),
        Ok(Some(Event::ScreenerAppointed(events::ScreenerAppointed {
            screener
        }))),
        "a single value"
    );
    let ended = topics(&[&Symbol::from("ownership_renounced")]);
    let data = map(vec![(
        symbol("old_owner").unwrap(),
        eve.to_scval().unwrap(),
    )]);
    let old_owner = eve.address();
    assert_eq!(
        Event::decode(&ended, &data.unwrap()),
        Ok(Some(Event::OwnershipRenounced(
            events::OwnershipRenounced { old_owner }
        ))),
        "a map"
    );
}

#[test]
fn a_vector_of_data_is_read_in_order() {
    let data = vector(topics(&[&7_i128, &9_u32]));
    let drawn = topics(&[&Symbol::from("drawn"), &contract_address([1; 32])]);
    let event = cover_pool::Event::decode(&drawn, &data.unwrap());
    let Ok(Some(cover_pool::Event::Drawn(drawn))) = event else {
        panic!("{event:?}");
    };
    assert_eq!((drawn.amount, drawn.rate), (7, 9), "in order");
}

#[test]
fn what_is_no_event_of_the_contract_is_none_and_a_crippled_one_an_error() {
    let eve = Keypair::named("eve");
    let other = topics(&[&Symbol::from("transfer"), &eve]);
    assert_eq!(Event::decode(&other, &ScVal::Void), Ok(None), "another's");
    assert_eq!(Event::decode(&[], &ScVal::Void), Ok(None), "no topics");
    let longer = topics(&[&Symbol::from("listed"), &eve, &eve]);
    assert_eq!(
        Event::decode(&longer, &ScVal::Void),
        Ok(None),
        "a topic more"
    );
    let crippled = topics(&[&Symbol::from("listed"), &5_u32]);
    assert!(Event::decode(&crippled, &ScVal::Void).is_err(), "a number");
}

#[test]
fn topics_are_told_by_symbols_alone() {
    let text = topics(&[&String::from("listed"), &1_u32]);
    assert_eq!(own_topics(&text, &["listed"], 1), None, "a string");
    let named = topics(&[&Symbol::from("listed"), &1_u32]);
    assert_eq!(own_topics(&named, &["listed"], 1), Some(&named[1..]));
    assert_eq!(own_topics(&named, &["listed"], 0), None, "too many");
    assert_eq!(own_topics(&named[..0], &["listed"], 0), None, "too few");
}
