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
//! Scopes live in the task: `tokio::spawn` leaves them behind, [`spawn`] takes them along.

mod context;
mod id;
mod outgoing;
mod traceparent;

use std::future::Future;

use http::{HeaderMap, HeaderName};

pub use context::TraceContext;
pub use id::{InvalidTraceId, TraceId};
pub(crate) use outgoing::Outgoing;

const X_TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

tokio::task_local! {
    static SCOPE: TraceContext;
}

/// The id of the open scope.
pub fn current_id() -> Option<String> {
    current().map(|context| context.id().to_string())
}

/// The trace of the open scope.
pub fn current() -> Option<TraceContext> {
    SCOPE.try_with(Clone::clone).ok()
}

/// Runs a future in a scope with this id.
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
    Ok(scope(TraceContext::with_id(TraceId::new(id)?), future))
}

/// Changes the id of the open scope, for the calls that follow.
///
/// # Errors
/// When the id cannot be a header value, or no scope is open: there is no ambient place that another task could see.
pub fn set_id(id: &str) -> Result<(), InvalidTraceId> {
    let id = TraceId::new(id)?;
    SCOPE.try_with(|context| context.set_id(id)).map_err(|_| InvalidTraceId::no_scope())
}

/// Runs a future in the scope of a trace, such as the one that came with a request.
pub async fn scope<F: Future>(context: TraceContext, future: F) -> F::Output {
    SCOPE.scope(context, future).await
}

/// Reads the trace of an incoming request: `traceparent` with `tracestate`, `X-Trace-ID`, else `X-Request-ID`, and `baggage`.
/// Malformed headers count as missing; without any, the trace is new.
pub fn from_headers(headers: &HeaderMap) -> TraceContext {
    TraceContext::from_headers(headers)
}

/// `tokio::spawn` that takes the scope along.
///
/// # Panics
/// Outside of a tokio runtime, as `tokio::spawn` does.
pub fn spawn<F>(future: F) -> tokio::task::JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match current() {
        Some(context) => tokio::spawn(scope(context, future)),
        None => tokio::spawn(future),
    }
}
