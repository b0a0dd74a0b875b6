//! Values as the rules see them.

use std::collections::BTreeMap;

use crate::types::{Decimal, Maybe};

/// A value as the rules see it.
#[non_exhaustive]
#[expect(missing_debug_implementations, reason = "lives for one check")]
pub enum CheckValue<'a> {
    /// Nothing to check: absent, null, or of a kind that has no rules.
    Nothing,
    /// A text.
    Text(&'a str),
    /// An integer.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// An exact number.
    Decimal(Decimal),
    /// A list.
    List(Vec<&'a dyn Check>),
    /// A map's values by key.
    Map(Vec<(&'a str, &'a dyn Check)>),
}

/// What can be checked.
pub trait Check {
    /// The value as the rules see it; nothing for structs and unions, which are validated by their own rules.
    fn check_value(&self) -> CheckValue<'_> {
        CheckValue::Nothing
    }
}

macro_rules! ints {
    ($($ty:ty),*) => {
        $(impl Check for $ty {
            fn check_value(&self) -> CheckValue<'_> {
                CheckValue::Int(i128::from(*self))
            }
        })*
    };
}

ints!(i32, i64, u32, u64);

macro_rules! unchecked {
    ($($ty:ty),* $(,)?) => {
        $(impl Check for $ty {
            fn check_value(&self) -> CheckValue<'_> {
                CheckValue::Nothing
            }
        })*
    };
}

unchecked!(
    bool,
    (),
    crate::types::DateTime,
    crate::types::Date,
    crate::types::Time,
    crate::types::IsoDuration,
    crate::types::Uuid,
    crate::types::Bytes,
    crate::types::Value,
    std::net::Ipv4Addr,
    std::net::Ipv6Addr,
);

macro_rules! tuples {
    ($(($($item:ident),+)),+ $(,)?) => {
        $(impl<$($item),+> Check for ($($item,)+) {})+
    };
}

tuples!((A), (A, B), (A, B, C), (A, B, C, D), (A, B, C, D, E), (A, B, C, D, E, F));

impl Check for crate::types::RawJson {}

impl Check for f64 {
    fn check_value(&self) -> CheckValue<'_> {
        CheckValue::Float(*self)
    }
}

impl Check for f32 {
    fn check_value(&self) -> CheckValue<'_> {
        CheckValue::Float(f64::from(*self))
    }
}

impl Check for Decimal {
    fn check_value(&self) -> CheckValue<'_> {
        CheckValue::Decimal(*self)
    }
}

impl Check for str {
    fn check_value(&self) -> CheckValue<'_> {
        CheckValue::Text(self)
    }
}

impl Check for String {
    fn check_value(&self) -> CheckValue<'_> {
        CheckValue::Text(self)
    }
}

impl<T: Check + ?Sized> Check for &T {
    fn check_value(&self) -> CheckValue<'_> {
        (**self).check_value()
    }
}

impl<T: Check + ?Sized> Check for Box<T> {
    fn check_value(&self) -> CheckValue<'_> {
        (**self).check_value()
    }
}

impl<T: Check> Check for Option<T> {
    fn check_value(&self) -> CheckValue<'_> {
        self.as_ref().map_or(CheckValue::Nothing, Check::check_value)
    }
}

impl<T: Check> Check for Maybe<T> {
    fn check_value(&self) -> CheckValue<'_> {
        self.value().map_or(CheckValue::Nothing, Check::check_value)
    }
}

impl<T: Check> Check for [T] {
    fn check_value(&self) -> CheckValue<'_> {
        CheckValue::List(self.iter().map(|item| item as &dyn Check).collect())
    }
}

impl<T: Check> Check for Vec<T> {
    fn check_value(&self) -> CheckValue<'_> {
        self.as_slice().check_value()
    }
}

impl<T: Check> Check for BTreeMap<String, T> {
    fn check_value(&self) -> CheckValue<'_> {
        CheckValue::Map(self.iter().map(|(key, value)| (key.as_str(), value as &dyn Check)).collect())
    }
}
