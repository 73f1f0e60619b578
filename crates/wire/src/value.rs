//! Contract values, without a host: made, taken apart, told. Which Rust values they stand for is in `conversions.rs`.

use stellar_xdr::{
    self as xdr, ContractId, Hash, ScAddress, ScBytes, ScMap, ScMapEntry, ScSymbol, ScVal, ScVec,
};

/// A value is not what was expected, or does not fit.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ValueError {
    /// The contract value has another type.
    #[error("expected {expected}, got {got}")]
    Unexpected {
        /// The wanted type.
        expected: &'static str,
        /// The value, rendered.
        got: String,
    },
    /// A struct lacks a field, or an enum a variant.
    #[error("no field or variant {0:?}")]
    Missing(String),
    /// Too long: a symbol has at most 32 letters, digits and underscores.
    #[error("{0} does not fit")]
    TooLong(&'static str),
}

impl ValueError {
    /// `got` is not a value of type `expected`.
    #[must_use]
    pub fn unexpected(expected: &'static str, got: &ScVal) -> Self {
        Self::Unexpected {
            expected,
            got: render(got),
        }
    }
}

/// A value that contracts understand.
pub trait ToScVal {
    /// The contract value.
    ///
    /// # Errors
    /// When it does not fit.
    fn to_scval(&self) -> Result<ScVal, ValueError>;
}

/// A value read from a contract.
pub trait FromScVal: Sized {
    /// The Rust value.
    ///
    /// # Errors
    /// When `value` has another type.
    fn from_scval(value: &ScVal) -> Result<Self, ValueError>;
}

/// The arguments of a call: a tuple of values, or a vector of contract values.
pub trait IntoArgs {
    /// The contract values in order.
    ///
    /// # Errors
    /// When one does not fit.
    fn into_args(self) -> Result<Vec<ScVal>, ValueError>;
}

/// A symbol: at most 32 letters, digits and underscores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Symbol(pub String);

impl From<&str> for Symbol {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

/// Bytes of any length; `[u8; N]` converts by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

/// The address of the contract with this id.
#[must_use]
pub fn contract_address(id: [u8; 32]) -> ScAddress {
    ScAddress::Contract(ContractId(Hash(id)))
}

/// A symbol value.
///
/// # Errors
/// When `name` has more than 32 bytes.
pub fn symbol(name: &str) -> Result<ScVal, ValueError> {
    let name = name.try_into().map_err(|_| ValueError::TooLong("symbol"))?;
    Ok(ScVal::Symbol(ScSymbol(name)))
}

/// A vector value.
///
/// # Errors
/// When it has more than 2^32 items.
pub fn vector(items: Vec<ScVal>) -> Result<ScVal, ValueError> {
    let items = items
        .try_into()
        .map_err(|_| ValueError::TooLong("vector"))?;
    Ok(ScVal::Vec(Some(ScVec(items))))
}

/// A map value, sorted as the host wants it.
///
/// # Errors
/// When a key occurs twice or the map has more than 2^32 entries.
pub fn map(pairs: Vec<(ScVal, ScVal)>) -> Result<ScVal, ValueError> {
    let map = ScMap::sorted_from_pairs(pairs.into_iter());
    Ok(ScVal::Map(Some(
        map.map_err(|_| ValueError::TooLong("map"))?,
    )))
}

/// A bytes value.
///
/// # Errors
/// When it has more than 2^32 bytes.
pub fn bytes(data: &[u8]) -> Result<ScVal, ValueError> {
    let data = data.try_into().map_err(|_| ValueError::TooLong("bytes"))?;
    Ok(ScVal::Bytes(ScBytes(data)))
}

/// The items of a vector value.
///
/// # Errors
/// When `value` is no vector.
pub fn items(value: &ScVal) -> Result<&[ScVal], ValueError> {
    match value {
        ScVal::Vec(Some(items)) => Ok(items.as_slice()),
        other => Err(ValueError::unexpected("vector", other)),
    }
}

/// Item `index` of a vector value's items.
///
/// # Errors
/// When there are fewer.
pub fn item(items: &[ScVal], index: usize) -> Result<&ScVal, ValueError> {
    let missing = || ValueError::Missing(format!("item {index}"));
    items.get(index).ok_or_else(missing)
}

/// The entries of a map value.
///
/// # Errors
/// When `value` is no map.
pub fn entries(value: &ScVal) -> Result<&[ScMapEntry], ValueError> {
    match value {
        ScVal::Map(Some(entries)) => Ok(entries.as_slice()),
        other => Err(ValueError::unexpected("map", other)),
    }
}

/// Field `name` of a struct value.
///
/// # Errors
/// When there is none, or it has another type.
pub fn field<T: FromScVal>(value: &ScVal, name: &str) -> Result<T, ValueError> {
    let wanted = symbol(name)?;
    let entry = entries(value)?.iter().find(|entry| entry.key == wanted);
    T::from_scval(&entry.ok_or_else(|| ValueError::Missing(name.into()))?.val)
}

/// A value in one line, for messages and logs.
#[must_use]
pub fn render(value: &ScVal) -> String {
    let list = |items: &[ScVal]| items.iter().map(render).collect::<Vec<_>>().join(", ");
    match value {
        ScVal::Void => "void".into(),
        ScVal::Bool(inner) => inner.to_string(),
        ScVal::U32(inner) => inner.to_string(),
        ScVal::I32(inner) => inner.to_string(),
        ScVal::U64(inner) => inner.to_string(),
        ScVal::I64(inner) => inner.to_string(),
        ScVal::U128(inner) => inner.to_string(),
        ScVal::I128(inner) => inner.to_string(),
        ScVal::U256(inner) => inner.to_string(),
        ScVal::I256(inner) => inner.to_string(),
        ScVal::Symbol(inner) => inner.to_utf8_string_lossy(),
        ScVal::String(inner) => format!("{:?}", inner.to_utf8_string_lossy()),
        ScVal::Address(inner) => inner.to_string(),
        ScVal::Error(xdr::ScError::Contract(code)) => format!("contract error #{code}"),
        ScVal::Bytes(inner) => inner.iter().map(|byte| format!("{byte:02x}")).collect(),
        ScVal::Vec(Some(items)) => format!("[{}]", list(items)),
        ScVal::Map(Some(entries)) => {
            let pair =
                |entry: &ScMapEntry| format!("{}: {}", render(&entry.key), render(&entry.val));
            format!(
                "{{{}}}",
                entries.iter().map(pair).collect::<Vec<_>>().join(", ")
            )
        }
        other => format!("{other:?}"),
    }
}
