//! What is read, and what is refused with which field.

use proptest::prelude::*;
use serde_json::{json, Value};

use super::*;
use crate::policy::{example_source, EXAMPLES};

fn source() -> Value {
    serde_json::from_str(example_source("all").unwrap()).unwrap()
}

fn read_value(value: &Value) -> Result<Issued, InputError> {
    read("policy.json", value.to_string().as_bytes())
}

/// The error of the example with one field changed.
#[track_caller]
fn refusal(pointer: &str, value: Value) -> InputError {
    let mut source = source();
    *source.pointer_mut(pointer).unwrap() = value;
    read_value(&source).expect_err(pointer)
}

#[track_caller]
fn assert_refused(pointer: &str, value: Value, field: &str, problem: &str) {
    let error = refusal(pointer, value);
    assert_eq!(error.field.as_deref(), Some(field), "{error}");
    assert!(error.problem.contains(problem), "{error}");
    assert!(!error.hint.is_empty(), "{error}: what to do");
}

/// A JSON pointer to every value inside.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(name, child)| (name.clone(), child))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, child)| (index.to_string(), child))
            .collect(),
        _ => vec![],
    };
    for (name, child) in children {
        let pointer = format!("{at}/{name}");
        pointers(child, &pointer, found);
        found.push(pointer);
    }
}

fn all_pointers() -> Vec<String> {
    let mut found = Vec::new();
    pointers(&source(), "", &mut found);
    found
}

#[test]
fn every_example_is_read_without_objection() {
    for name in EXAMPLES {
        let read = read(name, example_source(name).unwrap().as_bytes());
        assert!(read.is_ok(), "{name}: {read:?}");
    }
}

#[test]
fn a_field_is_read_as_what_it_is() {
    let issued = read_value(&source()).unwrap();
    assert_eq!(issued.class, Class::Loan);
    assert_eq!(issued.policy.limit, Assets::from_raw(50_000_000_000));
    assert_eq!(issued.policy.perils.len(), 5, "perils");
    assert_eq!(
        issued.group.perils[3].co_insurance,
        Rate::from_raw(3_000_000)
    );
    assert_eq!(
        issued.market.peg.unwrap().reference,
        Price::from_raw(108_350_000_000_000)
    );
}

#[test]
fn every_field_is_required() {
    for pointer in all_pointers() {
        let mut changed = source();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match changed.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.remove(name)),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => unreachable!(),
        }
        let error = read_value(&changed).expect_err(&pointer);
        assert!(error.field.is_some(), "{pointer}: {error}");
    }
}

#[test]
fn every_field_has_one_kind() {
    for pointer in all_pointers() {
        for wrong in [
            json!(null),
            json!(true),
            json!(-1),
            json!(1.5),
            json!({"a": 1}),
        ] {
            let error = refusal(&pointer, wrong.clone());
            assert!(error.field.is_some(), "{pointer} = {wrong}: {error}");
        }
    }
}

#[test]
fn unknown_fields_are_refused_everywhere() {
    for pointer in all_pointers() {
        let mut changed = source();
        if let Value::Object(map) = changed.pointer_mut(&pointer).unwrap() {
            map.insert("limmit".to_owned(), json!(1));
            let error = read_value(&changed).expect_err(&pointer);
            assert!(error.field.unwrap().contains("limmit"), "{pointer}");
        }
    }
}

#[test]
fn a_field_given_twice_is_refused() {
    let twice = example_source("all")
        .unwrap()
        .replace("\"limit\":", "\"limit\": \"1\", \"limit\":");
    let error = read("policy.json", twice.as_bytes()).unwrap_err();
    assert!(
        error.problem.contains("\"limit\" is given twice"),
        "{error}"
    );
    assert!(error.problem.contains("line"), "{error}: where");
}

#[test]
fn amounts_are_whole_digits() {
    for text in [
        "-1", "", " 1", "1.5", "1e9", "0x10", "+1", "\u{661}", "1_000",
    ] {
        assert_refused(
            "/policy/paid",
            json!(text),
            "policy.paid",
            "not a whole amount",
        );
    }
    for text in ["9".repeat(28), "9".repeat(400)] {
        assert_refused("/policy/paid", json!(text), "policy.paid", "too large");
    }
    assert_refused("/policy/paid", json!(5), "policy.paid", "a text in quotes");
}

#[test]
fn addresses_have_a_right_checksum_and_secrets_are_not_repeated() {
    let wrong = "GACTUU7RRWLCDJROAW2KHYQZPNUDKYGQYEABCOMOEX3GB3PQWTDANEKN";
    assert_refused("/policy/owner", json!(wrong), "policy.owner", "no address");
    let account = "GACTUU7RRWLCDJROAW2KHYQZPNUDKYGQYEABCOMOEX3GB3PQWTDANEKM";
    assert_refused("/cover_pool", json!(account), "cover_pool", "an account");
    let secret = format!("{}", stellar_strkey::ed25519::PrivateKey([7; 32]));
    let error = refusal("/policy/owner", json!(secret.as_str()));
    assert!(error.problem.contains("secret key"), "{error}");
    assert!(
        !error.to_string().contains(secret.as_str()),
        "a secret was repeated"
    );
}

