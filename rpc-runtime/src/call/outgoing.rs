//! What interceptors see of a call and of an attempt, and may add to them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method};

use crate::credentials::Wanted;
use crate::discovery::{Endpoint, ServiceName};
use crate::operation::Idempotency;
use crate::request::QueryString;

/// A call that is about to be made.
pub struct OutgoingCall {
    pub(crate) service: ServiceName,
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    /// What stands in logs for the path: no values.
    pub(crate) template: &'static str,
    pub(crate) idempotency: Idempotency,
    /// The call carries an idempotency key.
    pub(crate) keyed: bool,
    pub(crate) path: String,
    pub(crate) query: QueryString,
    /// Those of the client, until something is added.
    pub(crate) headers: Arc<HeaderMap>,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Bytes,
    /// Credentials that the operation asks for, and those that the call has of its own.
    pub(crate) wanted: Wanted,
}

impl OutgoingCall {
    /// The template of a raw call.
    pub(crate) const RAW: &'static str = "(raw)";

    /// The service's name in discovery.
    pub fn service(&self) -> &str {
        self.service.as_str()
    }

    /// The operation: the method's name, or `raw`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as the document writes it, `/api/v1/orders/{order_id}`: no values, so fit for logs. `(raw)` for a raw call.
    pub fn template(&self) -> &'static str {
        self.template
    }

    /// Whether an attempt that may have been processed may be sent again: the operation is safe or idempotent, or the call
    /// carries an idempotency key.
    pub fn is_repeatable(&self) -> bool {
        self.idempotency.is_repeatable(self.keyed)
    }

    /// Path and query, encoded. They may hold secrets.
    pub fn target(&self) -> Cow<'_, str> {
        let (path, query) = (&self.path, self.query.as_str());
        match (query.is_empty(), path.contains('?')) {
            (true, _) => Cow::Borrowed(path),
            (false, true) => Cow::Owned([path, "&", query].concat()),
            (false, false) => Cow::Owned([path, "?", query].concat()),
        }
    }

    /// The body, as it is sent.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The headers of every attempt. They may hold secrets.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The same, to be changed.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        Arc::make_mut(&mut self.headers)
    }

    /// Adds a query parameter.
    pub fn append_query(&mut self, name: &str, value: &str) {
        self.query.append(name, value);
    }
}

/// Neither target nor headers nor body: they hold secrets.
impl fmt::Debug for OutgoingCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, operation, method, template, .. } = self;
        f.debug_struct("OutgoingCall")
            .field("service", &service.as_str())
            .field("operation", operation)
            .field("method", method)
            .field("template", template)
            .finish_non_exhaustive()
    }
}

/// An attempt that is about to be sent.
pub struct OutgoingAttempt<'c> {
    pub(crate) call: &'c OutgoingCall,
    pub(crate) endpoint: &'c Endpoint,
    pub(crate) number: u32,
    pub(crate) headers: HeaderMap,
}

impl OutgoingAttempt<'_> {
    /// The call that it belongs to.
    pub fn call(&self) -> &OutgoingCall {
        self.call
    }

    /// Where it goes.
    pub fn endpoint(&self) -> &Endpoint {
        self.endpoint
    }

    /// Its number in the call, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The headers of this attempt, the call's among them. They may hold secrets.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The same, to be changed. What makes the call repeatable, its `Idempotency-Key`, belongs into
    /// [`before_call`](crate::intercept::Interceptor::before_call): it has to be the same in every attempt.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }
}

/// No headers: they hold secrets.
impl fmt::Debug for OutgoingAttempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingAttempt")
            .field("call", &self.call)
            .field("endpoint", &self.endpoint)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
