//! The rules of a schema, those that mean something for its type.

use crate::diagnostic::rules;
use crate::ir::{Bound, Constraints, Scalar, Type};
use crate::load::{self, SchemaView};

use super::super::builder::Builder;
use super::number;

impl<'a> Builder<'a, '_> {
    /// Rules of a scalar.
    pub(super) fn scalar_rules(&mut self, schema: &SchemaView<'a>, scalar: Scalar) -> Constraints {
        match scalar {
            Scalar::String | Scalar::Uri => self.string_rules(schema),
            Scalar::Int(_) => self.number_rules(schema, true),
            Scalar::Float(_) | Scalar::Decimal(_) => self.number_rules(schema, false),
            _ => Constraints::default(),
        }
    }

    /// Rules of a list.
    pub(super) fn list_rules(&self, schema: &SchemaView<'a>) -> Constraints {
        Constraints {
            min_items: schema.min_items().filter(|n| *n > 0),
            max_items: schema.max_items(),
            unique_items: schema.unique_items(),
            ..Constraints::default()
        }
    }

    /// Rules that stand beside a reference.
    pub(super) fn rules_of_ref(&mut self, schema: &SchemaView<'a>) -> Constraints {
        let target =
            schema.resolve().ok().and_then(|target| target.types().without(load::Type::Null).single());
        match target {
            Some(load::Type::String) => self.string_rules(schema),
            Some(load::Type::Integer) => self.number_rules(schema, true),
            Some(load::Type::Number) => self.number_rules(schema, false),
            Some(load::Type::Array) => self.list_rules(schema),
            _ => Constraints::default(),
        }
    }

    /// Rules that stand beside `anyOf: [T, null]` and the like.
    pub(super) fn rules_beside(&mut self, schema: &SchemaView<'a>, ty: &Type) -> Constraints {
        match ty {
            Type::Scalar(scalar) => self.scalar_rules(schema, *scalar),
            Type::List(_) => self.list_rules(schema),
            _ => Constraints::default(),
        }
    }

    fn string_rules(&mut self, schema: &SchemaView<'a>) -> Constraints {
        Constraints {
            min_length: schema.min_length().filter(|n| *n > 0),
            max_length: schema.max_length(),
            pattern: self.pattern(schema),
            ..Constraints::default()
        }
    }

    /// A pattern that compiles, in the way that the runtime compiles it.
    fn pattern(&mut self, schema: &SchemaView<'a>) -> Option<String> {
        let pattern = schema.pattern()?;
        match regress::Regex::with_flags(pattern, "u").or_else(|_| regress::Regex::new(pattern)) {
            Ok(_) => Some(pattern.to_owned()),
            Err(problem) => {
                let at = schema.cursor().key("pattern").unwrap_or_else(|| schema.cursor().clone());
                self.report(&at, rules::BAD_PATTERN, format!("`{pattern}` is not a pattern: {problem}"));
                None
            }
        }
    }

    fn number_rules(&mut self, schema: &SchemaView<'a>, integer: bool) -> Constraints {
        let least = bound(schema.minimum(), schema.exclusive_minimum(), |bound, other| bound > other);
        let greatest = bound(schema.maximum(), schema.exclusive_maximum(), |bound, other| bound < other);
        let multiple_of = schema.multiple_of().and_then(|text| self.multiple_of(schema, text, integer));
        Constraints {
            minimum: least.and_then(|bound| if integer { whole(bound, number::ceil) } else { Some(bound) }),
            maximum: greatest
                .and_then(|bound| if integer { whole(bound, number::floor) } else { Some(bound) }),
            multiple_of,
            ..Constraints::default()
        }
    }

    fn multiple_of(&mut self, schema: &SchemaView<'a>, text: &str, integer: bool) -> Option<String> {
        let positive = text.parse::<f64>().is_ok_and(|value| value > 0.0);
        let normal = if integer { number::whole(text).map(|n| n.to_string()) } else { Some(text.to_owned()) };
        if !positive || normal.is_none() {
            let at = schema.cursor().key("multipleOf").unwrap_or_else(|| schema.cursor().clone());
            self.report(&at, rules::IGNORED_KEYWORD, format!("`multipleOf: {text}` is not checked"));
            return None;
        }
        normal
    }
}

/// The tighter of an inclusive and an exclusive bound.
fn bound(inclusive: Option<&str>, exclusive: Option<&str>, tighter: fn(f64, f64) -> bool) -> Option<Bound> {
    let make = |text: &str, exclusive| Bound { value: text.to_owned(), exclusive };
    match (inclusive, exclusive) {
        (Some(inclusive), Some(exclusive)) => {
            let value = |text: &str| text.parse::<f64>().unwrap_or_default();
            let take = tighter(value(inclusive), value(exclusive));
            Some(if take { make(inclusive, false) } else { make(exclusive, true) })
        }
        (inclusive, exclusive) => {
            inclusive.map(|text| make(text, false)).or_else(|| exclusive.map(|text| make(text, true)))
        }
    }
}

/// A bound of integers as an integer: `1.0` is `1`, and at least `0.5` is at least `1`. One that no integer of Rust
/// reaches says nothing.
fn whole(bound: Bound, round: fn(&str) -> Option<i128>) -> Option<Bound> {
    match number::whole(&bound.value) {
        Some(value) => Some(Bound { value: value.to_string(), ..bound }),
        None => Some(Bound { value: round(&bound.value)?.to_string(), exclusive: false }),
    }
}

/// Adds rules; where both say something, those that are added win, being nearer to the use.
pub(super) fn tighten(rules: &mut Constraints, added: Constraints) {
    let Constraints {
        minimum,
        maximum,
        multiple_of,
        min_length,
        max_length,
        pattern,
        min_items,
        max_items,
        unique_items,
        items,
    } = added;
    rules.minimum = minimum.or(rules.minimum.take());
    rules.maximum = maximum.or(rules.maximum.take());
    rules.multiple_of = multiple_of.or(rules.multiple_of.take());
    rules.min_length = min_length.max(rules.min_length);
    rules.max_length = [max_length, rules.max_length].into_iter().flatten().min();
    rules.pattern = pattern.or(rules.pattern.take());
    rules.min_items = min_items.max(rules.min_items);
    rules.max_items = [max_items, rules.max_items].into_iter().flatten().min();
    rules.unique_items |= unique_items;
    rules.items = items.or(rules.items.take());
}
