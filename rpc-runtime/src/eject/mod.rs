//! Which endpoints are left alone for a while (outlier ejection, a circuit breaker per endpoint).
//!
//! An endpoint that fails [often in a row, or too large a part of its requests](Health::record) is ejected: it gets no calls for
//! some seconds, longer each time. Then one call, and only one, tries it; by its end the endpoint comes back or stays out. What
//! is decided over all endpoints, that never more than half and never the last is out, stands in [`EjectPolicy::most`].
//!
//! Pure: outcomes and times in, verdicts out.

mod health;
mod window;

use std::time::Duration;

pub(crate) use health::{Health, Probed, Trip};

use crate::config::Defaults;

/// What an attempt's end says of the endpoint that had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It works, whatever it answered.
    Healthy,
    /// No connection.
    Unreachable,
    /// The connection broke, or the reply was a failure of the server.
    Failed { retry_after: Option<Duration> },
    /// No reply in time.
    TimedOut,
    /// It has too much to do.
    Throttled { retry_after: Option<Duration> },
    /// Nothing: the caller went away, or ran out of time.
    Ignored,
}

/// The numbers of ejection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EjectPolicy {
    /// Failures in a row that eject.
    pub(crate) consecutive: u32,
    /// Successes below this part of the requests eject, …
    pub(crate) success_ratio: f64,
    /// … if there were that many in the window.
    pub(crate) min_requests: u32,
    /// The first ejection; each further one in a row is twice as long, …
    pub(crate) base: Duration,
    /// … up to this.
    pub(crate) max: Duration,
    /// Most of the endpoints of one priority that may be out at a time.
    pub(crate) share: f64,
    /// A probe that its caller gives up before told nothing.
    pub(crate) patience: Duration,
}

impl EjectPolicy {
    pub(crate) fn new(defaults: &Defaults) -> Self {
        EjectPolicy {
            consecutive: defaults.eject_consecutive,
            success_ratio: defaults.eject_success_ratio,
            min_requests: defaults.eject_min_requests,
            base: defaults.eject_base,
            max: defaults.eject_max,
            share: defaults.eject_share,
            patience: defaults.probe_patience,
        }
    }

    /// How many of that many endpoints may be out at a time: never more than the share, never all.
    pub(crate) fn most(&self, endpoints: usize) -> usize {
        let share = (endpoints as f64 * self.share).floor() as usize;
        share.min(endpoints.saturating_sub(1))
    }

    /// The length of an ejection after that many others in a row. Half of it is random (equal jitter): clients that saw the
    /// same failure must not all come back at the same moment. `unit` is uniform in [0, 1).
    fn length(&self, before: u32, unit: f64) -> Duration {
        let factor = 1_u32.checked_shl(before).unwrap_or(u32::MAX);
        let whole = self.base.checked_mul(factor).unwrap_or(self.max).min(self.max);
        whole.mul_f64(0.5 + 0.5 * unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_half_and_never_the_last() {
        let policy = EjectPolicy::new(&Defaults::V1);
        let most: Vec<usize> = (0..=7).map(|endpoints| policy.most(endpoints)).collect();
        assert_eq!(most, [0, 0, 1, 1, 2, 2, 3, 3]);
        assert_eq!(EjectPolicy { share: 1.0, ..policy }.most(3), 2);
    }

    #[test]
    fn the_length_doubles_to_a_minute_and_half_of_it_is_random() {
        let policy = EjectPolicy::new(&Defaults::V1);
        let seconds = |unit| [0, 1, 2, 3, 4, 5, 99].map(|n| policy.length(n, unit).as_secs_f64());
        assert_eq!(seconds(1.0), [5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0]);
        assert_eq!(seconds(0.0), [2.5, 5.0, 10.0, 20.0, 30.0, 30.0, 30.0]);
    }
}
