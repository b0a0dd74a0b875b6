//! The generated client with somebody who listens: OpenTelemetry's SDK as services set it up, all spans sampled, exported to nothing.

use std::sync::LazyLock;
use std::time::Duration;

use anyhow::ensure;
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use order_service::{Client, Mesh};
use rpc_runtime::otel::{Metrics, Telemetry};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::Subject;
use super::ours::config;

/// Of this process, as it is in a service.
static TELEMETRY: LazyLock<Telemetry> = LazyLock::new(|| {
    Telemetry::from_providers(
        SdkTracerProvider::builder().with_batch_exporter(Nothing).build(),
        SdkMeterProvider::builder().with_periodic_exporter(Nothing).build(),
    )
});

static LISTENING: LazyLock<bool> =
    LazyLock::new(|| tracing_subscriber::registry().with(TELEMETRY.layer()).try_init().is_ok());

/// Spans and no metrics.
#[derive(Debug)]
pub(super) struct Traced(Client);

/// Metrics and no spans.
#[derive(Debug)]
pub(super) struct Metered(Client);

/// Spans and metrics.
#[derive(Debug)]
pub(super) struct Both(Client);

impl Subject for Traced {
    fn new(ports: &[u16]) -> anyhow::Result<Self> {
        ensure!(*LISTENING, "another subscriber is there");
        Ok(Self(Client::with_mesh(&Mesh::new(config(ports).build()?)?)?))
    }

    async fn call(&self) -> anyhow::Result<i64> {
        Ok(self.0.get_order(123).await?.id)
    }
}

impl Subject for Metered {
    fn new(ports: &[u16]) -> anyhow::Result<Self> {
        Ok(Self(metered(ports)?))
    }

    async fn call(&self) -> anyhow::Result<i64> {
        Ok(self.0.get_order(123).await?.id)
    }
}

impl Subject for Both {
    fn new(ports: &[u16]) -> anyhow::Result<Self> {
        ensure!(*LISTENING, "another subscriber is there");
        Ok(Self(metered(ports)?))
    }

    async fn call(&self) -> anyhow::Result<i64> {
        Ok(self.0.get_order(123).await?.id)
    }
}

fn metered(ports: &[u16]) -> anyhow::Result<Client> {
    let metrics = Metrics::new(&TELEMETRY.meter_provider().meter("rpc_runtime"));
    let mesh = Mesh::builder().config(config(ports).build()?).recorder(metrics).build()?;
    Ok(Client::with_mesh(&mesh)?)
}

/// Takes everything, and does nothing with it.
#[derive(Debug)]
struct Nothing;

impl SpanExporter for Nothing {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

impl PushMetricExporter for Nothing {
    async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}
