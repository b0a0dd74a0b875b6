//! Sending traces and metrics to a collector: OTLP over HTTP, protobuf.

mod http;

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use self::http::Http;
use super::direct::Direct;
use crate::error::BoxError;
use crate::transport::Tls;

/// How long a request to the collector may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Traces and metrics of this process on their way to a collector. What is left is sent when this is shut down or dropped, so it belongs
/// into a variable of `main`.
///
/// ```no_run
/// use rpc_runtime::otel::Telemetry;
/// use tracing_subscriber::layer::SubscriberExt as _;
/// use tracing_subscriber::util::SubscriberInitExt as _;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let telemetry = Telemetry::builder().service_name("cart").build()?;
/// tracing_subscriber::registry().with(telemetry.layer()).init();
/// // … the service …
/// telemetry.shutdown()?;
/// # Ok(()) }
/// ```
///
/// Nothing here needs a tokio runtime: the SDK's own threads send.
#[derive(Debug)]
pub struct Telemetry {
    tracer_provider: SdkTracerProvider,
    meter_provider: SdkMeterProvider,
}

/// Settings of [`Telemetry`]. What is not set comes from the variables of OpenTelemetry: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`,
/// `OTEL_EXPORTER_OTLP_ENDPOINT`, `…_HEADERS` (and both for one signal, `OTEL_EXPORTER_OTLP_TRACES_…`, `…_METRICS_…`),
/// `OTEL_EXPORTER_OTLP_TIMEOUT`, `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`, `OTEL_BSP_…`, `OTEL_METRIC_EXPORT_INTERVAL`.
/// `OTEL_SDK_DISABLED=true` sends nothing and samples nothing; ids are still made and passed on.
#[derive(Debug, Default)]
pub struct TelemetryBuilder {
    service_name: Option<String>,
    endpoint: Option<String>,
    timeout: Option<Duration>,
    tls: Tls,
}

/// Telemetry that cannot be set up, or not be sent.
#[derive(Debug, thiserror::Error)]
#[error("telemetry: {what}")]
pub struct TelemetryError {
    what: &'static str,
    #[source]
    source: BoxError,
}

impl TelemetryError {
    fn of<E: Into<BoxError>>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self { what, source: source.into() }
    }
}

impl TelemetryBuilder {
    /// The name of this service, over `OTEL_SERVICE_NAME`.
    #[must_use]
    pub fn service_name(self, name: impl Into<String>) -> Self {
        Self { service_name: Some(name.into()), ..self }
    }

    /// The collector's URL, `http://localhost:4318`; `/v1/traces` and `/v1/metrics` are put behind it. A proxy that the variables name
    /// (`HTTPS_PROXY` and so on) is not asked for this machine.
    #[must_use]
    pub fn endpoint(self, url: impl Into<String>) -> Self {
        Self { endpoint: Some(url.into()), ..self }
    }

    /// How long a request to the collector may take; 10 s otherwise.
    #[must_use]
    pub fn timeout(self, limit: Duration) -> Self {
        Self { timeout: Some(limit), ..self }
    }

