//! Whether a value of the document is of a type: what the generated crate decodes at run time must decode.

use std::cell::Cell;
use std::collections::HashMap;

use crate::ir::{Additional, DecimalWire, Field, IntKind, Presence, Scalar, Shape, Struct, Type};
use crate::load::{Cursor, Value};

use super::super::builder::Builder;
use super::super::schema::whole;

/// How much may be looked at for one default: alternatives in alternatives grow quickly.
#[derive(Debug)]
pub(super) struct Effort(Cell<u32>);

impl Effort {
    pub(super) fn new() -> Self {
        Self(Cell::new(1000))
    }

    fn spend(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

impl Builder<'_, '_> {
    pub(super) fn fits(&self, value: &Cursor<'_>, ty: &Type, effort: &Effort) -> bool {
        if !effort.spend() {
            return false;
        }
        match ty {
            Type::Any => true,
            Type::Null => value.node().is_null(),
            Type::Nullable(_) if value.node().is_null() => true,
            Type::Nullable(inner) | Type::Boxed(inner) => self.fits(value, inner, effort),
            Type::Scalar(scalar) => scalar_fits(value, *scalar),
            Type::List(item) => {
                value.node().as_array().is_some()
                    && value.items().all(|value| self.fits(&value, item, effort))
            }
            Type::Map(of) => {
                value.node().as_object().is_some()
                    && value.entries().all(|(_, value)| self.fits(&value, of, effort))
            }
            Type::Tuple(items) => {
                value.node().as_array().is_some_and(|values| values.len() == items.len())
                    && value.items().zip(items).all(|(value, item)| self.fits(&value, item, effort))
            }
            Type::Named(id) => self.def(*id).is_some_and(|def| self.fits_shape(value, &def.shape, effort)),
        }
    }

    fn fits_shape(&self, value: &Cursor<'_>, shape: &Shape, effort: &Effort) -> bool {
        match shape {
            Shape::Alias(ty, _) => self.fits(value, ty, effort),
            Shape::Enum(values) => {
                let has = |wire: &str| values.values.iter().any(|value| value.wire == wire);
                match (&value.node().value, values.of) {
                    (Value::String(text), Scalar::String) => has(text),
                    (Value::Number(text), Scalar::Int(_)) => whole(text).is_some_and(|n| has(&n.to_string())),
                    _ => false,
                }
            }
            Shape::Union(union) => union.variants.iter().any(|variant| self.fits(value, &variant.ty, effort)),
            Shape::Struct(object) => self.fits_struct(value, object, false, effort),
        }
    }

    /// `lenient`: a required property that may be null may be missing too.
    pub(super) fn fits_struct(
        &self,
        value: &Cursor<'_>,
        object: &Struct,
        lenient: bool,
        effort: &Effort,
    ) -> bool {
        let known: HashMap<&str, &Field> =
            object.fields.iter().map(|field| (field.wire.as_str(), field)).collect();
        let optional = |field: &Field| lenient && matches!(field.ty, Type::Nullable(_));
        let required = object.fields.iter().filter(|field| field.presence == Presence::Required);
        value.node().as_object().is_some()
            && required.into_iter().all(|field| value.key(&field.wire).is_some() || optional(field))
            && value.entries().all(|(key, value)| match (known.get(key), &object.additional) {
                (Some(field), _) => self.fits(&value, &field.ty, effort),
                (None, Additional::Kept { ty, .. }) => self.fits(&value, ty, effort),
                (None, Additional::Ignored) => true,
            })
    }
}

fn scalar_fits(value: &Cursor<'_>, scalar: Scalar) -> bool {
    let integer = |text: &str, kind| whole(text).is_some_and(|n| in_range(n, kind));
    match (&value.node().value, scalar) {
        (Value::Bool(_), Scalar::Bool) => true,
        (Value::Number(text), Scalar::Int(kind)) => integer(text, kind),
        (Value::Number(text), Scalar::Float(_)) => text.parse::<f64>().is_ok_and(f64::is_finite),
        (Value::Number(text), Scalar::Decimal(DecimalWire::String | DecimalWire::Number)) => decimal(text),
        (Value::String(text), scalar) => match scalar {
            Scalar::Bool | Scalar::Int(_) | Scalar::Float(_) => false,
            Scalar::IntString(kind) => text.parse().is_ok_and(|n| in_range(n, kind)),
            Scalar::Decimal(_) => decimal(text),
            Scalar::Date => date(text),
            Scalar::DateTime => text.split_at_checked(10).is_some_and(|(day, time)| {
                date(day) && time.strip_prefix(['T', 't', ' ']).is_some_and(time_of_day)
            }),
            Scalar::Time => time_of_day(text),
            Scalar::Duration => text.trim_start_matches(['+', '-']).starts_with(['P', 'p']) && text.len() > 2,
            Scalar::Uuid => uuid(text),
            Scalar::Base64 => text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=-_".contains(&b)),
            Scalar::Ipv4 => text.parse::<std::net::Ipv4Addr>().is_ok(),
            Scalar::Ipv6 => text.parse::<std::net::Ipv6Addr>().is_ok(),
            Scalar::String | Scalar::Uri | Scalar::Binary => true,
            Scalar::File => false,
        },
        _ => false,
    }
}

fn in_range(n: i128, kind: IntKind) -> bool {
    match kind {
        IntKind::I32 => i32::try_from(n).is_ok(),
        IntKind::I64 => i64::try_from(n).is_ok(),
        IntKind::U32 => u32::try_from(n).is_ok(),
        IntKind::U64 => u64::try_from(n).is_ok(),
    }
}

/// Digits with at most one point; 28 digits are what a decimal holds.
fn decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let points = digits.bytes().filter(|b| *b == b'.').count();
    (1..=28).contains(&count) && points <= 1 && count + points == digits.len()
}

/// `2026-01-31`: four, two and two digits in range.
fn date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year, month, day] => {
            number(year, 4).is_some()
                && number(month, 2).is_some_and(|n| (1..=12).contains(&n))
                && number(day, 2).is_some_and(|n| (1..=31).contains(&n))
        }
        _ => false,
    }
}

/// `12:30`, `12:30:00.5`, with or without an offset.
fn time_of_day(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let hour = parts.next().and_then(|part| number(part, 2)).is_some_and(|n| n < 24);
    let minute = parts.next().and_then(|part| number(part.get(..2)?, 2)).is_some_and(|n| n < 60);
    let rest = parts.next().unwrap_or_default();
    hour && minute && rest.bytes().all(|b| b.is_ascii_digit() || b".:+-Zz".contains(&b))
}

fn number(text: &str, digits: usize) -> Option<u32> {
    let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

fn uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_hexdigit()))
}
