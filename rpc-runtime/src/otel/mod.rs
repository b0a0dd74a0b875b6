//! OpenTelemetry.

mod metrics;

pub use metrics::Metrics;
