//! `enum` and `const`.

use std::collections::HashSet;

use crate::diagnostic::rules;
use crate::ir::{Constraints, EnumValue, FloatKind, IntKind, Scalar, Type, ValueEnum};
use crate::load::{Cursor, SchemaView, Type as Json, TypeSet, Value};

use super::super::builder::{Builder, text};
use super::form::{Branch, Form};
use super::number;

impl<'a> Builder<'a, '_> {
    pub(super) fn values(
        &mut self,
        schema: &SchemaView<'a>,
        values: Vec<Cursor<'a>>,
        name: &str,
    ) -> Form<'a> {
        let some = values.into_iter().enumerate().filter(|(_, value)| !value.node().is_null());
        let some: Vec<_> = some.collect();
        let inline = |ty| Form::Inline(ty, Constraints::default());
        let all = |test: fn(&Value) -> bool| some.iter().all(|(_, value)| test(&value.node().value));
        if some.is_empty() {
            return match schema.enum_values().is_some_and(|values| values.is_empty()) {
                true => self.raw(schema, "an empty `enum` allows no value at all"),
                false => inline(Type::Null),
            };
        }
        if all(|value| matches!(value, Value::String(_))) {
            let texts = some.iter().filter_map(|(at, value)| Some((*at, value.str()?.to_owned())));
            let texts = texts.collect();
            return self.set(schema, Scalar::String, texts);
        }
        if all(|value| matches!(value, Value::Bool(_))) {
            return inline(Type::Scalar(Scalar::Bool));
        }
        if all(|value| matches!(value, Value::Number(_))) {
            return self.numbers(schema, &some);
        }
        self.mixed(schema, &some, name)
    }

    /// Values of several types, lists or objects: a set of strings if the schema says that they are (a YAML file's `08`
    /// is a number by accident), else what the types allow.
    fn mixed(&mut self, schema: &SchemaView<'a>, values: &[(usize, Cursor<'a>)], name: &str) -> Form<'a> {
        let named = schema.types().without(Json::Null);
        let texts: Option<Vec<_>> =
            values.iter().map(|(at, value)| Some((*at, value.text()?.to_owned()))).collect();
        if let (Some(Json::String), Some(texts)) = (named.single(), texts) {
            return self.set(schema, Scalar::String, texts);
        }
        let message =
            "a set of values of several types, of lists or objects is not supported; only types are checked";
        self.report(schema.cursor(), rules::IGNORED_KEYWORD, message);
        let shown: TypeSet = values.iter().filter_map(|(_, value)| json_type(&value.node().value)).collect();
        let kinds: Vec<Json> = if named.is_empty() { shown } else { named }.iter().collect();
        match kinds.as_slice() {
            [single] => self.of_type(schema, *single, name),
            kinds => Form::Union(
                kinds.iter().map(|only| Branch { schema: schema.clone(), only: Some(*only) }).collect(),
            ),
        }
    }

    fn numbers(&mut self, schema: &SchemaView<'a>, values: &[(usize, Cursor<'a>)]) -> Form<'a> {
        let whole = |value: &Cursor<'a>| value.number().and_then(number::whole);
        let integers: Option<Vec<(usize, i128)>> =
            values.iter().map(|(at, value)| Some((*at, whole(value)?))).collect();
        let fit = |integers: &[(usize, i128)]| match integers {
            all if all.iter().all(|(_, n)| i64::try_from(*n).is_ok()) => Some(IntKind::I64),
            all if all.iter().all(|(_, n)| u64::try_from(*n).is_ok()) => Some(IntKind::U64),
            _ => None,
        };
        match integers.and_then(|integers| Some((fit(&integers)?, integers))) {
            Some((kind, integers)) => {
                let texts = integers.into_iter().map(|(at, n)| (at, n.to_string())).collect();
                self.set(schema, Scalar::Int(kind), texts)
            }
            None => {
                let message = "a set of fractional numbers is not supported; any number is taken";
                self.report(schema.cursor(), rules::IGNORED_KEYWORD, message);
                Form::Inline(Type::Scalar(Scalar::Float(FloatKind::F64)), Constraints::default())
            }
        }
    }

    /// A set of distinct values; `at` is a value's index in the document's list, where names and descriptions are found.
    fn set(&mut self, schema: &SchemaView<'a>, of: Scalar, texts: Vec<(usize, String)>) -> Form<'a> {
        let length = schema.enum_values().map_or(1, |values| values.len());
        let names = aside(schema, &["x-enum-varnames", "x-enumNames"], length);
        let docs = aside(schema, &["x-enum-descriptions", "x-enumDescriptions"], length);
        let mut seen = HashSet::new();
        let mut values: Vec<EnumValue> = Vec::new();
        for (at, wire) in texts {
            if !seen.insert(wire.clone()) {
                self.report(schema.cursor(), rules::SLOPPY, format!("`{wire}` stands twice in `enum`"));
                continue;
            }
            let name = names.get(at).filter(|name| !name.is_empty()).map_or(wire.as_str(), |name| name);
            values.push(EnumValue { name: name.to_owned(), doc: text(docs.get(at).copied()), wire });
        }
        Form::Values(ValueEnum { of, values, open: true })
    }

    /// `oneOf: [{const: a, description: …}, …]` and unions of inline `enum`s: one set of strings.
    pub(super) fn set_of_branches(&mut self, branches: &[SchemaView<'a>]) -> Option<Form<'a>> {
        let mut seen = HashSet::new();
        let mut values: Vec<EnumValue> = Vec::new();
        for branch in branches {
            let own = branch.const_value().map(|value| vec![value]).or_else(|| branch.enum_values())?;
            if branch.reference().is_some() || own.is_empty() {
                return None;
            }
            let single = own.len() == 1;
            for value in own {
                let wire = value.str()?.to_owned();
                let doc = text(branch.description().or_else(|| branch.title())).filter(|_| single);
                if seen.insert(wire.clone()) {
                    values.push(EnumValue { name: wire.clone(), wire, doc });
                }
            }
        }
        Some(Form::Values(ValueEnum { of: Scalar::String, values, open: true }))
    }
}

fn json_type(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => Json::Boolean,
        Value::Number(text) if number::whole(text).is_some() => Json::Integer,
        Value::Number(_) => Json::Number,
        Value::String(_) => Json::String,
        Value::Array(_) => Json::Array,
        Value::Object(_) => Json::Object,
    })
}

/// A list beside `enum` with one text per value; none if the lengths differ.
fn aside<'a>(schema: &SchemaView<'a>, keys: &[&str], length: usize) -> Vec<&'a str> {
    let list = keys.iter().find_map(|key| schema.cursor().key(key));
    let texts: Vec<&str> =
        list.into_iter().flat_map(|list| list.items()).map(|text| text.str().unwrap_or_default()).collect();
    if texts.len() == length { texts } else { Vec::new() }
}
