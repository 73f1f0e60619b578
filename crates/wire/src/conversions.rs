//! Rust values to contract values and back.

use std::collections::BTreeMap;

use stellar_xdr::{AccountId, ScAddress, ScString, ScVal};

use crate::{
    keypair::Keypair,
    value::{
        bytes, entries, item, items, map, symbol, vector, Bytes, FromScVal, IntoArgs, Symbol,
        ToScVal, ValueError,
    },
};

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
