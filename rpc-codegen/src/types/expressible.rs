//! Which structs progenitor can write.

use heck::{ToPascalCase as _, ToSnakeCase as _};

use super::context::{Context, travels};
use super::plan::{kept, plans};
use crate::ir::{Shape, Struct, Type, TypeDef, TypeId};

/// Whether the struct goes through progenitor: its names survive progenitor's casing, it has fields (an object without any is a
/// map there), keeps no further members (flattened there) and has no part that a document cannot say.
fn expressible<'a>(context: &Context<'a>, id: TypeId, def: &TypeDef, strukt: &'a Struct) -> bool {
    travels(def)
        && !strukt.fields.is_empty()
        && kept(strukt).is_none()
        && stable(&def.name, |name| name.to_pascal_case())
        && strukt.fields.iter().all(|field| stable(&field.name, |name| name.to_snake_case()))
        && plans(context, id, def, strukt).iter().all(|plan| can_be_said(plan.inner))
}

/// Whether the struct of this id goes through progenitor.
pub(super) fn is_lowered(context: &Context<'_>, id: TypeId) -> bool {
    context.def(id).is_some_and(
        |def| matches!(&def.shape, Shape::Struct(strukt) if expressible(context, id, def, strukt)),
    )
}

fn stable(name: &str, cased: impl Fn(&str) -> String) -> bool {
    name.is_ascii() && cased(name) == name && !matches!(name, "self" | "super" | "crate" | "Self")
}

/// Tuples are maps of positions there, boxes are its own decision, null alone is not a type of OpenAPI 3.0.
fn can_be_said(ty: &Type) -> bool {
    match ty {
        Type::Named(_) | Type::Scalar(_) | Type::Any => true,
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => can_be_said(inner),
        Type::Tuple(_) | Type::Boxed(_) | Type::Null => false,
    }
}
