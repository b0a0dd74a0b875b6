//! The one place that asks the machine for the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds since 1970, as Python's `time.time()` gives them.
#[expect(
    clippy::disallowed_methods,
    reason = "a server stamps its replies; `Envelope::timestamp` sets another time"
)]
pub(crate) fn unix_seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// A reading to measure with, in tokio's time, which a test may pause.
pub(crate) fn now() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// Sleeps in tokio's time, which a test may pause.
#[expect(clippy::disallowed_methods, reason = "tokio's own paused clock is the injection")]
pub(crate) async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}
