//! The span around the handling of a request: names of OpenTelemetry's conventions for HTTP servers. No query, no header.

use http::{Method, Request, Response};
use tracing::Span;
use tracing::field::{Empty, display};

use super::expired::DEADLINE_EXPIRED;
use crate::context::Context;

pub(super) fn open<B>(request: &Request<B>, context: &Context) -> Span {
    let span = tracing::info_span!(
        target: "rpc_runtime::server",
        "request",
        otel.kind = "server",
        otel.name = Empty,
        otel.status_code = Empty,
        http.request.method = method(request.method()),
        http.route = Empty,
        url.path = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
        trace_id = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    if let Some(trace) = context.trace() {
        span.record("trace_id", display(trace.id()));
    }
    let method = method(request.method());
    match route(request) {
        Some(route) => {
            span.record("http.route", route);
            span.record("otel.name", display(format_args!("{method} {route}")));
        }
        None => {
            // A route says as much without the values in it.
            span.record("url.path", request.uri().path());
            span.record("otel.name", method);
        }
    }
    span
}

pub(super) fn answered<R>(span: &Span, response: &Response<R>) {
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
        match response.headers().contains_key(DEADLINE_EXPIRED) {
            true => span.record("error.type", "deadline_expired"),
            false => span.record("error.type", status.as_str()),
        };
    }
}

/// The service failed without an answer.
pub(super) fn failed(span: &Span) {
    span.record("otel.status_code", "ERROR");
    span.record("error.type", "_OTHER");
}

/// Methods that anybody can make up are one.
fn method(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
        Method::CONNECT,
        Method::PATCH,
        Method::TRACE,
        Method::QUERY,
    ];
    if known.contains(method) { method.as_str() } else { "_OTHER" }
}

#[cfg(feature = "axum")]
fn route<B>(request: &Request<B>) -> Option<&str> {
    request.extensions().get::<axum::extract::MatchedPath>().map(axum::extract::MatchedPath::as_str)
}

#[cfg(not(feature = "axum"))]
fn route<B>(_: &Request<B>) -> Option<&str> {
    None
}
