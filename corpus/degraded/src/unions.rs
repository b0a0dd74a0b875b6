//! Which variant of a union stands for which alternative of its schema.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Document, Place};
use crate::generated::{Definition, Enum, Field, Kind};
use crate::schema::Schema;
use crate::shape::Shape;
use crate::walk::{Direction, Walk};

/// The properties of a schema and of its alternatives.
pub(crate) fn properties<'d>(
    document: &'d Document,
    schema: &Schema<'d>,
) -> BTreeMap<String, Vec<Place<'d>>> {
    let mut found = schema.properties();
    for alternative in leaves(document, schema, 0) {
        for (name, places) in alternative.properties() {
            let known = found.entry(name).or_default();
            for place in places {
                if known.iter().all(|k| k.pointer != place.pointer) {
                    known.push(place);
                }
            }
        }
    }
    found
}

/// The alternatives, and those of alternatives that are nothing but a choice themselves.
fn leaves<'d>(document: &'d Document, schema: &Schema<'d>, depth: usize) -> Vec<Schema<'d>> {
    let mut found = Vec::new();
    for alternative in schema.alternatives(document) {
        let inner = match depth < 8 {
            true => leaves(document, &alternative, depth + 1),
            false => Vec::new(),
        };
        match inner.is_empty() {
            true => found.push(alternative),
            false => found.extend(inner),
        }
    }
    found
}

/// Compares a union with its schema: every variant with its alternative, every alternative with its variant.
pub(crate) fn compare<'d>(
    walk: &mut Walk<'d>,
    name: &str,
    item: &'d Enum,
    catch_all: &str,
    schema: &Schema<'d>,
    direction: Direction,
) {
    let typed: Vec<&Field> = item.payloads.iter().filter(|payload| payload.name != catch_all).collect();
    let direct = schema.alternatives(walk.document);
    if direct.is_empty() {
        // A list of types: every variant is one reading of the same schema.
        for payload in typed {
            walk.compare(&format!("{name}.{}", payload.name), &payload.ty, schema, direction);
        }
        return;
    }
    let all: Vec<Schema<'d>> = direct.iter().cloned().chain(leaves(walk.document, schema, 0)).collect();
    for (index, payload) in typed.iter().enumerate() {
        let (place, shape) = (format!("{name}.{}", payload.name), &payload.ty);
        match best(walk, shape, &all, index) {
            Some(alternative) => walk.compare(&place, shape, alternative, direction),
            None => walk.unmapped(&place, shape),
        }
    }
    for alternative in &direct {
        let inner = leaves(walk.document, alternative, 0);
        let kept = |one: &Schema<'d>| typed.iter().any(|payload| fits(walk, &payload.ty, one, 0) > 0);
        if !(kept(alternative) || !inner.is_empty() && inner.iter().all(kept)) {
            let place = format!("{name}|{}", alternative.pointer());
            walk.find(&place, alternative.pointer(), "lost alternative", alternative.excerpt());
        }
    }
}

const EXACT: usize = 1000;

/// The alternative of the same name, if that fits at all; else the one that fits best, the one at the same place first.
fn best<'s, 'd>(
    walk: &Walk<'d>,
    shape: &Shape,
    all: &'s [Schema<'d>],
    index: usize,
) -> Option<&'s Schema<'d>> {
    let name = match inside(shape) {
        Shape::Named(name) => crate::letters(name),
        _ => String::new(),
    };
    let mut found: Option<((bool, usize, bool), &Schema<'d>)> = None;
    for (at, schema) in all.iter().enumerate() {
        let last = schema.pointer().rsplit('/').next().unwrap_or_default();
        let (score, same_name) = (fits(walk, shape, schema, 0), crate::letters(last) == name);
        let rank = (score > 0 && same_name, score, at == index);
        if score > 0 && found.is_none_or(|(known, _)| rank > known) {
            found = Some((rank, schema));
        }
    }
    found.map(|(_, schema)| schema)
}

fn inside(shape: &Shape) -> &Shape {
    match shape {
        Shape::Within(inner) => inside(inner),
        other => other,
    }
}

/// How well a Rust type may stand for a schema, out of [`EXACT`]; 0: not at all.
fn fits<'d>(walk: &Walk<'d>, shape: &Shape, schema: &Schema<'d>, depth: usize) -> usize {
    let kinds = schema.kinds();
    let allows = |wanted: &[&str]| match kinds.is_empty() || kinds.iter().any(|kind| wanted.contains(kind)) {
        true => EXACT,
        false => 0,
    };
    match shape {
        Shape::Untyped => match schema.is_free() {
            true => EXACT,
            false => 1,
        },
        Shape::Within(inner) => fits(walk, inner, schema, depth),
        Shape::List(inner) => {
            let items = schema.under("items").into_iter().next().filter(|_| depth < 4);
            let items = items.map(|items| fits(walk, inner, &walk.schema(items), depth + 1).max(1));
            allows(&["array"]).min(items.unwrap_or(EXACT))
        }
        Shape::Tuple(_) => allows(&["array"]),
        Shape::Map(_) => match properties(walk.document, schema).is_empty() {
            true => allows(&["object"]),
            false => allows(&["object"]).min(1),
        },
        Shape::Scalar(name) => allows(scalar_kinds(name)),
        Shape::Local(_) => 0,
        Shape::Named(name) => named(walk, name, schema, depth),
    }
}

fn named<'d>(walk: &Walk<'d>, name: &str, schema: &Schema<'d>, depth: usize) -> usize {
    let kinds = schema.kinds();
    let may = |kind: &str| kinds.is_empty() || kinds.contains(&kind);
    match walk.generated.types.get(name) {
        Some(Definition::Alias(shape)) if depth < 8 => fits(walk, shape, schema, depth + 1),
        Some(Definition::Struct { fields, .. }) if may("object") => {
            let wires: BTreeSet<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
            let known = properties(walk.document, schema);
            let all = wires.iter().filter(|wire| !known.contains_key(**wire)).count() + known.len();
            let both = wires.iter().filter(|wire| known.contains_key(**wire)).count();
            match (all, both) {
                (0, _) => EXACT,
                (_, 0) => 0,
                (all, both) => (EXACT * both / all).max(1),
            }
        }
        Some(Definition::Enum(item)) => match item.kind {
            Kind::Strings if may("string") => EXACT,
            Kind::Integers if may("integer") || may("number") => EXACT,
            Kind::Union(_) => match schema.alternatives(walk.document).is_empty() && kinds.len() < 2 {
                true => 1,
                false => EXACT,
            },
            _ => 0,
        },
        _ => 0,
    }
}

/// The JSON types that a scalar may stand for.
pub(crate) fn scalar_kinds(name: &str) -> &'static [&'static str] {
    match name {
        "bool" => &["boolean"],
        "i32" | "i64" | "u32" | "u64" | "f32" | "f64" | "Decimal" => &["integer", "number", "string"],
        "()" => &["null"],
        _ => &["string"],
    }
}
