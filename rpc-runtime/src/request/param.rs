//! Values of parameters: scalars, lists, objects as text.

use std::collections::BTreeMap;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::codegen::json_type;

/// A parameter's value, ready to be written in any style.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamValue {
    /// Nothing: the parameter is left out.
    None,
    /// One text.
    Scalar(String),
    /// Several texts.
    List(Vec<String>),
    /// Names and texts.
    Object(Vec<(String, String)>),
}

impl ParamValue {
    /// Any serializable value, by way of JSON text, so that no number loses a digit; nested values are written as JSON.
    pub fn of<T: serde::Serialize>(value: &T) -> Self {
        let Ok(json) = serde_json::to_string(value) else { return Self::None };
        match json_type(&json) {
            "null" => Self::None,
            "array" => serde_json::from_str::<Vec<&RawValue>>(&json)
                .map_or(Self::None, |items| Self::List(items.into_iter().filter_map(text).collect())),
            "object" => members(&json).map_or(Self::None, |fields| {
                let fields = fields.into_iter().filter_map(|(name, value)| Some((name, text(&value)?)));
                Self::Object(fields.collect())
            }),
            "string" => serde_json::from_str(&json).map_or(Self::None, Self::Scalar),
            _ => Self::Scalar(json),
        }
    }

    /// Style `simple`, without encoding: `a,b` · `k,v` or, exploded, `k=v`. `None` when there is nothing.
    pub(crate) fn simple(&self, explode: bool) -> Option<String> {
        match self {
            Self::None => None,
            Self::Scalar(text) => Some(text.clone()),
            Self::List(items) => Some(items.join(",")),
            Self::Object(fields) => {
                let separator = if explode { "=" } else { "," };
                let pairs: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{name}{separator}{value}")).collect();
                Some(pairs.join(","))
            }
        }
    }
}

fn text(value: &RawValue) -> Option<String> {
    match json_type(value.get()) {
        "null" => None,
        "string" => serde_json::from_str(value.get()).ok(),
        _ => Some(value.get().to_owned()),
    }
}

/// The members of a JSON object, in their order; `None` if it is none.
pub(super) fn members(json: &str) -> Option<Vec<(String, Box<RawValue>)>> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, Box<RawValue>)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(json).deserialize_map(Members).ok()
}

/// What can be a parameter.
pub trait Param {
    /// The value as text.
    fn to_value(&self) -> ParamValue;
}

/// A value of a struct, a map or a list of those, as a parameter by way of JSON.
#[derive(Debug)]
pub struct JsonParam<'a, T>(pub &'a T);

impl<T: serde::Serialize> Param for JsonParam<'_, T> {
    fn to_value(&self) -> ParamValue {
        ParamValue::of(self.0)
    }
}

/// A value as a parameter that is JSON text (`content: application/json`).
#[derive(Debug)]
pub struct JsonText<'a, T>(pub &'a T);

impl<T: serde::Serialize> Param for JsonText<'_, T> {
    fn to_value(&self) -> ParamValue {
        serde_json::to_string(self.0).map_or(ParamValue::None, ParamValue::Scalar)
    }
}

macro_rules! display_params {
    ($($ty:ty),* $(,)?) => {
        $(impl Param for $ty {
            fn to_value(&self) -> ParamValue {
                ParamValue::Scalar(self.to_string())
            }
        })*
    };
}

display_params!(
    bool,
    i32,
    i64,
    u32,
    u64,
    f32,
    f64,
    str,
    String,
    crate::types::DateTime,
    crate::types::Date,
    crate::types::Time,
    crate::types::IsoDuration,
    crate::types::Decimal,
    crate::types::Uuid,
    std::net::Ipv4Addr,
    std::net::Ipv6Addr,
);

impl<T: Param + ?Sized> Param for &T {
    fn to_value(&self) -> ParamValue {
        (**self).to_value()
    }
}

impl<T: Param> Param for Option<T> {
    fn to_value(&self) -> ParamValue {
        self.as_ref().map_or(ParamValue::None, Param::to_value)
    }
}

impl<T: Param> Param for Box<T> {
    fn to_value(&self) -> ParamValue {
        (**self).to_value()
    }
}

impl<T: Param> Param for [T] {
    fn to_value(&self) -> ParamValue {
        ParamValue::List(self.iter().filter_map(|item| item.to_value().simple(false)).collect())
    }
}

impl<T: Param> Param for Vec<T> {
    fn to_value(&self) -> ParamValue {
        self.as_slice().to_value()
    }
}

impl<T: Param> Param for BTreeMap<String, T> {
    fn to_value(&self) -> ParamValue {
        let fields =
            self.iter().filter_map(|(name, value)| Some((name.clone(), value.to_value().simple(false)?)));
        ParamValue::Object(fields.collect())
    }
}

impl Param for serde_json::Value {
    fn to_value(&self) -> ParamValue {
        ParamValue::of(self)
    }
}

impl Param for crate::types::Bytes {
    fn to_value(&self) -> ParamValue {
        use base64::Engine as _;
        ParamValue::Scalar(base64::engine::general_purpose::STANDARD.encode(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_values_keep_order_and_digits() {
        let check = |json: &str, expected: ParamValue| {
            let raw: &RawValue = serde_json::from_str(json).unwrap();
            assert_eq!(ParamValue::of(&raw), expected, "{json}");
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        check("null", ParamValue::None);
        check("12345678901234567.89", ParamValue::Scalar("12345678901234567.89".to_owned()));
        check(r#""a\u0041""#, ParamValue::Scalar("aA".to_owned()));
        check(r#"[1.10, null, "x"]"#, ParamValue::List(vec!["1.10".to_owned(), "x".to_owned()]));
        check(
            r#"{"b": 12345678901234567.89, "n": null, "a": {"z":1.0}}"#,
            ParamValue::Object(vec![pair("b", "12345678901234567.89"), pair("a", r#"{"z":1.0}"#)]),
        );
    }
}
