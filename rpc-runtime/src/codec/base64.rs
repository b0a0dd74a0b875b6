//! Bytes in JSON.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serializer, de};
use serde_with::{DeserializeAs, SerializeAs};

/// Bytes as base64 (RFC 4648 §4, padded). The URL-safe alphabet and missing padding are read too.
#[derive(Debug)]
pub struct Base64;

impl SerializeAs<Bytes> for Base64 {
    fn serialize_as<S: Serializer>(value: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(value))
    }
}

impl<'de> DeserializeAs<'de, Bytes> for Base64 {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
            .iter()
            .find_map(|engine| engine.decode(text.as_bytes()).ok())
            .map(Bytes::from)
            .ok_or_else(|| de::Error::custom("not a base64 text"))
    }
}
