//! Defaults as expressions that cannot fail.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::context::Context;
use super::text::{ident, literal, number};
use crate::ir::{Default_, IntKind, Scalar, Shape, Type, ValueEnum};

/// A default's value.
pub(super) struct Filled {
    pub(super) value: TokenStream,
    /// Whether it is what `Default::default()` gives.
    pub(super) own: bool,
}

impl Filled {
    fn own() -> Self {
        Self { value: quote!(Default::default()), own: true }
    }

    fn new(value: TokenStream) -> Self {
        Self { value, own: false }
    }
}

/// The default of a field of this type. `None` when only decoding at run time would give it: such a field is optional,
/// because a default must not be able to fail.
pub(super) fn fill(context: &Context<'_>, ty: &Type, default: &Default_) -> Option<Filled> {
    let value = match default {
        Default_::Null => Value::Null,
        Default_::Bool(value) => Value::Bool(*value),
        Default_::Int(value) => serde_json::from_str(&value.to_string()).ok()?,
        Default_::Number(text) => match context.resolve(ty) {
            Type::Scalar(Scalar::Decimal(_)) => Value::String(text.clone()),
            _ => serde_json::from_str(text).ok()?,
        },
        Default_::String(text) => Value::String(text.clone()),
        Default_::EmptyList => Value::Array(Vec::new()),
        Default_::EmptyMap => Value::Object(serde_json::Map::new()),
        Default_::Json(text) => serde_json::from_str(text).ok()?,
    };
    of_value(context, ty, &value)
}

fn of_value(context: &Context<'_>, ty: &Type, value: &Value) -> Option<Filled> {
    match (ty, value) {
        (Type::Nullable(_), Value::Null) | (Type::Null | Type::Any, Value::Null) => Some(Filled::own()),
        (Type::Nullable(inner), _) => {
            let inner = of_value(context, inner, value)?.value;
            Some(Filled::new(quote!(Some(#inner))))
        }
        (Type::Boxed(inner), _) => {
            let inner = of_value(context, inner, value)?;
            let boxed = inner.value;
            Some(Filled { value: quote!(Box::new(#boxed)), own: inner.own })
        }
        (Type::List(_), Value::Array(items)) if items.is_empty() => Some(Filled::own()),
        (Type::Map(_), Value::Object(members)) if members.is_empty() => Some(Filled::own()),
        (Type::List(item), Value::Array(items)) => {
            let items: Option<Vec<TokenStream>> =
                items.iter().map(|value| of_value(context, item, value).map(|filled| filled.value)).collect();
            let items = items?;
            Some(Filled::new(quote!(vec![#(#items),*])))
        }
        (Type::Scalar(of), _) => scalar(*of, value),
        (Type::Named(id), _) => {
            let def = context.def(*id)?;
            match &def.shape {
                Shape::Alias(inner, _) => of_value(context, inner, value),
                Shape::Enum(values) => {
                    let variant = ident(&chosen(values, value)?);
                    let name = ident(&def.name);
                    Some(Filled::new(quote!(super::#name::#variant)))
                }
                Shape::Struct(_)
                    if def.default && value.as_object().is_some_and(serde_json::Map::is_empty) =>
                {
                    Some(Filled::own())
                }
                Shape::Struct(_) | Shape::Union(_) => None,
            }
        }
        _ => None,
    }
}

fn chosen(values: &ValueEnum, value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    values.values.iter().find(|candidate| candidate.wire == text).map(|candidate| candidate.name.clone())
}

fn scalar(of: Scalar, value: &Value) -> Option<Filled> {
    match (of, value) {
        (Scalar::Bool, Value::Bool(false)) => Some(Filled::own()),
        (Scalar::Bool, Value::Bool(true)) => Some(Filled::new(quote!(true))),
        (Scalar::Int(kind), Value::Number(value)) => integer(kind, &value.to_string()),
        (Scalar::IntString(kind), Value::Number(value)) => integer(kind, &value.to_string()),
        (Scalar::IntString(kind), Value::String(text)) => integer(kind, text),
        (Scalar::Float(_), Value::Number(value)) => {
            let value = value.as_f64().filter(|value| value.is_finite())?;
            if value.to_bits() == 0 {
                return Some(Filled::own());
            }
            number(&format!("{value:?}")).map(Filled::new)
        }
        (Scalar::String | Scalar::Uri, Value::String(text)) if text.is_empty() => Some(Filled::own()),
        (Scalar::String | Scalar::Uri, Value::String(text)) => {
            let text = literal(text);
            Some(Filled::new(quote!(#text.to_owned())))
        }
        (Scalar::Decimal(_), Value::String(text)) => decimal(text),
        (Scalar::Decimal(_), Value::Number(value)) => decimal(&value.to_string()),
        (Scalar::Uuid, Value::String(text)) => {
            let digits: String = text.chars().filter(|c| *c != '-').collect();
            let value = u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32)?;
            let value = number(&format!("{value:#034x}"))?;
            Some(Filled::new(quote!(rpc_runtime::types::Uuid::from_u128(#value))))
        }
        (Scalar::Base64 | Scalar::Binary, Value::String(text)) if text.is_empty() => Some(Filled::own()),
        _ => None,
    }
}

fn integer(kind: IntKind, text: &str) -> Option<Filled> {
    let value: i128 = text.parse().ok()?;
    let fits = match kind {
        IntKind::I32 => i32::try_from(value).is_ok(),
        IntKind::I64 => i64::try_from(value).is_ok(),
        IntKind::U32 => u32::try_from(value).is_ok(),
        IntKind::U64 => u64::try_from(value).is_ok(),
    };
    let value = number(&value.to_string()).filter(|_| fits)?;
    Some(if text == "0" { Filled::own() } else { Filled::new(value) })
}

/// `Decimal::new(mantissa, scale)`: exact, and total for what is let through here.
fn decimal(text: &str) -> Option<Filled> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mantissa: i64 = format!("{whole}{fraction}").parse().ok()?;
    let scale = u32::try_from(fraction.len()).ok().filter(|scale| *scale <= 28)?;
    if mantissa == 0 && scale == 0 {
        return Some(Filled::own());
    }
    let (mantissa, scale) = (number(&mantissa.to_string())?, number(&scale.to_string())?);
    Some(Filled::new(quote!(rpc_runtime::types::Decimal::new(#mantissa, #scale))))
}

/// The default as documentation shows it: JSON.
pub(super) fn shown(default: &Default_) -> Option<String> {
    Some(match default {
        Default_::Null => return None,
        Default_::Bool(value) => value.to_string(),
        Default_::Int(value) => value.to_string(),
        Default_::Number(text) | Default_::Json(text) => text.clone(),
        Default_::String(text) => Value::String(text.clone()).to_string(),
        Default_::EmptyList => "[]".to_owned(),
        Default_::EmptyMap => "{}".to_owned(),
    })
}
