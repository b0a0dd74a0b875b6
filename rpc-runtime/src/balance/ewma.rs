//! How slow an endpoint is: a moving average that rises at once and falls slowly, as in Finagle and linkerd.

use std::time::Duration;

use tokio::time::Instant;

/// A peak-sensitive, exponentially weighted moving average of response times.
///
/// A response time above the average replaces it; one below pulls it down, the more the longer the last one is ago. Without
/// samples the average decays, so that an endpoint that was slow once is tried again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PeakEwma {
    /// Seconds, and when they were right; `None` before the first sample.
    cost: Option<(f64, Instant)>,
}

impl PeakEwma {
    /// Seconds; `None` before the first sample. `decay`: after this time without samples, 37 % (1/e) are left.
    pub(super) fn read(&self, now: Instant, decay: Duration) -> Option<f64> {
        self.cost.map(|(cost, at)| cost * weight(now, at, decay))
    }

    /// Takes a response time into account.
    pub(super) fn observe(&mut self, sample: Duration, now: Instant, decay: Duration) {
        let sample = sample.as_secs_f64();
        let cost = match self.cost {
            Some((cost, at)) if sample <= cost => {
                let weight = weight(now, at, decay);
                cost * weight + sample * (1.0 - weight)
            }
            _ => sample,
        };
        self.cost = Some((cost, now));
    }
}

/// What is left of a value of this age.
fn weight(now: Instant, at: Instant, decay: Duration) -> f64 {
    (-now.saturating_duration_since(at).as_secs_f64() / decay.as_secs_f64()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Defaults;

    /// The average after samples `(at, took)` in seconds, read at `now`.
    #[track_caller]
    fn check(samples: &[(f64, f64)], now: f64, expected: Option<f64>) {
        let decay = Defaults::V1.load_decay;
        let start = Instant::now();
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let mut ewma = PeakEwma::default();
        for (when, took) in samples {
            ewma.observe(Duration::from_secs_f64(*took), at(*when), decay);
        }
        let found = ewma.read(at(now), decay);
        let near = |(a, b): (f64, f64)| (a - b).abs() < 1e-6 * b.max(1e-3);
        assert!(found.is_some() == expected.is_some() && found.zip(expected).is_none_or(near), "{found:?}");
    }

    #[test]
    fn rises_at_once_and_falls_slowly() {
        let e = 1.0_f64.exp();
        check(&[], 0.0, None);
        check(&[(0.0, 0.01)], 0.0, Some(0.01));
        check(&[(0.0, 0.01), (1.0, 2.0)], 1.0, Some(2.0));
        // Ten seconds on, the old average counts 1/e.
        check(&[(0.0, 2.0), (10.0, 0.1)], 10.0, Some(2.0 / e + 0.1 * (1.0 - 1.0 / e)));
        check(&[(0.0, 2.0), (0.0, 0.1)], 0.0, Some(2.0));
        // Reading decays too.
        check(&[(0.0, 2.0)], 10.0, Some(2.0 / e));
        check(&[(0.0, 2.0)], 20.0, Some(2.0 / e / e));
    }
}
