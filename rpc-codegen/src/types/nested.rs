//! Structs inside lists of lists and the like. The rules of such an inner list are checked value by value, so the runtime
//! must be able to look at its items, even where it finds nothing to check.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context;
use super::text::ident;
use crate::ir::{Additional, BodyKind, Service, Shape, Type, TypeDef, TypeId};

/// The structs that stand in a collection inside another.
pub(super) fn structs(service: &Service) -> BTreeSet<TypeId> {
    let mut found = BTreeSet::new();
    let mut visit = |ty: &Type| found.extend(item(service, ty));
    for (_, def) in service.types.iter() {
        match &def.shape {
            Shape::Struct(strukt) => {
                strukt.fields.iter().for_each(|field| visit(&field.ty));
                if let Additional::Kept { ty, .. } = &strukt.additional {
                    visit(ty);
                }
            }
            Shape::Union(union) => union.variants.iter().for_each(|variant| visit(&variant.ty)),
            Shape::Alias(ty, _) => visit(ty),
            Shape::Enum(_) => {}
        }
    }
    for operation in &service.operations {
        operation.parameters.iter().for_each(|parameter| visit(&parameter.ty));
        match operation.body.as_ref().map(|body| &body.kind) {
            Some(BodyKind::Json(ty) | BodyKind::Form(ty) | BodyKind::Multipart(ty)) => visit(ty),
            Some(BodyKind::Bytes | BodyKind::RawMultipart | BodyKind::Text) | None => {}
        }
    }
    found
}

/// The struct at the bottom of two collections or more.
fn item(service: &Service, ty: &Type) -> Option<TypeId> {
    let (mut at, mut collections) = (ty, 0);
    // Aliases of themselves are an error elsewhere; here they must only end.
    for _ in 0..64 {
        match at {
            Type::List(inner) | Type::Map(inner) => (at, collections) = (inner, collections + 1),
            Type::Nullable(inner) | Type::Boxed(inner) => at = inner,
            Type::Named(id) => match &service.types.get(*id)?.shape {
                Shape::Alias(inner, _) => at = inner,
                Shape::Struct(_) if collections > 1 => return Some(*id),
                _ => return None,
            },
            Type::Tuple(_) | Type::Scalar(_) | Type::Any | Type::Null => return None,
        }
    }
    None
}

/// What lets the runtime look at the struct.
pub(super) fn check(context: &Context<'_>, id: TypeId, def: &TypeDef) -> Option<TokenStream> {
    let (name, allow) = (ident(&def.name), context.allow(def));
    context.nested.contains(&id).then(|| quote! { #allow impl rpc_runtime::codegen::Check for #name {} })
}
