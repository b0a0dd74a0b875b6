//! What happens, as OpenTelemetry metrics.

mod instruments;
mod levels;
mod prepared;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{StatusCode, Version};
use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

use crate::config::Scheme;
use crate::discovery::Endpoint;
use crate::metrics::{CallOutcome, Event, Failure, Levels, Recorder};
use crate::semconv;
use instruments::Instruments;
use prepared::Prepared;

/// Records into the instruments of a meter: `http.client.request.duration` as the semantic conventions have it, and `client.…`
/// for what they have no names for. `docs/metrics.md` lists them.
///
/// Attributes are services, operations, endpoints and words of short lists; never a path with values, a query, a header, an id.
///
/// ```
/// use opentelemetry::metrics::MeterProvider as _;
/// use opentelemetry_sdk::metrics::SdkMeterProvider;
/// use rpc_runtime::Mesh;
/// use rpc_runtime::otel::Metrics;
///
/// let provider = SdkMeterProvider::builder().build();
/// let mesh = Mesh::builder().recorder(Metrics::new(&provider.meter("rpc_runtime"))).build()?;
/// # Ok::<_, rpc_runtime::Error>(())
/// ```
pub struct Metrics {
    instruments: Instruments,
    requests: Prepared<Endpoint, RequestKey>,
    calls: Prepared<String, CallKey>,
    meshes: Meshes,
    template: bool,
}

/// The meshes that are recorded.
type Meshes = Arc<Mutex<Vec<Levels>>>;

/// What the attributes of a request are made of, beside its endpoint.
#[derive(Debug, Clone, Copy, PartialEq)]
struct RequestKey {
    method: &'static str,
    /// Empty unless it is asked for.
    template: &'static str,
    status: Option<StatusCode>,
    failure: Option<Failure>,
    version: Option<Version>,
}

/// What the attributes of a call are made of, beside its service.
#[derive(Debug, Clone, Copy, PartialEq)]
struct CallKey {
    operation: &'static str,
    outcome: CallOutcome,
    failure: Option<Failure>,
}

impl Metrics {
    /// With the instruments of this meter.
    pub fn new(meter: &Meter) -> Self {
        let meshes = Meshes::default();
        levels::observe(meter, &meshes);
        let instruments = Instruments::new(meter);
        Self {
            instruments,
            requests: Prepared::default(),
            calls: Prepared::default(),
            meshes,
            template: false,
        }
    }

    /// With `url.template` on `http.client.request.duration`, which the conventions leave to whoever can afford a series for each
    /// path of a document.
    #[must_use]
    pub fn with_template(mut self) -> Self {
        self.template = true;
        self
    }

    fn request(&self, endpoint: &Endpoint, key: RequestKey, elapsed: Duration) {
        let attributes = self.requests.get(endpoint, key, || key.attributes(endpoint));
        self.instruments.requests.record(elapsed.as_secs_f64(), &attributes);
    }
}

