//! The text of a header as serde reads it. The type that is wanted decides what the text is.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};

use super::Form;

/// What was expected in place of a text.
#[derive(Debug)]
pub(super) struct Misfit(pub(super) String);

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

impl serde::de::Error for Misfit {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self(what.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self(format!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self(format!("expected {expected}"))
    }
}

/// A header's value, or a part of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'de> {
    form: Form,
    text: &'de str,
}

impl<'de> Text<'de> {
    pub(super) fn new(form: Form, text: &'de str) -> Self {
        Self { form, text }
    }

    /// The items of a list, none of them left out.
    fn items(self) -> impl Iterator<Item = Text<'de>> {
        let (mut quoted, mut escaped) = (false, false);
        let ends = move |c: char| {
            if self.form == Form::Lines {
                return c == '\n';
            }
            quoted ^= c == '"' && !escaped;
            escaped = c == '\\' && quoted && !escaped;
            c == ',' && !quoted
        };
        self.text.split(ends).map(move |item| Text { text: item.trim_matches([' ', '\t']), ..self })
    }

    /// The members of an object; `None` where a name has no value.
    fn members(self) -> Option<Vec<(&'de str, Text<'de>)>> {
        let mut items = self.items().filter(|_| !self.text.is_empty());
        let mut members = Vec::new();
        while let Some(Text { text: name, .. }) = items.next() {
            members.push(match self.form {
                Form::Exploded => {
                    let (name, value) = name.split_once('=')?;
                    (name, Text { text: value, ..self })
                }
                _ => (name, items.next()?),
            });
        }
        Some(members)
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for Text<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $ty:ty,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match self.text.parse::<$ty>() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Misfit::invalid_value(Unexpected::Str(self.text), &visitor)),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Misfit;

    parsed! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_f32 visit_f32 f32,
        deserialize_f64 visit_f64 f64,
    }

    /// In any case: what a server prints of its `bool` depends on its language.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.text {
            text if text.eq_ignore_ascii_case("true") => visitor.visit_bool(true),
            text if text.eq_ignore_ascii_case("false") => visitor.visit_bool(false),
            text => Err(Misfit::invalid_value(Unexpected::Str(text), &visitor)),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_borrowed_str(self.text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    /// Exact decimals read the raw JSON text of a number, which only serde_json can give them.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        if !name.starts_with("$serde_json::") {
            return visitor.visit_newtype_struct(self);
        }
        let json = serde_json::Value::from(self.text).to_string();
        let mut json = serde_json::Deserializer::from_reader(json.as_bytes());
        json.deserialize_newtype_struct(name, visitor).map_err(Misfit::custom)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(SeqDeserializer::new(self.items().filter(|item| !item.text.is_empty())))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.members() {
            Some(members) => visitor.visit_map(MapDeserializer::new(members.into_iter())),
            None => Err(Misfit::custom("expected pairs of names and values")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_enum(StrDeserializer::new(self.text))
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct identifier ignored_any
    }
}
