//! The spans of a call: one around all of it, and one around each send (an attempt, hedges included), with the names of OpenTelemetry's
//! conventions for HTTP clients. Nothing is computed unless somebody listens.
//!
//! A span ends when it is dropped, and its owner is dropped once, however the call ends. One that nobody has told an end was given up by
//! the caller, which is no error.

#[cfg(feature = "otlp")]
mod direct;
mod url;
mod way;

use std::borrow::Cow;
use std::ops::Deref;

use tracing::field::Empty;

use self::url::{full_url, peer_port, url_template};
use self::way::Way;
use super::Success;
use super::exchange::Answered;
use super::prepare::Prepared;
use crate::codegen::Request;
use crate::discovery::Endpoint;
use crate::error::Error;
use crate::metrics::Failure;
#[cfg(feature = "otlp")]
use crate::otel::{ATTEMPTS, CALLS};
use crate::response::Source;
use crate::semconv;
use crate::trace::Outgoing;

/// The span of a whole call: caches, waits, all its sends.
#[derive(Debug)]
pub(super) struct CallSpan(Way);

/// The span of one send.
#[derive(Debug)]
pub(super) struct AttemptSpan(Way);

impl CallSpan {
    /// The span, and the trace that the call's sends carry: that of the span, where a tracing system has given it one.
    pub(super) fn open(request: &Request) -> (Self, Outgoing) {
        let rng = request.handle.mesh().rng();
        let trace = Outgoing::carried(request.context.trace.clone(), request.options.trace_id.clone(), rng);
        #[cfg(feature = "otlp")]
        if let Some(span) = crate::otel::begin(&CALLS, || direct::call(request, trace.as_deref())) {
            let span = Way::Direct(span);
            let trace = span.trace(trace, rng);
            return (Self(span), trace);
        }
        let (service, operation) = (request.handle.name().as_str(), request.descriptor.name);
        let span = Way::Tracing(tracing::info_span!(
            target: "rpc_runtime::call",
            "call",
            otel.kind = "internal",
            otel.name = call_name(request).as_str(),
            otel.status_code = Empty,
            error.type = Empty,
            service,
            operation,
            source = Empty,
        ));
        let trace = span.trace(trace, rng);
        (Self(span), trace)
    }

    pub(super) fn ended(&self, result: Result<&Success, &Error>) {
        match result {
            Ok(Success { source: Source::Service, .. }) => {}
            Ok(Success { source, .. }) => self.0.text("source", source.as_str()),
            Err(error) => self.0.failed(&Failure::of(error)),
        }
    }
}

impl AttemptSpan {
    /// The span of the call's send with this number, from 1.
    pub(super) fn open(call: &Prepared, endpoint: &Endpoint, number: u32) -> Self {
        #[cfg(feature = "otlp")]
        if let Some(span) = crate::otel::begin(&ATTEMPTS, || direct::attempt(call, endpoint, number)) {
            return Self(Way::Direct(span));
        }
        let method = &call.outgoing.method;
        Self(Way::Tracing(tracing::info_span!(
            target: "rpc_runtime::call",
            "attempt",
            otel.kind = "client",
            otel.name = attempt_name(call).as_ref(),
            otel.status_code = Empty,
            http.request.method = semconv::method(method),
            http.request.method_original = semconv::original(method),
            url.template = url_template(&call.outgoing),
            url.full = full_url(endpoint, call.target()).as_str(),
            server.address = endpoint.server().as_ref(),
            server.port = semconv::server_port(endpoint),
            network.peer.address = endpoint.peer().map(AsRef::as_ref),
            network.peer.port = peer_port(endpoint),
            network.protocol.version = Empty,
            http.request.resend_count = resend_count(number),
            http.response.status_code = Empty,
            error.type = Empty,
        )))
    }

    /// What is known of the reply, also when nobody waits for the rest of it.
    pub(super) fn answered(&self, answered: Option<Answered>) {
        let Some(Answered { status, version }) = answered else { return };
        self.0.number("http.response.status_code", i64::from(status.as_u16()));
        if let Some(version) = version.and_then(semconv::version) {
            self.0.text("network.protocol.version", version);
        }
    }

    pub(super) fn failed(&self, error: &Error) {
        self.0.failed(&Failure::of(error));
    }
}

impl Deref for CallSpan {
    type Target = Way;

    fn deref(&self) -> &Way {
        &self.0
    }
}

/// Only interceptors run in it: the transport does not, since to enter a span for each poll is what costs most of it.
impl Deref for AttemptSpan {
    type Target = Way;

    fn deref(&self) -> &Way {
        &self.0
    }
}

/// `order-service.GetOrder`
fn call_name(request: &Request) -> String {
    [request.handle.name().as_str(), ".", request.descriptor.name].concat()
}

/// `GET /orders/{id}`, or the method alone: a path is no name.
fn attempt_name(call: &Prepared) -> Cow<'static, str> {
    let method = semconv::named(&call.outgoing.method);
    match url_template(&call.outgoing) {
        Some(template) => [method, " ", template].concat().into(),
        None => method.into(),
    }
}

/// `http.request.resend_count`; a first send has none.
fn resend_count(number: u32) -> Option<i64> {
    (number > 1).then(|| i64::from(number - 1))
}
