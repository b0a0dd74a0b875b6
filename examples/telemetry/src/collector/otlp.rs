//! Spans out of OTLP's protobuf messages.

use std::time::Duration;

use axum::body::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span as Sent};
use prost::Message as _;

use crate::span::{Kind, Outcome, Span};

pub(super) fn decode(body: Bytes) -> Result<Vec<Span>, prost::DecodeError> {
    let request = ExportTraceServiceRequest::decode(body)?;
    Ok(request.resource_spans.into_iter().flat_map(of_one_process).collect())
}

fn of_one_process(sent: ResourceSpans) -> impl Iterator<Item = Span> {
    let attributes = sent.resource.map(|resource| resource.attributes).unwrap_or_default();
    let service = text(&attributes, "service.name").unwrap_or_default();
    let spans = sent.scope_spans.into_iter().flat_map(|scope| scope.spans);
    spans.map(move |span| read(&service, span))
}

fn read(service: &str, sent: Sent) -> Span {
    let kind = match sent.kind() {
        SpanKind::Client | SpanKind::Producer => Kind::Client,
        SpanKind::Server | SpanKind::Consumer => Kind::Server,
        SpanKind::Internal | SpanKind::Unspecified => Kind::Internal,
    };
    let attributes = &sent.attributes;
    let status = number(attributes, "http.response.status_code").map(Outcome::Status);
    let result = status.or_else(|| text(attributes, "error.type").map(Outcome::Failed));
    let without = if kind == Kind::Internal { Outcome::Fine } else { Outcome::CutOff };
    Span {
        service: service.to_owned(),
        kind,
        trace: hex(&sent.trace_id),
        id: hex(&sent.span_id),
        parent: (!sent.parent_span_id.is_empty()).then(|| hex(&sent.parent_span_id)),
        start: Duration::from_nanos(sent.start_time_unix_nano),
        end: Duration::from_nanos(sent.end_time_unix_nano),
        result: result.unwrap_or(without),
        resend: number(attributes, "http.request.resend_count"),
        name: sent.name,
    }
}

fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    attributes.iter().find(|pair| pair.key == key)?.value.as_ref()?.value.as_ref()
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    match value(attributes, key)? {
        Value::StringValue(text) => Some(text.clone()),
        _ => None,
    }
}

fn number(attributes: &[KeyValue], key: &str) -> Option<u64> {
    match value(attributes, key)? {
        Value::IntValue(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
