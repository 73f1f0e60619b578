//! Clients in Rust.

use std::collections::BTreeMap;

use stellar_xdr::{
    ScSpecEntry, ScSpecFunctionV0, ScSpecTypeDef as Type, ScSpecUdtEnumV0, ScSpecUdtErrorEnumV0,
    ScSpecUdtStructV0, ScSpecUdtUnionCaseV0, ScSpecUdtUnionV0,
};

use crate::{events, Contract};

/// Our contracts' own error codes begin here; smaller ones belong to libraries and mean different things in different contracts.
const FIRST_CODE: u32 = 7_000;

/// A module for each contract. Where they are included, `Call`, `ContractEvent`, `own_topics` and what the crate `wire`
/// says of values have to be in scope.
#[must_use]
pub fn modules(contracts: &[Contract]) -> String {
    contracts.iter().map(module).collect()
}

/// A function that names the error codes of these contracts.
#[must_use]
pub fn error_names(contracts: &[Contract]) -> String {
    let mut names = BTreeMap::new();
    for entry in contracts.iter().flat_map(|contract| &contract.entries) {
        if let ScSpecEntry::UdtErrorEnumV0(errors) = entry {
            for case in errors.cases.iter().filter(|case| case.value >= FIRST_CODE) {
                names.insert(case.value, case.name.to_utf8_string_lossy());
            }
        }
    }
    let arms: String = names
        .iter()
        .map(|(code, name)| format!("{code} => Some(\"{name}\"),\n"))
        .collect();
    format!(
        "/// What one of our contracts calls the error `code`; `None` for a code that is not ours.\n#[must_use]\n\
         pub fn error_name(code: u32) -> Option<&'static str> {{\nmatch code {{\n{arms}_ => None,\n}}\n}}\n"
    )
}

fn module(contract: &Contract) -> String {
    let Contract { name, entries } = contract;
    let functions: String = entries
        .iter()
        .filter_map(|entry| match entry {
            ScSpecEntry::FunctionV0(item) => Some(function(item)),
            _ => None,
        })
        .collect();
    let types: String = entries
        .iter()
        .map(|entry| match entry {
            ScSpecEntry::UdtStructV0(item) => structure(item),
            ScSpecEntry::UdtUnionV0(item) => union(item),
            ScSpecEntry::UdtEnumV0(item) => enumeration(item),
            ScSpecEntry::UdtErrorEnumV0(item) => errors(item),
            ScSpecEntry::FunctionV0(_) | ScSpecEntry::EventV0(_) => String::new(),
        })
        .collect();
    let events = events::of(name, entries);
    format!(
        "/// Client of `{name}`.\npub mod {name} {{\n#[allow(unused_imports)]\nuse {{super::*, std::collections::BTreeMap}};\n\
         /// The contract at this address.\n#[derive(Clone, Debug, PartialEq, Eq)]\n\
         pub struct Client(pub ScAddress);\nimpl Client {{\n{functions}}}\n{types}{events}}}\n"
    )
}

fn function(function: &ScSpecFunctionV0) -> String {
    let name = function.name.to_utf8_string_lossy();
    if name.starts_with("__") {
        return String::new();
    }
    let inputs: Vec<_> = function
        .inputs
        .iter()
        .map(|input| (input.name.to_utf8_string_lossy(), &input.type_))
        .collect();
    let parameters: String = inputs
        .iter()
        .map(|(name, kind)| format!(", {name}: {}", parameter(kind)))
        .collect();
    let args: String = inputs
        .iter()
        .map(|(name, _)| format!("&{name}, "))
        .collect();
    let returns = function.outputs.first().map_or("()".into(), rust_type);
    format!(
        "/// Calls `{name}`.\npub fn {name}(&self{parameters}) -> Call<{returns}> {{\n\
         Call::encode(&self.0, \"{name}\", &[{args}])\n}}\n"
    )
}

fn structure(item: &ScSpecUdtStructV0) -> String {
    let name = item.name.to_utf8_string_lossy();
    let fields: Vec<_> = item
        .fields
        .iter()
        .map(|field| (field.name.to_utf8_string_lossy(), rust_type(&field.type_)))
        .collect();
    if fields.first().is_some_and(|(name, _)| name == "0") {
        return tuple(&name, &fields);
    }
    let body: String = fields
        .iter()
        .map(|(name, kind)| format!("/// `{name}`.\npub {name}: {kind},\n"))
        .collect();
    format!("wire::contract_struct! {{ /// `{name}`, as the contract declares it.\n#[derive(Clone, Debug, PartialEq, Eq)] pub struct {name} {{\n{body}}} }}\n")
}

fn tuple(name: &str, fields: &[(String, String)]) -> String {
    let types: String = fields
        .iter()
        .map(|(_, kind)| format!("pub {kind}, "))
        .collect();
    let plain: String = fields.iter().map(|(_, kind)| format!("{kind}, ")).collect();
    let clones: String = fields
        .iter()
        .map(|(index, _)| format!("&self.{index}, "))
        .collect();
    let parts: String = fields
        .iter()
        .map(|(index, _)| format!("parts.{index}, "))
        .collect();
    format!("/// `{name}`, as the contract declares it.\n\
         #[derive(Clone, Debug, PartialEq, Eq)] pub struct {name}({types});\n\
         impl ToScVal for {name} {{ fn to_scval(&self) -> Result<ScVal, ValueError> {{ ({clones}).to_scval() }} }}\n\
         impl FromScVal for {name} {{ fn from_scval(value: &ScVal) -> Result<Self, ValueError> {{\n\
         let parts = <({plain})>::from_scval(value)?; Ok(Self({parts})) }} }}\n"
    )
}

