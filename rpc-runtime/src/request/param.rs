//! Values of parameters: scalars, lists, objects as text.

use std::collections::BTreeMap;

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
    /// Any serializable value, by way of JSON; nested values are written as JSON text.
    pub fn of<T: serde::Serialize>(value: &T) -> Self {
        use serde_json::Value;
        fn text(value: Value) -> Option<String> {
            match value {
                Value::Null => None,
                Value::String(text) => Some(text),
                other => Some(other.to_string()),
            }
        }
        match serde_json::to_value(value) {
            Ok(Value::Null) | Err(_) => Self::None,
            Ok(Value::Array(items)) => Self::List(items.into_iter().filter_map(text).collect()),
            Ok(Value::Object(fields)) => Self::Object(
                fields.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect(),
            ),
            Ok(scalar) => text(scalar).map_or(Self::None, Self::Scalar),
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
