//! Time as an input.
//!
//! Everything that waits or measures asks a [`Clock`], so that a test can run hours of policy in microseconds.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A future that completes when its moment has come. Dropping it cancels the wait.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time.
pub trait Clock: Send + Sync + Debug + 'static {
    /// The monotonic time now.
    fn now(&self) -> Instant;

    /// The calendar time now, for what other machines read: dates and idempotency keys.
    fn unix_time(&self) -> SystemTime;

    /// Waits until `deadline`; a moment that has passed completes at once.
    fn sleep_until(&self, deadline: Instant) -> Sleep;

    /// Waits for `duration`; one that no clock can show is as long as thirty years.
    fn sleep(&self, duration: Duration) -> Sleep {
        const FOR_EVER: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
        let now = self.now();
        self.sleep_until(now.checked_add(duration).unwrap_or_else(|| now + FOR_EVER))
    }
}

/// The clock of the machine, through tokio: `tokio::time::pause` and `start_paused` tests drive it too.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place where the real calendar is read")]
    fn unix_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep_until(&self, deadline: Instant) -> Sleep {
        Box::pin(tokio::time::sleep_until(deadline))
    }
}

#[cfg(any(test, feature = "testing"))]
#[path = "clock/manual.rs"]
mod manual;

#[cfg(any(test, feature = "testing"))]
pub use manual::ManualClock;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn manual_clock_wakes_only_what_is_due() {
        let clock = ManualClock::new();
        let began = clock.unix_time();
        let short = tokio::spawn(clock.sleep(Duration::from_secs(1)));
        let long = tokio::spawn(clock.sleep(Duration::from_secs(3)));
        tokio::task::yield_now().await;
        assert_eq!(clock.sleepers(), 2);
        clock.advance(Duration::from_secs(2));
        short.await.unwrap();
        assert!(!long.is_finished());
        clock.advance(Duration::from_secs(1));
        long.await.unwrap();
        assert_eq!(clock.sleepers(), 0);
        assert_eq!(clock.unix_time().duration_since(began).unwrap(), Duration::from_secs(3));
    }

    #[test]
    fn time_goes_from_sleeper_to_sleeper() {
        let clock = ManualClock::new();
        let later = |millis| clock.sleep(Duration::from_millis(millis));
        assert!(!clock.advance_to_next());
        let mut sleeps = vec![later(30), later(10), later(20)];
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let mut pending = |sleeps: &mut Vec<Sleep>| {
            sleeps.retain_mut(|sleep| sleep.as_mut().poll(&mut context).is_pending());
            sleeps.len()
        };
        assert_eq!((pending(&mut sleeps), clock.sleepers()), (3, 3));
        assert!(clock.advance_to_next());
        assert_eq!((clock.elapsed(), pending(&mut sleeps)), (Duration::from_millis(10), 2));
        // One that is dropped is waited for no longer.
        sleeps.pop();
        assert!(clock.advance_to_next());
        assert_eq!((clock.elapsed(), pending(&mut sleeps)), (Duration::from_millis(30), 0));
        assert_eq!((clock.sleepers(), clock.advance_to_next()), (0, false));
    }

    #[tokio::test]
    async fn a_moment_that_has_passed_completes_at_once() {
        let clock = ManualClock::new();
        clock.sleep(Duration::ZERO).await;
        clock.sleep_until(clock.now() - Duration::from_millis(1)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn paused_tests_drive_the_system_clock() {
        let began = SystemClock.now();
        SystemClock.sleep(Duration::from_secs(3600)).await;
        assert_eq!(SystemClock.now() - began, Duration::from_secs(3600));
    }
}
