//! OpenTelemetry (feature `otel`): calls and requests are parts of its traces, and their metrics go there.
//!
//! With a [`tracing_opentelemetry`] layer, the spans of calls, sends and requests are OpenTelemetry's, and what is sent says so:
//! `traceparent` names the span of the send itself, `X-Trace-ID` is the trace's id unless somebody chose another. A span that was begun by
//! other means (an [`opentelemetry::Context`] that is attached) is carried on as well. No global propagator is needed: the headers are
//! read and written here. [`Metrics`] records what a mesh's [recorder](crate::metrics::Recorder) is told.
#![cfg_attr(
    feature = "otlp",
    doc = "\n[`Telemetry`] sets up the layer, and the export of traces and metrics (feature `otlp`)."
)]

mod context;
#[cfg(feature = "otlp")]
mod direct;
#[cfg(feature = "otlp")]
mod export;
mod metrics;

#[cfg(feature = "otlp")]
pub(crate) use context::around;
#[cfg(feature = "server")]
pub(crate) use context::received;
pub(crate) use context::{active, outgoing, passing_on, place};
#[cfg(feature = "otlp")]
pub(crate) use direct::{ATTEMPTS, Begun, CALLS, begin};
#[cfg(feature = "otlp")]
pub use export::{Telemetry, TelemetryBuilder, TelemetryError};
pub use metrics::Metrics;
