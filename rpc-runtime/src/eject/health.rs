//! The state of one endpoint.

use std::time::Duration;

use tokio::time::Instant;

use super::window::Window;
use super::{EjectPolicy, Outcome};

/// What an endpoint's attempts say of it: open, ejected, or being tried by one call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Health {
    phase: Phase,
    /// Failures since the last success.
    consecutive: u32,
    window: Window,
    /// Ejections in a row, the present one included.
    ejections: u32,
    /// When it came back last.
    reopened: Option<Instant>,
    /// Counts the changes of phase: the ends of attempts that began before the last one say nothing of now.
    epoch: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    /// Left alone until then; afterwards one call may try it.
    Ejected { until: Instant },
    /// One call tries it.
    Probing,
}

/// Why an endpoint should be ejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trip {
    /// Failures in a row.
    Consecutive(u32),
    /// Successes in percent of the window's requests.
    Ratio(u32),
}

impl std::fmt::Display for Trip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trip::Consecutive(failures) => write!(f, "{failures} failures in a row"),
            Trip::Ratio(percent) => {
                write!(f, "{percent} % successes within {} s", Window::LENGTH.as_secs())
            }
        }
    }
}

impl Health {
    pub(crate) fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    pub(crate) fn is_probing(&self) -> bool {
        self.phase == Phase::Probing
    }

    /// When the ejection ends, if there is one.
    pub(crate) fn ejected_until(&self) -> Option<Instant> {
        match self.phase {
            Phase::Ejected { until } => Some(until),
            Phase::Open | Phase::Probing => None,
        }
    }

    /// Marks an attempt that begins now, for [`record`](Self::record).
    pub(crate) fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Counts the end of an attempt that began in `epoch`; says whether the endpoint should be ejected.
    pub(crate) fn record(
        &mut self,
        outcome: Outcome,
        epoch: u32,
        now: Instant,
        policy: &EjectPolicy,
    ) -> Option<Trip> {
        if !self.is_open() || epoch != self.epoch {
            return None;
        }
        match outcome {
            Outcome::Ignored => return None,
            Outcome::Healthy => {
                self.consecutive = 0;
                self.window.count(true, now);
                return None;
            }
            // Busy is not broken: it does not add to the failures in a row.
            Outcome::Throttled { .. } => self.window.count(false, now),
            Outcome::Unreachable | Outcome::Failed { .. } | Outcome::TimedOut => {
                self.consecutive = self.consecutive.saturating_add(1);
                self.window.count(false, now);
            }
        }
        if self.consecutive >= policy.consecutive {
            return Some(Trip::Consecutive(self.consecutive));
        }
        let (requests, ratio) = self.window.ratio(now);
        let low = requests >= policy.min_requests && ratio < policy.success_ratio;
        low.then_some(Trip::Ratio((ratio * 100.0) as u32))
    }

    /// Ejects; gives the length. `unit` is uniform in [0, 1).
    pub(crate) fn eject(&mut self, now: Instant, policy: &EjectPolicy, unit: f64) -> Duration {
        // Who served for a whole window since the last ejection starts from the beginning.
        if self.reopened.is_some_and(|reopened| now >= reopened + Window::LENGTH) {
            self.ejections = 0;
        }
        let length = policy.length(self.ejections, unit);
        self.ejections = self.ejections.saturating_add(1);
        self.enter(Phase::Ejected { until: now + length });
        length
    }

    /// Asks to be the one call that tries the endpoint: `true` for exactly one until its end.
    pub(crate) fn claim_probe(&mut self, now: Instant) -> bool {
        let due = self.ejected_until().is_some_and(|until| now >= until);
        if due {
            self.enter(Phase::Probing);
        }
        due
    }

    /// The end of the call that tries the endpoint. Gives the length of the next ejection if it failed.
    pub(crate) fn probed(
        &mut self,
        outcome: Outcome,
        now: Instant,
        policy: &EjectPolicy,
        unit: f64,
    ) -> Option<Duration> {
        match outcome {
            Outcome::Healthy => {
                self.release(now);
                None
            }
            // It told nothing: the next call may try.
            Outcome::Ignored => {
                self.enter(Phase::Ejected { until: now });
                None
            }
            Outcome::Unreachable | Outcome::Failed { .. } | Outcome::TimedOut | Outcome::Throttled { .. } => {
                Some(self.eject(now, policy, unit))
            }
        }
    }

