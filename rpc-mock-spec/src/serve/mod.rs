//! Requests in, replies out; the glue to the HTTP server is at the end.

mod failures;
mod http;
mod stateful;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::model::{Model, Operation};
use crate::reply::{self, Outgoing};
use crate::request::{self, Refusal, Request};
use crate::state::{Collections, Store};
use std::sync::Arc;

pub(crate) use self::http::service;

/// What a mock does beyond samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Whether what is created stays; on by default.
    pub state: bool,
    /// Whether requests are checked (401, 415, 422); on by default.
    pub validation: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { state: true, validation: true }
    }
}

impl Options {
    /// Turns state on or off.
    #[must_use]
    pub fn state(mut self, on: bool) -> Self {
        self.state = on;
        self
    }

    /// Turns the checks of requests on or off.
    #[must_use]
    pub fn validation(mut self, on: bool) -> Self {
        self.validation = on;
        self
    }
}

/// A document that is being served.
#[derive(Debug)]
pub(crate) struct Server {
    model: Arc<Model>,
    options: Options,
    collections: Collections,
    store: Store,
}

impl Server {
    pub(crate) fn new(model: Arc<Model>, options: Options) -> Self {
        let collections = Collections::find(&model.operations);
        Self { model, options, collections, store: Store::default() }
    }

    /// The reply to a request for the operation of this index.
    pub(crate) fn respond(&self, index: usize, request: &Request) -> Outgoing {
        let Some(operation) = self.model.operations.get(index) else {
            return Outgoing { status: 404, ..Outgoing::default() };
        };
        if self.options.validation
            && let Err(refusal) = request::check(&self.model, operation, request)
        {
            return self.refuse(operation, &refusal);
        }
        if let Some(wanted) = reply::wanted(operation, request) {
            return reply::outgoing(&self.model, &wanted, reply::json(&self.model, &wanted));
        }
        let Some(chosen) = reply::success(operation, request) else {
            return Outgoing { status: 200, ..Outgoing::default() };
        };
        let json = reply::json(&self.model, &chosen);
        let role = self.collections.role(index).filter(|_| self.options.state);
        match role {
            None => reply::outgoing(&self.model, &chosen, json),
            Some((role, parameter)) => self.stateful(operation, &chosen, json, request, role, parameter),
        }
    }

    fn refuse(&self, operation: &Operation, refusal: &Refusal) -> Outgoing {
        let (status, message, reasons) = match refusal {
            Refusal::Unauthorized => (401, "a credential is missing".to_owned(), Vec::new()),
            Refusal::UnsupportedMediaType(sent) => {
                (415, format!("the document knows no body of type `{sent}` here"), Vec::new())
            }
            Refusal::Invalid(reasons) => {
                let all: Vec<String> = reasons.iter().map(ToString::to_string).collect();
                (reply::bad_request(operation), all.join("; "), reasons.clone())
            }
        };
        let mut out = reply::failure(&self.model, operation, status, &message, &reasons);
        if status == 401 {
            out.headers.push(("www-authenticate".into(), "Bearer".into()));
        }
        out
    }

    fn not_found(&self, operation: &Operation) -> Outgoing {
        reply::failure(&self.model, operation, 404, "not found", &[])
    }

    /// Where the payload stands: inside the envelope, if there is one.
    fn payload(&self, json: &Value) -> String {
        match &self.model.envelope {
            Some(envelope) if json.get(&envelope.code).is_some() && json.get(&envelope.data).is_some() => {
                format!("/{}", envelope.data.replace('~', "~0").replace('/', "~1"))
            }
            _ => String::new(),
        }
    }
}
