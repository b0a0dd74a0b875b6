//! Request bodies.

use crate::diagnostic::rules;
use crate::ir::{Body, BodyKind, Type};
use crate::load::{Cursor, OperationView};

use super::super::builder::{Builder, text};
use super::media::Kind;

impl<'a> Builder<'a, '_> {
    /// The body, and the `encoding` of its fields, which is read when all types are known.
    pub(super) fn body(
        &mut self,
        view: &OperationView<'a>,
        hint: &str,
    ) -> Option<(Body, Option<Cursor<'a>>)> {
        let cursor = view.request_body()?;
        let Some(chosen) = self.choose(&cursor) else {
            self.report(&cursor, rules::SLOPPY, "a body without a media type is no body");
            return None;
        };
        let mut media_type = chosen.media_type;
        let mut ty = || match &chosen.schema {
            Some(schema) => self.usage(schema, &format!("{hint} body")).full(),
            None => Type::Any,
        };
        let kind = match chosen.kind {
            Kind::Json => BodyKind::Json(ty()),
            Kind::Form => BodyKind::Form(ty()),
            Kind::Parts => BodyKind::Multipart(ty()),
            Kind::Multipart => BodyKind::RawMultipart,
            Kind::Text => BodyKind::Text,
            Kind::Bytes => BodyKind::Bytes,
        };
        if media_type.contains('*') {
            let sent = if kind == BodyKind::Text { "text/plain" } else { "application/octet-stream" };
            let message = format!("`{media_type}` cannot be sent; the body goes as `{sent}`");
            self.report(&cursor, rules::SLOPPY, message);
            sent.clone_into(&mut media_type);
        }
        let doc = text(cursor.str_at("description"));
        let body = Body { required: cursor.flag("required"), media_type, kind, fields: Vec::new(), doc };
        Some((body, chosen.encoding))
    }
}
