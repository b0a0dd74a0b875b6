//! The shared runtime of generated service clients.
//!
//! Applications use it through generated crates; what they touch of it directly is [`Mesh`], [`Error`], [`Response`],
//! [`trace`], [`context`] and [`types`].
//!
//! # The life of one call
//!
//! ```text
//! orders.get_order(123).timeout(…)      shell (generated): arguments → request parts and body bytes
//!   .await ─► core (not generic)        1 prepare   path, headers, credentials, trace, limits; nothing sent on a mistake
//!                                       2 cache     a fresh reply is the answer; equal calls under way are one
//!                                       3 attempts  discover → pick → send → read → decode → classify → retry?
//!                                       4 instead   a stale reply, a fallback
//!                                       5 finish    the story of the call into the value or the error, and into the log
//!          ◄─ shell                     takes the value out of its decoder
//! ```
//!
//! # Features
//!
//! - `axum`: replies and failures of axum handlers in the envelope (`server::Enveloped`, `server::Rejection`); with `server`.
//! - `cache`: keeps replies, in memory or in a store of your own, and uses old ones while a service is down (`cache`).
//! - `dns`: asks name servers itself: SRV records, TTLs, and what a server really said (`discovery::DnsResolver`).
//! - `otel`: calls and requests are parts of OpenTelemetry's traces, and their metrics go there (`otel`).
//! - `otlp`: sends traces and metrics to a collector (`otel::Telemetry`); with `otel`.
//! - `pattern`: checks `pattern` rules of requests (brings an ECMAScript regular expression engine).
//! - `schemars`: `schemars::JsonSchema` for generated types.
//! - `server`: a tower layer for services, which opens the context of each request and keeps its deadline (`server::ServerLayer`).
//! - `testing`: scripted transport, manual clock, seeded randomness.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod balance;
mod breaker;
#[cfg(feature = "cache")]
pub mod cache;
mod call;
mod check;
mod classify;
mod client;
pub mod clock;
pub mod codec;
#[doc(hidden)]
pub mod codegen;
pub mod config;
pub mod context;
mod credentials;
pub mod deadline;
pub mod discovery;
mod eject;
mod envelope;
mod error;
mod header;
mod hedge;
pub mod intercept;
mod log;
pub mod metrics;
mod operation;
mod options;
#[cfg(feature = "otel")]
pub mod otel;
mod policy;
mod request;
mod response;
mod retry;
pub mod rng;
mod semconv;
#[cfg(feature = "server")]
pub mod server;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod trace;
pub mod transport;
pub mod types;

pub use balance::{Balancing, EndpointHealth, EndpointStatus, UnknownBalancing};
pub use breaker::Breaker;
pub use client::{Client, ClientBuilder, Mesh, MeshBuilder, RawCall};
pub use codegen::{ResponseFuture, TypedError, ValueFuture};
pub use config::ClientConfig;
pub use credentials::{ClientCredentials, Credential, Secret};
pub use envelope::Code;
pub use error::{Error, ErrorKind, Result, Sent, TimeoutScope};
pub use header::{Header, HeaderError};
pub use hedge::Hedging;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
pub use response::{Response, Source};
pub use transport::Tls;
