//! The spans of a call: one around all of it, and one around each send (an attempt, hedges included), with the names of OpenTelemetry's
//! conventions for HTTP clients. Nothing is computed unless somebody listens.
//!
//! A span ends when it is dropped, and its owner is dropped once, however the call ends. One that nobody has told an end was given up by
//! the caller, which is no error.

mod url;

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::pin::Pin;

use tracing::Span;
use tracing::field::{Empty, display};

use self::url::{full_url, peer_port, url_template};
use super::Success;
use super::exchange::Answered;
use super::prepare::Prepared;
use crate::codegen::Request;
use crate::discovery::Endpoint;
use crate::error::Error;
use crate::metrics::Failure;
use crate::response::Source;
use crate::rng::Rng;
use crate::semconv;
use crate::trace::{Outgoing, TraceContext, TraceId, TraceParent};

/// The span of a whole call: caches, waits, all its sends.
#[derive(Debug)]
pub(super) struct CallSpan(Span);

/// The span of one send.
#[derive(Debug)]
pub(super) struct AttemptSpan(Span);

impl CallSpan {
    pub(super) fn open(request: &Request) -> Self {
        let (service, operation) = (request.handle.name().as_str(), request.descriptor.name);
        Self(tracing::info_span!(
            target: "rpc_runtime::call",
            "call",
            otel.kind = "internal",
            otel.name = [service, ".", operation].concat().as_str(),
            otel.status_code = Empty,
            error.type = Empty,
            service,
            operation,
            source = Empty,
        ))
    }

    /// The trace that the call's sends carry: that of the span, where a tracing system has given it one.
    pub(super) fn trace(&self, scope: Option<TraceContext>, own: Option<TraceId>, rng: &dyn Rng) -> Outgoing {
        #[cfg(feature = "otel")]
        return crate::otel::outgoing(&self.0, scope, own, rng);
        #[cfg(not(feature = "otel"))]
        Outgoing::new(scope, own, rng)
    }

    /// Polls a future in the span.
    pub(super) fn around<'f, F: Future>(
        &'f self,
        future: Pin<&'f mut F>,
    ) -> impl Future<Output = F::Output> + 'f {
        around(&self.0, future)
    }

    /// Runs a function in the span.
    pub(super) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.in_scope(work)
    }

    pub(super) fn ended(&self, result: Result<&Success, &Error>) {
        match result {
            Ok(Success { source: Source::Service, .. }) => {}
            Ok(Success { source, .. }) => {
                self.0.record("source", display(source));
            }
            Err(error) => failed(&self.0, error),
        }
    }
}

impl AttemptSpan {
    /// The span of the call's send with this number, from 1.
    pub(super) fn open(call: &Prepared, endpoint: &Endpoint, number: u32) -> Self {
        let method = &call.outgoing.method;
        Self(tracing::info_span!(
            target: "rpc_runtime::call",
            "attempt",
            otel.kind = "client",
            otel.name = name(call).as_ref(),
            otel.status_code = Empty,
            http.request.method = semconv::method(method),
            http.request.method_original = semconv::original(method),
            url.template = url_template(&call.outgoing),
            url.full = full_url(endpoint, call.target()).as_str(),
            server.address = semconv::server_address(endpoint).as_ref(),
            server.port = semconv::server_port(endpoint),
            network.peer.address = endpoint.peer(),
            network.peer.port = peer_port(endpoint),
            network.protocol.version = Empty,
            http.request.resend_count = (number > 1).then(|| i64::from(number - 1)),
            http.response.status_code = Empty,
            error.type = Empty,
        ))
    }

    /// Its place in the trace, where a tracing system has given it one.
    pub(super) fn place(&self) -> Option<TraceParent> {
        #[cfg(feature = "otel")]
        return crate::otel::place(&self.0);
        #[cfg(not(feature = "otel"))]
        None
    }

    /// Polls a future of an interceptor's in the span. The transport's is not: entering a span for each poll is what costs most of it.
    pub(super) fn around<'f, F: Future>(
        &'f self,
        future: Pin<&'f mut F>,
    ) -> impl Future<Output = F::Output> + 'f {
        around(&self.0, future)
    }

    /// Runs the interceptors' last function in the span. Layers take the last time that a span is left for its end, so that whoever was
    /// in it is in it at its end, too.
    pub(super) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.in_scope(work)
    }

    /// What is known of the reply, also when nobody waits for the rest of it.
    pub(super) fn answered(&self, answered: Option<Answered>) {
        let Some(Answered { status, version }) = answered else { return };
        self.0.record("http.response.status_code", i64::from(status.as_u16()));
        if let Some(version) = version.and_then(semconv::version) {
            self.0.record("network.protocol.version", version);
        }
    }

    pub(super) fn failed(&self, error: &Error) {
        failed(&self.0, error);
    }
}

/// Polls a future in a span. Pinned by the caller, so that it is not held twice.
fn around<'f, F: Future>(span: &'f Span, mut future: Pin<&'f mut F>) -> impl Future<Output = F::Output> + 'f {
    poll_fn(move |context| span.in_scope(|| future.as_mut().poll(context)))
}

fn failed(span: &Span, error: &Error) {
    if !span.is_disabled() {
        span.record("error.type", Failure::of(error).as_str());
        span.record("otel.status_code", semconv::ERROR);
    }
}

/// `GET /orders/{id}`, or the method alone: a path is no name.
fn name(call: &Prepared) -> Cow<'_, str> {
    let method = semconv::named(&call.outgoing.method);
    match url_template(&call.outgoing) {
        Some(template) => [method, " ", template].concat().into(),
        None => method.into(),
    }
}
