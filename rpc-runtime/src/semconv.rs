//! What OpenTelemetry's conventions for HTTP say of both sides: <https://opentelemetry.io/docs/specs/semconv/http/>.

use http::{Method, Version};

use crate::discovery::Endpoint;

/// `otel.status_code` of a span that failed.
pub(crate) const ERROR: &str = "ERROR";
/// A value in place of one that nobody may see.
const REDACTED: &str = "REDACTED";

/// `http.request.method`: methods that anybody can make up are one.
pub(crate) fn method(method: &Method) -> &'static str {
    known(method).unwrap_or("_OTHER")
}

/// `http.request.method_original`: what stands behind `_OTHER`.
pub(crate) fn original(method: &Method) -> Option<&str> {
    known(method).is_none().then_some(method.as_str())
}

/// The method as it stands in a span's name.
pub(crate) fn named(method: &Method) -> &'static str {
    known(method).unwrap_or("HTTP")
}

fn known(method: &Method) -> Option<&'static str> {
    Some(match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::CONNECT => "CONNECT",
        Method::PATCH => "PATCH",
        Method::TRACE => "TRACE",
        Method::QUERY => "QUERY",
        _ => return None,
    })
}

/// `network.protocol.version`
pub(crate) fn version(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_09 => Some("0.9"),
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        Version::HTTP_3 => Some("3"),
        _ => None,
    }
}

/// `server.port`; a Unix socket has none.
pub(crate) fn server_port(endpoint: &Endpoint) -> Option<i64> {
    endpoint.url().socket().is_none().then(|| i64::from(endpoint.port()))
}

/// A query that anybody may see: names without their values.
pub(crate) fn redacted(query: &str) -> String {
    let mut text = String::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        if !text.is_empty() {
            text.push('&');
        }
        // Without a name, it is a value.
        if let Some((name, _)) = pair.split_once('=') {
            text.push_str(name);
            text.push('=');
        }
        text.push_str(REDACTED);
    }
    text
}
