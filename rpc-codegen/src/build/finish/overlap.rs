//! Which alternatives can be mistaken for which, and an order in which the first of equals is the right one.

use crate::ir::{Presence, Scalar, Type};

use super::super::builder::Builder;
use super::structure::OBJECT;

impl Builder<'_, '_> {
    /// An order of alternatives, the most specific first, and whether it leaves no doubt.
    pub(super) fn specific_first(&self, types: &[Type]) -> (Vec<usize>, bool) {
        let takes: Vec<Vec<bool>> =
            types.iter().map(|v| types.iter().map(|w| self.takes(v, w)).collect()).collect();
        let takes = |v: usize, w: usize| takes.get(v).and_then(|row| row.get(w)).copied().unwrap_or(true);
        let mut left: Vec<usize> = (0..types.len()).collect();
        let (mut order, mut certain) = (Vec::new(), true);
        while !left.is_empty() {
            let safe = left.iter().position(|v| left.iter().all(|w| v == w || !takes(*v, *w)));
            certain &= safe.is_some();
            let first = safe.unwrap_or_else(|| self.most_demanding(types, &left));
            order.push(left.remove(first));
        }
        (order, certain)
    }

    /// The position of the first alternative with the most required fields.
    fn most_demanding(&self, types: &[Type], left: &[usize]) -> usize {
        let required = |index: &usize| {
            let object = types.get(*index).and_then(|ty| self.struct_of(ty));
            object.map_or(0, |object| {
                object.fields.iter().filter(|field| field.presence == Presence::Required).count()
            })
        };
        let mut best = 0;
        for (position, index) in left.iter().enumerate() {
            if left.get(best).is_some_and(|best| required(index) > required(best)) {
                best = position;
            }
        }
        best
    }

    /// Whether decoding as `v` may take a value of `w`.
    fn takes(&self, v: &Type, w: &Type) -> bool {
        if self.kinds(v) & self.kinds(w) == 0 {
            return false;
        }
        let (v, w) = (self.behind(v), self.behind(w));
        match (v, w) {
            (Type::Any, _) => true,
            (_, Type::Any) => false,
            (Type::Scalar(v), Type::Scalar(w)) => scalar_takes(*v, *w),
            (Type::Scalar(v), Type::Named(_)) => self.values_of(w).is_none_or(|w| scalar_takes(*v, w.of)),
            _ => self.struct_takes(v, w),
        }
    }

    fn struct_takes(&self, v: &Type, w: &Type) -> bool {
        let Some(object) = self.struct_of(v) else { return true };
        if self.kinds(w) != OBJECT {
            return true;
        }
        let mut required = object.fields.iter().filter(|field| field.presence == Presence::Required);
        match self.struct_of(w) {
            Some(other) => {
                let has = |wire: &str| other.fields.iter().any(|field| field.wire == wire);
                required.all(|field| has(&field.wire))
            }
            // A map may have any key, but hardly all of these.
            None => required.next().is_none(),
        }
    }
}

/// Formats that a string takes only if it was meant.
fn scalar_takes(v: Scalar, w: Scalar) -> bool {
    use Scalar::{Date, DateTime, Decimal, Duration, Float, Int, IntString, Ipv4, Ipv6, String, Time, Uuid};
    match (v, w) {
        (Int(_), Float(_)) => false,
        (Date | Time, DateTime) => true,
        (DateTime | Date | Time | Duration | Uuid | Ipv4 | Ipv6, w) => v == w,
        (IntString(_) | Decimal(_), String | DateTime | Date | Time | Duration | Uuid | Ipv4 | Ipv6) => false,
        (IntString(_), Decimal(_)) => false,
        _ => true,
    }
}
