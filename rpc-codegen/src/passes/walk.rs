//! Going through types.

use crate::ir::{Additional, BodyKind, Operation, ReplyBody, Service, Shape, Type, TypeDef, TypeId, Types};

/// The named types that a type mentions.
pub(crate) fn named(ty: &Type, found: &mut impl FnMut(TypeId)) {
    match ty {
        Type::Named(id) => found(*id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            named(inner, found)
        }
        Type::Tuple(items) => items.iter().for_each(|item| named(item, found)),
        Type::Scalar(_) | Type::Any | Type::Null => {}
    }
}

/// The named types that a type mentions, to change them.
pub(super) fn named_mut(ty: &mut Type, change: &mut impl FnMut(&mut TypeId)) {
    match ty {
        Type::Named(id) => change(id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            named_mut(inner, change)
        }
        Type::Tuple(items) => items.iter_mut().for_each(|item| named_mut(item, change)),
        Type::Scalar(_) | Type::Any | Type::Null => {}
    }
}

/// The types inside a named type.
pub(crate) fn parts(def: &TypeDef) -> Vec<&Type> {
    match &def.shape {
        Shape::Struct(object) => {
            let extra = match &object.additional {
                Additional::Kept { ty, .. } => Some(ty),
                Additional::Ignored => None,
            };
            object.fields.iter().map(|field| &field.ty).chain(extra).collect()
        }
        Shape::Enum(_) => Vec::new(),
        Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
        Shape::Alias(ty, _) => vec![ty],
    }
}

/// The types inside a named type, to change them.
pub(super) fn parts_mut(def: &mut TypeDef) -> Vec<&mut Type> {
    match &mut def.shape {
        Shape::Struct(object) => {
            let extra = match &mut object.additional {
                Additional::Kept { ty, .. } => Some(ty),
                Additional::Ignored => None,
            };
            object.fields.iter_mut().map(|field| &mut field.ty).chain(extra).collect()
        }
        Shape::Enum(_) => Vec::new(),
        Shape::Union(union) => union.variants.iter_mut().map(|variant| &mut variant.ty).collect(),
        Shape::Alias(ty, _) => vec![ty],
    }
}

/// What the client sends with an operation.
pub(crate) fn sent(operation: &Operation) -> Vec<&Type> {
    let body = operation.body.as_ref().and_then(|body| match &body.kind {
        BodyKind::Json(ty) | BodyKind::Form(ty) | BodyKind::Multipart(ty) => Some(ty),
        BodyKind::Bytes | BodyKind::RawMultipart | BodyKind::Text => None,
    });
    operation.parameters.iter().map(|parameter| &parameter.ty).chain(body).collect()
}

/// What the server answers to an operation.
pub(crate) fn received(operation: &Operation) -> Vec<&Type> {
    let mut found = Vec::new();
    for reply in operation.replies.iter().chain(&operation.failures) {
        found.extend(json(&reply.body));
        found.extend(reply.headers.iter().map(|header| &header.ty));
    }
    found
}

pub(crate) fn json(body: &ReplyBody) -> Option<&Type> {
    match body {
        ReplyBody::Json(ty) => Some(ty),
        ReplyBody::Empty | ReplyBody::Text | ReplyBody::Bytes(_) => None,
    }
}

/// Every use of a type in a service, to change it.
pub(super) fn every_use(service: &mut Service, change: &mut impl FnMut(&mut Type)) {
    for (_, def) in service.types.iter_mut() {
        parts_mut(def).into_iter().for_each(&mut *change);
    }
    for operation in &mut service.operations {
        operation.parameters.iter_mut().for_each(|parameter| change(&mut parameter.ty));
        if let Some(body) = &mut operation.body
            && let BodyKind::Json(ty) | BodyKind::Form(ty) | BodyKind::Multipart(ty) = &mut body.kind
        {
            change(ty);
        }
        for reply in operation.replies.iter_mut().chain(&mut operation.failures) {
            if let ReplyBody::Json(ty) = &mut reply.body {
                change(ty);
            }
            reply.headers.iter_mut().for_each(|header| change(&mut header.ty));
        }
    }
}

/// Follows aliases to the type that stands behind them; gives up on an alias of itself.
pub(crate) fn behind<'t>(types: &'t Types, ty: &'t Type) -> Option<(TypeId, &'t TypeDef)> {
    let mut ty = ty;
    for _ in 0..=types.len() {
        let Type::Named(id) = ty else { return None };
        let def = types.get(*id)?;
        match &def.shape {
            Shape::Alias(next @ Type::Named(_), _) => ty = next,
            _ => return Some((*id, def)),
        }
    }
    None
}
