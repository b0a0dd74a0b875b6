//! Opening an envelope that should hold a success, in one pass.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Code, Envelope};

/// An opened envelope.
#[derive(Debug)]
pub(crate) struct Opened<T> {
    pub(crate) code: Option<Code>,
    pub(crate) message: Option<String>,
    pub(crate) timestamp: Option<String>,
    /// `None` when the field was missing.
    pub(crate) data: Option<T>,
}

/// Reads head and data together. An error of any part is an error of the whole: the caller then asks [`super::Head`].
pub(crate) fn open<T: DeserializeOwned>(
    shape: &Envelope,
    text: &str,
) -> Result<Opened<T>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let opened = OpenSeed { shape, data: PhantomData }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(opened)
}

struct OpenSeed<'a, T> {
    shape: &'a Envelope,
    data: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for OpenSeed<'_, T> {
    type Value = Opened<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for OpenSeed<'_, T> {
    type Value = Opened<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an envelope object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut opened = Opened { code: None, message: None, timestamp: None, data: None };
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let key = key.as_ref();
            if key == self.shape.data {
                opened.data = Some(map.next_value()?);
            } else if key == self.shape.code {
                opened.code = map.next_value()?;
            } else if key == self.shape.message {
                opened.message = map.next_value::<Lenient>()?.0;
            } else if key == self.shape.timestamp {
                opened.timestamp = map.next_value::<Lenient>()?.0;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(opened)
    }
}

/// A timestamp that may be a string, a number or anything else: only text is kept, nothing is an error.
struct Lenient(Option<String>);

impl<'de> serde::Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LenientVisitor;
        impl<'de> Visitor<'de> for LenientVisitor {
            type Value = Lenient;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_str<E>(self, text: &str) -> Result<Lenient, E> {
                Ok(Lenient(Some(text.to_owned())))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Lenient, E> {
                Ok(Lenient(Some(number.to_string())))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Lenient, E> {
                Ok(Lenient(Some(number.to_string())))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Lenient, E> {
                Ok(Lenient(Some(number.to_string())))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Lenient, E> {
                Ok(Lenient(None))
            }

            fn visit_unit<E>(self) -> Result<Lenient, E> {
                Ok(Lenient(None))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Lenient, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Lenient(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lenient, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Lenient(None))
            }
        }
        deserializer.deserialize_any(LenientVisitor)
    }
}
