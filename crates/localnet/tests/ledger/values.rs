use std::collections::BTreeMap;

use localnet::{
    contract_enum, contract_struct, value::symbol, xdr::ScVal, Bytes, FromScVal, Symbol, ToScVal,
};

contract_struct! {
    /// A struct whose fields are not in order.
    #[derive(Clone, Debug, PartialEq)]
    struct Policy {
        owner: [u8; 32],
        limit: i128,
        end: u64,
        note: Option<String>,
    }
}

contract_enum! {
    #[derive(Clone, Debug, PartialEq)]
    enum Claim {
        Open,
        Paid(amount: i128, to: Symbol),
    }
}

fn round_trip<T: ToScVal + FromScVal + PartialEq + std::fmt::Debug>(value: T) {
    let encoded = value.to_scval().unwrap();
    assert_eq!(T::from_scval(&encoded), Ok(value));
}

#[test]
fn values_survive_the_way_there_and_back() {
    round_trip(i128::MIN);
    round_trip(u128::MAX);
    round_trip((7_u32, -7_i32, u64::MAX, i64::MIN, true));
    round_trip("a string".to_owned());
    round_trip(Symbol::from("a_symbol"));
    round_trip(Bytes(vec![1, 2, 3]));
    round_trip([9_u8; 32]);
    round_trip(vec![Some(1_u32), None]);
    round_trip(BTreeMap::from([(1_u32, true), (2, false)]));
    round_trip(Policy {
        owner: [1; 32],
        limit: 5,
        end: 6,
        note: Some("x".into()),
    });
    round_trip(vec![Claim::Open, Claim::Paid(3, Symbol::from("bob"))]);
}

#[test]
fn a_struct_is_a_map_in_the_order_of_its_field_names() {
    let policy = Policy {
        owner: [1; 32],
        limit: 5,
        end: 6,
        note: None,
    };
    let ScVal::Map(Some(map)) = policy.to_scval().unwrap() else {
        panic!("not a map");
    };
    let names: Vec<_> = map
        .iter()
        .map(|entry| String::from_scval(&entry.key).unwrap())
        .collect();
    assert_eq!(names, ["end", "limit", "note", "owner"]);
}

#[test]
fn an_enum_is_a_vector_that_starts_with_its_variant() {
    let paid = Claim::Paid(3, Symbol::from("bob")).to_scval().unwrap();
    let expected = (Symbol::from("Paid"), 3_i128, Symbol::from("bob"))
        .to_scval()
        .unwrap();
    assert_eq!(paid, expected);
}

#[test]
fn a_wrong_type_says_what_was_expected() {
    let error = i128::from_scval(&symbol("five").unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "expected i128, got five");
    let error = Policy::from_scval(&BTreeMap::<u32, u32>::new().to_scval().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "no field or variant \"owner\"");
}
