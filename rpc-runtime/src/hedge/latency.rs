//! How long an operation's recent replies took.

use std::time::Duration;

use tokio::time::Instant;

/// Times are counted in windows of this length; the last whole one and the one under way count.
const WINDOW: Duration = Duration::from_secs(15);
/// The answer is worked out anew this often: Finagle's 3 s.
const REFRESH: Duration = Duration::from_secs(3);
/// With fewer times, the slowest of them are only the slowest by chance.
const ENOUGH: u64 = 50;
/// No hedge sooner than this: Finagle's minimum.
const LEAST: Duration = Duration::from_millis(1);
/// Buckets per doubling: a bucket is 9 % wide.
const STEPS: f64 = 8.0;
/// From 10 µs up to 10 µs × 2²⁵ (more than five minutes).
const BUCKETS: usize = 25 * STEPS as usize;
const FIRST: f64 = 10e-6;

/// A histogram of two windows, in buckets that grow by 9 %.
#[derive(Debug, Default)]
pub(super) struct Latency {
    window: Window,
    last: Window,
    answer: Option<Answer>,
}

#[derive(Debug, Default)]
struct Window {
    began: Option<Instant>,
    counts: Vec<u32>,
    total: u64,
}

#[derive(Debug, Clone, Copy)]
struct Answer {
    part: f64,
    at: Instant,
    delay: Option<Duration>,
}

impl Latency {
    pub(super) fn record(&mut self, elapsed: Duration, now: Instant) {
        self.turn(now);
        self.window.add(bucket(elapsed));
    }

    /// The time that all but this part of the replies stayed below.
    pub(super) fn slowest(&mut self, part: f64, now: Instant) -> Option<Duration> {
        let fresh = |answer: &Answer| {
            answer.part == part
                && now.saturating_duration_since(answer.at) < REFRESH
                && answer.delay.is_some()
        };
        if let Some(answer) = self.answer.filter(fresh) {
            return answer.delay;
        }
        self.turn(now);
        // Neither nothing nor everything is a part that can be waited for.
        let delay = if part > 0.0 && part < 1.0 { self.quantile(1.0 - part) } else { None };
        self.answer = Some(Answer { part, at: now, delay });
        delay
    }

    fn turn(&mut self, now: Instant) {
        let began = *self.window.began.get_or_insert(now);
        let age = now.saturating_duration_since(began);
        if age >= WINDOW {
            self.last = std::mem::take(&mut self.window);
            self.window.began = Some(now);
        }
        // Nobody called for a while: what was before that is no longer recent.
        if age >= 2 * WINDOW {
            self.last = Window::default();
        }
    }

    fn quantile(&self, quantile: f64) -> Option<Duration> {
        let total = self.window.total + self.last.total;
        if total < ENOUGH {
            return None;
        }
        let rank = (total as f64 * quantile.clamp(0.0, 1.0)).ceil() as u64;
        let mut seen = 0;
        for bucket in 0..BUCKETS {
            seen += self.window.count(bucket) + self.last.count(bucket);
            // Times beyond the last bucket are not known well enough to wait for.
            if seen >= rank && bucket + 1 < BUCKETS {
                return Some(upper(bucket).max(LEAST));
            }
        }
        None
    }
}

impl Window {
    fn add(&mut self, bucket: usize) {
        self.counts.resize(BUCKETS, 0);
        if let Some(count) = self.counts.get_mut(bucket) {
            *count = count.saturating_add(1);
            self.total += 1;
        }
    }

    fn count(&self, bucket: usize) -> u64 {
        self.counts.get(bucket).copied().unwrap_or_default().into()
    }
}

fn bucket(elapsed: Duration) -> usize {
    let steps = (elapsed.as_secs_f64() / FIRST).log2() * STEPS;
    // A negative or infinite number becomes the nearest one that there is.
    (steps.ceil() as usize).min(BUCKETS - 1)
}

fn upper(bucket: usize) -> Duration {
    Duration::from_secs_f64(FIRST * (bucket as f64 / STEPS).exp2())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(millis: impl IntoIterator<Item = u64>, now: Instant) -> Latency {
        let mut latency = Latency::default();
        millis.into_iter().for_each(|millis| latency.record(Duration::from_millis(millis), now));
        latency
    }

    #[test]
    fn the_slowest_part() {
        #[track_caller]
        fn check(millis: impl IntoIterator<Item = u64>, part: f64, expected: Option<u64>) {
            let now = Instant::now();
            let found = recorded(millis, now).slowest(part, now).map(|found| found.as_secs_f64() * 1000.0);
            match (found, expected) {
                (None, None) => {}
                (Some(found), Some(expected)) => {
                    let expected = expected as f64;
                    // A bucket's upper end: never less, at most 9 % more.
                    assert!((expected * 0.999..=expected * 1.091).contains(&found), "{found}, {expected}");
                }
                other => panic!("{other:?}"),
            }
        }
        check(1..=100, 0.05, Some(95));
        check(1..=100, 0.5, Some(50));
        check([10; 98].into_iter().chain([200; 2]), 0.05, Some(10));
        check([10; 90].into_iter().chain([200; 10]), 0.05, Some(200));
        check([10; 49], 0.05, None);
        check([0; 50], 0.05, Some(1));
        check([3_000_000; 50], 0.05, None);
        for part in [0.0, 1.0, -1.0, f64::NAN, f64::INFINITY] {
            check([10; 50], part, None);
        }
    }

    #[test]
    fn old_times_are_forgotten_and_the_answer_is_kept_for_a_while() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut latency = recorded([10; 100], start);
        let millis = |found: Option<Duration>| found.map(|found| found.as_millis());
        assert_eq!(millis(latency.slowest(0.05, at(0))), Some(10));
        (0..1_000).for_each(|_| latency.record(Duration::from_millis(100), at(1)));
        assert_eq!(millis(latency.slowest(0.05, at(2))), Some(10));
        assert!(millis(latency.slowest(0.05, at(3))) >= Some(100));
        (0..100).for_each(|_| latency.record(Duration::from_millis(5), at(16)));
        assert!(millis(latency.slowest(0.05, at(20))) >= Some(100));
        (0..100).for_each(|_| latency.record(Duration::from_millis(5), at(32)));
        assert_eq!(millis(latency.slowest(0.05, at(40))), Some(5));
        assert_eq!(latency.slowest(0.05, at(100)), None);
    }
}