impl Recorder for Metrics {
    fn record(&self, event: &Event<'_>) {
        let Instruments {
            calls,
            retries,
            suppressed,
            hedges,
            cache,
            ejections,
            returns,
            breaker_turns,
            updates,
            changes,
            discovery_errors,
            tokens,
            ..
        } = &self.instruments;
        match *event {
            // What was never sent is no request.
            Event::AttemptEnded { handed_over: false, .. } => {}
            Event::AttemptEnded { method, template, endpoint, status, version, failure, elapsed, .. } => {
                let template = if self.template { template } else { "" };
                let method = semconv::method(method);
                self.request(endpoint, RequestKey { method, template, status, failure, version }, elapsed);
            }
            Event::CallEnded { service, operation, outcome, failure, elapsed, .. } => {
                let key = CallKey { operation, outcome, failure };
                let attributes = self.calls.get(service, key, || key.attributes(service));
                calls.record(elapsed.as_secs_f64(), &attributes);
            }
            Event::Retry { service, operation, reason } => {
                let reason = KeyValue::new("reason", reason.as_str().to_owned());
                retries.add(1, &[of(service), on(operation), reason]);
            }
            Event::RetrySuppressed { service, operation, reason } => {
                suppressed.add(1, &[of(service), on(operation), KeyValue::new("reason", reason.as_str())]);
            }
            Event::Hedge { service, operation, step } => {
                hedges.add(1, &[of(service), on(operation), KeyValue::new("result", step.as_str())]);
            }
            Event::Cache { service, operation, usage } => {
                cache.add(1, &[of(service), on(operation), KeyValue::new("result", usage.as_str())]);
            }
            Event::Ejected { service, endpoint, reason } => {
                let mut attributes = vec![of(service), KeyValue::new("reason", reason.as_str())];
                attributes.extend(address(endpoint));
                ejections.add(1, &attributes);
            }
            Event::Returned { service, endpoint } => {
                let mut attributes = vec![of(service)];
                attributes.extend(address(endpoint));
                returns.add(1, &attributes);
            }
            Event::BreakerTurned { service, operation, open } => {
                let state = KeyValue::new("state", if open { "open" } else { "closed" });
                let mut attributes = vec![of(service), state];
                attributes.extend(operation.map(on));
                breaker_turns.add(1, &attributes);
            }
            Event::Discovered { service, added, removed, .. } => {
                updates.add(1, &[of(service)]);
                for (count, change) in [(added, "added"), (removed, "removed")] {
                    if count > 0 {
                        changes.add(count as u64, &[of(service), KeyValue::new("change", change)]);
                    }
                }
            }
            Event::DiscoveryFailed { service } => {
                discovery_errors.add(1, &service.map(of).into_iter().collect::<Vec<_>>());
            }
            Event::TokenFetched { success } => {
                tokens.add(1, &[KeyValue::new("result", if success { "success" } else { "failed" })]);
            }
        }
    }

    fn observe(&self, levels: Levels) {
        let mut meshes = self.meshes.lock().unwrap_or_else(PoisonError::into_inner);
        // Who collects does this too, if somebody does.
        meshes.retain(Levels::is_alive);
        meshes.push(levels);
    }
}

impl RequestKey {
    fn attributes(&self, endpoint: &Endpoint) -> Vec<KeyValue> {
        let scheme = match endpoint.scheme() {
            Scheme::Https => "https",
            Scheme::Http | Scheme::H2c | Scheme::Unix => "http",
        };
        let mut all =
            vec![KeyValue::new("http.request.method", self.method), KeyValue::new("url.scheme", scheme)];
        all.extend(address(endpoint));
        all.extend(self.status.map(|it| KeyValue::new("http.response.status_code", i64::from(it.as_u16()))));
        all.extend(self.failure.as_ref().map(error_type));
        all.extend(
            self.version.and_then(semconv::version).map(|it| KeyValue::new("network.protocol.version", it)),
        );
        if !self.template.is_empty() {
            all.push(KeyValue::new("url.template", self.template));
        }
        all
    }
}

impl CallKey {
    fn attributes(&self, service: &str) -> Vec<KeyValue> {
        let mut all = vec![of(service), on(self.operation), KeyValue::new("outcome", self.outcome.as_str())];
        all.extend(self.failure.as_ref().map(error_type));
        all
    }
}

fn of(service: &str) -> KeyValue {
    KeyValue::new("service", service.to_owned())
}

fn on(operation: &'static str) -> KeyValue {
    KeyValue::new("operation", operation)
}

fn error_type(failure: &Failure) -> KeyValue {
    KeyValue::new("error.type", failure.as_str().to_owned())
}

fn address(endpoint: &Endpoint) -> impl Iterator<Item = KeyValue> {
    let host = KeyValue::new("server.address", Arc::clone(endpoint.server()));
    let port = semconv::server_port(endpoint).map(|port| KeyValue::new("server.port", port));
    std::iter::once(host).chain(port)
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("template", &self.template).finish_non_exhaustive()
    }
}
