//! What can be asked about types once all are known.

use crate::ir::{DecimalWire, Scalar, Shape, Struct, Type};

use super::super::builder::Builder;

/// A set of JSON types; integers are numbers.
pub(super) type Kinds = u8;
pub(super) const STRING: Kinds = 1;
pub(super) const NUMBER: Kinds = 2;
pub(super) const BOOL: Kinds = 4;
pub(super) const ARRAY: Kinds = 8;
pub(super) const OBJECT: Kinds = 16;
pub(super) const NULL: Kinds = 32;

impl Builder<'_, '_> {
    /// The JSON types that values may have.
    pub(super) fn kinds(&self, ty: &Type) -> Kinds {
        let mut marks = self.marks.borrow_mut();
        marks.start(self.defs.len());
        let (mut kinds, mut waiting) = (0, vec![ty]);
        while let Some(ty) = waiting.pop() {
            kinds |= match self.behind(ty) {
                Type::Scalar(scalar) => scalar_kinds(*scalar),
                Type::List(_) | Type::Tuple(_) => ARRAY,
                Type::Map(_) => OBJECT,
                Type::Null => NULL,
                Type::Named(id) if !marks.is_first(*id) => 0,
                Type::Named(id) => match self.def(*id).map(|def| &def.shape) {
                    Some(Shape::Struct(_)) => OBJECT,
                    Some(Shape::Enum(values)) => scalar_kinds(values.of),
                    Some(Shape::Union(union)) => {
                        waiting.extend(union.variants.iter().map(|variant| &variant.ty));
                        0
                    }
                    _ => Kinds::MAX,
                },
                Type::Any | Type::Nullable(_) | Type::Boxed(_) => Kinds::MAX,
            };
        }
        kinds
    }

    /// The object behind a type, if it is one with fields.
    pub(super) fn struct_of(&self, ty: &Type) -> Option<&Struct> {
        match self.shape_behind(ty)? {
            Shape::Struct(object) => Some(object),
            _ => None,
        }
    }

    /// The values that a property can have in a type, if it is a set of strings in all of its alternatives.
    pub(super) fn tags_of(&self, ty: &Type, property: &str, depth: usize) -> Option<Vec<String>> {
        match self.shape_behind(ty)? {
            Shape::Struct(object) => {
                let field = object.fields.iter().find(|field| field.wire == property)?;
                let values = self.values_of(&field.ty).filter(|values| values.of == Scalar::String)?;
                Some(values.values.iter().map(|value| value.wire.clone()).collect())
            }
            Shape::Union(union) if depth < 16 => {
                let all: Option<Vec<_>> = union
                    .variants
                    .iter()
                    .map(|variant| self.tags_of(&variant.ty, property, depth + 1))
                    .collect();
                Some(all?.concat())
            }
            _ => None,
        }
    }

    /// Whether values of a type have a property: an object with that field, or alternatives that all have it.
    pub(super) fn has_property(&self, ty: &Type, property: &str, depth: usize) -> bool {
        match self.shape_behind(ty) {
            Some(Shape::Struct(object)) => object.fields.iter().any(|field| field.wire == property),
            Some(Shape::Union(union)) if depth < 16 => {
                union.variants.iter().all(|variant| self.has_property(&variant.ty, property, depth + 1))
            }
            _ => false,
        }
    }
}

fn scalar_kinds(scalar: Scalar) -> Kinds {
    match scalar {
        Scalar::Bool => BOOL,
        Scalar::Int(_) | Scalar::Float(_) => NUMBER,
        // Both spellings are read.
        Scalar::Decimal(DecimalWire::String | DecimalWire::Number) => STRING | NUMBER,
        _ => STRING,
    }
}
