//! A contract's spec: the interface that its wasm carries in the custom section `contractspecv0`.
//!
//! The compiler puts an entry there for every type, error and event of every linked crate, used or not, and a marker in
//! the data section for each one that is used at the contract's border. Shaking keeps the marked entries and all
//! functions; soroban-sdk refuses to build for anyone who does not promise to do it.

use std::collections::HashSet;

use anyhow::{bail, Context, Result};
use serde_json::Value;
use soroban_spec::{read, shaking};
use stellar_xdr::{Limits, ScSpecEntry, WriteXdr};
use wasmparser::{Parser, Payload};

const SPEC_SECTION: &str = "contractspecv0";
const CUSTOM_SECTION_ID: u8 = 0;
const WASM_HEADER_BYTES: usize = 8;

/// Every entry the wasm declares.
pub fn declared(wasm: &[u8]) -> Result<Vec<ScSpecEntry>> {
    read::from_wasm(wasm)
        .context("the wasm carries no contract spec; does the crate have a #[contract]?")
}

/// Of the entries declared, those in use, each once.
pub fn shaken(wasm: &[u8]) -> Result<Vec<ScSpecEntry>> {
    let markers = shaking::find_all(wasm);
    let mut seen = HashSet::new();
    let used = shaking::filter(declared(wasm)?, &markers);
    Ok(used
        .filter(|entry| seen.insert(shaking::generate_marker_for_entry(entry)))
        .collect())
}

/// The wasm to deploy: with these entries for its spec, without their doc comments.
///
/// Doc comments are text that nobody needs on chain, where it costs rent and counts against the size limit (15 of 37 KiB
/// of a plain OpenZeppelin vault); they stay in the sources and in the generated tables. Names and types, which clients
/// are made from, are all kept.
pub fn deployable(wasm: &[u8], entries: &[ScSpecEntry]) -> Result<Vec<u8>> {
    let mut spec = Vec::new();
    for entry in entries {
        spec.extend(without_docs(entry)?.to_xdr(Limits::none())?);
    }
    replace_section(wasm, SPEC_SECTION, &spec)
}

/// The same entry with every `doc`, its own and those of its parts, emptied.
fn without_docs(entry: &ScSpecEntry) -> Result<ScSpecEntry> {
    let mut json = serde_json::to_value(entry)?;
    clear_docs(&mut json);
    Ok(serde_json::from_value(json)?)
}

fn clear_docs(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == "doc" {
                    *value = Value::String(String::new());
                } else {
                    clear_docs(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(clear_docs),
        _ => {}
    }
}

/// The module with the one custom section of that name replaced and all else as it was, byte for byte.
fn replace_section(wasm: &[u8], name: &str, content: &[u8]) -> Result<Vec<u8>> {
    let mut module = wasm
        .get(..WASM_HEADER_BYTES)
        .context("not a wasm module")?
        .to_vec();
    let mut replaced = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        match payload {
            Payload::CustomSection(section) if section.name() == name => {
                push_section(&mut module, CUSTOM_SECTION_ID, &custom(name, content)?)?;
                replaced += 1;
            }
            _ => push_section(&mut module, id, &wasm[range])?,
        }
    }
    if replaced != 1 {
        bail!("expected one section {name}, found {replaced}");
    }
    Ok(module)
}

fn custom(name: &str, content: &[u8]) -> Result<Vec<u8>> {
    let mut section = Vec::new();
    push_leb128(&mut section, u32::try_from(name.len())?);
    section.extend_from_slice(name.as_bytes());
    section.extend_from_slice(content);
    Ok(section)
}

fn push_section(module: &mut Vec<u8>, id: u8, content: &[u8]) -> Result<()> {
    module.push(id);
    push_leb128(module, u32::try_from(content.len())?);
    module.extend_from_slice(content);
    Ok(())
}

