//! Schemas that name a JSON type, or show it by their keywords.

use crate::diagnostic::rules;
use crate::ir::{Constraints, DecimalWire, Scalar, Type};
use crate::load::{self, AdditionalProperties, SchemaView, TypeSet};

use super::super::builder::Builder;
use super::form::{Branch, Form, any};

use load::Type as Json;

impl<'a> Builder<'a, '_> {
    pub(super) fn by_type(&mut self, schema: &SchemaView<'a>, name: &str) -> Form<'a> {
        let named = schema.types();
        let types = if named.is_empty() { inferred(schema) } else { named.without(Json::Null) };
        let types = if types.has(Json::Number) { types.without(Json::Integer) } else { types };
        let several: Vec<Json> = types.iter().collect();
        match several.as_slice() {
            [] if named.is_empty() => any(),
            [] => Form::Inline(Type::Null, Constraints::default()),
            [single] => self.of_type(schema, *single, name),
            [Json::Number, Json::String] => self.decimal(schema),
            [Json::Boolean, Json::Number, Json::String, Json::Array, Json::Object] => any(),
            several => Form::Union(
                several.iter().map(|only| Branch { schema: schema.clone(), only: Some(*only) }).collect(),
            ),
        }
    }

    /// The values of one JSON type.
    pub(super) fn of_type(&mut self, schema: &SchemaView<'a>, ty: Json, name: &str) -> Form<'a> {
        match ty {
            Json::Null => Form::Inline(Type::Null, Constraints::default()),
            Json::Boolean => Form::Inline(Type::Scalar(Scalar::Bool), Constraints::default()),
            Json::Integer => {
                let scalar = self.integer_format(schema);
                self.scalar(schema, scalar)
            }
            Json::Number => {
                let scalar = self.number_format(schema);
                self.scalar(schema, scalar)
            }
            Json::String => {
                let scalar = self.string_format(schema);
                self.scalar(schema, scalar)
            }
            Json::Array => self.array(schema, name),
            Json::Object => self.object(schema, name),
        }
    }

    fn scalar(&mut self, schema: &SchemaView<'a>, scalar: Scalar) -> Form<'a> {
        let rules = self.scalar_rules(schema, scalar);
        Form::Inline(Type::Scalar(scalar), rules)
    }

    /// A number that may be written as a string, as FastAPI takes decimals.
    pub(super) fn decimal(&mut self, number: &SchemaView<'a>) -> Form<'a> {
        self.scalar(number, Scalar::Decimal(DecimalWire::String))
    }

    fn array(&mut self, schema: &SchemaView<'a>, name: &str) -> Form<'a> {
        let first = schema.prefix_items();
        if !first.is_empty() {
            return self.tuple(schema, first, name);
        }
        let mut rules = self.list_rules(schema);
        let item = match schema.items() {
            Some(items) if items.as_bool().is_none() => {
                let usage = self.usage(&items, &format!("{name} item"));
                rules.items = Some(usage.constraints.clone()).filter(|rules| !rules.is_empty()).map(Box::new);
                usage.full()
            }
            _ => Type::Any,
        };
        Form::Inline(Type::List(Box::new(item)), rules)
    }

    fn tuple(&mut self, schema: &SchemaView<'a>, first: Vec<SchemaView<'a>>, name: &str) -> Form<'a> {
        let length = u64::try_from(first.len()).unwrap_or(u64::MAX);
        let closed = schema.items().is_some_and(|items| items.as_bool() == Some(false))
            || schema.max_items() == Some(length);
        if !closed {
            return self.open_tuple(schema, first, name);
        }
        let mut items = Vec::new();
        for (index, item) in (1..).zip(&first) {
            let item = self.usage(item, &format!("{name} {index}"));
            items.push(item.full());
        }
        Form::Inline(Type::Tuple(items), Constraints::default())
    }

    /// A list of whatever one of its items may be. What comes after the first items may be anything, unless the
    /// document says more: with several types, the union keeps what is none of them.
    fn open_tuple(&mut self, schema: &SchemaView<'a>, first: Vec<SchemaView<'a>>, name: &str) -> Form<'a> {
        let more = schema.items().filter(|items| items.as_bool().is_none());
        let is_open = more.is_none();
        let items: Vec<_> = first.into_iter().chain(more).collect();
        let name = format!("{name} item");
        let types: Vec<Type> = items.iter().map(|item| self.usage(item, &name).full()).collect();
        let item = match types.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) && is_open => {
                self.raw(schema, "a list whose first items are alike and whose others are open has no type");
                Type::Any
            }
            [first, others @ ..] if others.iter().all(|other| other == first) => first.clone(),
            _ => self.either(&items, &name),
        };
        Form::Inline(Type::List(Box::new(item)), self.list_rules(schema))
    }

    fn object(&mut self, schema: &SchemaView<'a>, name: &str) -> Form<'a> {
        let has_fields = schema.cursor().key("properties").is_some() || !schema.required().is_empty();
        let values = match schema.additional_properties() {
            _ if has_fields => return Form::Struct,
            AdditionalProperties::Schema(values) => Some(values),
            other => match schema.pattern_properties().as_slice() {
                [(_, values)] => Some(values.clone()),
                [] if other == AdditionalProperties::Bool(false) => return Form::Struct,
                [] => None,
                _ => {
                    let message = "several `patternProperties` have no type; the values stay raw JSON";
                    self.report(schema.cursor(), rules::UNTYPED, message);
                    None
                }
            },
        };
        let Some(values) = values else {
            return Form::Inline(Type::Map(Box::new(Type::Any)), Constraints::default());
        };
        let usage = self.usage(&values, &format!("{name} value"));
        let items = Some(usage.constraints.clone()).filter(|rules| !rules.is_empty()).map(Box::new);
        Form::Inline(Type::Map(Box::new(usage.full())), Constraints { items, ..Constraints::default() })
    }
}

/// The type that keywords are about, for a schema that names none.
pub(super) fn inferred(schema: &SchemaView<'_>) -> TypeSet {
    const TYPICAL: [(Json, &[&str]); 4] = [
        (Json::Object, &["properties", "required", "additionalProperties", "patternProperties"]),
        (Json::Array, &["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]),
        (Json::String, &["pattern", "minLength", "maxLength", "contentEncoding", "contentMediaType"]),
        (Json::Number, &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ];
    let has = |keys: &[&str]| keys.iter().any(|key| schema.cursor().key(key).is_some());
    let found = TYPICAL.iter().find(|(_, keys)| has(keys)).map(|(ty, _)| *ty);
    found.or_else(|| schema.format().and_then(of_format)).into_iter().collect()
}

fn of_format(format: &str) -> Option<Json> {
    Some(match format {
        "int32" | "int64" | "uint32" | "uint64" => Json::Integer,
        "float" | "double" => Json::Number,
        _ => Json::String,
    })
}
