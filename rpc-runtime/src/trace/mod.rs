//! One id follows a request through all services.
//!
//! A scope holds the trace of the request that is being served; calls made inside it carry it on: `X-Trace-ID` and
//! `X-Request-ID` with the id, `traceparent`, `tracestate` and `baggage` as the W3C texts say. A call outside of any scope
//! makes an id of its own.
//!
//! ```
//! use rpc_runtime::trace;
//!
//! # async fn run() -> Result<(), trace::InvalidTraceId> {
//! let seen = trace::with_id("task-42", async { trace::current_id() })?.await;
//! assert_eq!(seen.as_deref(), Some("task-42"));
//! # Ok(()) }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run()).unwrap();
//! ```
//!
//! The trace is a part of the task's [context](crate::context): `tokio::spawn` leaves it behind, [`context::spawn`](crate::context::spawn) takes it along,
//! and the deadline with it.

mod baggage;
mod context;
mod id;
mod outgoing;
mod traceparent;
mod tracestate;

use http::{HeaderMap, HeaderName};

use crate::context as task;
pub use baggage::{Baggage, BaggageEntry, InvalidBaggage};
pub(crate) use context::Trace;
pub use context::TraceContext;
pub use id::{InvalidTraceId, TraceId};
pub(crate) use outgoing::Outgoing;
pub(crate) use traceparent::TraceParent;
#[cfg(feature = "otel")]
pub(crate) use traceparent::from_id;
#[cfg(feature = "otel")]
pub(crate) use tracestate::read as read_state;

pub(crate) const X_TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
pub(crate) const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// The id of the open scope.
pub fn current_id() -> Option<String> {
    current().map(|context| context.id().to_string())
}

/// The trace of the open scope.
pub fn current() -> Option<TraceContext> {
    task::with(|context| context.trace.clone())
}

/// The baggage of the open scope; none outside.
pub fn baggage() -> Baggage {
    current().map(|context| context.baggage()).unwrap_or_default()
}

/// Runs a future in a scope with this id. The baggage and the deadline of the scope around it stay.
///
/// An id of 32 lower-case hex digits, not all zero, is `traceparent`'s trace id too; with any other, `traceparent` gets an
/// id of its own, the same for the whole scope.
///
/// # Errors
/// When the id cannot be a header value.
pub fn with_id<F: Future>(
    id: &str,
    future: F,
) -> Result<impl Future<Output = F::Output> + use<F>, InvalidTraceId> {
    let context = TraceContext::with_id(TraceId::new(id)?);
    Ok(async move { scope(context.with_baggage(baggage()), future).await })
}

/// Changes the id of the open scope, for the calls that follow.
///
/// # Errors
/// When the id cannot be a header value, or no scope is open: there is no ambient place that another task could see.
pub fn set_id(id: &str) -> Result<(), InvalidTraceId> {
    let id = TraceId::new(id)?;
    current().map(|context| context.set_id(id)).ok_or_else(InvalidTraceId::no_scope)
}

/// Runs a future in a scope with this baggage, in place of that of the scope around it; its trace (a new one, where there is none)
/// and its deadline stay.
///
/// ```
/// use rpc_runtime::trace;
///
/// # async fn run() -> Result<(), trace::InvalidBaggage> {
/// let mut baggage = trace::baggage();
/// baggage.insert("tenant", "7")?;
/// let seen = trace::with_baggage(baggage, async { trace::baggage().to_string() }).await;
/// assert_eq!(seen, "tenant=7");
/// # Ok(()) }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run()).unwrap();
/// ```
pub async fn with_baggage<F: Future>(baggage: Baggage, future: F) -> F::Output {
    scope(current().unwrap_or_else(TraceContext::new_random).with_baggage(baggage), future).await
}

/// Runs a future in the scope of a trace and its baggage, such as those that came with a request. The deadline of the scope around
/// it stays.
pub async fn scope<F: Future>(context: TraceContext, future: F) -> F::Output {
    task::current().with_trace(context).scope(future).await
}

/// Reads the trace of an incoming request: `traceparent` with `tracestate`, `X-Trace-ID`, else `X-Request-ID`, and `baggage`.
/// Malformed headers count as missing; without any, the trace is new.
pub fn from_headers(headers: &HeaderMap) -> TraceContext {
    TraceContext::from_headers(headers)
}
