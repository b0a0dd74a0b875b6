//! Names, units and descriptions.

use opentelemetry::metrics::{Counter, Histogram, Meter};

/// The boundaries that the conventions give for durations of requests, in seconds.
const SECONDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// What is counted when it happens.
pub(super) struct Instruments {
    pub(super) requests: Histogram<f64>,
    pub(super) calls: Histogram<f64>,
    pub(super) retries: Counter<u64>,
    pub(super) suppressed: Counter<u64>,
    pub(super) hedges: Counter<u64>,
    pub(super) cache: Counter<u64>,
    pub(super) ejections: Counter<u64>,
    pub(super) returns: Counter<u64>,
    pub(super) breaker_turns: Counter<u64>,
    pub(super) updates: Counter<u64>,
    pub(super) changes: Counter<u64>,
    pub(super) discovery_errors: Counter<u64>,
    pub(super) tokens: Counter<u64>,
}

impl Instruments {
    pub(super) fn new(meter: &Meter) -> Self {
        let counter = |name, unit, description| {
            meter.u64_counter(name).with_unit(unit).with_description(description).build()
        };
        let histogram = |name, description| {
            let builder = meter.f64_histogram(name).with_unit("s").with_description(description);
            builder.with_boundaries(SECONDS.to_vec()).build()
        };
        Self {
            requests: histogram("http.client.request.duration", "Duration of HTTP client requests."),
            calls: histogram("client.call.duration", "Duration of calls, retries and waits included."),
            retries: counter("client.call.retries", "{retry}", "Requests that were sent again."),
            suppressed: counter(
                "client.retry.suppressed",
                "{retry}",
                "Calls that failed although another attempt might have helped.",
            ),
            hedges: counter("client.hedges", "{hedge}", "Second requests beside slow ones."),
            cache: counter("client.cache.uses", "{use}", "What kept replies were good for."),
            ejections: counter("client.ejections", "{ejection}", "Endpoints that get no calls for a while."),
            returns: counter("client.returns", "{return}", "Ejected endpoints that get calls again."),
            breaker_turns: counter("client.breaker.turns", "{turn}", "Breakers that opened or closed."),
            updates: counter("client.discovery.updates", "{update}", "New sets of endpoints."),
            changes: counter("client.discovery.changes", "{endpoint}", "Endpoints that came or went."),
            discovery_errors: counter("client.discovery.errors", "{error}", "Lookups that gave nothing."),
            tokens: counter("client.tokens", "{request}", "Requests for access tokens."),
        }
    }
}
