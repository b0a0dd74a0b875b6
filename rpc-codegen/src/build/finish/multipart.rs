//! Files among the fields of multipart bodies.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::rules;
use crate::ir::{
    Additional, BodyKind, Constraints, Operation, ReplyBody, Scalar, Shape, Struct, Type, TypeId, is_json,
};
use crate::load::{Cursor, SchemaView};

use super::super::builder::Builder;
use super::super::operations::Encodings;

impl<'a> Builder<'a, '_> {
    /// Makes files of the binary fields of multipart bodies. A body that is no struct, or one with files whose type is used where
    /// it has none, is written by the caller.
    pub(super) fn find_files(&mut self, operations: &mut [Operation], encodings: &Encodings<'a>) {
        let elsewhere = self.used_elsewhere(operations);
        let mut bodies: BTreeMap<TypeId, Vec<(&mut BodyKind, Option<&Cursor<'a>>)>> = BTreeMap::new();
        for (index, operation) in operations.iter_mut().enumerate() {
            let Some(kind) = operation.body.as_mut().map(|body| &mut body.kind) else { continue };
            let BodyKind::Multipart(ty) = kind else { continue };
            match *self.behind(ty) {
                Type::Named(id) if matches!(self.def(id).map(|def| &def.shape), Some(Shape::Struct(_))) => {
                    bodies.entry(id).or_default().push((kind, encodings.get(&index)));
                }
                _ => *kind = BodyKind::RawMultipart,
            }
        }
        for (id, bodies) in bodies {
            let own = self.files(id);
            let encoded: Vec<_> = bodies.iter().map(|(_, at)| self.encoded_files(id, *at, &own)).collect();
            let agreed = encoded.iter().all(|files| encoded.first() == Some(files));
            let mut shared = own;
            if agreed {
                shared.extend(encoded.iter().take(1).flatten().cloned());
            }
            for ((kind, encoding), files) in bodies.into_iter().zip(encoded) {
                let alone = if agreed { BTreeSet::new() } else { files };
                for file in &alone {
                    let at = encoding.and_then(|encoding| encoding.key(file));
                    let message = format!("`{file}` is a file, but not in all forms of its schema");
                    at.into_iter().for_each(|at| self.report(&at, rules::IGNORED_KEYWORD, message.clone()));
                }
                if !alone.is_empty() || (elsewhere.contains(&id) && !shared.is_empty()) {
                    *kind = BodyKind::RawMultipart;
                }
            }
            if let Some(Shape::Struct(object)) = self.def_mut(id).map(|def| &mut def.shape)
                && !elsewhere.contains(&id)
            {
                mark(object, &shared);
            }
        }
    }

    /// The names of the fields that `encoding` alone makes files.
    fn encoded_files(
        &self,
        id: TypeId,
        encoding: Option<&Cursor<'a>>,
        own: &BTreeSet<String>,
    ) -> BTreeSet<String> {
        let form = Type::Named(id);
        let is_file = |name: &str, at: &Cursor<'a>| {
            let ty = self.property(&form, name, 0).filter(|_| !own.contains(name));
            ty.is_some_and(|ty| to_file(&mut ty.clone())) && self.says_file(at)
        };
        let entries = encoding.into_iter().flat_map(|encoding| encoding.entries());
        entries.filter(|(name, at)| is_file(name, at)).map(|(name, _)| name.to_owned()).collect()
    }

    /// The names of the fields that hold files.
    fn files(&self, id: TypeId) -> BTreeSet<String> {
        let Some(def) = self.defs.get(id.0) else { return BTreeSet::new() };
        let mut found = BTreeSet::new();
        file_properties(&SchemaView::new(def.cursor.clone()), 0, &mut found);
        found
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

fn mark(object: &mut Struct, files: &BTreeSet<String>) {
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

/// The properties that hold files, also those of the schemas that a schema is merged from.
fn file_properties(schema: &SchemaView<'_>, depth: usize, found: &mut BTreeSet<String>) {
    let files = schema.properties().into_iter().filter(|(_, schema)| holds_files(schema, 0));
    found.extend(files.map(|(wire, _)| wire.to_owned()));
    let parts = schema.all_of().into_iter().filter(|_| depth < 8);
    parts.filter_map(|part| part.resolve().ok()).for_each(|part| file_properties(&part, depth + 1, found));
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
