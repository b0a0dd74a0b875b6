//! `format` → scalar.

use crate::diagnostic::rules;
use crate::ir::{DecimalWire, FloatKind, IntKind, Scalar};
use crate::load::SchemaView;

use super::super::builder::Builder;
use super::number;

/// Formats of strings that are strings in Rust too.
const TEXT: [&str; 25] = [
    "email",
    "idn-email",
    "name-email",
    "password",
    "hostname",
    "idn-hostname",
    "uri-reference",
    "iri",
    "iri-reference",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
    "binary",
    "base64url",
    "path",
    "file-path",
    "directory-path",
    "json-string",
    "multi-host-uri",
    "ipvanyaddress",
    "ipvanyinterface",
    "ipvanynetwork",
    "phone",
    "color",
];

impl<'a> Builder<'a, '_> {
    pub(super) fn string_format(&mut self, schema: &SchemaView<'a>) -> Scalar {
        let pydantic_decimal = |pattern: &str| pattern.starts_with("^(?!^[-+.]*$)[+-]?0*");
        match schema.format() {
            _ if schema.is_base64() => Scalar::Base64,
            Some("date-time") => Scalar::DateTime,
            Some("date") => Scalar::Date,
            Some("time") => Scalar::Time,
            Some("duration") => Scalar::Duration,
            Some("uuid" | "uuid1" | "uuid3" | "uuid4" | "uuid5" | "uuid6" | "uuid7" | "uuid8") => {
                Scalar::Uuid
            }
            Some("decimal") => Scalar::Decimal(DecimalWire::String),
            Some("ipv4") => Scalar::Ipv4,
            Some("ipv6") => Scalar::Ipv6,
            Some("uri" | "url") => Scalar::Uri,
            None if schema.pattern().is_some_and(pydantic_decimal) => Scalar::Decimal(DecimalWire::String),
            None => Scalar::String,
            Some(format) if TEXT.contains(&format) => Scalar::String,
            Some(format) => match int_format(format) {
                Some(kind) => Scalar::IntString(kind),
                None => {
                    self.unknown_format(schema, format, "a string");
                    Scalar::String
                }
            },
        }
    }

    pub(super) fn integer_format(&mut self, schema: &SchemaView<'a>) -> Scalar {
        let Some(format) = schema.format() else { return Scalar::Int(unformatted(schema)) };
        let kind = int_format(format).unwrap_or_else(|| {
            self.unknown_format(schema, format, "an `i64`");
            IntKind::I64
        });
        Scalar::Int(kind)
    }

    pub(super) fn number_format(&mut self, schema: &SchemaView<'a>) -> Scalar {
        match schema.format() {
            None | Some("double") => Scalar::Float(FloatKind::F64),
            Some("float") => Scalar::Float(FloatKind::F32),
            Some("decimal") => Scalar::Decimal(DecimalWire::Number),
            Some(format) => match int_format(format) {
                Some(kind) => Scalar::Int(kind),
                None => {
                    self.unknown_format(schema, format, "an `f64`");
                    Scalar::Float(FloatKind::F64)
                }
            },
        }
    }

    fn unknown_format(&mut self, schema: &SchemaView<'a>, format: &str, instead: &str) {
        let at = schema.cursor().key("format").unwrap_or_else(|| schema.cursor().clone());
        self.report(&at, rules::UNKNOWN_FORMAT, format!("format `{format}` has no type; it is {instead}"));
    }
}

/// What holds the integers that the bounds allow: `u64` where an `i64` is too small for them.
fn unformatted(schema: &SchemaView<'_>) -> IntKind {
    let whole = |text: Option<&str>| text.and_then(number::whole);
    let least = whole(schema.minimum()).max(whole(schema.exclusive_minimum()).map(|n| n + 1));
    let greatest = whole(schema.maximum()).or_else(|| whole(schema.exclusive_maximum()));
    let beyond = |n: i128| n > i128::from(i64::MAX) + 1;
    match (least, greatest) {
        (Some(0..), Some(greatest)) if beyond(greatest) => IntKind::U64,
        (Some(least), None) if beyond(least) => IntKind::U64,
        _ => IntKind::I64,
    }
}

fn int_format(format: &str) -> Option<IntKind> {
    Some(match format {
        "int8" | "int16" | "int32" => IntKind::I32,
        "int64" => IntKind::I64,
        "uint8" | "uint16" | "uint32" => IntKind::U32,
        "uint64" | "uint" => IntKind::U64,
        _ => return None,
    })
}