/// Unsigned LEB128, wasm's encoding of lengths: seven bits a byte, low bits first.
fn push_leb128(bytes: &mut Vec<u8>, mut value: u32) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stellar_xdr::{ScSpecFunctionV0, ScSpecUdtEnumCaseV0, ScSpecUdtEnumV0, StringM, VecM};

    const DATA_SECTION_ID: u8 = 11;

    fn function(doc: &str) -> ScSpecEntry {
        ScSpecEntry::FunctionV0(ScSpecFunctionV0 {
            doc: doc.try_into().unwrap(),
            name: "deposit".try_into().unwrap(),
            inputs: VecM::default(),
            outputs: VecM::default(),
        })
    }

    fn state(name: &str, doc: &str) -> ScSpecEntry {
        let case = ScSpecUdtEnumCaseV0 {
            doc: doc.try_into().unwrap(),
            name: "Open".try_into().unwrap(),
            value: 1,
        };
        ScSpecEntry::UdtEnumV0(ScSpecUdtEnumV0 {
            doc: doc.try_into().unwrap(),
            lib: StringM::default(),
            name: name.try_into().unwrap(),
            cases: vec![case].try_into().unwrap(),
        })
    }

    /// A module with a spec of these entries, markers for the used ones, and another custom section at the end.
    fn module(entries: &[ScSpecEntry], used: &[ScSpecEntry]) -> Vec<u8> {
        let spec: Vec<u8> = entries
            .iter()
            .flat_map(|entry| entry.to_xdr(Limits::none()).unwrap())
            .collect();
        let markers: Vec<u8> = used
            .iter()
            .flat_map(shaking::generate_marker_for_entry)
            .collect();
        let mut data = vec![1, 1]; // one segment, passive
        push_leb128(&mut data, markers.len() as u32);
        data.extend(markers);
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        push_section(&mut module, DATA_SECTION_ID, &data).unwrap();
        push_section(
            &mut module,
            CUSTOM_SECTION_ID,
            &custom(SPEC_SECTION, &spec).unwrap(),
        )
        .unwrap();
        push_section(
            &mut module,
            CUSTOM_SECTION_ID,
            &custom("contractmetav0", b"kept").unwrap(),
        )
        .unwrap();
        module
    }

    fn deploy(wasm: &[u8]) -> Result<Vec<u8>> {
        deployable(wasm, &shaken(wasm)?)
    }

    #[test]
    fn only_functions_and_used_types_are_deployed_once_and_without_docs() {
        let (used, unused) = (state("Used", "Why."), state("Unused", "Why."));
        let entries = [function("What."), used.clone(), unused, used.clone()];
        let deployed = deploy(&module(&entries, &[used])).unwrap();
        assert_eq!(
            declared(&deployed).unwrap(),
            [function(""), state("Used", "")],
            "entries left"
        );
    }

    #[test]
    fn nothing_but_the_spec_changes() {
        let used = state("Used", "");
        let lean = module(&[function(""), used.clone()], std::slice::from_ref(&used));
        assert_eq!(deploy(&lean).unwrap(), lean, "already lean");
        let fat = module(
            &[function("What."), used.clone(), state("Unused", "")],
            &[used],
        );
        assert_eq!(deploy(&fat).unwrap(), lean, "becomes lean");
    }

    #[test]
    fn docs_stay_for_the_tables() {
        let used = state("Used", "Why.");
        assert_eq!(
            shaken(&module(
                std::slice::from_ref(&used),
                std::slice::from_ref(&used)
            ))
            .unwrap(),
            [used],
            "entry with its doc"
        );
    }

    #[test]
    fn a_module_without_spec_is_refused() {
        assert!(deploy(b"\0asm\x01\0\0\0").is_err(), "no spec");
        assert!(deploy(b"rubbish").is_err(), "no module");
    }

    #[test]
    fn lengths_are_encoded_in_seven_bits_a_byte() {
        for (value, bytes) in [
            (0, &[0][..]),
            (127, &[127]),
            (128, &[0x80, 1]),
            (624_485, &[0xe5, 0x8e, 0x26]),
        ] {
            let mut encoded = Vec::new();
            push_leb128(&mut encoded, value);
            assert_eq!(encoded, bytes, "{value}");
        }
    }
}