    /// Back among the others, with a clean record.
    pub(crate) fn release(&mut self, now: Instant) {
        self.reopened = Some(now);
        self.enter(Phase::Open);
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.epoch = self.epoch.wrapping_add(1);
        self.consecutive = 0;
        self.window = Window::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Defaults;

    const GOOD: Outcome = Outcome::Healthy;
    const BAD: Outcome = Outcome::Failed { retry_after: None };
    const BUSY: Outcome = Outcome::Throttled { retry_after: None };

    fn policy() -> EjectPolicy {
        EjectPolicy::new(&Defaults::V1)
    }

    /// The first trip while these outcomes come in, one a tenth of a second, and how many it took.
    #[track_caller]
    fn check(outcomes: &[(Outcome, u32)], expected: Option<(Trip, u32)>) {
        let (mut health, mut now, mut count) = (Health::default(), Instant::now(), 0);
        let all = outcomes.iter().flat_map(|(outcome, times)| (0..*times).map(move |_| *outcome));
        for outcome in all {
            count += 1;
            now += Duration::from_millis(100);
            if let Some(trip) = health.record(outcome, health.epoch(), now, &policy()) {
                assert_eq!(Some((trip, count)), expected);
                return;
            }
        }
        assert_eq!(None, expected);
    }

    #[test]
    fn failures_in_a_row() {
        check(&[(BAD, 4)], None);
        check(&[(BAD, 5)], Some((Trip::Consecutive(5), 5)));
        check(&[(Outcome::Unreachable, 2), (Outcome::TimedOut, 3)], Some((Trip::Consecutive(5), 5)));
        check(&[(BAD, 4), (GOOD, 1), (BAD, 4)], None);
        // What says nothing neither counts nor interrupts.
        check(&[(BAD, 4), (Outcome::Ignored, 9), (BAD, 1)], Some((Trip::Consecutive(5), 14)));
        check(&[(BAD, 4), (BUSY, 3), (BAD, 1)], Some((Trip::Consecutive(5), 8)));
    }

    #[test]
    fn the_ratio_of_ten_seconds() {
        // Three of four succeed: below 0.8 as soon as there are twenty.
        let quarter = [(GOOD, 3), (BAD, 1)].repeat(5);
        check(&quarter[..8], None);
        check(&quarter, Some((Trip::Ratio(75), 20)));
        // Four of five are enough.
        check(&[(GOOD, 4), (BAD, 1)].repeat(30), None);
        // Throttling counts here, and only here.
        check(&[(BUSY, 19)], None);
        check(&[(BUSY, 20)], Some((Trip::Ratio(0), 20)));
        check(&[(Outcome::Ignored, 100), (BAD, 1)], None);
    }

    #[test]
    fn one_probe_at_a_time_and_what_follows() {
        let (mut health, start) = (Health::default(), Instant::now());
        let first = health.eject(start, &policy(), 1.0);
        assert_eq!(first, Duration::from_secs(5));
        assert!(!health.claim_probe(start + Duration::from_millis(4_999)));
        let mut now = start + first;
        assert!(health.claim_probe(now) && !health.claim_probe(now));
        // The caller went away: the next may try, at once.
        assert_eq!(health.probed(Outcome::Ignored, now, &policy(), 1.0), None);
        assert!(health.claim_probe(now) && !health.claim_probe(now));
        assert_eq!(health.probed(BUSY, now, &policy(), 1.0), Some(Duration::from_secs(10)));
        now += Duration::from_secs(10);
        assert!(health.claim_probe(now));
        assert_eq!(health.probed(GOOD, now, &policy(), 1.0), None);
        assert!(health.is_open());
        // Out again within the window: the length goes on growing. After a window of service it starts anew.
        now += Duration::from_secs(9);
        assert_eq!(health.eject(now, &policy(), 1.0), Duration::from_secs(20));
        now += Duration::from_secs(20);
        assert!(health.claim_probe(now));
        health.probed(GOOD, now, &policy(), 1.0);
        now += Duration::from_secs(10);
        assert_eq!(health.eject(now, &policy(), 1.0), Duration::from_secs(5));
    }

    #[test]
    fn late_ends_say_nothing() {
        let (mut health, now) = (Health::default(), Instant::now());
        let before = health.epoch();
        health.eject(now, &policy(), 0.0);
        assert_eq!(health.record(BAD, before, now, &policy()), None);
        let now = now + Duration::from_secs(5);
        assert!(health.claim_probe(now));
        health.probed(GOOD, now, &policy(), 0.0);
        for _ in 0..100 {
            assert_eq!(health.record(BAD, before, now, &policy()), None);
        }
        // And the record is clean.
        for _ in 0..4 {
            assert_eq!(health.record(BAD, health.epoch(), now, &policy()), None);
        }
        assert_eq!(health.record(BAD, health.epoch(), now, &policy()), Some(Trip::Consecutive(5)));
    }
}
