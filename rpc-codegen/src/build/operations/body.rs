//! Request bodies.

use crate::diagnostic::rules;
use crate::ir::{Body, BodyKind, Type};
use crate::load::{Cursor, OperationView};

use super::super::builder::{Builder, text};
use super::media::Kind;

impl<'a> Builder<'a, '_> {
    pub(super) fn body(&mut self, view: &OperationView<'a>, hint: &str) -> Option<Body> {
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
        self.encoding(&cursor, &kind);
        let doc = text(cursor.str_at("description"));
        Some(Body { required: cursor.flag("required"), media_type, kind, doc })
    }

    /// Says what is not done that `encoding` asks for.
    fn encoding(&mut self, body: &Cursor<'a>, kind: &BodyKind) {
        let is_of = |media_type: &str| match kind {
            BodyKind::Form(_) => media_type.starts_with("application/x-www-form-urlencoded"),
            BodyKind::RawMultipart => media_type.starts_with("multipart/"),
            _ => false,
        };
        let entries = body.key("content").into_iter().flat_map(|content| content.entries());
        let media = entries.filter(|(name, _)| is_of(&name.to_ascii_lowercase()));
        for (_, media) in media {
            let Some(encoding) = media.resolve().ok().and_then(|media| media.key("encoding")) else {
                continue;
            };
            if *kind == BodyKind::RawMultipart {
                let message = "`encoding` of parts is not supported; the body is given as it is sent, boundaries included";
                self.report(&encoding, rules::IGNORED_KEYWORD, message);
                continue;
            }
            for (field, encoding) in encoding.entries().filter(|(_, encoding)| !is_usual(encoding)) {
                let message = format!(
                    "`encoding` is not supported and ignored; `{field}` is written as fields of a form usually are"
                );
                self.report(&encoding, rules::IGNORED_KEYWORD, message);
            }
        }
    }
}

/// Whether an encoding asks for what is done anyway: `style: form`, exploded.
fn is_usual(encoding: &Cursor<'_>) -> bool {
    encoding.str_at("style").is_none_or(|style| style == "form")
        && encoding.key("explode").and_then(|explode| explode.bool()) != Some(false)
        && encoding.key("contentType").is_none()
        && !encoding.flag("allowReserved")
}
