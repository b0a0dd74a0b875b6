//! The spans as OpenTelemetry's SDK gets them: the same names as for `tracing`, and no text is copied that somebody holds already.

use std::sync::Arc;

use opentelemetry::trace::{SpanBuilder, SpanKind};
use opentelemetry::{Context, KeyValue, Value};

use super::url::{full_url, peer_port, url_template};
use super::{attempt_name, call_name, resend_count};
use crate::call::prepare::Prepared;
use crate::codegen::Request;
use crate::discovery::Endpoint;
use crate::semconv;
use crate::trace::Trace;

/// The most that a usual send has: one that is answered, the first time.
const USUAL: usize = 9;

pub(super) fn call(request: &Request, trace: Option<&Trace>) -> (SpanBuilder, Context) {
    let service = KeyValue::new("service", request.handle.name().shared());
    let attributes = vec![service, KeyValue::new("operation", request.descriptor.name)];
    let span = SpanBuilder::from_name(call_name(request)).with_kind(SpanKind::Internal);
    let parent = crate::otel::around(trace, request.handle.mesh().rng());
    (span.with_attributes(attributes), parent)
}

pub(super) fn attempt(call: &Prepared, endpoint: &Endpoint, number: u32) -> (SpanBuilder, Context) {
    let mut attributes = Vec::with_capacity(USUAL);
    let mut put = |name: &'static str, value: Value| attributes.push(KeyValue::new(name, value));
    let method = &call.outgoing.method;
    put("http.request.method", semconv::method(method).into());
    if let Some(original) = semconv::original(method) {
        put("http.request.method_original", original.to_owned().into());
    }
    if let Some(template) = url_template(&call.outgoing) {
        put("url.template", template.into());
    }
    put("url.full", full_url(endpoint, call.target()).into());
    put("server.address", Arc::clone(endpoint.server()).into());
    if let Some(port) = semconv::server_port(endpoint) {
        put("server.port", port.into());
    }
    if let Some(peer) = endpoint.peer() {
        put("network.peer.address", Arc::clone(peer).into());
    }
    if let Some(port) = peer_port(endpoint) {
        put("network.peer.port", port.into());
    }
    if let Some(count) = resend_count(number) {
        put("http.request.resend_count", count.into());
    }
    let span = SpanBuilder::from_name(attempt_name(call)).with_kind(SpanKind::Client);
    (span.with_attributes(attributes), Context::current())
}
