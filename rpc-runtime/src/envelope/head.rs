//! The envelope without its data: what a failure says about itself.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Code, Envelope};
use crate::types::RawJson;

/// What stands around the data.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Head {
    pub(crate) code: Option<Code>,
    pub(crate) message: Option<String>,
    pub(crate) timestamp: Option<String>,
    pub(crate) error_code: Option<String>,
    pub(crate) details: Option<RawJson>,
}

impl Head {
    /// Reads the head of any JSON object; a field of an unexpected type counts as missing. `None` when the text is not a JSON object.
    pub(crate) fn read(shape: &Envelope, text: &str) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        HeadSeed(shape).deserialize(&mut deserializer).ok()
    }
}

struct HeadSeed<'a>(&'a Envelope);

impl<'de> DeserializeSeed<'de> for HeadSeed<'_> {
    type Value = Head;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Head, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for HeadSeed<'_> {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an envelope object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let mut head = Head::default();
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let key = key.as_ref();
            if key == self.0.code {
                head.code = lenient(&map.next_value::<Raw>()?);
            } else if key == self.0.message {
                head.message = lenient(&map.next_value::<Raw>()?);
            } else if key == self.0.timestamp {
                head.timestamp = lenient(&map.next_value::<Raw>()?);
            } else if key == "error_code" {
                head.error_code = lenient(&map.next_value::<Raw>()?);
            } else if key == "details" {
                head.details =
                    Some(RawJson::from(map.next_value::<Raw>()?)).filter(|details| !details.is_null());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(head)
    }
}

type Raw = Box<serde_json::value::RawValue>;

fn lenient<T: serde::de::DeserializeOwned>(raw: &Raw) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Head>) {
        assert_eq!(Head::read(&Envelope::STANDARD, text), expected, "{text}");
    }

    #[test]
    fn reads_any_order_and_ignores_what_it_does_not_know() {
        let head = Head { code: Some(Code::Int(404)), message: Some("gone".into()), ..Head::default() };
        check(r#"{"data": {"deep": [1]}, "message": "gone", "x": 1, "code": 404}"#, Some(head));
    }

    #[test]
    fn keeps_error_code_and_details() {
        let head = Head {
            code: Some(Code::Text("E1".into())),
            error_code: Some("NO_STOCK".into()),
            details: RawJson::parse(r#"{"sku":1.10}"#),
            ..Head::default()
        };
        check(r#"{"code":"E1","error_code":"NO_STOCK","details":{"sku":1.10}}"#, Some(head));
    }

    #[test]
    fn wrong_types_count_as_missing() {
        check(r#"{"code": [1], "message": 5, "details": null}"#, Some(Head::default()));
    }

    #[test]
    fn what_is_no_object_has_no_head() {
        for text in ["[]", "<html>", "", "\"code\"", "{\"code\": 1"] {
            check(text, None);
        }
    }
}
