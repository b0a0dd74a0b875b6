//! Values: what was written, as the type that the document says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rpc_codegen::ir::{FloatKind, IntKind, Scalar, Service, Shape, Type, ValueEnum};
use rpc_codegen::settings::did_you_mean;
use rpc_runtime::codegen::{Check, CheckValue, Param, ParamValue};
use rpc_runtime::types::{Date, DateTime, Decimal, IsoDuration, RawJson, Time, Uuid};
use serde::{Serialize, Serializer};

/// A value, ready for every place of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// One text.
    Scalar(One),
    /// Several values.
    List(Vec<Value>),
    /// Any JSON.
    Json(RawJson),
}

/// A scalar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct One {
    /// As a parameter.
    text: String,
    /// As JSON: the text in quotes, or bare.
    quoted: bool,
    /// As the document's rules see it.
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Plain,
    Text,
    Int(i128),
    Float(f64),
    Decimal(Decimal),
}

impl Value {
    /// Reads JSON as it is.
    ///
    /// # Errors
    /// What was expected.
    pub(crate) fn json(text: &str) -> Result<Self, String> {
        RawJson::parse(text).map(Self::Json).ok_or_else(|| format!("expected JSON, found `{text}`"))
    }

    /// Reads a text as a type. Of a list this is one item; objects and what else has no text of its own are JSON.
    ///
    /// # Errors
    /// What was expected.
    pub(crate) fn read(service: &Service, ty: &Type, text: &str) -> Result<Self, String> {
        match service.types.open(ty) {
            Type::Scalar(scalar) => one(*scalar, text).map(Self::Scalar),
            Type::Nullable(inner) | Type::Boxed(inner) => Self::read(service, inner, text),
            Type::List(item) => Self::read(service, item, text).map(|item| Self::List(vec![item])),
            Type::Any => Ok(json_or_text(text)),
            Type::Null => typed_json(text, "null", |json| json == "null"),
            Type::Map(_) => typed_json(text, "a JSON object", |json| json.starts_with('{')),
            Type::Tuple(_) => typed_json(text, "a JSON array", |json| json.starts_with('[')),
            Type::Named(id) => match service.types.get(*id).map(|def| &def.shape) {
                Some(Shape::Enum(set)) => member(set, text),
                Some(Shape::Struct(_)) => typed_json(text, "a JSON object", |json| json.starts_with('{')),
                _ => Ok(json_or_text(text)),
            },
        }
    }

    /// Adds the items of another list: `tag=a tag=b`.
    ///
    /// # Errors
    /// When one of the two is no list.
    pub(crate) fn append(&mut self, other: Self) -> Result<(), ()> {
        match (self, other) {
            (Self::List(items), Self::List(more)) => {
                items.extend(more);
                Ok(())
            }
            _ => Err(()),
        }
    }
}

fn json_or_text(text: &str) -> Value {
    match RawJson::parse(text) {
        Some(json) => Value::Json(json),
        None => Value::Scalar(One { text: text.to_owned(), quoted: true, kind: Kind::Plain }),
    }
}

fn typed_json(text: &str, what: &str, fits: fn(&str) -> bool) -> Result<Value, String> {
    let json = RawJson::parse(text).filter(|json| fits(json.get()));
    json.map(Value::Json).ok_or_else(|| format!("expected {what}, found `{text}`"))
}

