//! Types whose properties go one way only (`readOnly`, `writeOnly`).
//!
//! OpenAPI's `required` speaks of the way that such a property goes. So a struct that goes both ways and requires one of them
//! becomes two types, and so does every type that goes both ways and holds such a one: `Order` is what replies say, without
//! what is only written; `OrderInput` is what requests say, without what is only read. Types that go one way stay as
//! they are, and so do types whose one-way properties are all optional: nothing would be gained.
//!
//! A property that tells the alternatives of a union apart stays on both sides.

mod whole;

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::{direction, walk};
use crate::ir::{
    Additional, BodyKind, Direction, Dispatch, Field, Presence, Service, Shape, Type, TypeDef, TypeId, Types,
    Union,
};

/// Types that go both ways, each with its request form.
type Inputs = BTreeMap<TypeId, TypeId>;

pub(super) fn run(context: &mut Context<'_>) {
    let service = &mut *context.service;
    let tags = tags(&service.types);
    let split = differing(&service.types, &tags);
    if !split.is_empty() {
        let inputs = part(&mut service.types, &split, &tags);
        point_at_inputs(service, &inputs);
        direction::mark(service);
    }
    service.types.iter_mut().for_each(|(_, def)| one_way(def));
}

/// The types that cannot be the same in both directions: those that require what goes one way, and what holds them.
fn differing(types: &Types, tags: &Tags) -> BTreeSet<TypeId> {
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    let mut open = Vec::new();
    for (id, def) in types.iter().filter(|(_, def)| def.direction.request && def.direction.reply) {
        for part in walk::parts(def) {
            walk::named(part, &mut |inner| holders.entry(inner).or_default().push(id));
        }
        let Shape::Struct(object) = &def.shape else { continue };
        let differs = |field: &Field| {
            (field.read_only || field.write_only)
                && field.presence == Presence::Required
                && !tags.contains(&(id, field.wire.clone()))
        };
        if object.fields.iter().any(differs) {
            open.push(id);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(holders.get(&id).into_iter().flatten());
        }
    }
    found
}

/// Structs with the properties by which unions tell them from others.
type Tags = BTreeSet<(TypeId, String)>;

fn tags(types: &Types) -> Tags {
    let unions = types.iter().filter_map(|(_, def)| match &def.shape {
        Shape::Union(union) => Some(union),
        _ => None,
    });
    let of = |union: &Union| -> Vec<(TypeId, String)> {
        let tagged = union.variants.iter().filter_map(|variant| {
            let tag = match &union.dispatch {
                Dispatch::Tag(tag) => tag,
                Dispatch::Field => &variant.field,
                Dispatch::JsonType | Dispatch::BestMatch => return None,
            };
            Some((walk::behind(types, &variant.ty)?.0, tag.clone()))
        });
        tagged.collect()
    };
    unions.flat_map(of).collect()
}

/// Adds the request forms.
fn part(types: &mut Types, split: &BTreeSet<TypeId>, tags: &Tags) -> Inputs {
    let used = types.iter().filter(|(_, def)| def.direction != Direction::default());
    let mut keys: BTreeSet<String> = used.map(|(_, def)| def.key.clone()).collect();
    // All of them before any is changed: they are merged from each other.
    let schemas = whole::schemas(types, split);
    let mut inputs = Inputs::new();
    for id in split {
        let Some(def) = types.get_mut(*id) else { continue };
        if let Some(schema) = schemas.get(id) {
            def.schema.clone_from(schema);
        }
        let stays = |field: &Field| tags.contains(&(*id, field.wire.clone()));
        let mut input = def.clone();
        input.input_of = Some(*id);
        input.name = with_ending(&def.name);
        if let Some(base) = def.key.strip_suffix("-Output") {
            input.key = base.to_owned();
        }
        loop {
            input.key.push_str("-Input");
            if keys.insert(input.key.clone()) {
                break;
            }
        }
        take_away(&mut input, |field| field.read_only && !stays(field));
        // Where all members are kept, one that a reply should not have must be told from the others all the same.
        let open = matches!(&def.shape, Shape::Struct(object) if object.additional != Additional::Ignored);
        take_away(def, |field| field.write_only && !stays(field) && !open);
        inputs.insert(*id, types.push(input));
    }
    inputs
}

/// `Order item` → `Order-Input item`: how FastAPI calls the request form of a component.
fn with_ending(name: &str) -> String {
    match name.split_once(' ') {
        Some((head, tail)) => format!("{head}-Input {tail}"),
        None => format!("{name}-Input"),
    }
}

fn take_away(def: &mut TypeDef, is_gone: impl Fn(&Field) -> bool) {
    let Shape::Struct(object) = &mut def.shape else { return };
    def.without = object.fields.extract_if(.., |field| is_gone(field)).map(|field| field.wire).collect();
    if !def.without.is_empty() {
        whole::forget(&mut def.schema, &def.without);
    }
}

/// Requests mention request forms: in operations, in these forms themselves, and in types that only requests have.
fn point_at_inputs(service: &mut Service, inputs: &Inputs) {
    let forms: BTreeSet<TypeId> = inputs.values().copied().collect();
    for (id, def) in service.types.iter_mut() {
        let only_sent = def.direction.request && !def.direction.reply;
        if only_sent || forms.contains(&id) {
            walk::parts_mut(def).into_iter().for_each(|ty| substitute(ty, inputs));
        }
    }
    for operation in &mut service.operations {
        operation.parameters.iter_mut().for_each(|parameter| substitute(&mut parameter.ty, inputs));
        if let Some(body) = &mut operation.body
            && let BodyKind::Json(ty) | BodyKind::Form(ty) | BodyKind::Multipart(ty) = &mut body.kind
        {
            substitute(ty, inputs);
        }
    }
}

fn substitute(ty: &mut Type, inputs: &Inputs) {
    walk::named_mut(ty, &mut |id| *id = inputs.get(id).copied().unwrap_or(*id));
}

/// What goes one way only cannot be required of values that go the other way.
fn one_way(def: &mut TypeDef) {
    let Shape::Struct(object) = &mut def.shape else { return };
    let Direction { request, reply } = def.direction;
    if request == reply {
        return;
    }
    for field in &mut object.fields {
        let missing = (field.read_only && request) || (field.write_only && reply);
        if missing && field.presence == Presence::Required {
            field.presence = Presence::Optional;
        }
    }
}

#[cfg(test)]
mod tests;
