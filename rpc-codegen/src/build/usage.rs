//! What a schema means where it stands.

use crate::ir::{Constraints, Type};

/// A type, whether null is a value too, and rules.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Usage {
    /// Never [`Type::Nullable`] outermost.
    pub(super) ty: Type,
    pub(super) nullable: bool,
    pub(super) constraints: Constraints,
}

impl Usage {
    /// The type with its null. Raw JSON and null itself have it already.
    pub(super) fn full(&self) -> Type {
        match &self.ty {
            Type::Any | Type::Null => self.ty.clone(),
            ty if self.nullable => Type::Nullable(Box::new(ty.clone())),
            ty => ty.clone(),
        }
    }
}
