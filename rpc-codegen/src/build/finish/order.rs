//! Types in document order; those that an overlay brings come after those of the file that it changes.

use crate::ir::{Additional, BodyKind, Operation, ReplyBody, Shape, Type, TypeId, Types};

use super::super::builder::Builder;

impl Builder<'_, '_> {
    pub(super) fn in_order(self, operations: &mut [Operation]) -> Types {
        let document = self.document.root().map(|root| root.file().path().to_owned()).unwrap_or_default();
        let mut order: Vec<usize> = (0..self.defs.len()).collect();
        order.sort_by_cached_key(|index| {
            let def = self.defs.get(*index);
            let file = def.map(|def| def.cursor.file());
            let path = file.map(|file| file.path().to_owned()).unwrap_or_default();
            let place = def.map(|def| &def.def.origin).map(|at| {
                let overlay = file.is_some_and(|file| *file.name() != at.file);
                (overlay, at.file.clone(), at.line, at.column, at.pointer.clone())
            });
            (path != document, path, place)
        });
        let mut places = vec![0; order.len()];
        for (place, index) in order.iter().enumerate() {
            if let Some(entry) = places.get_mut(*index) {
                *entry = place;
            }
        }
        let mut defs: Vec<_> = self.defs.into_iter().map(|def| def.def).enumerate().collect();
        defs.sort_by_key(|(index, _)| places.get(*index).copied());
        let mut types = Types::default();
        for (_, mut def) in defs {
            shape(&mut def.shape, &places);
            types.push(def);
        }
        for operation in operations {
            in_operation(operation, &places);
        }
        types
    }
}

fn in_operation(operation: &mut Operation, places: &[usize]) {
    for parameter in &mut operation.parameters {
        ty(&mut parameter.ty, places);
    }
    if let Some(BodyKind::Json(inner) | BodyKind::Form(inner) | BodyKind::Multipart(inner)) =
        operation.body.as_mut().map(|body| &mut body.kind)
    {
        ty(inner, places);
    }
    for reply in operation.replies.iter_mut().chain(&mut operation.failures) {
        if let ReplyBody::Json(inner) = &mut reply.body {
            ty(inner, places);
        }
        reply.headers.iter_mut().for_each(|header| ty(&mut header.ty, places));
    }
}

fn shape(shape: &mut Shape, places: &[usize]) {
    match shape {
        Shape::Struct(object) => {
            object.fields.iter_mut().for_each(|field| ty(&mut field.ty, places));
            if let Additional::Kept { ty: values, .. } = &mut object.additional {
                ty(values, places);
            }
        }
        Shape::Union(union) => union.variants.iter_mut().for_each(|variant| ty(&mut variant.ty, places)),
        Shape::Alias(inner, _) => ty(inner, places),
        Shape::Enum(_) => {}
    }
}

fn ty(of: &mut Type, places: &[usize]) {
    match of {
        Type::Named(id) => *id = TypeId(places.get(id.0).copied().unwrap_or(id.0)),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            ty(inner, places)
        }
        Type::Tuple(items) => items.iter_mut().for_each(|item| ty(item, places)),
        Type::Scalar(_) | Type::Any | Type::Null => {}
    }
}
