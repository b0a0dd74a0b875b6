//! Schemas → types.

mod all_of;
mod branches;
mod constraints;
mod fields;
mod form;
mod format;
mod join;
mod keywords;
mod merge;
mod nullable;
mod number;
mod plain;
mod refine;
mod values;
mod variants;

pub(super) use form::Form;
pub(super) use join::Together;
pub(super) use merge::Merge;
pub(super) use number::whole;

use crate::ir::{Constraints, Shape, Type, TypeId};
use crate::load::SchemaView;

use super::builder::Builder;
use super::usage::Usage;

/// How many inline lists and maps may stand in each other before a name is given to what is inside.
const MAX_INLINE: usize = 12;

impl<'a> Builder<'a, '_> {
    /// What a schema means where it stands. `name` is for the type that it may need.
    pub(super) fn usage(&mut self, schema: &SchemaView<'a>, name: &str) -> Usage {
        let nullable = self.is_nullable(schema);
        let (ty, constraints) = self.value(schema, name);
        let nullable = nullable && !matches!(ty, Type::Any | Type::Null);
        Usage { ty, nullable, constraints }
    }

    /// The type of the values that are not null, and their rules.
    pub(super) fn value(&mut self, schema: &SchemaView<'a>, name: &str) -> (Type, Constraints) {
        if self.depth >= MAX_INLINE && schema.reference().is_none() {
            return (Type::Named(self.define(schema, name, None)), Constraints::default());
        }
        self.depth += 1;
        let value = match self.form(schema, name) {
            Form::Inline(ty, constraints) => (ty, constraints),
            Form::Same(other) => {
                let (ty, mut rules) = self.value(&other, name);
                let own = self.rules_beside(schema, &ty);
                constraints::tighten(&mut rules, own);
                (ty, rules)
            }
            form => (Type::Named(self.define(schema, name, Some(form))), Constraints::default()),
        };
        self.depth -= 1;
        value
    }

    /// The form of a named type: what merely repeats another schema is that one.
    pub(super) fn final_form(&mut self, schema: &mut SchemaView<'a>, name: &str) -> Form<'a> {
        let mut form = self.form(schema, name);
        for _ in 0..crate::load::MAX_DEPTH {
            let Form::Same(other) = form else { return form };
            form = match other.reference() {
                Some(_) => {
                    let (ty, rules) = self.value(&other, name);
                    Form::Inline(ty, rules)
                }
                None => self.form(&other, name),
            };
            *schema = other;
        }
        Form::Inline(Type::Any, Constraints::default())
    }

    /// The content of a named type.
    pub(super) fn shape(&mut self, id: TypeId, schema: &SchemaView<'a>, form: Form<'a>) -> Shape {
        match form {
            Form::Inline(ty, constraints) => Shape::Alias(ty, constraints),
            Form::Values(values) => Shape::Enum(values),
            Form::Struct => Shape::Struct(self.structure(id, &Merge::of(schema.clone()))),
            Form::Merge(parts) => Shape::Struct(self.structure(id, &parts)),
            Form::Union(branches) => self.union(id, schema, branches),
            // `final_form` has followed it.
            Form::Same(_) => Shape::Alias(Type::Any, Constraints::default()),
        }
    }
}
