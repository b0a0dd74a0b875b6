//! Objects with fields, from one schema or from several that hold at once.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::ir::{Additional, Constraints, Field, Presence, Struct, Type, TypeId};
use crate::load::{AdditionalProperties, SchemaView};

use super::super::builder::{Builder, PendingDefault, text};
use super::merge::Merge;

/// Where fields stand, by their wire names.
type Places<'a> = HashMap<&'a str, usize>;

impl<'a> Builder<'a, '_> {
    /// The fields of all parts, and what else they allow.
    pub(super) fn structure(&mut self, id: TypeId, merge: &Merge<'a>) -> Struct {
        let owner = self.name_of(id);
        let parts = merge.all.as_slice();
        let mut fields: Vec<(Field, Vec<SchemaView<'a>>)> = Vec::new();
        let mut places = Places::new();
        for part in parts {
            for (wire, schema) in part.properties() {
                let name = format!("{owner} {wire}");
                match places.get(wire).and_then(|at| fields.get_mut(*at)) {
                    Some((_, earlier)) if earlier.contains(&schema) => {}
                    Some((earlier, views)) => {
                        self.default(id, wire, &schema);
                        let later = self.field(&name, wire, &schema);
                        views.push(schema);
                        self.refine_field(earlier, later, views, &name);
                    }
                    None => {
                        self.default(id, wire, &schema);
                        places.insert(wire, fields.len());
                        fields.push((self.field(&name, wire, &schema), vec![schema]));
                    }
                }
            }
        }
        self.alternative_fields(&owner, &merge.some, &mut fields, &mut places);
        let additional = self.additional(merge, &owner);
        let mut fields: Vec<Field> = fields.into_iter().map(|(field, _)| field).collect();
        let required: HashSet<&str> = parts.iter().flat_map(SchemaView::required).collect();
        for field in &mut fields {
            if required.contains(field.wire.as_str()) {
                field.presence = Presence::Required;
            }
        }
        for part in parts {
            undeclared(part, &additional, &mut fields, &mut places);
        }
        Struct { fields, additional }
    }

    /// Adds the fields that only some values have. What all have stays as it is; one that alternatives describe in
    /// several ways is any of them. Their defaults are those of an alternative, not of the whole.
    fn alternative_fields(
        &mut self,
        owner: &str,
        parts: &[SchemaView<'a>],
        fields: &mut Vec<(Field, Vec<SchemaView<'a>>)>,
        places: &mut Places<'a>,
    ) {
        let certain = fields.len();
        for (wire, schema) in parts.iter().flat_map(SchemaView::properties) {
            match places.get(wire) {
                Some(at) if *at < certain => {}
                Some(at) => fields.get_mut(*at).into_iter().for_each(|(_, views)| views.push(schema.clone())),
                None => {
                    places.insert(wire, fields.len());
                    fields.push((self.field(&format!("{owner} {wire}"), wire, &schema), vec![schema]));
                }
            }
        }
        for (field, views) in fields.iter_mut().skip(certain).filter(|(_, views)| views.len() > 1) {
            let name = format!("{owner} {}", field.wire);
            let types: Vec<Type> = views.iter().map(|view| self.usage(view, &name).full()).collect();
            field.constraints = Constraints::default();
            if types.contains(&Type::Any) {
                field.ty = Type::Any;
            } else if types.iter().any(|ty| *ty != field.ty) {
                field.ty = self.either(views, &name);
            }
        }
    }

    fn default(&mut self, id: TypeId, wire: &str, schema: &SchemaView<'a>) {
        if let Some(value) = annotation(schema, |schema| schema.default_value()) {
            self.defaults.push(PendingDefault { id, wire: wire.to_owned(), value });
        }
    }

    fn field(&mut self, name: &str, wire: &str, schema: &SchemaView<'a>) -> Field {
        let usage = self.usage(schema, name);
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

    fn additional(&mut self, merge: &Merge<'a>, owner: &str) -> Additional {
        let parts = merge.all.as_slice();
        for part in parts {
            let ty = match part.additional_properties() {
                AdditionalProperties::Schema(schema) => self.usage(&schema, &format!("{owner} value")).full(),
                AdditionalProperties::Bool(true) => Type::Any,
                // Members that only a pattern names must not get lost.
                AdditionalProperties::Absent if part.cursor().key("patternProperties").is_some() => Type::Any,
                // Required names alone say that there are properties: those must not get lost.
                AdditionalProperties::Absent
                    if parts.len() == 1
                        && merge.some.is_empty()
                        && part.cursor().key("properties").is_none() =>
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
fn undeclared<'a>(
    part: &SchemaView<'a>,
    additional: &Additional,
    fields: &mut Vec<Field>,
    places: &mut Places<'a>,
) {
    let list = part.cursor().key("required").into_iter().flat_map(|list| list.items());
    for (item, wire) in list.filter_map(|item| Some((item.clone(), item.str()?))) {
        let Entry::Vacant(place) = places.entry(wire) else { continue };
        place.insert(fields.len());
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
