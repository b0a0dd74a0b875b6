//! Exponential backoff with full jitter: a uniformly random wait between zero and `base × 2ⁿ`, capped.
//!
//! Full jitter spreads the retries of many clients best; see "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).

use std::time::Duration;

/// Backoff settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Backoff {
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
}

impl Backoff {
    /// The wait before re-send number `n` (from 0); `unit` is uniform in [0, 1).
    pub(crate) fn wait(&self, n: u32, unit: f64) -> Duration {
        let factor = 1_u32.checked_shl(n).unwrap_or(u32::MAX);
        let ceiling = self.base.checked_mul(factor).unwrap_or(Duration::MAX).min(self.cap);
        Duration::try_from_secs_f64(ceiling.as_secs_f64() * unit.clamp(0.0, 1.0)).unwrap_or(ceiling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(base: u64, cap: u64, n: u32, unit: f64, expected: u64) {
        let backoff = Backoff { base: Duration::from_millis(base), cap: Duration::from_millis(cap) };
        assert_eq!(backoff.wait(n, unit), Duration::from_millis(expected));
    }

    #[test]
    fn doubles_up_to_the_cap() {
        check(1000, 4000, 0, 1.0, 1000);
        check(1000, 4000, 1, 1.0, 2000);
        check(1000, 4000, 2, 1.0, 4000);
        check(1000, 4000, 3, 1.0, 4000);
        check(50, 1000, 1, 0.5, 50);
        check(50, 1000, 400, 1.0, 1000);
        check(0, 0, 3, 1.0, 0);
    }

    proptest! {
        #[test]
        fn never_beyond_the_cap(base in 0_u64..u64::MAX, cap in 0_u64..1 << 40, n: u32, unit in 0.0..1.0_f64) {
            let backoff = Backoff { base: Duration::from_millis(base), cap: Duration::from_millis(cap) };
            prop_assert!(backoff.wait(n, unit) <= backoff.cap);
        }
    }
}
