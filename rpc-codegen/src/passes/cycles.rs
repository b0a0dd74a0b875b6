//! Types that contain themselves.
//!
//! A depth-first walk in document order over "directly contains" (lists and maps put a pointer in between anyway)
//! boxes the use that leads back to a type whose walk is still open. Each such use closes a circle of its own, so
//! none of the boxes could be left out; and types at the end of a document do not change the boxes before them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::context::Context;
use super::walk;
use crate::ir::{Additional, Shape, Type, TypeDef, TypeId, Types};

pub(super) fn run(context: &mut Context<'_>) {
    let types = &mut context.service.types;
    let mut targets: BTreeMap<TypeId, BTreeSet<TypeId>> = BTreeMap::new();
    for (from, to) in back_edges(types) {
        targets.entry(from).or_default().insert(to);
    }
    for (from, targets) in targets {
        let Some(def) = types.get_mut(from) else { continue };
        if let Shape::Struct(object) = &mut def.shape {
            object.fields.iter_mut().for_each(|field| wrap(&mut field.ty, &targets));
        } else {
            walk::parts_mut(def).into_iter().for_each(|ty| wrap(ty, &targets));
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

fn back_edges(types: &Types) -> Vec<(TypeId, TypeId)> {
    let mut states = vec![State::New; types.len()];
    let mut found = Vec::new();
    for (root, _) in types.iter() {
        let mut path: Vec<(TypeId, Vec<TypeId>)> = Vec::new();
        enter(types, root, &mut states, &mut path);
        while let Some((current, ahead)) = path.last_mut() {
            let current = *current;
            let Some(next) = ahead.pop() else {
                set(&mut states, current, State::Done);
                path.pop();
                continue;
            };
            if states.get(next.0) == Some(&State::Open) {
                found.push((current, next));
            } else {
                enter(types, next, &mut states, &mut path);
            }
        }
    }
    found
}

fn enter(types: &Types, id: TypeId, states: &mut [State], path: &mut Vec<(TypeId, Vec<TypeId>)>) {
    if states.get(id.0) != Some(&State::New) {
        return;
    }
    if let Some(def) = types.get(id) {
        set(states, id, State::Open);
        let mut ahead = contained(def);
        ahead.reverse();
        path.push((id, ahead));
    }
}

fn set(states: &mut [State], id: TypeId, state: State) {
    if let Some(slot) = states.get_mut(id.0) {
        *slot = state;
    }
}

/// The types that stand directly inside a type, in document order, each once.
fn contained(def: &TypeDef) -> Vec<TypeId> {
    let mut found = Vec::new();
    let mut parts = walk::parts(def);
    if let Shape::Struct(object) = &def.shape
        && matches!(object.additional, Additional::Kept { .. })
    {
        parts.pop(); // a map
    }
    for part in parts {
        directly(part, &mut found);
    }
    let mut seen = HashSet::new();
    found.retain(|id| seen.insert(*id));
    found
}

fn directly(ty: &Type, found: &mut Vec<TypeId>) {
    match ty {
        Type::Named(id) => found.push(*id),
        Type::Nullable(inner) => directly(inner, found),
        Type::Tuple(items) => items.iter().for_each(|item| directly(item, found)),
        _ => {}
    }
}

fn wrap(ty: &mut Type, targets: &BTreeSet<TypeId>) {
    match ty {
        Type::Named(id) if targets.contains(id) => *ty = Type::Boxed(Box::new(Type::Named(*id))),
        Type::Nullable(inner) => wrap(inner, targets),
        Type::Tuple(items) => items.iter_mut().for_each(|item| wrap(item, targets)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::ir::{Constraints, Shape, Type};
    use crate::passes::testing::{
        check, def, list, named, nullable, object, service, settings, string, union,
    };
    use expect_test::expect;

    #[test]
    fn only_where_a_circle_closes() {
        let types = [
            object("Node", [("next", nullable(named(0))), ("children", list(named(0)))]),
            object("A", [("b", named(2)), ("c", named(3))]),
            object("B", [("c", named(3))]),
            object("C", [("a", Type::Tuple(vec![string(), named(1)])), ("a2?", named(1))]),
            union("Tree", [("", string()), ("", named(4)), ("", list(named(4)))]),
            def("Alias", Shape::Alias(nullable(named(6)), Constraints::default())),
            object("Alias", [("alias", named(5))]),
        ];
        check(
            super::run,
            service([], types),
            &settings(""),
            expect![[r#"
            type Node = { next: Box Node|null, children: [Node] }
            type A = { b: B, c: C }
            type B = { c: C }
            type C = { a: (String, Box A), a2?: Box A }
            type Tree = string(String) | string(Box Tree) | string([Tree])
            type Alias = Alias|null
            type Alias = { alias: Box Alias }
        "#]],
        );
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let types = (0..100_000).map(|n| object("T", [("next", named((n + 1) % 100_000))]));
        let mut service = service([], types);
        assert_eq!(super::back_edges(&service.types).len(), 1);
        service.operations.clear();
    }
}
