//! What a task carries on behalf of whoever it works for: the trace, its baggage, and how long the caller waits.
//!
//! Who serves a request reads the context from its headers and works in its scope; calls made inside carry everything on.
//! (`server::ServerLayer`, feature `server`, does this for every request.) [`trace`](crate::trace) and
//! [`deadline`] are the two halves of it, each with functions of its own.
//!
//! ```
//! use rpc_runtime::context::{self, Context};
//! use rpc_runtime::{HeaderMap, deadline, trace};
//!
//! # async fn run() {
//! let mut headers = HeaderMap::new();
//! headers.insert("x-trace-id", "task-42".parse().unwrap());
//! headers.insert("x-request-timeout-ms", "2000".parse().unwrap());
//! Context::from_headers(&headers)
//!     .scope(async {
//!         assert_eq!(trace::current_id().as_deref(), Some("task-42"));
//!         assert!(deadline::current().is_some());
//!         // A task of its own has the same context …
//!         context::spawn(async { assert!(deadline::current().is_some()) }).await.unwrap();
//!         // … or, when it goes on after the reply, all of it but the deadline.
//!         context::current().detached().spawn(async { assert!(deadline::current().is_none()) }).await.unwrap();
//!     })
//!     .await;
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(run());
//! ```
//!
//! A scope lives in its task and ends with its future. `tokio::spawn` leaves it behind; [`spawn`] and [`spawn_blocking`]
//! take it along.

use http::HeaderMap;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::deadline;
use crate::trace::TraceContext;

tokio::task_local! {
    static SCOPE: Context;
}

/// What a scope holds. Outside of every scope it is empty.
#[derive(Debug, Clone, Default)]
pub struct Context {
    pub(crate) trace: Option<TraceContext>,
    pub(crate) deadline: Option<Instant>,
}

/// The context of the open scope; an empty one outside.
pub fn current() -> Context {
    with(Context::clone)
}

/// Looks at the open scope.
pub(crate) fn with<T>(look: impl Fn(&Context) -> T) -> T {
    SCOPE.try_with(&look).unwrap_or_else(|_| look(&Context::default()))
}

/// `tokio::spawn` that takes the whole context along, the deadline too.
///
/// # Panics
/// Outside of a tokio runtime, as `tokio::spawn` does.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    current().spawn(future)
}

/// `tokio::task::spawn_blocking` that takes the whole context along: code on that thread sees it, and calls that it makes (with
/// `Handle::block_on`) carry it on.
///
/// # Panics
/// Outside of a tokio runtime, as tokio's own does.
pub fn spawn_blocking<F, T>(work: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let context = current();
    tokio::task::spawn_blocking(move || context.run(work))
}

/// Runs a future with the trace and the baggage of the scope around it, without its deadline: for work that goes on after the
/// reply.
pub async fn detached<F: Future>(future: F) -> F::Output {
    current().detached().scope(future).await
}

impl Context {
    /// The context that a request brings: its trace and baggage ([`trace::from_headers`](crate::trace::from_headers)) and its
    /// deadline, counted from now ([`deadline::from_headers`]). Malformed headers count as missing; without a trace, it is new.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let limit = deadline::from_headers(headers);
        Self {
            trace: Some(TraceContext::from_headers(headers)),
            deadline: limit.and_then(|limit| Instant::now().checked_add(limit)),
        }
    }

    /// The same with this trace, and the baggage that it has.
    #[must_use]
    pub fn with_trace(self, trace: TraceContext) -> Self {
        Self { trace: Some(trace), ..self }
    }

    /// The same with this deadline, unless it has an earlier one.
    #[must_use]
    pub fn with_deadline(self, deadline: Instant) -> Self {
        Self { deadline: Some(self.deadline.map_or(deadline, |earlier| earlier.min(deadline))), ..self }
    }

    /// The same without a deadline.
    #[must_use]
    pub fn detached(self) -> Self {
        Self { deadline: None, ..self }
    }

    /// The trace, with its baggage.
    pub fn trace(&self) -> Option<&TraceContext> {
        self.trace.as_ref()
    }

    /// When whoever waits for this work stops to wait.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Writes it onto a request or a message that is sent by other means than the clients of this runtime, which do so themselves:
    /// the trace with a new parent id, the baggage, and in `X-Request-Timeout-Ms` what is left until the deadline. Headers of a trace
    /// that are there already stay.
    ///
    /// ```
    /// # use rpc_runtime::{HeaderMap, context::Context};
    /// let mut received = HeaderMap::new();
    /// received.insert("x-trace-id", "task-42".parse().unwrap());
    /// let mut sent = HeaderMap::new();
    /// Context::from_headers(&received).write(&mut sent);
    /// assert_eq!(sent["x-trace-id"], "task-42");
    /// ```
    pub fn write(&self, headers: &mut HeaderMap) {
        if let Some(trace) = &self.trace {
            trace.write(headers);
        }
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_duration_since(Instant::now());
            headers.insert(deadline::TIMEOUT_MS, crate::call::millis(left));
        }
    }

    /// Runs a future in a scope with this context, in place of the one around it.
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        SCOPE.scope(self, future).await
    }

    /// Runs a function in a scope with this context.
    pub fn run<T>(self, work: impl FnOnce() -> T) -> T {
        SCOPE.sync_scope(self, work)
    }

    /// `tokio::spawn` with this context.
    ///
    /// # Panics
    /// Outside of a tokio runtime, as `tokio::spawn` does.
    pub fn spawn<F>(self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        tokio::spawn(self.scope(future))
    }
}
