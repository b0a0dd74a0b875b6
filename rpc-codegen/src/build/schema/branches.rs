//! `anyOf` and `oneOf`.

use crate::diagnostic::rules;
use crate::ir::{Constraints, Type};
use crate::load::{Cursor, SchemaView, Type as Json};

use super::super::builder::Builder;
use super::form::{Branch, Form, any};

impl<'a> Builder<'a, '_> {
    /// The form of a schema with alternatives.
    pub(super) fn one_of(&mut self, schema: &SchemaView<'a>, name: &str) -> Form<'a> {
        let (any_of, one_of) = (schema.any_of(), schema.one_of());
        if !any_of.is_empty() && !one_of.is_empty() {
            return self.merged(schema, "`anyOf` and `oneOf` in one schema have no type");
        }
        let branches: Vec<_> = any_of.into_iter().chain(one_of).collect();
        if branches.iter().all(only_requires) {
            let message = "alternatives that only name required properties are not checked";
            self.report(schema.cursor(), rules::IGNORED_KEYWORD, message);
            return self.own_form(schema, name);
        }
        let branches: Vec<_> = branches.into_iter().filter(|branch| !is_null(branch)).collect();
        if !schema.properties().is_empty() && !self.repeated(schema, &branches) {
            return self.merged(schema, "properties beside alternatives that are no objects have no type");
        }
        self.alternatives(schema, branches)
    }

    /// One object with what stands beside the alternatives, and with the fields of all of them.
    fn merged(&mut self, schema: &SchemaView<'a>, otherwise: &str) -> Form<'a> {
        match self.merge_of(schema) {
            Some(merge) => Form::Merge(merge),
            None => self.raw(schema, otherwise),
        }
    }

    pub(super) fn alternatives(
        &mut self,
        schema: &SchemaView<'a>,
        branches: Vec<SchemaView<'a>>,
    ) -> Form<'a> {
        if branches.iter().any(|branch| is_any(branch.cursor())) {
            return any();
        }
        match branches.as_slice() {
            [] => return Form::Inline(Type::Null, Constraints::default()),
            [single] if single != schema => return Form::Same(single.clone()),
            [a, b] => {
                if let Some(number) = decimal(a, b).or_else(|| decimal(b, a)) {
                    return self.decimal(number);
                }
                if let Some(set) = open_set(a, b).or_else(|| open_set(b, a)) {
                    return Form::Same(set.clone());
                }
            }
            _ => {}
        }
        if let Some(set) = self.set_of_branches(&branches) {
            return set;
        }
        Form::Union(branches.into_iter().map(|schema| Branch { schema, only: None }).collect())
    }
}

pub(super) fn is_null(schema: &SchemaView<'_>) -> bool {
    schema.resolve().is_ok_and(|target| target.is_null())
}

/// Whether anything goes: `{}`, `true`, or nothing but a title and a description.
fn is_any(cursor: &Cursor<'_>) -> bool {
    let annotation = |key: &str| ["title", "description", "$comment"].contains(&key) || key.starts_with("x-");
    match cursor.bool() {
        Some(value) => value,
        None => cursor.entries().all(|(key, _)| annotation(key)),
    }
}

/// `{"required": ["a"]}`.
pub(super) fn only_requires(schema: &SchemaView<'_>) -> bool {
    let mut keys = schema.cursor().entries().map(|(key, _)| key).peekable();
    keys.peek().is_some()
        && keys.all(|key| key == "required" || key == "description" || key == "title")
        && schema.cursor().key("required").is_some()
}

/// The first one if it is a number and the other a string without rules but a pattern: a decimal.
fn decimal<'s, 'a>(number: &'s SchemaView<'a>, string: &SchemaView<'a>) -> Option<&'s SchemaView<'a>> {
    let plain = |schema: &SchemaView<'a>, ty: Json, allowed: &[&str]| {
        let prose = ["type", "title", "description", "examples", "example"];
        schema.types().single() == Some(ty)
            && schema.cursor().entries().all(|(key, _)| prose.contains(&key) || allowed.contains(&key))
    };
    let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
    let text = ["pattern", "format"];
    let format = string.format().is_none_or(|format| format == "decimal");
    (plain(number, Json::Number, &bounds) && plain(string, Json::String, &text) && format).then_some(number)
}

/// The first one if it is a set of strings and the other any string: sets are open anyway.
fn open_set<'s, 'a>(set: &'s SchemaView<'a>, string: &SchemaView<'a>) -> Option<&'s SchemaView<'a>> {
    let bare = string.cursor().entries().all(|(key, _)| ["type", "title", "description"].contains(&key));
    let values = set.resolve().ok()?.enum_values()?;
    let strings = values.iter().all(|value| value.str().is_some()) && !values.is_empty();
    (strings && bare && string.types().single() == Some(Json::String)).then_some(set)
}
