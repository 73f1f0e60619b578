//! Writes a client for every compiled contract from the interface its wasm carries, so that tests and demo cannot
//! drift from the contracts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{env, fmt::Write, fs, path::Path};

use soroban_spec::read::from_wasm;
use stellar_xdr::{
    ScSpecEntry, ScSpecFunctionV0, ScSpecTypeDef as Type, ScSpecUdtEnumV0, ScSpecUdtErrorEnumV0,
    ScSpecUdtStructV0, ScSpecUdtUnionCaseV0, ScSpecUdtUnionV0,
};

const CONTRACTS: [&str; 21] = [
    "blend_adapter",
    "blend_lenders",
    "broken_pool",
    "chainlink_feed",
    "claim_issuer",
    "corner_bank",
    "cover_pool",
    "flash_borrower",
    "governor",
    "identity",
    "identity_registry",
    "identity_verifier",
    "ins",
    "insured_vault",
    "loan_market",
    "market_adapter",
    "plt",
    "position",
    "price_hub",
    "salvage",
    "sanctions",
];

fn main() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../target/contracts");
    let mut code = String::new();
    for name in CONTRACTS {
        let path = folder.join(name).with_extension("wasm");
        println!("cargo::rerun-if-changed={}", path.display());
        let wasm = fs::read(&path).unwrap_or_else(|_| {
            panic!("{name}.wasm is missing in target/contracts: run `make wasm` first")
        });
        let entries = from_wasm(&wasm).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        write_module(&mut code, name, &entries);
    }
    fs::write(
        Path::new(&env::var("OUT_DIR").unwrap()).join("bindings.rs"),
        code,
    )
    .unwrap();
}

fn write_module(code: &mut String, name: &str, entries: &[ScSpecEntry]) {
    writeln!(
        code,
        "/// Client of `{name}`.\npub mod {name} {{\n#[allow(unused_imports)]\nuse {{super::*, localnet::Bytes, std::collections::BTreeMap}};"
    )
    .unwrap();
    writeln!(
        code,
        "/// The contract at this address.\n#[derive(Clone, Debug, PartialEq, Eq)]"
    )
    .unwrap();
    writeln!(code, "pub struct Client(pub ScAddress);\nimpl Client {{").unwrap();
    for entry in entries {
        if let ScSpecEntry::FunctionV0(function) = entry {
            write_function(code, function);
        }
    }
    writeln!(code, "}}").unwrap();
    for entry in entries {
        match entry {
            ScSpecEntry::UdtStructV0(item) => write_struct(code, item),
            ScSpecEntry::UdtUnionV0(item) => write_union(code, item),
            ScSpecEntry::UdtEnumV0(item) => write_enum(code, item),
            ScSpecEntry::UdtErrorEnumV0(item) => write_errors(code, item),
            ScSpecEntry::FunctionV0(_) | ScSpecEntry::EventV0(_) => {}
        }
    }
    writeln!(code, "}}").unwrap();
}

fn write_function(code: &mut String, function: &ScSpecFunctionV0) {
    let name = function.name.to_utf8_string_lossy();
    if name.starts_with("__") {
        return;
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
        .map(|(name, _)| format!("{name}.to_scval().unwrap(), "))
        .collect();
    let returns = function.outputs.first().map_or("()".into(), rust_type);
    writeln!(
        code,
        "/// Calls `{name}`.\npub fn {name}(&self{parameters}) -> Call<{returns}> {{\n\
         Call::new(&self.0, \"{name}\", vec![{args}])\n}}"
    )
    .unwrap();
}

fn write_struct(code: &mut String, item: &ScSpecUdtStructV0) {
    let name = item.name.to_utf8_string_lossy();
    let fields: Vec<_> = item
        .fields
        .iter()
        .map(|field| (field.name.to_utf8_string_lossy(), rust_type(&field.type_)))
        .collect();
    if fields.first().is_some_and(|(name, _)| name == "0") {
        write_tuple(code, &name, &fields);
        return;
    }
    let body: String = fields
        .iter()
        .map(|(name, kind)| format!("/// `{name}`.\npub {name}: {kind},\n"))
        .collect();
    writeln!(code, "localnet::contract_struct! {{ /// `{name}`, as the contract declares it.\n#[derive(Clone, Debug, PartialEq, Eq)] pub struct {name} {{\n{body}}} }}")
        .unwrap();
}

fn write_tuple(code: &mut String, name: &str, fields: &[(String, String)]) {
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
    writeln!(
        code,
        "/// `{name}`, as the contract declares it.\n\
         #[derive(Clone, Debug, PartialEq, Eq)] pub struct {name}({types});\n\
         impl ToScVal for {name} {{ fn to_scval(&self) -> Result<ScVal, ValueError> {{ ({clones}).to_scval() }} }}\n\
         impl FromScVal for {name} {{ fn from_scval(value: &ScVal) -> Result<Self, ValueError> {{\n\
         let parts = <({plain})>::from_scval(value)?; Ok(Self({parts})) }} }}"
    )
    .unwrap();
}

fn write_union(code: &mut String, item: &ScSpecUdtUnionV0) {
    let name = item.name.to_utf8_string_lossy();
    let mut body = String::new();
    for case in item.cases.iter() {
        match case {
            ScSpecUdtUnionCaseV0::VoidV0(case) => {
                let variant = case.name.to_utf8_string_lossy();
                writeln!(body, "/// `{variant}`.\n{variant},").unwrap();
            }
            ScSpecUdtUnionCaseV0::TupleV0(case) => {
                let variant = case.name.to_utf8_string_lossy();
                let parts: String = case
                    .type_
                    .iter()
                    .enumerate()
                    .map(|(index, kind)| format!("part{index}: {}, ", rust_type(kind)))
                    .collect();
                writeln!(body, "/// `{variant}`.\n{variant}({parts}),").unwrap();
            }
        }
    }
    writeln!(
        code,
        "localnet::contract_enum! {{ /// `{name}`, as the contract declares it.\n\
         #[derive(Clone, Debug, PartialEq, Eq)] pub enum {name} {{\n{body}}} }}"
    )
    .unwrap();
}

fn write_enum(code: &mut String, item: &ScSpecUdtEnumV0) {
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
    writeln!(
        code,
        "/// `{name}`, as the contract declares it.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u32)]\n\
         pub enum {name} {{\n{body}}}\n\
         impl ToScVal for {name} {{ fn to_scval(&self) -> Result<ScVal, ValueError> {{ (*self as u32).to_scval() }} }}\n\
         impl FromScVal for {name} {{ fn from_scval(value: &ScVal) -> Result<Self, ValueError> {{\n\
         match u32::from_scval(value)? {{\n{arms}_ => Err(ValueError::unexpected(\"{name}\", value)), }} }} }}"
    )
    .unwrap();
}

fn write_errors(code: &mut String, item: &ScSpecUdtErrorEnumV0) {
    let name = item.name.to_utf8_string_lossy();
    let mut body = String::new();
    for case in item.cases.iter() {
        let case_name = case.name.to_utf8_string_lossy();
        writeln!(body, "/// `{case_name}`.\n{case_name} = {},", case.value).unwrap();
    }
    writeln!(
        code,
        "/// Error codes `{name}`.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u32)]\npub enum {name} {{\n{body}}}"
    )
    .unwrap();
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

fn rust_type(kind: &Type) -> String {
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
