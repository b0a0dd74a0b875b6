//! `encoding`: how single fields of forms are written.

use crate::diagnostic::rules;
use crate::ir::{FieldStyle, Style, is_json};
use crate::load::{Cursor, SchemaView, Type, TypeSet};

use super::super::builder::Builder;
use super::media::{Chosen, Kind};

impl<'a> Builder<'a, '_> {
    /// The fields of a form that are not written in the usual way: a pair or part for each item of a list, objects as JSON.
    pub(super) fn field_styles(&mut self, chosen: &Chosen<'a>) -> Vec<(String, FieldStyle)> {
        let Some(encoding) = &chosen.encoding else { return Vec::new() };
        if chosen.kind == Kind::Multipart {
            let message = "`encoding` of parts is not supported here; the body is given as it is sent, boundaries included";
            self.report(encoding, rules::IGNORED_KEYWORD, message);
        }
        if !matches!(chosen.kind, Kind::Form | Kind::Parts) {
            return Vec::new();
        }
        let schema = chosen.schema.as_ref();
        let fields = encoding.entries().filter_map(|(name, at)| {
            let field = schema.and_then(|schema| property(schema, name, 0));
            Some((name.to_owned(), self.field_style(chosen.kind, name, &at, field)?))
        });
        fields.collect()
    }

    /// How one field is written; `None` for the usual way.
    fn field_style(
        &mut self,
        kind: Kind,
        name: &str,
        at: &Cursor<'a>,
        field: Option<SchemaView<'a>>,
    ) -> Option<FieldStyle> {
        let types = types(field.as_ref());
        let headers = at.key("headers").filter(|_| kind == Kind::Parts);
        let own = ["content-type", "content-disposition"];
        if let Some(headers) = headers.filter(|headers| {
            headers.entries().any(|(name, _)| !own.iter().any(|own| name.eq_ignore_ascii_case(own)))
        }) {
            let message = format!("headers of parts are not supported; `{name}` is sent without them");
            self.report(&headers, rules::IGNORED_KEYWORD, message);
        }
        if ["style", "explode", "allowReserved"].iter().any(|key| at.key(key).is_some()) {
            return self.styled(kind, at, types);
        }
        let media_type = at.key("contentType")?;
        // A list is a choice: the first one is taken.
        let first = media_type.str()?.split(',').next().unwrap_or_default().trim();
        if !first.contains('/') || !first.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            let message = format!("`{}` is not a media type; it is ignored", first.escape_debug());
            self.report(&media_type, rules::SLOPPY, message);
            return None;
        }
        // A list makes a part for each item.
        let types = match types.single() {
            Some(Type::Array) if kind == Kind::Parts => {
                self::types(field.and_then(|list| list.items()).as_ref())
            }
            _ => types,
        };
        let object = types.has(Type::Object);
        let usual = if object { "application/json" } else { "text/plain" };
        if first == usual && types.single().is_some() {
            return None;
        }
        if is_json(first) {
            return Some(FieldStyle::Json(first.to_owned()));
        }
        if kind == Kind::Parts && !object {
            return Some(FieldStyle::Content(first.to_owned()));
        }
        if object {
            let message = format!("`{name}` cannot be written as `{first}`; it is written as JSON");
            self.report(&media_type, rules::IGNORED_KEYWORD, message);
        }
        None
    }

    /// A field that is written like a query parameter.
    fn styled(&mut self, kind: Kind, at: &Cursor<'a>, types: TypeSet) -> Option<FieldStyle> {
        let style = match at.str_at("style") {
            None | Some("form") => Style::Form,
            Some("spaceDelimited") => Style::SpaceDelimited,
            Some("pipeDelimited") => Style::PipeDelimited,
            Some("deepObject") => Style::DeepObject,
            Some(other) => {
                let at = at.key("style").unwrap_or_else(|| at.clone());
                let message = format!("a field of a form has no style `{other}`; `form` is taken");
                self.report(&at, rules::SLOPPY, message);
                Style::Form
            }
        };
        let explode = at.key("explode").and_then(|explode| explode.bool()).unwrap_or(style == Style::Form);
        // Nothing is percent-encoded in parts.
        let reserved = at.flag("allowReserved") && kind == Kind::Form;
        let usual = style == Style::Form && explode && !reserved;
        let flat = types.single().is_some_and(|ty| ty != Type::Object);
        (!(usual && flat)).then_some(FieldStyle::Styled { style, explode, reserved })
    }
}

/// A property of an object, wherever its schema says so.
fn property<'a>(schema: &SchemaView<'a>, name: &str, depth: usize) -> Option<SchemaView<'a>> {
    let schema = schema.resolve().ok()?;
    schema.property(name).or_else(|| {
        let branches = schema.all_of().into_iter().chain(schema.any_of()).chain(schema.one_of());
        branches.filter(|_| depth < 8).find_map(|branch| property(&branch, name, depth + 1))
    })
}

/// What a value may be, null aside; empty if that cannot be told.
fn types(schema: Option<&SchemaView<'_>>) -> TypeSet {
    let schema = schema.and_then(|schema| schema.resolve().ok());
    schema.map(|schema| schema.types().without(Type::Null)).unwrap_or_default()
}
