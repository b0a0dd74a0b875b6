//! Headers of replies.

use crate::diagnostic::rules;
use crate::ir::{Header, HeaderStyle, Type, is_json};
use crate::load::{Cursor, SchemaView};

use super::super::builder::{Builder, text};
use super::{is_token, media};

impl<'a> Builder<'a, '_> {
    /// The headers of a reply, in document order.
    pub(super) fn headers(&mut self, reply: &Cursor<'a>, hint: &str) -> Vec<Header> {
        let mut found: Vec<Header> = Vec::new();
        for (wire, entry) in reply.key("headers").into_iter().flat_map(|headers| headers.entries()) {
            // What it refers to has been checked.
            let Ok(cursor) = entry.resolve() else { continue };
            let (rule, problem) = if !is_token(wire) {
                (rules::SLOPPY, "is not a name of a header")
            } else if wire.eq_ignore_ascii_case("content-type") {
                (rules::IGNORED_HEADER, "is said by `content`")
            } else if found.iter().any(|header| header.wire.eq_ignore_ascii_case(wire)) {
                (rules::SLOPPY, "is declared twice")
            } else {
                found.push(self.header(&cursor, wire, &format!("{hint} {wire}")));
                continue;
            };
            let message = format!("`{}` {problem}; the header is ignored", wire.escape_debug());
            self.report(&entry, rule, message);
        }
        found
    }

    fn header(&mut self, cursor: &Cursor<'a>, wire: &str, hint: &str) -> Header {
        let (is_json, schema) = match media::content(cursor) {
            Some((media_type, content)) => {
                let schema = content.key("schema").map(SchemaView::new);
                let is_structured = schema.as_ref().is_some_and(media::structured);
                let is_json = is_json(media_type) || (media_type == "*/*" && is_structured);
                // A text in a format of its own.
                (is_json, schema.filter(|_| is_json || !is_structured))
            }
            None => (false, cursor.key("schema").map(SchemaView::new)),
        };
        let explode = cursor.flag("explode");
        Header {
            wire: wire.to_owned(),
            ty: schema.as_ref().map_or(Type::Any, |schema| self.usage(schema, hint).ty),
            style: match (is_json, explode) {
                (true, _) => HeaderStyle::Json,
                (false, true) => HeaderStyle::Exploded,
                (false, false) => HeaderStyle::Simple,
            },
            doc: text(cursor.str_at("description")),
            deprecated: cursor.flag("deprecated") || schema.is_some_and(|schema| schema.deprecated()),
            origin: cursor.location(),
            key: 0,
        }
    }
}
