//! Operations.

mod body;
mod media;
mod parameter;
mod reply;
mod security;
mod template;

pub(super) use media::is_json;
pub(super) use security::credentials;

use crate::diagnostic::rules;
use crate::ir::{Idempotency, Method, Operation, Output};
use crate::load::{Cursor, OperationView};

use super::builder::{Builder, text};

/// Defaults of parameters by index, to be read when all types are known.
pub(super) type Defaults<'a> = Vec<(usize, Cursor<'a>)>;

impl<'a> Builder<'a, '_> {
    /// One operation; `None` if it cannot be called at all, for a reason that has been reported.
    pub(super) fn operation(&mut self, view: &OperationView<'a>) -> Option<(Operation, Defaults<'a>)> {
        let method = self.method(view)?;
        self.checker.operation(view, self.diagnostics);
        let key = format!("{} {}", view.method, view.path);
        let operation_id = view.operation_id().map(str::to_owned);
        let hint = operation_id.clone().unwrap_or_else(|| key.clone());
        let template = self.template(view);
        let (parameters, defaults) = self.parameters(view, &template, &hint);
        let body = self.body(view, &hint);
        let (replies, failures) = self.replies(view, method, &hint);
        let operation = Operation {
            name: operation_id.clone().unwrap_or_default(),
            type_name: String::new(),
            key,
            operation_id,
            method,
            template: template.text,
            fixed_query: template.fixed_query,
            tag: view.tags().first().map(|tag| (*tag).to_owned()),
            summary: text(view.summary())
                .map(|summary| summary.split_whitespace().collect::<Vec<_>>().join(" ")),
            description: text(view.description()),
            deprecated: view.deprecated(),
            origin: view.cursor.key_location(),
            parameters,
            body,
            replies,
            output: Output::Unit,
            enveloped: false,
            errors: None,
            failures,
            idempotency: idempotency(method),
            security: self.security(view),
        };
        Some((operation, defaults))
    }

    fn method(&mut self, view: &OperationView<'a>) -> Option<Method> {
        Some(match view.method {
            "GET" => Method::Get,
            "PUT" => Method::Put,
            "POST" => Method::Post,
            "DELETE" => Method::Delete,
            "OPTIONS" => Method::Options,
            "HEAD" => Method::Head,
            "PATCH" => Method::Patch,
            "TRACE" => Method::Trace,
            other => {
                self.unsupported(&view.cursor, &format!("the method `{other}`"));
                return None;
            }
        })
    }

    pub(super) fn unsupported(&mut self, at: &Cursor<'a>, feature: &str) {
        self.report(at, rules::UNSUPPORTED_OPERATION, format!("not supported yet: {feature}"));
    }
}

/// RFC 9110 §9.2.
fn idempotency(method: Method) -> Idempotency {
    match method {
        Method::Get | Method::Head | Method::Options | Method::Trace => Idempotency::Safe,
        Method::Put | Method::Delete => Idempotency::Idempotent,
        Method::Post | Method::Patch => Idempotency::Unsafe,
    }
}
