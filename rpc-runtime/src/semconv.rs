//! What OpenTelemetry's conventions for HTTP say of both sides: <https://opentelemetry.io/docs/specs/semconv/http/>.

use http::Method;

/// `otel.status_code` of a span that failed.
pub(crate) const ERROR: &str = "ERROR";
/// A value in place of one that nobody may see.
pub(crate) const REDACTED: &str = "REDACTED";

/// `http.request.method`: methods that anybody can make up are one.
pub(crate) fn method(method: &Method) -> &str {
    if is_known(method) { method.as_str() } else { "_OTHER" }
}

/// `http.request.method_original`: what stands behind `_OTHER`.
pub(crate) fn original(method: &Method) -> Option<&str> {
    (!is_known(method)).then_some(method.as_str())
}

/// The method as it stands in a span's name.
pub(crate) fn named(method: &Method) -> &str {
    if is_known(method) { method.as_str() } else { "HTTP" }
}

fn is_known(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET
            | Method::POST
            | Method::PUT
            | Method::DELETE
            | Method::HEAD
            | Method::OPTIONS
            | Method::CONNECT
            | Method::PATCH
            | Method::TRACE
            | Method::QUERY
    )
}
