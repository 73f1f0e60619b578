//! Integers as strings of digits, since JSON's numbers are narrower than 128 bits. For `#[serde(with = "digits")]`.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::Serializer;

/// Writes the integer as a string.
pub fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads the integer from a string.
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?
        .parse()
        .map_err(Error::custom)
}

/// Amounts by key. Reading leaves out what is zero.
pub mod by_key {
    use std::collections::BTreeMap;

    use super::{Deserialize, Deserializer, Error, Serializer};
    use serde::Serialize;

    /// Writes the amounts as strings.
    pub fn serialize<K: Serialize, S: Serializer>(
        amounts: &BTreeMap<K, i128>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            amounts
                .iter()
                .map(|(key, amount)| (key, amount.to_string())),
        )
    }

    /// Reads the amounts from strings.
    pub fn deserialize<'de, K, D>(deserializer: D) -> Result<BTreeMap<K, i128>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        D: Deserializer<'de>,
    {
        let mut amounts = BTreeMap::new();
        for (key, digits) in BTreeMap::<K, String>::deserialize(deserializer)? {
            let amount = digits.parse().map_err(Error::custom)?;
            if amount != 0 {
                amounts.insert(key, amount);
            }
        }
        Ok(amounts)
    }
}
