//! Media types and the choice among them.

use crate::diagnostic::rules;
use crate::ir::{essence, is_json};
use crate::load::{Cursor, SchemaView, Type};

use super::super::builder::Builder;

/// How a body is written, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Json,
    Form,
    /// `multipart/form-data` with a schema.
    Parts,
    Multipart,
    Text,
    Bytes,
}

/// The media type that is used.
pub(super) struct Chosen<'a> {
    pub(super) kind: Kind,
    pub(super) media_type: String,
    /// `application/json` itself, which comes before its relatives.
    exact: bool,
    pub(super) schema: Option<SchemaView<'a>>,
    pub(super) encoding: Option<Cursor<'a>>,
}

impl<'a> Builder<'a, '_> {
    /// The entry of `content` that is understood best; `None` if there is no entry.
    pub(super) fn choose(&mut self, holder: &Cursor<'a>) -> Option<Chosen<'a>> {
        let content = holder.key("content")?;
        let mut offered: Vec<Chosen<'a>> = Vec::new();
        for (name, entry) in content.entries() {
            match entry.resolve() {
                Ok(entry) => {
                    let taken = self.media_type(name, &entry);
                    let exact = essence(name) == "application/json";
                    offered.push(Chosen { exact, ..chosen(&taken, &entry) });
                }
                Err(problem) => self.push(*problem),
            }
        }
        let several = offered.len() > 1;
        let first = offered.into_iter().min_by_key(|offer| (offer.kind, !offer.exact))?;
        if several {
            let message = format!("several media types are offered; `{}` is used", first.media_type);
            self.report(&content, rules::MEDIA_TYPE_CHOSEN, message);
        }
        Some(first)
    }

    /// The key of an entry of `content`; what its schema suggests if the key can stand in no header.
    fn media_type(&mut self, name: &'a str, entry: &Cursor<'a>) -> String {
        if name.contains('/') && name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return name.to_owned();
        }
        let is_structured =
            entry.key("schema").map(SchemaView::new).is_some_and(|schema| structured(&schema));
        let taken = if is_structured { "application/json" } else { "application/octet-stream" };
        let message = format!("`{}` is not a media type; `{taken}` is taken", name.escape_debug());
        self.report(entry, rules::SLOPPY, message);
        taken.to_owned()
    }
}

fn chosen<'a>(name: &str, entry: &Cursor<'a>) -> Chosen<'a> {
    let schema = entry.key("schema").map(SchemaView::new);
    let essence = essence(name);
    let kind = match essence.as_str() {
        _ if entry.key("itemSchema").is_some() => Kind::Bytes,
        "application/x-www-form-urlencoded" => Kind::Form,
        // Frameworks that do not know better say this of JSON.
        "*/*" if schema.as_ref().is_some_and(structured) => {
            return Chosen {
                kind: Kind::Json,
                media_type: "application/json".to_owned(),
                exact: false,
                schema,
                encoding: None,
            };
        }
        essence if is_json(essence) => Kind::Json,
        "multipart/form-data" if schema.as_ref().is_some_and(structured) => Kind::Parts,
        essence if essence.starts_with("multipart/") => Kind::Multipart,
        "text/event-stream" => Kind::Bytes,
        essence if essence.starts_with("text/") => Kind::Text,
        _ => Kind::Bytes,
    };
    Chosen { kind, media_type: name.to_owned(), exact: false, schema, encoding: entry.key("encoding") }
}

/// The only entry of `content` of a parameter or header.
pub(super) fn content<'a>(cursor: &Cursor<'a>) -> Option<(&'a str, Cursor<'a>)> {
    let (media_type, content) = cursor.key("content")?.entries().next()?;
    Some((media_type, content.resolve().ok()?))
}

/// Whether values are objects or lists, by what the schema says or is made of.
pub(super) fn structured(schema: &SchemaView<'_>) -> bool {
    is_structured(schema, 0)
}

fn is_structured(schema: &SchemaView<'_>, depth: usize) -> bool {
    let Ok(schema) = schema.resolve() else { return false };
    let types = schema.types();
    if types.has(Type::Object) || types.has(Type::Array) {
        return true;
    }
    let inner = |part: &SchemaView<'_>| depth < 8 && is_structured(part, depth + 1);
    let choices: Vec<_> = schema.one_of().into_iter().chain(schema.any_of()).collect();
    schema.cursor().key("type").is_none()
        && (schema.cursor().key("properties").is_some()
            || schema.all_of().iter().any(inner)
            || (!choices.is_empty() && choices.iter().all(inner)))
}
