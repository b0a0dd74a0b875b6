//! What kind of type a schema is. Shallow for what gets a name of its own.

use crate::diagnostic::rules;
use crate::ir::{Constraints, Type, ValueEnum};
use crate::load::{self, SchemaView};

use super::super::builder::Builder;
use super::super::schema_text;
use super::merge::Merge;

/// A kind of type.
#[derive(Debug)]
pub(in super::super) enum Form<'a> {
    /// Written where it is used.
    Inline(Type, Constraints),
    /// What another schema says.
    Same(SchemaView<'a>),
    /// An object with fields.
    Struct,
    /// An object made of several schemas.
    Merge(Merge<'a>),
    /// A set of values.
    Values(ValueEnum),
    /// One of several.
    Union(Vec<Branch<'a>>),
}

/// An alternative of a union.
#[derive(Debug, Clone)]
pub(in super::super) struct Branch<'a> {
    pub(in super::super) schema: SchemaView<'a>,
    /// Only the values of this JSON type.
    pub(in super::super) only: Option<load::Type>,
}

impl<'a> Builder<'a, '_> {
    pub(super) fn form(&mut self, schema: &SchemaView<'a>, name: &str) -> Form<'a> {
        match schema.as_bool() {
            Some(true) => return any(),
            Some(false) => return self.raw(schema, "`false` allows no value at all"),
            None => {}
        }
        self.ignored_keywords(schema);
        if schema.reference().is_some() {
            return self.reference(schema);
        }
        if !schema.all_of().is_empty() {
            return self.all_of(schema, name);
        }
        if !schema.any_of().is_empty() || !schema.one_of().is_empty() {
            return self.one_of(schema, name);
        }
        self.own_form(schema, name)
    }

    /// The form by a schema's own keywords, references and combinations left out.
    pub(super) fn own_form(&mut self, schema: &SchemaView<'a>, name: &str) -> Form<'a> {
        if let Some(value) = schema.const_value() {
            return self.values(schema, vec![value], name);
        }
        match schema.enum_values() {
            Some(values) => self.values(schema, values, name),
            None => self.by_type(schema, name),
        }
    }

    fn reference(&mut self, schema: &SchemaView<'a>) -> Form<'a> {
        let target = match schema.target() {
            Some(Ok(target)) => target,
            Some(Err(problem)) => {
                self.push(*problem);
                return any();
            }
            None => return any(),
        };
        if let Err(problem) = schema.resolve() {
            self.push(*problem);
            return any();
        }
        if schema.ref_has_siblings() && has_structure(schema) {
            return self.all_of(schema, "");
        }
        let id = self.define(&target, &schema_text::name(target.cursor()), None);
        let rules =
            if schema.ref_has_siblings() { self.rules_of_ref(schema) } else { Constraints::default() };
        Form::Inline(Type::Named(id), rules)
    }

    /// Raw JSON, with the reason.
    pub(super) fn raw(&mut self, schema: &SchemaView<'a>, why: &str) -> Form<'a> {
        self.report(schema.cursor(), rules::UNTYPED, format!("{why}; the value stays raw JSON"));
        any()
    }
}

/// Raw JSON by the document's wish.
pub(super) fn any<'a>() -> Form<'a> {
    Form::Inline(Type::Any, Constraints::default())
}

/// Whether a schema itself says something about an object's properties, or combines schemas.
pub(super) fn has_structure(schema: &SchemaView<'_>) -> bool {
    ["properties", "required", "additionalProperties", "allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| schema.cursor().key(key).is_some())
}