fn one(scalar: Scalar, text: &str) -> Result<One, String> {
    let bad = |what: &str| format!("expected {what}, found `{text}`");
    let quoted = |text: String| One { text, quoted: true, kind: Kind::Plain };
    macro_rules! parsed {
        ($ty:ty, $what:literal) => {
            text.parse::<$ty>().map(|value| quoted(value.to_string())).map_err(|_| bad($what))
        };
    }
    match scalar {
        Scalar::Bool => match text {
            "true" | "false" => Ok(One { text: text.to_owned(), quoted: false, kind: Kind::Plain }),
            _ => Err(bad("true or false")),
        },
        Scalar::Int(kind) | Scalar::IntString(kind) => {
            let number = integer(kind, text).map_err(|what| bad(&what))?;
            let quoted = matches!(scalar, Scalar::IntString(_));
            Ok(One { text: number.to_string(), quoted, kind: Kind::Int(number) })
        }
        Scalar::Float(kind) => float(kind, text).ok_or_else(|| bad("a number")),
        Scalar::Decimal(wire) => {
            let number: Decimal = text.parse().map_err(|_| bad("a decimal number such as 12.50"))?;
            let quoted = wire == rpc_codegen::ir::DecimalWire::String;
            Ok(One { text: number.to_string(), quoted, kind: Kind::Decimal(number) })
        }
        Scalar::DateTime => parsed!(DateTime, "a date and time such as 2026-01-31T12:00:00Z"),
        Scalar::Date => parsed!(Date, "a date such as 2026-01-31"),
        Scalar::Time => parsed!(Time, "a time such as 12:00:00"),
        Scalar::Duration => parsed!(IsoDuration, "an ISO 8601 duration such as PT30S"),
        Scalar::Uuid => parsed!(Uuid, "a UUID such as 67e55044-10b1-426f-9247-bb680e5fe0c8"),
        Scalar::Ipv4 => parsed!(std::net::Ipv4Addr, "an IPv4 address"),
        Scalar::Ipv6 => parsed!(std::net::Ipv6Addr, "an IPv6 address"),
        Scalar::Base64 => match STANDARD.decode(text) {
            Ok(_) => Ok(quoted(text.to_owned())),
            Err(_) => Err(bad("base64")),
        },
        Scalar::String | Scalar::Uri => Ok(One { text: text.to_owned(), quoted: true, kind: Kind::Text }),
        Scalar::Binary | Scalar::File => Ok(quoted(text.to_owned())),
    }
}

fn integer(kind: IntKind, text: &str) -> Result<i128, String> {
    let (least, most) = match kind {
        IntKind::I32 => (i128::from(i32::MIN), i128::from(i32::MAX)),
        IntKind::I64 => (i128::from(i64::MIN), i128::from(i64::MAX)),
        IntKind::U32 => (0, i128::from(u32::MAX)),
        IntKind::U64 => (0, i128::from(u64::MAX)),
    };
    let number: i128 = text.parse().map_err(|_| "an integer".to_owned())?;
    let fits = (least..=most).contains(&number);
    fits.then_some(number).ok_or_else(|| format!("an integer from {least} to {most}"))
}

/// As a generated client writes it.
fn float(kind: FloatKind, text: &str) -> Option<One> {
    let (shown, number) = match kind {
        FloatKind::F32 => text.parse::<f32>().map(|number| (number.to_string(), f64::from(number))).ok()?,
        FloatKind::F64 => text.parse::<f64>().map(|number| (number.to_string(), number)).ok()?,
    };
    number.is_finite().then_some(One { text: shown, quoted: false, kind: Kind::Float(number) })
}

/// A value that the document lists. Others are for `NAME:=JSON`, even where the set is open: here they are typos.
fn member(set: &ValueEnum, text: &str) -> Result<Value, String> {
    if set.values.iter().any(|value| value.wire == text) {
        let quoted = matches!(set.of, Scalar::String);
        return Ok(Value::Scalar(One { text: text.to_owned(), quoted, kind: Kind::Plain }));
    }
    let known: Vec<&str> = set.values.iter().map(|value| value.wire.as_str()).collect();
    let near = did_you_mean(text, known.iter().copied());
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(format!("expected one of {}, found `{text}`{near}", known.join(", ")))
}

impl Param for Value {
    fn to_value(&self) -> ParamValue {
        match self {
            Self::Scalar(one) => ParamValue::Scalar(one.text.clone()),
            Self::Json(json) => ParamValue::of(json),
            Self::List(items) => ParamValue::List(items.iter().map(item).collect()),
        }
    }
}

/// An item of a list: nested values are JSON text.
fn item(value: &Value) -> String {
    match (value.to_value(), value) {
        (ParamValue::Scalar(text), _) => text,
        (_, Value::Json(json)) => json.get().to_owned(),
        (_, value) => serde_json::to_string(value).unwrap_or_default(),
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::List(items) => items.serialize(serializer),
            Self::Json(json) => json.serialize(serializer),
            Self::Scalar(one) if one.quoted => one.text.serialize(serializer),
            Self::Scalar(one) => match RawJson::parse(&one.text) {
                Some(json) => json.serialize(serializer),
                None => one.text.serialize(serializer),
            },
        }
    }
}

