//! What the layer makes of a request's headers.

use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;
use tower_layer::Layer;

use super::service::Server;
use crate::context::{self, Context};
use crate::{deadline, trace};

/// Opens the [context](crate::context) of each request around a service, keeps the request's deadline, answers with `X-Trace-ID`, and puts a
/// `tracing` span around the handling.
///
/// - Headers that are read: those of [`Context::from_headers`]. Malformed ones count as missing; no request fails for them.
/// - A request whose deadline has passed on arrival does not get to the service; one whose deadline passes while it is handled is cut
///   off: the future of the service is dropped. The answer to both is 504 with `error_code` `DEADLINE_EXPIRED` and the header
///   [`DEADLINE_EXPIRED`](super::DEADLINE_EXPIRED). Work that must not be cut off, nor lose its calls, is
///   [detached](Context::detached) and spawned.
/// - The span `request` (target `rpc_runtime::server`, level info) has the fields of OpenTelemetry's conventions for HTTP servers, and
///   `trace_id`. Of a query, the names are recorded (`url.query`), never the values. `http.route`, and with it the span's name, is known with axum, in layers of a router.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServerLayer {
    default_timeout: Option<Duration>,
    max_timeout: Option<Duration>,
    untrusted: bool,
}

impl ServerLayer {
    /// A layer that trusts its callers and adds no limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// A time for requests that bring none.
    #[must_use]
    pub fn default_timeout(self, limit: Duration) -> Self {
        Self { default_timeout: Some(limit), ..self }
    }

    /// The most time that any request gets, whatever it brings.
    #[must_use]
    pub fn max_timeout(self, limit: Duration) -> Self {
        Self { max_timeout: Some(limit), ..self }
    }

    /// For requests of the public: trace, baggage and deadline in their headers are ignored, and every request begins a trace.
    #[must_use]
    pub fn untrusted(self) -> Self {
        Self { untrusted: true, ..self }
    }

    /// The context in which a request is handled. Where a scope is open already, its deadline holds too.
    pub(super) fn context(&self, headers: &HeaderMap) -> Context {
        let nothing = HeaderMap::new();
        let headers = if self.untrusted { &nothing } else { headers };
        let told = deadline::from_headers(headers).or(self.default_timeout);
        let limit = [told, self.max_timeout].into_iter().flatten().min();
        let ends = limit.and_then(|limit| Instant::now().checked_add(limit));
        let own = Context::default().with_trace(trace::from_headers(headers));
        [ends, context::current().deadline()].into_iter().flatten().fold(own, Context::with_deadline)
    }
}

impl<S> Layer<S> for ServerLayer {
    type Service = Server<S>;

    fn layer(&self, inner: S) -> Server<S> {
        Server::new(*self, inner)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    /// The milliseconds that a request with this header has.
    #[track_caller]
    fn check(layer: ServerLayer, told: Option<&str>, expected: Option<u64>) {
        let name = HeaderName::from_static("x-request-timeout-ms");
        let headers = told.map(|told| (name, told.parse().unwrap())).into_iter().collect();
        let left = layer.context(&headers).deadline().map(|deadline| deadline - Instant::now());
        assert_eq!(left, expected.map(Duration::from_millis), "{layer:?} {told:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn limits() {
        let (plain, one, two) = (ServerLayer::new(), Duration::from_secs(1), Duration::from_secs(2));
        check(plain, None, None);
        check(plain, Some("300"), Some(300));
        check(plain, Some("x"), None);
        check(plain.default_timeout(one), None, Some(1000));
        check(plain.default_timeout(one), Some("3000"), Some(3000));
        check(plain.max_timeout(one), None, Some(1000));
        check(plain.max_timeout(one), Some("300"), Some(300));
        check(plain.max_timeout(one), Some("18446744073709551615"), Some(1000));
        check(plain.default_timeout(two).max_timeout(one), None, Some(1000));
        check(plain.default_timeout(one).max_timeout(two), Some("3000"), Some(2000));
        check(plain.untrusted(), Some("300"), None);
        check(plain.untrusted().default_timeout(one), Some("300"), Some(1000));
        deadline::within(two, async {
            check(plain, None, Some(2000));
            check(plain, Some("300"), Some(300));
        })
        .await;
    }
}
