//! Objects with fields, from one schema or from several that hold at once.

use std::collections::HashSet;

use crate::ir::{Additional, Constraints, Field, Presence, Struct, Type, TypeId};
use crate::load::{AdditionalProperties, Cursor, SchemaView};

use super::super::builder::{Builder, PendingDefault, text};

impl<'a> Builder<'a, '_> {
    /// The fields of all parts, and what else they allow.
    pub(super) fn structure(&mut self, id: TypeId, parts: &[SchemaView<'a>]) -> Struct {
        let owner = self.name_of(id);
        let mut fields: Vec<(Field, Cursor<'a>)> = Vec::new();
        for part in parts {
            for (wire, schema) in part.properties() {
                let cursor = schema.cursor().clone();
                let known = fields.iter().position(|(field, _)| field.wire == wire);
                match known.and_then(|at| fields.get_mut(at)) {
                    Some((_, earlier)) if *earlier == cursor => {}
                    Some((earlier, _)) => {
                        let later = self.field(id, &owner, wire, &schema);
                        self.refine_field(earlier, later, &cursor);
                    }
                    None => fields.push((self.field(id, &owner, wire, &schema), cursor)),
                }
            }
        }
        let additional = self.additional(parts, &owner);
        let mut fields: Vec<Field> = fields.into_iter().map(|(field, _)| field).collect();
        let required: HashSet<&str> = parts.iter().flat_map(SchemaView::required).collect();
        for field in &mut fields {
            if required.contains(field.wire.as_str()) {
                field.presence = Presence::Required;
            }
        }
        for part in parts {
            undeclared(part, &additional, &mut fields);
        }
        Struct { fields, additional }
    }

    fn field(&mut self, id: TypeId, owner: &str, wire: &str, schema: &SchemaView<'a>) -> Field {
        let usage = self.usage(schema, &format!("{owner} {wire}"));
        if let Some(value) = annotation(schema, |schema| schema.default_value()) {
            self.defaults.push(PendingDefault { id, wire: wire.to_owned(), value });
        }
        let says = |flag: fn(&SchemaView<'a>) -> bool| {
            annotation(schema, |schema| flag(schema).then_some(())).is_some()
        };
        Field {
            wire: wire.to_owned(),
            name: wire.to_owned(),
            ty: usage.full(),
            presence: Presence::Optional,
            constraints: usage.constraints,
            doc: text(annotation(schema, |schema| schema.description())),
            deprecated: says(SchemaView::deprecated),
            read_only: says(SchemaView::read_only),
            write_only: says(SchemaView::write_only),
            origin: schema.cursor().key_location(),
        }
    }

    fn additional(&mut self, parts: &[SchemaView<'a>], owner: &str) -> Additional {
        for part in parts {
            let ty = match part.additional_properties() {
                AdditionalProperties::Schema(schema) => self.usage(&schema, &format!("{owner} value")).full(),
                AdditionalProperties::Bool(true) => Type::Any,
                // Members that only a pattern names must not get lost.
                AdditionalProperties::Absent if part.cursor().key("patternProperties").is_some() => Type::Any,
                // Required names alone say that there are properties: those must not get lost.
                AdditionalProperties::Absent
                    if parts.len() == 1 && part.cursor().key("properties").is_none() =>
                {
                    Type::Any
                }
                _ => continue,
            };
            return Additional::Kept { name: "additional".to_owned(), ty };
        }
        Additional::Ignored
    }
}

/// Adds fields for required names that no part describes.
fn undeclared(part: &SchemaView<'_>, additional: &Additional, fields: &mut Vec<Field>) {
    let list = part.cursor().key("required").into_iter().flat_map(|list| list.items());
    for (item, wire) in list.filter_map(|item| Some((item.clone(), item.str()?))) {
        if fields.iter().any(|field| field.wire == wire) {
            continue;
        }
        let ty = match additional {
            Additional::Kept { ty, .. } => ty.clone(),
            Additional::Ignored => Type::Any,
        };
        fields.push(Field {
            wire: wire.to_owned(),
            name: wire.to_owned(),
            ty,
            presence: Presence::Required,
            constraints: Constraints::default(),
            doc: None,
            deprecated: false,
            read_only: false,
            write_only: false,
            origin: item.location(),
        });
    }
}

/// An annotation of a schema, or of an inline member of its `allOf`: 3.0 has no other way to put one beside a `$ref`.
fn annotation<'a, T>(schema: &SchemaView<'a>, read: impl Fn(&SchemaView<'a>) -> Option<T>) -> Option<T> {
    read(schema).or_else(|| schema.all_of().iter().filter(|part| part.reference().is_none()).find_map(read))
}