fn union(item: &ScSpecUdtUnionV0) -> String {
    let name = item.name.to_utf8_string_lossy();
    let body: String = item
        .cases
        .iter()
        .map(|case| match case {
            ScSpecUdtUnionCaseV0::VoidV0(case) => {
                let variant = case.name.to_utf8_string_lossy();
                format!("/// `{variant}`.\n{variant},\n")
            }
            ScSpecUdtUnionCaseV0::TupleV0(case) => {
                let variant = case.name.to_utf8_string_lossy();
                let parts: String = case
                    .type_
                    .iter()
                    .enumerate()
                    .map(|(index, kind)| format!("part{index}: {}, ", rust_type(kind)))
                    .collect();
                format!("/// `{variant}`.\n{variant}({parts}),\n")
            }
        })
        .collect();
    format!(
        "wire::contract_enum! {{ /// `{name}`, as the contract declares it.\n\
         #[derive(Clone, Debug, PartialEq, Eq)] pub enum {name} {{\n{body}}} }}\n"
    )
}

fn enumeration(item: &ScSpecUdtEnumV0) -> String {
    let name = item.name.to_utf8_string_lossy();
    let cases: Vec<_> = item
        .cases
        .iter()
        .map(|case| (case.name.to_utf8_string_lossy(), case.value))
        .collect();
    let body: String = cases
        .iter()
        .map(|(name, value)| format!("/// `{name}`.\n{name} = {value},\n"))
        .collect();
    let arms: String = cases
        .iter()
        .map(|(name, value)| format!("{value} => Ok(Self::{name}),\n"))
        .collect();
    format!("/// `{name}`, as the contract declares it.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u32)]\n\
         pub enum {name} {{\n{body}}}\n\
         impl ToScVal for {name} {{ fn to_scval(&self) -> Result<ScVal, ValueError> {{ (*self as u32).to_scval() }} }}\n\
         impl FromScVal for {name} {{ fn from_scval(value: &ScVal) -> Result<Self, ValueError> {{\n\
         match u32::from_scval(value)? {{\n{arms}_ => Err(ValueError::unexpected(\"{name}\", value)), }} }} }}\n"
    )
}

fn errors(item: &ScSpecUdtErrorEnumV0) -> String {
    let name = item.name.to_utf8_string_lossy();
    let cases = || {
        let cases = item.cases.iter();
        cases.map(|case| (case.name.to_utf8_string_lossy(), case.value))
    };
    let body: String = cases()
        .map(|(case, code)| format!("/// `{case}`.\n{case} = {code},\n"))
        .collect();
    let from: String = cases()
        .map(|(case, code)| format!("{code} => Some(Self::{case}),\n"))
        .collect();
    let names: String = cases()
        .map(|(case, _)| format!("Self::{case} => \"{case}\",\n"))
        .collect();
    format!(
        "/// Error codes `{name}`.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u32)]\npub enum {name} {{\n{body}}}\n\
         impl {name} {{\n\
         /// The error of this code, if it is one of these.\n#[must_use]\npub fn from_code(code: u32) -> Option<Self> {{\n\
         match code {{\n{from}_ => None,\n}}\n}}\n\
         /// Its code.\n#[must_use]\npub fn code(self) -> u32 {{\nself as u32\n}}\n\
         /// Its name.\n#[must_use]\npub fn name(self) -> &'static str {{\nmatch self {{\n{names}}}\n}}\n}}\n"
    )
}

/// How a value of this type is passed: numbers by value, the rest as anything that converts to it.
fn parameter(kind: &Type) -> String {
    match kind {
        Type::Address | Type::MuxedAddress => "impl ToScVal".into(),
        Type::Bool | Type::U32 | Type::I32 | Type::U64 | Type::I64 | Type::U128 | Type::I128 => {
            rust_type(kind)
        }
        _ => format!("&{}", rust_type(kind)),
    }
}

pub(crate) fn rust_type(kind: &Type) -> String {
    match kind {
        Type::Bool => "bool".into(),
        Type::Void => "()".into(),
        Type::U32 => "u32".into(),
        Type::I32 => "i32".into(),
        Type::U64 | Type::Timepoint | Type::Duration => "u64".into(),
        Type::I64 => "i64".into(),
        Type::U128 => "u128".into(),
        Type::I128 => "i128".into(),
        Type::Bytes => "Bytes".into(),
        Type::String => "String".into(),
        Type::Symbol => "Symbol".into(),
        Type::Address | Type::MuxedAddress => "ScAddress".into(),
        Type::BytesN(bytes) => format!("[u8; {}]", bytes.n),
        Type::Option(inner) => format!("Option<{}>", rust_type(&inner.value_type)),
        Type::Result(inner) => rust_type(&inner.ok_type),
        Type::Vec(inner) => format!("Vec<{}>", rust_type(&inner.element_type)),
        Type::Map(inner) => format!(
            "BTreeMap<{}, {}>",
            rust_type(&inner.key_type),
            rust_type(&inner.value_type)
        ),
        Type::Tuple(inner) => {
            let parts: String = inner
                .value_types
                .iter()
                .map(|part| format!("{}, ", rust_type(part)))
                .collect();
            format!("({parts})")
        }
        Type::Udt(udt) => udt.name.to_utf8_string_lossy(),
        Type::Val | Type::Error | Type::U256 | Type::I256 => "ScVal".into(),
    }
}
