//! The state of one endpoint.

use std::time::Duration;

use tokio::time::Instant;

use super::window::Window;
use super::{EjectPolicy, Outcome};
use crate::metrics::EjectionReason;

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
    /// One call tries it, since then. It was to be left alone until `until`.
    Probing { since: Instant, until: Instant },
}

/// What became of an endpoint that one call tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probed {
    /// It is back.
    Back,
    /// It stays out for this long.
    Out(Duration),
    /// The call told nothing.
    Nothing,
}

/// Why an endpoint should be ejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trip {
    /// Failures in a row.
    Consecutive(u32),
    /// Successes in percent of the window's requests.
    Ratio(u32),
}

impl From<Trip> for EjectionReason {
    fn from(trip: Trip) -> Self {
        match trip {
            Trip::Consecutive(_) => Self::Consecutive,
            Trip::Ratio(_) => Self::Ratio,
        }
    }
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
        matches!(self.phase, Phase::Probing { .. })
    }

    /// When the ejection ends, if there is one.
    pub(crate) fn ejected_until(&self) -> Option<Instant> {
        match self.phase {
            Phase::Ejected { until } => Some(until),
            Phase::Open | Phase::Probing { .. } => None,
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

    /// Asks to be the one call that tries the endpoint: `true` for exactly one until its end. `grace` is how long after the
    /// ejection's end this caller leaves that to others.
    pub(crate) fn claim_probe(&mut self, now: Instant, grace: Duration, policy: &EjectPolicy) -> bool {
        let until = match self.phase {
            Phase::Ejected { until } if now >= until + grace => until,
            // A call that does not end, because it has no limit or is never polled again, must not keep it out for ever.
            Phase::Probing { since, until } if now >= since + policy.max => until,
            _ => return false,
        };
        self.enter(Phase::Probing { since: now, until });
        true
    }

    /// The same before the ejection's end, for a call that has no other endpoint left.
    pub(crate) fn claim_early_probe(&mut self, now: Instant) -> bool {
        let Phase::Ejected { until } = self.phase else { return false };
        self.enter(Phase::Probing { since: now, until });
        true
    }

    /// The end of the call that tries the endpoint. `unit` is uniform in [0, 1).
    pub(crate) fn probed(
        &mut self,
        outcome: Outcome,
        now: Instant,
        policy: &EjectPolicy,
        unit: f64,
    ) -> Probed {
        let Phase::Probing { since, until } = self.phase else { return Probed::Nothing };
        match outcome {
            Outcome::Healthy => {
                self.release(now);
                return Probed::Back;
            }
            Outcome::Ignored => {
                // Given up at once, it told nothing. Given up after a while, it hangs perhaps: calls in a hurry must not all
                // end there, one after the other.
                let waited = now.saturating_duration_since(since) >= policy.patience;
                let again = if waited { now + policy.length(0, unit) } else { now };
                self.enter(Phase::Ejected { until: until.max(again) });
                return Probed::Nothing;
            }
            Outcome::Unreachable | Outcome::Failed { .. } | Outcome::TimedOut | Outcome::Throttled { .. } => {
            }
        }
        if now < until {
            // It was tried too early: what it failed says nothing new.
            self.enter(Phase::Ejected { until });
            return Probed::Out(until - now);
        }
        Probed::Out(self.eject(now, policy, unit))
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

    const NOW: Duration = Duration::ZERO;

    #[test]
    fn one_probe_at_a_time_and_what_follows() {
        let (mut health, start, policy) = (Health::default(), Instant::now(), policy());
        let first = health.eject(start, &policy, 1.0);
        assert_eq!(first, Duration::from_secs(5));
        assert!(!health.claim_probe(start + Duration::from_millis(4_999), NOW, &policy));
        let mut now = start + first;
        assert!(health.claim_probe(now, NOW, &policy) && !health.claim_probe(now, NOW, &policy));
        // The caller went away at once: the next may try, at once.
        assert_eq!(health.probed(Outcome::Ignored, now, &policy, 1.0), Probed::Nothing);
        assert!(health.claim_probe(now, NOW, &policy) && !health.claim_probe(now, NOW, &policy));
        assert_eq!(health.probed(BUSY, now, &policy, 1.0), Probed::Out(Duration::from_secs(10)));
        now += Duration::from_secs(10);
        assert!(health.claim_probe(now, NOW, &policy));
        assert_eq!(health.probed(GOOD, now, &policy, 1.0), Probed::Back);
        assert!(health.is_open());
        // Out again within the window: the length goes on growing. After a window of service it starts anew.
        now += Duration::from_secs(9);
        assert_eq!(health.eject(now, &policy, 1.0), Duration::from_secs(20));
        now += Duration::from_secs(20);
        assert!(health.claim_probe(now, NOW, &policy));
        health.probed(GOOD, now, &policy, 1.0);
        now += Duration::from_secs(10);
        assert_eq!(health.eject(now, &policy, 1.0), Duration::from_secs(5));
    }

    #[test]
    fn a_probe_that_is_given_up_after_a_while_is_not_followed_at_once() {
        let (mut health, now, policy) = (Health::default(), Instant::now(), policy());
        health.eject(now, &policy, 0.0);
        let mut now = now + Duration::from_secs(5);
        for (waited, next) in [(99, 0), (100, 2_500), (7_000, 2_500)] {
            assert!(health.claim_probe(now, NOW, &policy));
            now += Duration::from_millis(waited);
            assert_eq!(health.probed(Outcome::Ignored, now, &policy, 0.0), Probed::Nothing);
            let until = health.ejected_until().unwrap();
            assert_eq!(until.saturating_duration_since(now), Duration::from_millis(next), "{waited}");
            now = until;
        }
        // And it did not make the ejection longer.
        assert!(health.claim_probe(now, NOW, &policy));
        assert_eq!(health.probed(BAD, now, &policy, 1.0), Probed::Out(Duration::from_secs(10)));
    }

    #[test]
    fn an_early_probe_brings_it_back_or_changes_nothing() {
        let (mut health, start, policy) = (Health::default(), Instant::now(), policy());
        assert!(!health.claim_early_probe(start));
        health.eject(start, &policy, 1.0);
        let now = start + Duration::from_secs(2);
        assert!(health.claim_early_probe(now) && !health.claim_early_probe(now));
        assert_eq!(health.probed(BAD, now, &policy, 1.0), Probed::Out(Duration::from_secs(3)));
        assert_eq!(health.ejected_until(), Some(start + Duration::from_secs(5)));
        assert!(health.claim_early_probe(now));
        assert_eq!(health.probed(GOOD, now, &policy, 1.0), Probed::Back);
    }

    #[test]
    fn calls_that_cannot_be_repeated_leave_the_probe_to_others_for_a_while() {
        let (mut health, start, policy) = (Health::default(), Instant::now(), policy());
        let end = start + health.eject(start, &policy, 1.0);
        let grace = policy.base;
        assert!(!health.claim_probe(end + grace - Duration::from_millis(1), grace, &policy));
        assert!(health.claim_probe(end + grace, grace, &policy));
    }

    #[test]
    fn a_probe_without_an_end_is_taken_over() {
        let (mut health, start, policy) = (Health::default(), Instant::now(), policy());
        let now = start + health.eject(start, &policy, 1.0);
        assert!(health.claim_probe(now, NOW, &policy));
        let lost = health.epoch();
        assert!(!health.claim_probe(now + Duration::from_secs(59), NOW, &policy));
        assert!(health.claim_probe(now + Duration::from_secs(60), NOW, &policy));
        assert_ne!(health.epoch(), lost);
    }

    #[test]
    fn late_ends_say_nothing() {
        let (mut health, now) = (Health::default(), Instant::now());
        let before = health.epoch();
        health.eject(now, &policy(), 0.0);
        assert_eq!(health.record(BAD, before, now, &policy()), None);
        let now = now + Duration::from_secs(5);
        assert!(health.claim_probe(now, NOW, &policy()));
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
