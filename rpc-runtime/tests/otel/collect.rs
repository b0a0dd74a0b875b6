//! What a meter provider has, as lines.

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider as _};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};

/// A provider that keeps what it exports.
pub(crate) struct Collected {
    provider: SdkMeterProvider,
    exporter: InMemoryMetricExporter,
}

impl Collected {
    pub(crate) fn new() -> Self {
        let exporter = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exporter.clone()).build();
        Self { provider: SdkMeterProvider::builder().with_reader(reader).build(), exporter }
    }

    pub(crate) fn meter(&self) -> Meter {
        self.provider.meter("rpc_runtime")
    }

    /// `name unit {attribute=value,…} value` for every series, sorted.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines =
            self.each(|metric| series(metric.data(), &format!("{} {}", metric.name(), metric.unit())));
        lines.sort();
        lines
    }

    /// The boundaries of a histogram.
    pub(crate) fn bounds(&self, name: &str) -> Vec<f64> {
        self.each(|metric| match metric.data() {
            AggregatedMetrics::F64(MetricData::Histogram(histogram)) if metric.name() == name => {
                histogram.data_points().next().unwrap().bounds().collect()
            }
            _ => Vec::new(),
        })
    }

    /// Everything, as text.
    pub(crate) fn text(&self) -> String {
        self.export();
        format!("{:?}", self.exporter.get_finished_metrics().unwrap())
    }

    fn export(&self) {
        self.exporter.reset();
        self.provider.force_flush().unwrap();
    }

    fn each<T>(&self, show: impl Fn(&Metric) -> Vec<T>) -> Vec<T> {
        self.export();
        let exported = self.exporter.get_finished_metrics().unwrap();
        let scopes = exported.iter().flat_map(|resource| resource.scope_metrics());
        scopes.flat_map(|scope| scope.metrics()).flat_map(show).collect()
    }
}

fn attributes<'a>(all: impl Iterator<Item = &'a KeyValue>) -> String {
    let mut all: Vec<String> = all.map(|it| format!("{}={}", it.key, it.value)).collect();
    all.sort();
    format!("{{{}}}", all.join(","))
}

fn series(data: &AggregatedMetrics, name: &str) -> Vec<String> {
    match data {
        AggregatedMetrics::F64(MetricData::Histogram(all)) => all
            .data_points()
            .map(|point| {
                format!("{name} {} {} in {:.3}", attributes(point.attributes()), point.count(), point.sum())
            })
            .collect(),
        AggregatedMetrics::U64(MetricData::Sum(all)) => {
            assert!(all.is_monotonic());
            all.data_points()
                .map(|it| format!("{name} {} {}", attributes(it.attributes()), it.value()))
                .collect()
        }
        AggregatedMetrics::I64(MetricData::Sum(all)) => {
            assert!(!all.is_monotonic());
            all.data_points()
                .map(|it| format!("{name} {} {}", attributes(it.attributes()), it.value()))
                .collect()
        }
        AggregatedMetrics::U64(MetricData::Gauge(all)) => all
            .data_points()
            .map(|it| format!("{name} {} {}", attributes(it.attributes()), it.value()))
            .collect(),
        other => panic!("{name}: a kind that is not documented: {other:?}"),
    }
}
