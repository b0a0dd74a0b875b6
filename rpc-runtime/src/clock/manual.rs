//! A clock that moves only when told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::{Clock, Duration, Instant, Sleep, SystemTime};

/// A clock that moves only when told to. It needs no tokio timer, so it works in any runtime or in none, and it is as exact as
/// a [`Duration`].
///
/// Clones show the same time.
#[derive(Clone, Debug)]
pub struct ManualClock {
    start: Instant,
    timers: Arc<Mutex<Timers>>,
}

#[derive(Debug, Default)]
struct Timers {
    elapsed: Duration,
    /// Who waits, by moment; the number tells apart those of one moment.
    waiting: BTreeMap<(Duration, u64), Waker>,
    made: u64,
}

impl ManualClock {
    /// A clock that stands still, at 2026-01-01T00:00:00Z.
    pub fn new() -> Self {
        ManualClock { start: Instant::now(), timers: Arc::default() }
    }

    fn timers(&self) -> MutexGuard<'_, Timers> {
        self.timers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the time forward and wakes every sleeper whose moment has come.
    pub fn advance(&self, by: Duration) {
        let to = self.elapsed() + by;
        self.advance_to(to);
    }

    /// Moves the time forward to the moment of the next sleeper; `false` if nobody waits.
    pub fn advance_to_next(&self) -> bool {
        let next = self.timers().waiting.keys().next().map(|(moment, _)| *moment);
        next.is_some_and(|moment| {
            self.advance_to(moment);
            true
        })
    }

    fn advance_to(&self, moment: Duration) {
        let mut timers = self.timers();
        timers.elapsed = timers.elapsed.max(moment);
        let later = timers.waiting.split_off(&(moment, u64::MAX));
        let due = std::mem::replace(&mut timers.waiting, later);
        // Not under the lock: who is woken may look at the clock.
        drop(timers);
        due.into_values().for_each(Waker::wake);
    }

    /// The time since the clock was made.
    pub fn elapsed(&self) -> Duration {
        self.timers().elapsed
    }

    /// How many sleeps are pending, so that a test can wait until the code under test waits.
    pub fn sleepers(&self) -> usize {
        self.timers().waiting.len()
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
        let moment = deadline.saturating_duration_since(self.start);
        Box::pin(Sleeper { clock: self.clone(), moment, number: None })
    }
}

/// One sleep. It counts as pending from its first poll to its end.
struct Sleeper {
    clock: ManualClock,
    moment: Duration,
    number: Option<u64>,
}

impl Future for Sleeper {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut timers = clock.timers();
        if timers.elapsed >= self.moment {
            return Poll::Ready(());
        }
        let number = *self.number.get_or_insert_with(|| {
            timers.made += 1;
            timers.made
        });
        timers.waiting.insert((self.moment, number), context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.clock.timers().waiting.remove(&(self.moment, number));
        }
    }
}
