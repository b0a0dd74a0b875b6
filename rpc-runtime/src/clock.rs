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
pub use manual::ManualClock;

#[cfg(any(test, feature = "testing"))]
mod manual {
    use super::{Clock, Duration, Instant, Sleep, SystemTime};
    use tokio::sync::watch;

    /// A clock that moves only when told to. It needs no tokio timer, so it works in any runtime or in none.
    ///
    /// Clones show the same time.
    #[derive(Clone, Debug)]
    pub struct ManualClock {
        start: Instant,
        elapsed: watch::Sender<Duration>,
    }

    impl ManualClock {
        /// A clock that stands still, at 2026-01-01T00:00:00Z.
        pub fn new() -> Self {
            ManualClock { start: Instant::now(), elapsed: watch::Sender::new(Duration::ZERO) }
        }

        /// Moves the time forward and wakes every sleeper whose moment has come.
        pub fn advance(&self, by: Duration) {
            self.elapsed.send_modify(|elapsed| *elapsed += by);
        }

        /// The time since the clock was made.
        pub fn elapsed(&self) -> Duration {
            *self.elapsed.borrow()
        }

        /// How many sleeps are pending, so that a test can wait until the code under test waits.
        pub fn sleepers(&self) -> usize {
            self.elapsed.receiver_count()
        }
    }

    impl Default for ManualClock {
        fn default() -> Self {
            Self::new()
        }
    }

    impl Clock for ManualClock {
        fn now(&self) -> Instant {
            self.start + self.elapsed()
        }

        fn unix_time(&self) -> SystemTime {
            /// 2026-01-01T00:00:00Z.
            const EPOCH: Duration = Duration::from_secs(1_767_225_600);
            SystemTime::UNIX_EPOCH + EPOCH + self.elapsed()
        }

        fn sleep_until(&self, deadline: Instant) -> Sleep {
            let wanted = deadline.saturating_duration_since(self.start);
            let mut elapsed = self.elapsed.subscribe();
            Box::pin(async move {
                if elapsed.wait_for(|elapsed| *elapsed >= wanted).await.is_err() {
                    // Every handle on the clock is gone: nobody can move it any more.
                    std::future::pending::<()>().await;
                }
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn manual_clock_wakes_only_what_is_due() {
        let clock = ManualClock::new();
        let began = clock.unix_time();
        let short = tokio::spawn(clock.sleep(Duration::from_secs(1)));
        let long = tokio::spawn(clock.sleep(Duration::from_secs(3)));
        assert_eq!(clock.sleepers(), 2);
        clock.advance(Duration::from_secs(2));
        short.await.unwrap();
        assert!(!long.is_finished());
        clock.advance(Duration::from_secs(1));
        long.await.unwrap();
        assert_eq!(clock.sleepers(), 0);
        assert_eq!(clock.unix_time().duration_since(began).unwrap(), Duration::from_secs(3));
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