#[test]
fn names_show_what_they_are() {
    for name in [
        "",
        " Blend",
        "Bl\u{1b}[31mend",
        "Bl\u{202e}end",
        "Bl\nend",
        "Bl\u{200b}end",
        &"x".repeat(65),
    ] {
        let error = refusal("/platform/name", json!(name));
        assert_eq!(error.field.as_deref(), Some("platform.name"), "{name:?}");
        let shown = error.to_string();
        let acts = |letter: char| letter != '\n' && (letter.is_control() || letter == '\u{202e}');
        assert!(!shown.contains(acts), "{shown:?}");
        assert_eq!(shown.lines().count(), 2, "{shown:?}");
    }
    let mut source = source();
    source["platform"]["name"] = json!("Lénen & \"Zo\" <b>");
    assert!(read_value(&source).is_ok(), "a name of visible letters");
    assert_refused("/asset/code", json!("US DC"), "asset.code", "US DC");
}

#[test]
fn what_contradicts_itself_is_refused() {
    for (pointer, value, field, problem) in [
        ("/policy/end", json!(1_776_902_401), "policy.end", "week"),
        (
            "/policy/end",
            json!(1_772_064_000),
            "policy.end",
            "not after",
        ),
        (
            "/as_of",
            json!(1_772_445_599),
            "as_of",
            "before policy.start",
        ),
        (
            "/policy/limit",
            json!("50000000001"),
            "policy.limit",
            "original_limit",
        ),
        ("/policy/drawn", json!("1"), "policy.limit", "policy.drawn"),
        (
            "/policy/original_limit",
            json!("0"),
            "policy.original_limit",
            "zero",
        ),
        (
            "/policy/topped_up",
            json!("50000000001"),
            "policy.topped_up",
            "above",
        ),
        ("/policy/perils", json!([]), "policy.perils", "empty"),
        (
            "/policy/perils/1",
            json!("advance"),
            "policy.perils[1]",
            "again",
        ),
        (
            "/policy/perils/1",
            json!("contract"),
            "policy.perils[1]",
            "cannot have",
        ),
        (
            "/policy/perils/1",
            json!("theft"),
            "policy.perils[1]",
            "\"theft\"",
        ),
        (
            "/group/perils/0/peril",
            json!("grant"),
            "group.perils",
            "not the terms",
        ),
        (
            "/group/perils/0/co_insurance",
            json!(10_000_001),
            "group.perils[0].co_insurance",
            "above 100 %",
        ),
        (
            "/policy/route",
            json!("repay"),
            "policy.route",
            "platform.kind",
        ),
        (
            "/market/advance/trigger",
            json!(12_500_000),
            "market.advance",
            "trigger",
        ),
        (
            "/market/grant/deductible",
            json!(1_500_001),
            "market.grant",
            "deductible",
        ),
        (
            "/market/incentive",
            json!(9_999_999),
            "market.incentive",
            "below 1",
        ),
        (
            "/market/peg/reference",
            json!("0"),
            "market.peg.reference",
            "above zero",
        ),
        (
            "/policy/max_rate",
            json!(100_000_001),
            "policy.max_rate",
            "above",
        ),
        ("/as_of", json!(4_102_444_801_u64), "as_of", "above"),
        ("/asset/decimals", json!(19), "asset.decimals", "above 18"),
    ] {
        assert_refused(pointer, value, field, problem);
    }
    let mut deposit = source();
    deposit["class"] = json!("deposit");
    let error = read_value(&deposit).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("policy.perils[0]"), "{error}");
    let mut vault: Value = serde_json::from_str(example_source("vault").unwrap()).unwrap();
    vault["market"] = json!({"incentive": 10_500_000});
    let error = read_value(&vault).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("market.incentive"), "{error}");
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    for text in [
        "",
        "{",
        "[1, 2",
        "nonsense",
        "{\"as_of\": 1,}",
        "\u{feff}{}",
    ] {
        let error = read("policy.json", text.as_bytes()).unwrap_err();
        assert!(error.problem.contains("line 1"), "{text:?}: {error}");
    }
    let deep = "[".repeat(60_000);
    assert!(
        read("policy.json", deep.as_bytes()).is_err(),
        "deep nesting"
    );
    let error = read("policy.json", &vec![b' '; 70_000]).unwrap_err();
    assert!(error.problem.contains("larger than 64 KiB"), "{error}");
    let error = read("policy.json", b"[]").unwrap_err();
    assert_eq!(
        error.to_string(),
        "policy.json: is a list, not an object\n  to do: write an object"
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read("policy.json", &bytes).is_err());
    }

    #[test]
    fn a_file_with_a_wrong_byte_is_read_or_refused(place in 0_usize..1_500, byte in any::<u8>()) {
        let mut bytes = example_source("all").unwrap().as_bytes().to_vec();
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(issued) = read("policy.json", &bytes) {
            for language in [crate::policy::Language::English, crate::policy::Language::Dutch] {
                prop_assert!(!crate::policy::render(&issued, language, crate::policy::Format::Html).is_empty());
            }
        }
    }
}
