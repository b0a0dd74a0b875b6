//! Counts of the last ten seconds.

use std::time::Duration;

use tokio::time::Instant;

/// Seconds that are looked back on.
const SECONDS: u64 = 10;

/// Successes and failures of the last ten seconds, in buckets of one second. Exact counts, where a moving average would give a
/// burst of one second no more weight than a single request.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    start: Option<Instant>,
    buckets: [Bucket; SECONDS as usize],
}

#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    second: u64,
    good: u32,
    bad: u32,
}

impl Window {
    /// How long a look back is.
    pub(super) const LENGTH: Duration = Duration::from_secs(SECONDS);

    pub(super) fn count(&mut self, good: bool, now: Instant) {
        let second = now.saturating_duration_since(*self.start.get_or_insert(now)).as_secs();
        let Some(bucket) = self.buckets.get_mut((second % SECONDS) as usize) else { return };
        if bucket.second != second {
            *bucket = Bucket { second, ..Bucket::default() };
        }
        let counted = if good { &mut bucket.good } else { &mut bucket.bad };
        *counted = counted.saturating_add(1);
    }

    /// Requests in the window, and the part of them that succeeded.
    pub(super) fn ratio(&self, now: Instant) -> (u32, f64) {
        let Some(start) = self.start else { return (0, 1.0) };
        let second = now.saturating_duration_since(start).as_secs();
        let recent = self.buckets.iter().filter(|bucket| bucket.second + SECONDS > second);
        let (good, bad) = recent.fold((0_u32, 0_u32), |(good, bad), bucket| {
            (good.saturating_add(bucket.good), bad.saturating_add(bucket.bad))
        });
        let all = good.saturating_add(bad);
        (all, if all == 0 { 1.0 } else { f64::from(good) / f64::from(all) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requests `(second, good)`, then the count and ratio at `now`.
    #[track_caller]
    fn check(requests: &[(u64, bool)], now: u64, expected: (u32, f64)) {
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        let mut window = Window::default();
        for (second, good) in requests {
            window.count(*good, at(*second));
        }
        assert_eq!(window.ratio(at(now)), expected);
    }

    #[test]
    fn counts_ten_seconds() {
        check(&[], 0, (0, 1.0));
        check(&[(0, true), (0, false), (3, true), (9, true)], 9, (4, 0.75));
        check(&[(0, false), (1, true)], 9, (2, 0.5));
        check(&[(0, false), (1, true)], 10, (1, 1.0));
        check(&[(0, false), (1, true)], 11, (0, 1.0));
        // A bucket that is used again forgets, and a gap of any length does too.
        check(&[(0, false), (10, true)], 10, (1, 1.0));
        check(&[(0, false), (10, false), (30, true)], 30, (1, 1.0));
        check(&[(5, false), (1_000_000, true)], 1_000_000, (1, 1.0));
    }
}
