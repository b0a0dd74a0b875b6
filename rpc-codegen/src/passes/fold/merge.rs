//! The one type of two twins that fit.

use crate::ir::{
    Additional, DecimalWire, Default_, Field, Presence, Scalar, Shape, Struct, Type, TypeId, Types,
};

/// The output's shape, with decimals, presence and rules from the input.
pub(super) fn merged(types: &Types, input: TypeId, output: TypeId) -> Option<Shape> {
    let (input, output) = (&types.get(input)?.shape, &types.get(output)?.shape);
    Some(match (input, output) {
        (Shape::Struct(a), Shape::Struct(b)) => Shape::Struct(structs(a, b)),
        (Shape::Union(a), Shape::Union(b)) => {
            let mut union = b.clone();
            for (variant, a) in union.variants.iter_mut().zip(&a.variants) {
                variant.ty = ty(&a.ty, &variant.ty);
            }
            Shape::Union(union)
        }
        (Shape::Alias(a, rules), Shape::Alias(b, _)) => Shape::Alias(ty(a, b), rules.clone()),
        (_, other) => other.clone(),
    })
}

fn structs(input: &Struct, output: &Struct) -> Struct {
    let by_wire = super::by_wire(input);
    let field = |b: &Field| match by_wire.get(b.wire.as_str()) {
        Some(a) => Field {
            ty: ty(&a.ty, &b.ty),
            presence: presence(a, b),
            constraints: a.constraints.clone(), // requests are checked, replies never
            doc: b.doc.clone().or_else(|| a.doc.clone()),
            deprecated: a.deprecated || b.deprecated,
            ..b.clone()
        },
        None => b.clone(),
    };
    let additional = match (&input.additional, &output.additional) {
        (Additional::Kept { ty: a, .. }, Additional::Kept { name, ty: b }) => {
            Additional::Kept { name: name.clone(), ty: ty(a, b) }
        }
        (_, other) => other.clone(),
    };
    Struct { fields: output.fields.iter().map(field).collect(), additional }
}

fn presence(input: &Field, output: &Field) -> Presence {
    match (&input.presence, &output.presence) {
        // What the server fills in where the input may leave out a field that can be null.
        (Presence::Optional, Presence::Required) => Presence::Default(Default_::Null),
        (presence, _) => presence.clone(),
    }
}

/// The output's type, but a decimal where the input knows it.
fn ty(input: &Type, output: &Type) -> Type {
    match (input, output) {
        (Type::Scalar(Scalar::Decimal(_)), Type::Scalar(Scalar::String)) => {
            Type::Scalar(Scalar::Decimal(DecimalWire::String))
        }
        (Type::List(a), Type::List(b)) => Type::List(Box::new(ty(a, b))),
        (Type::Map(a), Type::Map(b)) => Type::Map(Box::new(ty(a, b))),
        (Type::Nullable(a), Type::Nullable(b)) => Type::Nullable(Box::new(ty(a, b))),
        (Type::Boxed(a), Type::Boxed(b)) => Type::Boxed(Box::new(ty(a, b))),
        (Type::Tuple(a), Type::Tuple(b)) => Type::Tuple(a.iter().zip(b).map(|(a, b)| ty(a, b)).collect()),
        _ => output.clone(),
    }
}
