//! The span around the handling of a request: names of OpenTelemetry's conventions for HTTP servers. No value of a query, no header but `Host`.

use http::uri::Authority;
use http::{Request, Response, header};
use tracing::Span;
use tracing::field::{Empty, display};

use super::expired::DEADLINE_EXPIRED;
use crate::context::Context;
use crate::semconv;

pub(super) fn open<B>(request: &Request<B>) -> Span {
    let span = tracing::info_span!(
        target: "rpc_runtime::server",
        "request",
        otel.kind = "server",
        otel.name = Empty,
        otel.status_code = Empty,
        http.request.method = semconv::method(request.method()),
        http.request.method_original = semconv::original(request.method()),
        http.route = route(request),
        url.scheme = request.uri().scheme_str().unwrap_or("http"),
        url.path = request.uri().path(),
        url.query = request.uri().query().map(semconv::redacted).as_deref(),
        server.address = Empty,
        server.port = Empty,
        network.protocol.version = semconv::version(request.version()),
        http.response.status_code = Empty,
        error.type = Empty,
        trace_id = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    let method = semconv::named(request.method());
    match route(request) {
        Some(route) => span.record("otel.name", display(format_args!("{method} {route}"))),
        None => span.record("otel.name", method),
    };
    if let Some(authority) = authority(request) {
        span.record("server.address", authority.host().trim_start_matches('[').trim_end_matches(']'));
        if let Some(port) = authority.port_u16() {
            span.record("server.port", i64::from(port));
        }
    }
    span
}

/// The id of the trace, once it is fixed.
pub(super) fn traced(span: &Span, context: &Context) {
    if let Some(trace) = context.trace().filter(|_| !span.is_disabled()) {
        span.record("trace_id", display(trace.id()));
    }
}

pub(super) fn answered<R>(span: &Span, response: &Response<R>) {
    let status = response.status();
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.record("otel.status_code", semconv::ERROR);
        match response.headers().contains_key(DEADLINE_EXPIRED) {
            true => span.record("error.type", "deadline_expired"),
            false => span.record("error.type", status.as_str()),
        };
    }
}

/// The service failed without an answer.
pub(super) fn failed(span: &Span) {
    span.record("otel.status_code", semconv::ERROR);
    span.record("error.type", "_OTHER");
}

/// Whom the request asks, as HTTP/2 and HTTP/1.1 say it.
fn authority<B>(request: &Request<B>) -> Option<Authority> {
    let host = || request.headers().get(header::HOST)?.to_str().ok()?.parse().ok();
    request.uri().authority().cloned().or_else(host)
}

#[cfg(feature = "axum")]
fn route<B>(request: &Request<B>) -> Option<&str> {
    request.extensions().get::<axum::extract::MatchedPath>().map(axum::extract::MatchedPath::as_str)
}

#[cfg(not(feature = "axum"))]
fn route<B>(_: &Request<B>) -> Option<&str> {
    None
}
