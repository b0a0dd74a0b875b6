//! The variants of a union. How they are told apart is said when all types are known.

use crate::ir::{Constraints, Dispatch, Shape, Type, TypeId, Union, Variant};
use crate::load::{SchemaView, Type as Json};

use super::super::builder::{Builder, PendingUnion};
use super::super::schema_text;
use super::Together;
use super::form::{Branch, Form};

impl<'a> Builder<'a, '_> {
    pub(super) fn union(&mut self, id: TypeId, schema: &SchemaView<'a>, branches: Vec<Branch<'a>>) -> Shape {
        let owner = self.name_of(id);
        let mut variants: Vec<Variant> = Vec::new();
        let mut schemas = Vec::new();
        for branch in branches {
            let name = variant_name(&branch);
            let ty = self.variant_type(&branch, &format!("{owner} {name}"));
            if variants.iter().all(|variant| variant.ty != ty) {
                variants.push(Variant { name, ty, tags: Vec::new(), field: String::new() });
                schemas.push(branch.schema);
            }
        }
        match variants.as_slice() {
            [single] => Shape::Alias(single.ty.clone(), Constraints::default()),
            _ => {
                let discriminator = schema.discriminator();
                self.unions.push(PendingUnion { id, discriminator, branches: schemas });
                Shape::Union(Union { variants, dispatch: Dispatch::BestMatch })
            }
        }
    }

    fn variant_type(&mut self, branch: &Branch<'a>, name: &str) -> Type {
        let Some(only) = branch.only else { return self.value(&branch.schema, name).0 };
        match self.of_type(&branch.schema, only, name) {
            Form::Inline(ty, _) => ty,
            // The schema itself is the union already; what is inside it has no place of its own to be named by.
            form => self.join(std::slice::from_ref(&branch.schema), Together::All, name, form),
        }
    }
}

fn variant_name(branch: &Branch<'_>) -> String {
    let schema = &branch.schema;
    if let Some(only) = branch.only {
        return only.name().to_owned();
    }
    if let Some(Ok(target)) = schema.target() {
        return schema_text::name(target.cursor());
    }
    let constant = |schema: &SchemaView<'_>| {
        let single = schema.enum_values().filter(|values| values.len() == 1);
        let value = schema.const_value().or_else(|| single.and_then(|values| values.into_iter().next()))?;
        Some(value.text()?.to_owned())
    };
    let tag = || schema.properties().iter().find_map(|(_, property)| constant(property));
    let kind = schema.types().without(Json::Null).single();
    let kind = kind.or_else(|| super::plain::inferred(schema).single()).unwrap_or(Json::Object);
    constant(schema).or_else(tag).unwrap_or_else(|| kind.name().to_owned())
}