    /// Whom to trust, and who this is, where the collector's URL is `https`.
    #[must_use]
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls, ..self }
    }

    /// Starts the threads that send.
    ///
    /// # Errors
    /// When a URL is wrong, or this machine's certificates cannot be used for an `https` one.
    pub fn build(self) -> Result<Telemetry, TelemetryError> {
        let mut resource = Resource::builder();
        if let Some(name) = &self.service_name {
            resource = resource.with_service_name(name.clone());
        }
        let resource = resource.build();
        let traces = SdkTracerProvider::builder().with_resource(resource.clone());
        let metrics = SdkMeterProvider::builder().with_resource(resource);
        let (traces, metrics) = match variable("OTEL_SDK_DISABLED")
            .is_some_and(|off| off.eq_ignore_ascii_case("true"))
        {
            true => (traces.with_sampler(Sampler::AlwaysOff), metrics),
            false => {
                let client = Arc::new(self.client()?);
                let spans =
                    self.spans(Arc::clone(&client)).map_err(TelemetryError::of("traces cannot be sent"))?;
                let exporter = self.metrics(client).map_err(TelemetryError::of("metrics cannot be sent"))?;
                (traces.with_batch_exporter(spans), metrics.with_periodic_exporter(exporter))
            }
        };
        Ok(Telemetry::from_providers(traces.build(), metrics.build()))
    }

    fn spans(&self, client: Arc<Http>) -> Result<SpanExporter, opentelemetry_otlp::ExporterBuildError> {
        let mut exporter = SpanExporter::builder().with_http().with_shared_http_client(client);
        if let Some(endpoint) = self.endpoint_for("v1/traces") {
            exporter = exporter.with_endpoint(endpoint);
        }
        exporter.build()
    }

    fn metrics(&self, client: Arc<Http>) -> Result<MetricExporter, opentelemetry_otlp::ExporterBuildError> {
        let mut exporter = MetricExporter::builder().with_http().with_shared_http_client(client);
        if let Some(endpoint) = self.endpoint_for("v1/metrics") {
            exporter = exporter.with_endpoint(endpoint);
        }
        exporter.build()
    }

    fn endpoint_for(&self, path: &str) -> Option<String> {
        self.endpoint.as_ref().map(|url| format!("{}/{path}", url.trim_end_matches('/')))
    }

    fn client(&self) -> Result<Http, TelemetryError> {
        let told = || variable("OTEL_EXPORTER_OTLP_TIMEOUT")?.parse().ok().map(Duration::from_millis);
        let timeout = self.timeout.or_else(told).unwrap_or(TIMEOUT);
        let variables = ["", "TRACES_", "METRICS_"]
            .map(|signal| variable(&format!("OTEL_EXPORTER_OTLP_{signal}ENDPOINT")));
        let mut urls = variables.into_iter().chain([self.endpoint.clone()]).flatten();
        let encrypted = urls.any(|url| url.trim_start().to_ascii_lowercase().starts_with("https:"));
        Http::new(encrypted.then_some(&self.tls), timeout)
            .map_err(TelemetryError::of("the collector cannot be called"))
    }
}

impl Telemetry {
    /// Begins with settings.
    pub fn builder() -> TelemetryBuilder {
        TelemetryBuilder::default()
    }

    /// Of providers that were set up by other means: another exporter, another sampler. They are shut down with this.
    pub fn from_providers(tracer_provider: SdkTracerProvider, meter_provider: SdkMeterProvider) -> Self {
        Self { tracer_provider, meter_provider }
    }

    /// The layer that makes spans of level info and above OpenTelemetry's: those of calls, sends and requests, and the application's
    /// own. Events are no part of them, since they are logs. The spans of what sends them are left out.
    ///
    /// Where no other layer has the spans of calls and sends (and no filter stands around this one, or around all), the SDK is told of
    /// them without `tracing` in between, which costs less. In an interceptor, the active one is then
    /// `opentelemetry::Context::current()`'s, and `tracing::Span::current()` is the span around the call.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let tracer = self.tracer_provider.tracer("rpc_runtime");
        tracing_opentelemetry::layer()
            .with_tracer(tracer.clone())
            .with_location(false)
            .with_threads(false)
            .with_level(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(Direct::new(tracer))
    }

    /// For spans that are begun without `tracing`.
    pub fn tracer_provider(&self) -> &SdkTracerProvider {
        &self.tracer_provider
    }

    /// For metrics.
    pub fn meter_provider(&self) -> &SdkMeterProvider {
        &self.meter_provider
    }

    /// Sends what is there. Blocks until that is done: in async code, inside of `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    /// When the collector did not take it.
    pub fn flush(&self) -> Result<(), TelemetryError> {
        let (traces, metrics) = (self.tracer_provider.force_flush(), self.meter_provider.force_flush());
        traces.and(metrics).map_err(TelemetryError::of("not everything was sent"))
    }

    /// Sends what is there, and ends the threads; what comes later is dropped. Blocks as [`flush`](Self::flush) does, for 10 s at most
    /// for traces and 5 s for metrics.
    ///
    /// # Errors
    /// When the collector did not take it.
    pub fn shutdown(self) -> Result<(), TelemetryError> {
        // The end of the SDK's own does not say what became of the last spans.
        let flushed = self.tracer_provider.force_flush();
        let (traces, metrics) = (self.tracer_provider.shutdown(), self.meter_provider.shutdown());
        flushed.and(traces).and(metrics).map_err(TelemetryError::of("not everything was sent"))
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        // Done already, or nobody is left who could be told.
        let _ = (self.tracer_provider.shutdown(), self.meter_provider.shutdown());
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
