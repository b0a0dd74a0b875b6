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

/// What comes during a send: status, version, failure.
const LATER: usize = 3;

pub(super) fn call(request: &Request, trace: Option<&Trace>) -> (SpanBuilder, Context) {
    let mut attributes = Vec::with_capacity(4);
    attributes.push(KeyValue::new("service", request.handle.name().shared()));
    attributes.push(KeyValue::new("operation", request.descriptor.name));
    let span = SpanBuilder::from_name(call_name(request)).with_kind(SpanKind::Internal);
    let parent = crate::otel::around(trace, request.handle.mesh().rng());
    (span.with_attributes(attributes), parent)
}

pub(super) fn attempt(call: &Prepared, endpoint: &Endpoint, number: u32) -> (SpanBuilder, Context) {
    let method = &call.outgoing.method;
    let original = semconv::original(method).map(|method| Value::from(method.to_owned()));
    let fields: [(&'static str, Option<Value>); 9] = [
        ("http.request.method", Some(semconv::method(method).into())),
        ("http.request.method_original", original),
        ("url.template", url_template(&call.outgoing).map(Into::into)),
        ("url.full", Some(full_url(endpoint, call.target()).into())),
        ("server.address", Some(Arc::clone(endpoint.server()).into())),
        ("server.port", semconv::server_port(endpoint).map(Into::into)),
        ("network.peer.address", endpoint.peer().map(|peer| Arc::clone(peer).into())),
        ("network.peer.port", peer_port(endpoint).map(Into::into)),
        ("http.request.resend_count", resend_count(number).map(Into::into)),
    ];
    let mut attributes = Vec::with_capacity(fields.len() + LATER);
    for (name, value) in fields {
        attributes.extend(value.map(|value| KeyValue::new(name, value)));
    }
    let span = SpanBuilder::from_name(attempt_name(call)).with_kind(SpanKind::Client);
    (span.with_attributes(attributes), Context::current())
}
