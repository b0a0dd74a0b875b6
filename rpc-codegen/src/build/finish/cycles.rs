//! Types that contain themselves with nothing in between: Rust cannot say them, and decoding one would not end.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Constraints, Shape, Type, TypeId};

use super::super::builder::Builder;

impl Builder<'_, '_> {
    pub(in super::super) fn break_cycles(&mut self) {
        let (aliases, unions) = (self.near_cycles(through_alias), self.near_cycles(unguarded));
        for id in (0..self.defs.len()).map(TypeId) {
            if aliases.contains(&id) && self.reaches(id, through_alias)
                || unions.contains(&id) && self.reaches(id, unguarded)
            {
                self.give_up(id, "a type that consists of itself has no end; the value stays raw JSON");
            }
        }
        self.break_giants();
    }

    /// The types that are in a cycle or lead to one: what is left when those that lead nowhere are taken away, again and
    /// again. Long chains of types would otherwise be walked from each of their links.
    fn near_cycles(&self, steps: Steps) -> HashSet<TypeId> {
        let mut before: HashMap<TypeId, Vec<TypeId>> = HashMap::new();
        let mut ahead = vec![0_usize; self.defs.len()];
        for (index, count) in ahead.iter_mut().enumerate() {
            let mut next = Vec::new();
            if let Some(def) = self.def(TypeId(index)) {
                steps(&def.shape, &mut next);
            }
            *count = next.len();
            next.into_iter().for_each(|id| before.entry(id).or_default().push(TypeId(index)));
        }
        let ends = ahead.iter().enumerate().filter(|(_, count)| **count == 0);
        let mut waiting: Vec<TypeId> = ends.map(|(index, _)| TypeId(index)).collect();
        let mut left: HashSet<TypeId> = (0..ahead.len()).map(TypeId).collect();
        while let Some(id) = waiting.pop() {
            left.remove(&id);
            for from in before.get(&id).into_iter().flatten() {
                if let Some(count) = ahead.get_mut(from.0) {
                    *count -= 1;
                    if *count == 0 {
                        waiting.push(*from);
                    }
                }
            }
        }
        left
    }

    /// Whether a type leads back to itself.
    fn reaches(&self, start: TypeId, steps: Steps) -> bool {
        let mut seen = HashSet::new();
        let mut waiting = Vec::new();
        let visit = |id: TypeId, waiting: &mut Vec<TypeId>| {
            if let Some(def) = self.def(id) {
                steps(&def.shape, waiting);
            }
        };
        visit(start, &mut waiting);
        while let Some(id) = waiting.pop() {
            if id == start {
                return true;
            }
            if seen.insert(id) {
                visit(id, &mut waiting);
            }
        }
        false
    }

    pub(super) fn give_up(&mut self, id: TypeId, message: &str) {
        let Some(def) = self.def_mut(id) else { return };
        def.shape = Shape::Alias(Type::Any, Constraints::default());
        let found = Diagnostic::new(rules::UNTYPED, def.origin.clone(), message);
        self.push(found);
        self.unions.retain(|union| union.id != id);
    }
}

/// The types that a shape leads to.
type Steps = fn(&Shape, &mut Vec<TypeId>);

fn through_alias(shape: &Shape, found: &mut Vec<TypeId>) {
    if let Shape::Alias(ty, _) = shape {
        named(ty, found);
    }
}

fn unguarded(shape: &Shape, found: &mut Vec<TypeId>) {
    match shape {
        Shape::Alias(ty, _) => direct(ty, found),
        Shape::Union(union) => union.variants.iter().for_each(|variant| direct(&variant.ty, found)),
        _ => {}
    }
}

/// All named types in a type.
fn named(ty: &Type, found: &mut Vec<TypeId>) {
    match ty {
        Type::Named(id) => found.push(*id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            named(inner, found)
        }
        Type::Tuple(items) => items.iter().for_each(|item| named(item, found)),
        Type::Scalar(_) | Type::Any | Type::Null => {}
    }
}

fn direct(ty: &Type, found: &mut Vec<TypeId>) {
    match ty {
        Type::Named(id) => found.push(*id),
        Type::Nullable(inner) | Type::Boxed(inner) => direct(inner, found),
        _ => {}
    }
}
