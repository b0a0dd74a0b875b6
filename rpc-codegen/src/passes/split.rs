//! Types whose properties go one way only (`readOnly`, `writeOnly`).
//!
//! OpenAPI's `required` speaks of the way that such a property goes. So a struct that goes both ways and requires one of them
//! becomes two types, and so does every type that goes both ways and holds such a one: `Order` is what replies say, without
//! what is only written; `OrderInput` is what requests say, without what is only read. Types that go one way stay as
//! they are, and so do types whose one-way properties are all optional: nothing would be gained.
//!
//! A property that tells the alternatives of a union apart stays on both sides.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::context::Context;
use super::{direction, walk};
use crate::ir::{
    BodyKind, Direction, Dispatch, Field, Presence, Service, Shape, Type, TypeDef, TypeId, Types, Union,
};

/// Types that go both ways, each with its request form.
type Inputs = BTreeMap<TypeId, TypeId>;

pub(super) fn run(context: &mut Context<'_>) {
    let service = &mut *context.service;
    let split = differing(&service.types);
    if !split.is_empty() {
        let tags = tags(&service.types);
        let inputs = part(&mut service.types, &split, &tags);
        point_at_inputs(service, &inputs);
        direction::mark(service);
    }
    service.types.iter_mut().for_each(|(_, def)| one_way(def));
}

/// The types that cannot be the same in both directions: those that require what goes one way, and what holds them.
fn differing(types: &Types) -> BTreeSet<TypeId> {
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    let mut open = Vec::new();
    for (id, def) in types.iter().filter(|(_, def)| def.direction.request && def.direction.reply) {
        for part in walk::parts(def) {
            walk::named(part, &mut |inner| holders.entry(inner).or_default().push(id));
        }
        let Shape::Struct(object) = &def.shape else { continue };
        let one_way = |field: &Field| field.read_only || field.write_only;
        if object.fields.iter().any(|field| one_way(field) && field.presence == Presence::Required) {
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

/// The properties by which any union tells its alternatives apart.
fn tags(types: &Types) -> BTreeSet<String> {
    let unions = types.iter().filter_map(|(_, def)| match &def.shape {
        Shape::Union(union) => Some(union),
        _ => None,
    });
    let of = |union: &Union| match &union.dispatch {
        Dispatch::Tag(tag) => vec![tag.clone()],
        Dispatch::Field => union.variants.iter().map(|variant| variant.field.clone()).collect(),
        Dispatch::JsonType | Dispatch::FirstMatch => Vec::new(),
    };
    unions.flat_map(of).collect()
}

/// Adds the request forms.
fn part(types: &mut Types, split: &BTreeSet<TypeId>, tags: &BTreeSet<String>) -> Inputs {
    let mut keys: BTreeSet<String> = types.iter().map(|(_, def)| def.key.clone()).collect();
    let mut inputs = Inputs::new();
    for id in split {
        let Some(def) = types.get_mut(*id) else { continue };
        let mut input = def.clone();
        input.input_of = Some(*id);
        input.name = with_ending(&def.name);
        while !keys.insert(input.key.clone()) {
            input.key.push_str("-Input");
        }
        let gone = without(&mut input, |field| field.read_only && !tags.contains(&field.wire));
        note(&mut input, "only replies have", &gone);
        let gone = without(def, |field| field.write_only && !tags.contains(&field.wire));
        note(def, "only requests have", &gone);
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

/// Takes fields away; their names.
fn without(def: &mut TypeDef, is_gone: impl Fn(&Field) -> bool) -> Vec<String> {
    let Shape::Struct(object) = &mut def.shape else { return Vec::new() };
    let gone = object.fields.extract_if(.., |field| is_gone(field));
    let gone: Vec<String> = gone.map(|field| field.wire).collect();
    if !gone.is_empty()
        && let Ok(mut schema) = serde_json::from_str(&def.schema)
    {
        forget(&mut schema, &gone);
        def.schema = schema.to_string();
    }
    gone
}

/// Takes properties out of a schema and of what it is merged from.
fn forget(schema: &mut Value, gone: &[String]) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.retain(|name, _| !gone.contains(name));
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| name.as_str().is_none_or(|name| !gone.iter().any(|gone| gone == name)));
    }
    if let Some(Value::Array(parts)) = schema.get_mut("allOf") {
        parts.iter_mut().for_each(|part| forget(part, gone));
    }
}

/// Says in the documentation what was taken away.
fn note(def: &mut TypeDef, whose: &str, gone: &[String]) {
    if gone.is_empty() {
        return;
    }
    let names: Vec<String> = gone.iter().map(|name| format!("`{}`", name.replace('`', ""))).collect();
    let text = format!("Without what {whose}: {}.", names.join(", "));
    def.doc = Some(match def.doc.take() {
        Some(doc) => format!("{doc}\n\n{text}"),
        None => format!("`{}`.\n\n{text}", def.name.replace(['`', '-'], "")),
    });
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