impl Check for Value {
    fn check_value(&self) -> CheckValue<'_> {
        match self {
            Self::List(items) => CheckValue::List(items.iter().map(|item| item as &dyn Check).collect()),
            Self::Json(_) => CheckValue::Nothing,
            Self::Scalar(one) => match one.kind {
                Kind::Plain => CheckValue::Nothing,
                Kind::Text => CheckValue::Text(&one.text),
                Kind::Int(number) => CheckValue::Int(number),
                Kind::Float(number) => CheckValue::Float(number),
                Kind::Decimal(number) => CheckValue::Decimal(number),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use rpc_codegen::ir::{DecimalWire, Operation};

    use super::*;

    fn orders() -> Service {
        crate::folder::service("order-service", None).unwrap()
    }

    #[test]
    fn scalars() {
        let service = orders();
        let check = |scalar: Scalar, text: &str, expected: Result<(&str, &str), &str>| {
            let found = Value::read(&service, &Type::Scalar(scalar), text);
            let found = found.map(|value| (item(&value), serde_json::to_string(&value).unwrap()));
            match (found, expected) {
                (Ok(found), Ok((text, json))) => assert_eq!(found, (text.to_owned(), json.to_owned())),
                (Err(error), Err(expected)) => assert_eq!(error, expected),
                (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
            }
        };
        check(Scalar::Bool, "true", Ok(("true", "true")));
        check(Scalar::Bool, "yes", Err("expected true or false, found `yes`"));
        check(Scalar::Int(IntKind::I64), "-7", Ok(("-7", "-7")));
        check(Scalar::Int(IntKind::I64), "1.5", Err("expected an integer, found `1.5`"));
        check(Scalar::Int(IntKind::U32), "-1", Err("expected an integer from 0 to 4294967295, found `-1`"));
        check(Scalar::IntString(IntKind::I64), "7", Ok(("7", "\"7\"")));
        check(Scalar::Float(FloatKind::F64), "1e3", Ok(("1000", "1000")));
        check(Scalar::Float(FloatKind::F64), "NaN", Err("expected a number, found `NaN`"));
        check(Scalar::Decimal(DecimalWire::String), "9.90", Ok(("9.90", "\"9.90\"")));
        check(Scalar::Decimal(DecimalWire::Number), "9.90", Ok(("9.90", "9.90")));
        check(Scalar::Date, "2026-02-30", Err("expected a date such as 2026-01-31, found `2026-02-30`"));
        check(
            Scalar::DateTime,
            "2026-01-31T12:00:00+08:00",
            Ok(("2026-01-31T12:00:00+08:00", "\"2026-01-31T12:00:00+08:00\"")),
        );
        check(Scalar::Base64, "a b", Err("expected base64, found `a b`"));
        check(Scalar::String, "a\"b", Ok(("a\"b", r#""a\"b""#)));
    }

    #[test]
    fn named_types_and_json() {
        let service = orders();
        let find = |operation: &str, parameter: &str| -> Type {
            let named = |o: &&Operation| o.name == operation;
            let operation = service.operations.iter().find(named).unwrap();
            operation.parameters.iter().find(|p| p.name == parameter).unwrap().ty.clone()
        };
        let status = find("list_orders", "status");
        assert!(Value::read(&service, &status, "pending").is_ok());
        let error = Value::read(&service, &status, "pendng").unwrap_err();
        assert!(
            error.starts_with("expected one of ") && error.ends_with("did you mean `pending`?"),
            "{error}"
        );
        let mut tags = Value::read(&service, &find("list_orders", "tag"), "a").unwrap();
        tags.append(Value::read(&service, &find("list_orders", "tag"), "b").unwrap()).unwrap();
        assert_eq!(tags.to_value(), ParamValue::List(vec!["a".into(), "b".into()]));
        let map = Type::Map(Box::new(Type::Any));
        assert_eq!(Value::read(&service, &map, "[1]").unwrap_err(), "expected a JSON object, found `[1]`");
        assert_eq!(
            Value::read(&service, &map, r#"{"n":1.10}"#).unwrap().to_value(),
            ParamValue::Object(vec![("n".into(), "1.10".into())])
        );
        assert_eq!(
            Value::read(&service, &Type::Any, "plain").unwrap().to_value(),
            ParamValue::Scalar("plain".into())
        );
        assert!(Value::json("{").is_err());
    }
}
