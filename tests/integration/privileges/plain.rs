//! Arguments that a function takes, whatever they mean: of each type the plainest value.

use localnet::xdr::{
    ScMap, ScMapEntry, ScSpecEntry, ScSpecTypeDef as Type, ScSpecUdtUnionCaseV0, ScVal, ScVec,
};
use localnet::{xdr::ScAddress, Bytes, Symbol, ToScVal};

/// A contract's interface, and who every address in a call of it is.
pub struct Interface<'a> {
    /// What its wasm carries.
    pub entries: &'a [ScSpecEntry],
    /// The address.
    pub who: &'a ScAddress,
}

impl Interface<'_> {
    /// Arguments of one function.
    pub fn arguments(&self, name: &str) -> Vec<ScVal> {
        let function = self.entries.iter().find_map(|entry| match entry {
            ScSpecEntry::FunctionV0(function) if function.name.to_utf8_string_lossy() == name => {
                Some(function)
            }
            _ => None,
        });
        let Some(function) = function else {
            panic!("{name} is not in the wasm")
        };
        let inputs = function.inputs.iter();
        inputs.map(|input| self.value(&input.type_)).collect()
    }

    fn value(&self, kind: &Type) -> ScVal {
        match kind {
            Type::Bool => ScVal::Bool(false),
            Type::U32 => ScVal::U32(1),
            Type::U64 => ScVal::U64(1),
            Type::U128 => 1_u128.to_scval().unwrap(),
            Type::I128 => 1_i128.to_scval().unwrap(),
            Type::Bytes => Bytes(Vec::new()).to_scval().unwrap(),
            Type::BytesN(bytes) => Bytes(vec![0; bytes.n as usize]).to_scval().unwrap(),
            Type::String => String::new().to_scval().unwrap(),
            Type::Symbol => Symbol::from("a").to_scval().unwrap(),
            Type::Address | Type::MuxedAddress => ScVal::Address(self.who.clone()),
            Type::Option(_) => ScVal::Void,
            Type::Vec(_) => vector(Vec::new()),
            Type::Tuple(parts) => vector(parts.value_types.iter().map(|part| self.value(part))),
            Type::Udt(named) => self.named(&named.name.to_utf8_string_lossy()),
            other => panic!("no plain value of {other:?}"),
        }
    }

    fn named(&self, name: &str) -> ScVal {
        let is_it = |other: &dyn std::fmt::Display| other.to_string() == name;
        for entry in self.entries {
            match entry {
                ScSpecEntry::UdtStructV0(item) if is_it(&item.name) => {
                    let fields = item.fields.iter();
                    let fields: Vec<_> = fields
                        .map(|field| (field.name.to_utf8_string_lossy(), self.value(&field.type_)))
                        .collect();
                    return structure(fields);
                }
                ScSpecEntry::UdtEnumV0(item) if is_it(&item.name) => {
                    return ScVal::U32(item.cases[0].value);
                }
                ScSpecEntry::UdtUnionV0(item) if is_it(&item.name) => {
                    let ScSpecUdtUnionCaseV0::VoidV0(case) = &item.cases[0] else {
                        panic!("no plain value of {name}")
                    };
                    let case = Symbol(case.name.to_utf8_string_lossy());
                    return vector([case.to_scval().unwrap()]);
                }
                _ => {}
            }
        }
        panic!("{name} is not in the wasm")
    }
}

fn vector(parts: impl IntoIterator<Item = ScVal>) -> ScVal {
    let parts: Vec<_> = parts.into_iter().collect();
    ScVal::Vec(Some(ScVec(parts.try_into().unwrap())))
}

/// A struct with named fields is a map, one without a vector.
fn structure(fields: Vec<(String, ScVal)>) -> ScVal {
    if fields.first().is_some_and(|(name, _)| name == "0") {
        return vector(fields.into_iter().map(|(_, value)| value));
    }
    let entries = fields.into_iter().map(|(name, val)| ScMapEntry {
        key: Symbol(name).to_scval().unwrap(),
        val,
    });
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by(|one, other| one.key.cmp(&other.key));
    ScVal::Map(Some(ScMap(entries.try_into().unwrap())))
}
