//! Metrics as OpenTelemetry's SDK exports them: names, units, buckets, attributes, and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod collect;
mod instruments;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
