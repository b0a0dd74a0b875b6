//! The type of values that are of two types at once.

use crate::ir::{FloatKind, Scalar, Shape, Type, ValueEnum};

use super::super::builder::Builder;

impl Builder<'_, '_> {
    /// The narrower of two types, if one contains the other.
    pub(super) fn refine(&mut self, a: &Type, b: &Type) -> Option<Type> {
        let both = match (a, b) {
            (a, b) if a == b => a.clone(),
            (Type::Any, other) | (other, Type::Any) => other.clone(),
            (Type::Nullable(a), Type::Nullable(b)) => Type::Nullable(Box::new(self.refine(a, b)?)),
            (Type::Nullable(a), b) => self.refine(a, b)?,
            (a, Type::Nullable(b)) => self.refine(a, b)?,
            (Type::List(a), Type::List(b)) => Type::List(Box::new(self.refine(a, b)?)),
            (Type::Map(a), Type::Map(b)) => Type::Map(Box::new(self.refine(a, b)?)),
            (a, b) => return self.narrower(a, b),
        };
        Some(both)
    }

    fn narrower(&mut self, a: &Type, b: &Type) -> Option<Type> {
        let (behind_a, behind_b) = (&self.behind(a).clone(), &self.behind(b).clone());
        if behind_a == behind_b {
            return Some(b.clone());
        }
        match (self.contains(behind_a, behind_b), self.contains(behind_b, behind_a)) {
            (true, _) => Some(b.clone()),
            (_, true) => Some(a.clone()),
            _ => None,
        }
    }

    /// Whether every value of `narrow` is one of `wide`.
    fn contains(&mut self, wide: &Type, narrow: &Type) -> bool {
        match (wide, narrow) {
            (Type::Any, _) => true,
            (Type::Scalar(Scalar::String), Type::Scalar(narrow)) => on_strings(*narrow),
            (Type::Scalar(Scalar::Float(FloatKind::F64)), Type::Scalar(narrow)) => {
                matches!(narrow, Scalar::Int(_) | Scalar::Float(_))
            }
            (Type::Scalar(Scalar::Int(_)), Type::Scalar(Scalar::Int(_))) => true,
            (Type::Scalar(wide), Type::Named(_)) => {
                self.values_of(narrow).is_some_and(|narrow| same_json(*wide, narrow.of))
            }
            (Type::Named(wide_id), Type::Named(narrow_id)) => {
                match (self.values_of(wide), self.values_of(narrow)) {
                    (Some(wide), Some(narrow)) => {
                        let has = |wire: &str| wide.values.iter().any(|value| value.wire == wire);
                        wide.of == narrow.of && narrow.values.iter().all(|value| has(&value.wire))
                    }
                    _ => self.derives(*narrow_id, *wide_id),
                }
            }
            (Type::Map(values), Type::Named(id)) => **values == Type::Any && self.object_parts(*id).is_some(),
            _ => false,
        }
    }

    /// The set of values behind a type, if it is one.
    pub(in super::super) fn values_of(&self, ty: &Type) -> Option<&ValueEnum> {
        match self.shape_behind(ty)? {
            Shape::Enum(values) => Some(values),
            _ => None,
        }
    }
}

fn same_json(wide: Scalar, narrow: Scalar) -> bool {
    matches!(
        (wide, narrow),
        (Scalar::String, Scalar::String) | (Scalar::Int(_) | Scalar::Float(_), Scalar::Int(_))
    )
}

fn on_strings(scalar: Scalar) -> bool {
    !matches!(scalar, Scalar::Bool | Scalar::Int(_) | Scalar::Float(_))
}
