//! Which type stands for which place of a document.

use std::collections::BTreeMap;

use rpc_codegen::ir::{Additional, Body, BodyKind, Operation, ReplyBody, Service, Shape, Type, TypeId};
use serde_json::Value;

use super::find::escaped;

/// The type of what is described at a JSON pointer: a schema, a parameter, a media type, a reply of Swagger 2.0. With each,
/// the pointer of its schema.
#[derive(Debug, Default)]
pub(super) struct Reach {
    types: BTreeMap<String, (Type, String)>,
}

impl Reach {
    /// Everything that the service's types, parameters, bodies and replies speak of.
    pub(super) fn new(service: &Service, document: &Value) -> Self {
        let mut walk = Walk { document, service, reach: Self::default() };
        for (id, def) in service.types.iter() {
            if def.direction.request || def.direction.reply {
                walk.named(id);
            }
        }
        for operation in &service.operations {
            walk.operation(operation);
        }
        walk.reach
    }

    pub(super) fn at(&self, pointer: &str) -> Option<(&Type, &str)> {
        self.types.get(pointer).map(|(ty, schema)| (ty, schema.as_str()))
    }
}

struct Walk<'a> {
    document: &'a Value,
    service: &'a Service,
    reach: Reach,
}

impl<'a> Walk<'a> {
    fn put(&mut self, at: &str, ty: &Type, schema: &str) {
        self.reach.types.entry(at.to_owned()).or_insert_with(|| (ty.clone(), schema.to_owned()));
    }

    fn named(&mut self, id: TypeId) {
        let Some(def) = self.service.types.get(id) else { return };
        let at = def.origin.pointer.as_str();
        self.put(at, &Type::Named(id), at);
        match &def.shape {
            Shape::Struct(shape) => {
                for field in &shape.fields {
                    self.schema(&field.origin.pointer, &field.ty);
                }
                if let Additional::Kept { ty, .. } = &shape.additional {
                    self.schema(&format!("{at}/additionalProperties"), ty);
                }
            }
            Shape::Alias(ty, _) => self.below(at, ty),
            Shape::Enum(_) | Shape::Union(_) => {}
        }
    }

    /// The schema at a place, and what it is made of.
    fn schema(&mut self, at: &str, ty: &Type) {
        if self.document.pointer(at).is_some() {
            self.put(at, ty, at);
            self.below(at, ty);
        }
    }

    fn below(&mut self, at: &str, ty: &Type) {
        match ty {
            Type::List(item) => self.schema(&format!("{at}/items"), item),
            Type::Map(value) => self.schema(&format!("{at}/additionalProperties"), value),
            Type::Tuple(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    self.schema(&format!("{at}/prefixItems/{index}"), part);
                }
            }
            Type::Nullable(inner) | Type::Boxed(inner) => self.below(at, inner),
            Type::Named(_) | Type::Scalar(_) | Type::Any | Type::Null => {}
        }
    }

    fn operation(&mut self, operation: &Operation) {
        for parameter in &operation.parameters {
            let at = parameter.origin.pointer.as_str();
            let inner = format!("{at}/schema");
            // Parameters of Swagger 2.0 are schemas themselves.
            let schema = if self.document.pointer(&inner).is_some() { inner.as_str() } else { at };
            self.put(at, &parameter.ty, schema);
            self.schema(schema, &parameter.ty);
        }
        let at = operation.origin.pointer.as_str();
        if let Some(Body { kind: BodyKind::Json(ty), .. }) = &operation.body {
            self.media(&format!("{at}/requestBody"), ty);
        }
        for reply in operation.replies.iter().chain(&operation.failures) {
            if let ReplyBody::Json(ty) = &reply.body {
                self.media(&format!("{at}/responses/{}", escaped(&reply.status)), ty);
            }
        }
    }

    /// What has `content` (or, in Swagger 2.0, a `schema` of its own).
    fn media(&mut self, at: &str, ty: &Type) {
        let Some((at, holder)) = self.resolved(at) else { return };
        if holder.get("schema").is_some() {
            let schema = format!("{at}/schema");
            self.put(&at, ty, &schema);
            self.schema(&schema, ty);
        }
        let content = holder.get("content").and_then(Value::as_object).into_iter().flatten();
        let json: Vec<&String> = content.map(|(name, _)| name).filter(|name| is_json(name)).collect();
        // Of several, the generator chooses one, and the others may be something else.
        if let [only] = json.as_slice() {
            let media = format!("{at}/content/{}", escaped(only));
            let schema = format!("{media}/schema");
            self.put(&media, ty, &schema);
            self.schema(&schema, ty);
        }
    }

    /// A place with its references followed.
    fn resolved(&self, at: &str) -> Option<(String, &'a Value)> {
        let mut at = at.to_owned();
        for _ in 0..8 {
            let value: &'a Value = self.document.pointer(&at)?;
            match value.get("$ref").and_then(Value::as_str) {
                Some(target) => at = target.strip_prefix('#')?.to_owned(),
                None => return Some((at, value)),
            }
        }
        None
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}
