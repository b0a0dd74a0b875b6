//! Fields of structs, variants of enums and unions.

use super::namer::{Item, Namer, Scope, itself};
use super::reserved;
use super::types::component_key;
use super::words::{Kind, ident, spelled};
use crate::ir::{Additional, Service, Shape, Type, TypeDef, Types, Union, Variant};
use crate::passes::find;
use crate::settings::Section;

pub(super) fn name(service: &mut Service, namer: &mut Namer<'_>) {
    let mut all = Vec::new();
    for (id, def) in service.types.iter().filter(|(_, def)| def.direction.request || def.direction.reply) {
        all.push((id, names(def, &service.types, namer)));
    }
    for (id, names) in all {
        if let Some(def) = service.types.get_mut(id) {
            write(&mut def.shape, names);
        }
    }
}

fn names(def: &TypeDef, types: &Types, namer: &mut Namer<'_>) -> Vec<String> {
    let mut items = Vec::new();
    let (section, kind) = match &def.shape {
        Shape::Struct(object) => {
            if let Additional::Kept { name, .. } = &object.additional {
                let mut extra =
                    Item::new(format!("{}.*", def.key), format!("{}.*", def.name), field(name), &def.origin);
                extra.chosen = namer.chosen(Section::Fields, |wanted| find::member(def, wanted) == Some("*"));
                items.push(extra);
            }
            for part in &object.fields {
                items.push(item(def, namer, Section::Fields, &part.wire, field(&part.wire)));
                if let Some(item) = items.last_mut() {
                    item.place = part.origin.clone();
                }
            }
            (Section::Fields, Kind::Field)
        }
        Shape::Enum(values) => {
            for value in &values.values {
                items.push(item(def, namer, Section::Variants, &value.wire, variant(&value.wire)));
            }
            (Section::Variants, Kind::Variant)
        }
        Shape::Union(union) => {
            for part in &union.variants {
                let (wire, candidates) = alternative(union, part, types);
                items.push(item(def, namer, Section::Variants, &wire, candidates));
            }
            (Section::Variants, Kind::Variant)
        }
        Shape::Alias(..) => return Vec::new(),
    };
    let reserved = |name: &str| reserved::is_reserved(kind, name);
    namer.assign(&Scope { section, kind, reserved: &reserved, claims: &itself }, items)
}

fn item(def: &TypeDef, namer: &mut Namer<'_>, section: Section, wire: &str, candidates: Vec<String>) -> Item {
    let owner = component_key(&def.key).unwrap_or_else(|| def.name.clone());
    let mut item =
        Item::new(format!("{}.{wire}", def.key), format!("{owner}.{wire}"), candidates, &def.origin);
    item.chosen =
        namer.chosen(section, |wanted| item.alias == wanted || find::member(def, wanted) == Some(wire));
    item.wire = Some(wire.to_owned());
    item
}

fn field(wire: &str) -> Vec<String> {
    with_signs(Kind::Field, wire)
}

fn variant(wire: &str) -> Vec<String> {
    with_signs(Kind::Variant, wire)
}

/// Punctuation is left out, unless that would make two names equal; what only separates words always is.
pub(super) fn with_signs(kind: Kind, wire: &str) -> Vec<String> {
    let signs = wire.replace(['_', ' ', '-', '.'], "\n");
    let mut all = vec![ident(kind, wire), ident(kind, &spelled(&signs))];
    all.dedup();
    all
}

/// What an alternative is called: by the tag that chooses it, or by its type.
fn alternative(union: &Union, part: &Variant, types: &Types) -> (String, Vec<String>) {
    let named = match &part.ty {
        Type::Named(id) => types.get(*id),
        Type::Boxed(inner) => match &**inner {
            Type::Named(id) => types.get(*id),
            _ => None,
        },
        _ => None,
    };
    if let [tag] = part.tags.as_slice()
        && matches!(union.dispatch, crate::ir::Dispatch::Tag(_))
    {
        let by_type = named.map(|def| ident(Kind::Variant, &def.name));
        return (tag.clone(), variant(tag).into_iter().chain(by_type).collect());
    }
    match named {
        Some(def) => (component_key(&def.key).unwrap_or_else(|| def.name.clone()), variant(&def.name)),
        None => (part.name.clone(), variant(&part.name)),
    }
}

fn write(shape: &mut Shape, names: Vec<String>) {
    let mut names = names.into_iter();
    let mut give = |slot: &mut String| {
        if let Some(name) = names.next() {
            *slot = name;
        }
    };
    match shape {
        Shape::Struct(object) => {
            if let Additional::Kept { name, .. } = &mut object.additional {
                give(name);
            }
            object.fields.iter_mut().for_each(|field| give(&mut field.name));
        }
        Shape::Enum(values) => values.values.iter_mut().for_each(|value| give(&mut value.name)),
        Shape::Union(union) => union.variants.iter_mut().for_each(|variant| give(&mut variant.name)),
        Shape::Alias(..) => {}
    }
}
