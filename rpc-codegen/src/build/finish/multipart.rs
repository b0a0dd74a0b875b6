//! Files among the fields of multipart bodies.

use std::collections::BTreeSet;

use crate::ir::{
    Additional, BodyKind, Constraints, FieldStyle, Operation, ReplyBody, Scalar, Shape, Struct, Type, TypeId,
    essence, is_json,
};
use crate::load::SchemaView;

use super::super::builder::Builder;

impl Builder<'_, '_> {
    /// Makes files of the binary fields of multipart bodies. A body that is no struct, or one with files that is used elsewhere
    /// too, where files mean nothing, is written by the caller.
    pub(super) fn find_files(&mut self, operations: &mut [Operation]) {
        let elsewhere = self.used_elsewhere(operations);
        for body in operations.iter_mut().filter_map(|operation| operation.body.as_mut()) {
            let BodyKind::Multipart(ty) = &body.kind else { continue };
            let Type::Named(id) = *self.behind(ty) else {
                body.kind = BodyKind::RawMultipart;
                continue;
            };
            let mut files = self.files(id);
            files
                .extend(body.fields.iter().filter(|(_, style)| is_file(style)).map(|(name, _)| name.clone()));
            match self.def_mut(id).map(|def| &mut def.shape) {
                Some(Shape::Struct(object)) if files.is_empty() || !elsewhere.contains(&id) => {
                    mark(object, &files);
                }
                _ => body.kind = BodyKind::RawMultipart,
            }
            body.fields.retain(|(_, style)| !says_nothing(style));
        }
    }

    /// The names of the fields that hold files.
    fn files(&self, id: TypeId) -> Vec<String> {
        let Some(def) = self.defs.get(id.0) else { return Vec::new() };
        let properties = SchemaView::new(def.cursor.clone()).properties();
        let files = properties.into_iter().filter(|(_, schema)| holds_files(schema, 0));
        files.map(|(wire, _)| wire.to_owned()).collect()
    }

    /// Types that are more than multipart bodies.
    fn used_elsewhere(&self, operations: &[Operation]) -> BTreeSet<TypeId> {
        let mut used: Vec<&Type> = Vec::new();
        for def in &self.defs {
            match &def.def.shape {
                Shape::Struct(object) => {
                    used.extend(object.fields.iter().map(|field| &field.ty));
                    if let Additional::Kept { ty, .. } = &object.additional {
                        used.push(ty);
                    }
                }
                Shape::Union(union) => used.extend(union.variants.iter().map(|variant| &variant.ty)),
                Shape::Alias(ty, _) => used.push(ty),
                Shape::Enum(_) => {}
            }
        }
        for operation in operations {
            used.extend(operation.parameters.iter().map(|parameter| &parameter.ty));
            if let Some(BodyKind::Json(ty) | BodyKind::Form(ty)) =
                operation.body.as_ref().map(|body| &body.kind)
            {
                used.push(ty);
            }
            for reply in operation.replies.iter().chain(&operation.failures) {
                if let ReplyBody::Json(ty) = &reply.body {
                    used.push(ty);
                }
                used.extend(reply.headers.iter().map(|header| &header.ty));
            }
        }
        let mut found = BTreeSet::new();
        used.into_iter().for_each(|ty| mentioned(ty, &mut found));
        found
    }
}

/// Whether a part is a file by its media type alone: text and structured data are fields.
fn is_file(style: &FieldStyle) -> bool {
    let FieldStyle::Content(media_type) = style else { return false };
    let essence = essence(media_type);
    let text = essence.starts_with("text/") || essence.starts_with("multipart/") || essence.ends_with("+xml");
    !text && !["application/xml", "application/yaml", "*/*"].contains(&essence.as_str())
}

/// What a file is sent as anyway, and what cannot be sent: a choice that the caller makes with the file.
fn says_nothing(style: &FieldStyle) -> bool {
    matches!(style, FieldStyle::Content(media_type) if media_type == "application/octet-stream" || media_type.contains('*'))
}

fn mark(object: &mut Struct, files: &[String]) {
    for field in object.fields.iter_mut().filter(|field| files.contains(&field.wire)) {
        if to_file(&mut field.ty) {
            field.constraints = Constraints::default();
        }
    }
}

fn mentioned(ty: &Type, found: &mut BTreeSet<TypeId>) {
    match ty {
        Type::Named(id) => {
            found.insert(*id);
        }
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Boxed(inner) => {
            mentioned(inner, found);
        }
        Type::Tuple(items) => items.iter().for_each(|item| mentioned(item, found)),
        Type::Scalar(_) | Type::Any | Type::Null => {}
    }
}

/// Whether values are files, or lists of files, or null.
fn holds_files(schema: &SchemaView<'_>, depth: usize) -> bool {
    let Ok(schema) = schema.resolve() else { return false };
    let media_type = schema.cursor().str_at("contentMediaType");
    let binary = schema.format() == Some("binary") || media_type.is_some_and(|it| !is_json(it));
    let inside = || {
        let parts = schema.items().into_iter().chain(schema.any_of()).chain(schema.one_of());
        parts.chain(schema.all_of()).any(|part| holds_files(&part, depth + 1))
    };
    (binary && !schema.is_base64()) || (depth < 8 && inside())
}

fn to_file(ty: &mut Type) -> bool {
    match ty {
        Type::Scalar(Scalar::String) | Type::Any => {
            *ty = Type::Scalar(Scalar::File);
            true
        }
        Type::List(inner) | Type::Nullable(inner) => to_file(inner),
        _ => false,
    }
}
