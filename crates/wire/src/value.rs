//! Rust values to contract values and back, without a host.

use std::collections::BTreeMap;

use stellar_xdr::{
    self as xdr, AccountId, ContractId, Hash, ScAddress, ScBytes, ScMap, ScMapEntry, ScString,
    ScSymbol, ScVal, ScVec,
};

use crate::keypair::Keypair;

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

impl<T: ToScVal + ?Sized> ToScVal for &T {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        (**self).to_scval()
    }
}

macro_rules! plain {
    ($($ty:ty => $variant:ident),* $(,)?) => {$(
        impl ToScVal for $ty {
            fn to_scval(&self) -> Result<ScVal, ValueError> {
                Ok(ScVal::$variant(self.clone()))
            }
        }
        impl FromScVal for $ty {
            fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
                match value {
                    ScVal::$variant(inner) => Ok(inner.clone()),
                    other => Err(ValueError::unexpected(stringify!($ty), other)),
                }
            }
        }
    )*};
}
plain!(bool => Bool, u32 => U32, i32 => I32, u64 => U64, i64 => I64, ScAddress => Address);

impl ToScVal for ScVal {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        Ok(self.clone())
    }
}

impl FromScVal for ScVal {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        Ok(value.clone())
    }
}

impl ToScVal for () {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        Ok(ScVal::Void)
    }
}

impl FromScVal for () {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        match value {
            ScVal::Void => Ok(()),
            other => Err(ValueError::unexpected("()", other)),
        }
    }
}

impl ToScVal for i128 {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        Ok(ScVal::from(*self))
    }
}

impl FromScVal for i128 {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        match value {
            ScVal::I128(parts) => Ok(Self::from(parts)),
            other => Err(ValueError::unexpected("i128", other)),
        }
    }
}

impl ToScVal for u128 {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        Ok(ScVal::from(*self))
    }
}

impl FromScVal for u128 {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        match value {
            ScVal::U128(parts) => Ok(Self::from(parts)),
            other => Err(ValueError::unexpected("u128", other)),
        }
    }
}

impl ToScVal for str {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        let text = self.try_into().map_err(|_| ValueError::TooLong("string"))?;
        Ok(ScVal::String(ScString(text)))
    }
}

impl ToScVal for String {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        self.as_str().to_scval()
    }
}

impl FromScVal for String {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        match value {
            ScVal::String(text) => Ok(text.to_utf8_string_lossy()),
            ScVal::Symbol(name) => Ok(name.to_utf8_string_lossy()),
            other => Err(ValueError::unexpected("String", other)),
        }
    }
}

impl ToScVal for Symbol {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        symbol(&self.0)
    }
}

impl FromScVal for Symbol {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        match value {
            ScVal::Symbol(name) => Ok(Self(name.to_utf8_string_lossy())),
            other => Err(ValueError::unexpected("Symbol", other)),
        }
    }
}

impl ToScVal for Bytes {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        bytes(&self.0)
    }
}

impl FromScVal for Bytes {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        match value {
            ScVal::Bytes(inner) => Ok(Self(inner.to_vec())),
            other => Err(ValueError::unexpected("Bytes", other)),
        }
    }
}

impl<const N: usize> ToScVal for [u8; N] {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        bytes(self)
    }
}

impl<const N: usize> FromScVal for [u8; N] {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        let wrong = || ValueError::unexpected("BytesN", value);
        match value {
            ScVal::Bytes(inner) => inner.as_slice().try_into().map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }
}

impl ToScVal for AccountId {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        Ok(ScVal::Address(ScAddress::Account(self.clone())))
    }
}

impl ToScVal for Keypair {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        Ok(ScVal::Address(self.address()))
    }
}

impl<T: ToScVal> ToScVal for Option<T> {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        self.as_ref().map_or(Ok(ScVal::Void), ToScVal::to_scval)
    }
}

impl<T: FromScVal> FromScVal for Option<T> {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        match value {
            ScVal::Void => Ok(None),
            some => T::from_scval(some).map(Some),
        }
    }
}

impl<T: ToScVal> ToScVal for [T] {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        vector(
            self.iter()
                .map(ToScVal::to_scval)
                .collect::<Result<_, _>>()?,
        )
    }
}

impl<T: ToScVal> ToScVal for Vec<T> {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        self.as_slice().to_scval()
    }
}

impl<T: FromScVal> FromScVal for Vec<T> {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        items(value)?.iter().map(T::from_scval).collect()
    }
}

impl<K: ToScVal, V: ToScVal> ToScVal for BTreeMap<K, V> {
    fn to_scval(&self) -> Result<ScVal, ValueError> {
        map(self
            .iter()
            .map(|(key, value)| Ok((key.to_scval()?, value.to_scval()?)))
            .collect::<Result<_, ValueError>>()?)
    }
}

impl<K: FromScVal + Ord, V: FromScVal> FromScVal for BTreeMap<K, V> {
    fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
        entries(value)?
            .iter()
            .map(|entry| Ok((K::from_scval(&entry.key)?, V::from_scval(&entry.val)?)))
            .collect()
    }
}

impl IntoArgs for () {
    fn into_args(self) -> Result<Vec<ScVal>, ValueError> {
        Ok(Vec::new())
    }
}

impl IntoArgs for Vec<ScVal> {
    fn into_args(self) -> Result<Vec<ScVal>, ValueError> {
        Ok(self)
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),+))+) => {$(
        impl<$($name: ToScVal),+> IntoArgs for ($($name,)+) {
            fn into_args(self) -> Result<Vec<ScVal>, ValueError> {
                Ok(vec![$(self.$index.to_scval()?),+])
            }
        }
        impl<$($name: ToScVal),+> ToScVal for ($($name,)+) {
            fn to_scval(&self) -> Result<ScVal, ValueError> {
                vector(vec![$(self.$index.to_scval()?),+])
            }
        }
        impl<$($name: FromScVal),+> FromScVal for ($($name,)+) {
            fn from_scval(value: &ScVal) -> Result<Self, ValueError> {
                let items = items(value)?;
                Ok(($($name::from_scval(item(items, $index)?)?,)+))
            }
        }
    )+};
}
tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}

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

fn entries(value: &ScVal) -> Result<&[ScMapEntry], ValueError> {
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
