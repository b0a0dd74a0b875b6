//! Replies.

use crate::diagnostic::rules;
use crate::ir::{Method, Reply, ReplyBody, Type};
use crate::load::{Cursor, OperationView};

use super::super::builder::{Builder, text};
use super::media::Kind;

impl<'a> Builder<'a, '_> {
    /// Documented replies below 400, then failures, each in status order.
    pub(super) fn replies(
        &mut self,
        view: &OperationView<'a>,
        method: &Method,
        hint: &str,
    ) -> (Vec<Reply>, Vec<Reply>) {
        let mut replies: Vec<Reply> = Vec::new();
        for (status, cursor) in view.responses() {
            let Some(status) = normal(status) else {
                self.report(
                    &cursor,
                    rules::SLOPPY,
                    format!("`{status}` is not a status; the reply is ignored"),
                );
                continue;
            };
            let body = self.reply_body(&cursor, &status, method, hint);
            let headers = self.headers(&cursor, &format!("{hint} response {status}"));
            let doc = text(cursor.str_at("description"));
            replies.push(Reply { status, body, enveloped: false, headers, doc });
        }
        // Digits come before `X`, and that before `default`.
        replies.sort_by(|a, b| a.status.cmp(&b.status));
        let (mut good, bad): (Vec<_>, Vec<_>) =
            replies.into_iter().partition(|reply| reply.status.starts_with(['1', '2', '3']));
        if good.is_empty() {
            // The only description of a success that there is.
            good.extend(bad.iter().find(|reply| reply.status == "default").cloned());
        }
        (good, bad)
    }

    fn reply_body(&mut self, cursor: &Cursor<'a>, status: &str, method: &Method, hint: &str) -> ReplyBody {
        let bodiless = *method == Method::Head || ["204", "205", "304"].contains(&status);
        if bodiless && cursor.key("content").is_some_and(|content| content.entries().next().is_some()) {
            if *method != Method::Head {
                self.report(cursor, rules::SLOPPY, format!("a reply with status {status} has no body"));
            }
            return ReplyBody::Empty;
        }
        let Some(chosen) = self.choose(cursor) else {
            // FastAPI says no more of a file or a stream; who gets something with success gets bytes.
            let silent = cursor.key("content").is_none() && *method == Method::Get;
            return match silent && ["200", "203", "206", "2XX"].contains(&status) {
                true => ReplyBody::Bytes("*/*".to_owned()),
                false => ReplyBody::Empty,
            };
        };
        match chosen.kind {
            Kind::Json => ReplyBody::Json(match &chosen.schema {
                Some(schema) => self.usage(schema, &format!("{hint} response {status}")).full(),
                None => Type::Any,
            }),
            Kind::Text => ReplyBody::Text,
            Kind::Form | Kind::Parts | Kind::Multipart | Kind::Bytes => ReplyBody::Bytes(chosen.media_type),
        }
    }
}

/// `200`, `2XX` or `default`.
fn normal(status: &str) -> Option<String> {
    if status.eq_ignore_ascii_case("default") {
        return Some("default".to_owned());
    }
    let upper = status.to_ascii_uppercase();
    let digit = |c: char| c.is_ascii_digit();
    let valid = match upper.strip_prefix(['1', '2', '3', '4', '5']) {
        Some("XX") => true,
        Some(rest) => rest.len() == 2 && rest.chars().all(digit),
        None => false,
    };
    valid.then_some(upper)
}
