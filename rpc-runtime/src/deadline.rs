//! The deadline of the work that a task does for somebody else: calls made inside inherit it.
//!
//! Whoever serves a request that says how long its caller waits opens a scope; every call inside has no more time than what
//! is left, sends that on as `x-request-timeout-ms`, and fails before it connects once nothing is left. So nobody works on
//! for a caller who has gone.
//!
//! ```
//! use rpc_runtime::deadline;
//! use std::time::Duration;
//!
//! # async fn run() {
//! let seen = deadline::within(Duration::from_secs(2), async { deadline::remaining() }).await;
//! assert!(seen.is_some_and(|left| left <= Duration::from_secs(2)));
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(run());
//! ```
//!
//! The deadline is a part of the task's [context]: `tokio::spawn` leaves it behind, [`context::spawn`] takes it
//! along with the trace, [`detached`] keeps the trace alone.

mod told;

use std::time::Duration;

use tokio::time::Instant;

use crate::context;
pub use told::from_headers;
pub(crate) use told::{EXPIRED, TIMEOUT_MS};

/// The deadline of the open scope.
pub fn current() -> Option<Instant> {
    context::with(|context| context.deadline)
}

/// What is left of the open scope's time; zero when it has passed.
pub fn remaining() -> Option<Duration> {
    current().map(|deadline| deadline.saturating_duration_since(Instant::now()))
}

/// Runs a future in a scope with this deadline, or that of the scope around it if that is earlier. The trace stays.
pub async fn scope<F: Future>(deadline: Instant, future: F) -> F::Output {
    context::current().with_deadline(deadline).scope(future).await
}

/// Runs a future in a scope that has this long. The future itself is not cut off, only its calls are.
pub async fn within<F: Future>(limit: Duration, future: F) -> F::Output {
    match Instant::now().checked_add(limit) {
        Some(deadline) => scope(deadline, future).await,
        None => future.await,
    }
}

/// Runs a future without the deadline of the scope around it, with its trace: for work that goes on after the reply.
pub async fn detached<F: Future>(future: F) -> F::Output {
    context::detached(future).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_earlier_of_two_scopes_holds() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let nested = |outer, inner| async move {
            let inner = within(Duration::from_secs(inner), async { remaining() });
            within(Duration::from_secs(outer), inner).await
        };
        assert_eq!(nested(5, 2).await, seconds(2));
        assert_eq!(nested(2, 5).await, seconds(2));
        assert_eq!(within(Duration::MAX, async { remaining() }).await, None);
        assert_eq!(remaining(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_scope_can_be_left() {
        let left =
            within(Duration::from_secs(1), async { (detached(async { current() }).await, remaining()) });
        assert_eq!(left.await, (None, Some(Duration::from_secs(1))));
        let late = within(Duration::ZERO, async { remaining() }).await;
        assert_eq!(late, Some(Duration::ZERO));
    }
}
