//! Types that are small on paper and enormous in Rust, which writes an alias out wherever it stands: a tuple of two of a
//! tuple of two of …, a list of a list of …

use crate::ir::{Shape, Type, TypeId};

use super::super::builder::Builder;

/// How deep aliases may be written into each other: half of the compiler's own limit.
const MAX_LEVELS: usize = 64;
/// How many types an alias may become when it is written out.
const MAX_PARTS: usize = 1_000;

impl Builder<'_, '_> {
    /// Cycles of aliases must be broken by now.
    pub(super) fn break_giants(&mut self) {
        let mut parts = vec![1_usize; self.defs.len()];
        let mut still = Vec::new();
        // Round n knows all aliases of n levels; what still grows after the last one has more.
        for _ in 0..MAX_LEVELS {
            still.clear();
            let next: Vec<usize> = (0..parts.len()).map(|index| self.weight(TypeId(index), &parts)).collect();
            still.extend(
                next.iter().zip(&parts).enumerate().filter(|(_, (a, b))| a != b).map(|(index, _)| index),
            );
            parts = next;
            if still.is_empty() {
                break;
            }
        }
        let large = parts.iter().enumerate().filter(|(_, parts)| **parts > MAX_PARTS).map(|(index, _)| index);
        let giants: std::collections::BTreeSet<usize> = large.chain(still).collect();
        for index in giants {
            self.give_up(
                TypeId(index),
                "a type that is too large when it is written out; the value stays raw JSON",
            );
        }
    }

    fn weight(&self, id: TypeId, known: &[usize]) -> usize {
        match self.def(id).map(|def| &def.shape) {
            Some(Shape::Alias(ty, _)) => count(ty, known),
            _ => 1,
        }
    }
}

/// How many types a type is written with; no more than just too many.
fn count(ty: &Type, known: &[usize]) -> usize {
    let all = match ty {
        Type::Named(id) => known.get(id.0).copied().unwrap_or(1),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            count(inner, known)
        }
        Type::Tuple(items) => items.iter().fold(0_usize, |sum, item| sum.saturating_add(count(item, known))),
        Type::Scalar(_) | Type::Any | Type::Null => 0,
    };
    all.saturating_add(1).min(MAX_PARTS + 1)
}
