//! Integers in strings, for readers whose numbers are doubles.

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serializer, de};
use serde_with::{DeserializeAs, SerializeAs};

/// An integer written as a JSON string, `"9007199254740993"`. A number is read too.
#[derive(Debug)]
pub struct IntString;

impl<T: Display> SerializeAs<T> for IntString {
    fn serialize_as<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }
}

impl<'de, T: FromStr> DeserializeAs<'de, T> for IntString {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let raw = crate::types::RawJson::deserialize(deserializer)?;
        raw.get().trim_matches('"').parse().map_err(|_| de::Error::custom("not an integer in a string"))
    }
}
