//! Operations.

mod body;
mod header;
mod media;
mod parameter;
mod reply;
mod security;
mod template;

pub(super) use security::credentials;

use std::collections::BTreeMap;

use crate::diagnostic::{Rule, rules};
use crate::ir::{LeftOut, Method, Operation, Output, Policy};
use crate::load::{Cursor, OperationView};

use super::builder::{Builder, text};

/// Defaults of parameters by index, to be read when all types are known.
pub(super) type Defaults<'a> = Vec<(usize, Cursor<'a>)>;

/// The `encoding` of bodies by index of their operations, to be read when all types are known.
pub(super) type Encodings<'a> = BTreeMap<usize, Cursor<'a>>;

/// What of an operation waits until all types are known.
pub(super) struct Later<'a> {
    pub(super) defaults: Defaults<'a>,
    pub(super) encoding: Option<Cursor<'a>>,
}

impl<'a> Builder<'a, '_> {
    /// One operation.
    ///
    /// # Errors
    /// When it cannot be called as the document has it; the reason has been reported.
    pub(super) fn operation(&mut self, view: &OperationView<'a>) -> Result<(Operation, Later<'a>), LeftOut> {
        let operation = self.read_operation(view);
        match (operation, self.refusal.take()) {
            (Some(operation), None) => Ok(operation),
            (_, reason) => Err(LeftOut {
                key: format!("{} {}", view.method, view.path),
                origin: view.cursor.key_location(),
                reason: reason.unwrap_or_default(),
            }),
        }
    }

    fn read_operation(&mut self, view: &OperationView<'a>) -> Option<(Operation, Later<'a>)> {
        let method = self.method(view)?;
        self.checker.operation(view, self.diagnostics);
        let key = format!("{} {}", view.method, view.path);
        let operation_id = view.operation_id().map(str::to_owned);
        let hint = operation_id.clone().unwrap_or_else(|| key.clone());
        let template = self.template(view);
        let (parameters, defaults) = self.parameters(view, &template, &hint);
        let (body, encoding) = self.body(view, &hint).unzip();
        let (replies, failures) = self.replies(view, &method, &hint);
        let operation = Operation {
            name: operation_id.clone().unwrap_or_default(),
            type_name: String::new(),
            key,
            operation_id,
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
            idempotency: method.idempotency(),
            policy: Policy::default(),
            method,
            security: self.security(view),
        };
        Some((operation, Later { defaults, encoding: encoding.flatten() }))
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
            "QUERY" => Method::Query,
            other if is_token(other) => Method::Extension(other.to_owned()),
            other => {
                let message = format!("`{}` is not an HTTP method", other.escape_debug());
                self.refuse(&view.cursor, rules::UNSUPPORTED_OPERATION, message);
                return None;
            }
        })
    }

    /// Says why the operation at hand cannot be generated; [`Builder::operation`] leaves it out.
    fn refuse(&mut self, at: &Cursor<'a>, rule: Rule, message: impl Into<String>) {
        let reason = message.into();
        self.report(at, rule, format!("{reason}; the operation is left out"));
        self.refusal.get_or_insert(reason);
    }
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let is_sign = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_sign(byte))
}
