//! The spans of calls and requests: what a `tracing` layer sees, and (features `otel`, `otlp`) what goes to others.
//!
//! One test at a time: `tracing` caches per call site whether anybody listens, for the whole process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "../support/mod.rs"]
mod support;

mod calls;
mod capture;
mod chain;
mod direct;
mod hops;
mod otel;
mod otlp;
mod requests;

static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
