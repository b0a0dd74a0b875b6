//! Types that contain themselves with nothing in between: Rust cannot say them, and decoding one would not end.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Constraints, Shape, Type, TypeId};

use super::super::builder::Builder;

impl Builder<'_, '_> {
    pub(in super::super) fn break_cycles(&mut self) {
        for index in 0..self.defs.len() {
            let id = TypeId(index);
            let by_alias = self.reaches(id, |shape, found| {
                if let Shape::Alias(ty, _) = shape {
                    named(ty, found);
                }
            });
            let unguarded = self.reaches(id, |shape, found| match shape {
                Shape::Alias(ty, _) => direct(ty, found),
                Shape::Union(union) => union.variants.iter().for_each(|variant| direct(&variant.ty, found)),
                _ => {}
            });
            if by_alias || unguarded {
                self.give_up(id);
            }
        }
    }

    /// Whether a type leads back to itself.
    fn reaches(&self, start: TypeId, steps: fn(&Shape, &mut Vec<TypeId>)) -> bool {
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

    fn give_up(&mut self, id: TypeId) {
        let Some(def) = self.def_mut(id) else { return };
        def.shape = Shape::Alias(Type::Any, Constraints::default());
        let message = "a type that consists of itself has no end; the value stays raw JSON";
        let found = Diagnostic::new(rules::UNTYPED, def.origin.clone(), message);
        self.push(found);
        self.unions.retain(|union| union.id != id);
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
