//! When a host is looked up again: pure decisions on one host's state.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::Instant;

use crate::config::Defaults;

/// What is known of one host.
#[derive(Debug, Default)]
pub(super) struct Host {
    /// The last good addresses, sorted.
    pub(super) addrs: Vec<SocketAddr>,
    /// When the last lookup started.
    started: Option<Instant>,
    /// When the last lookup ended, well or badly.
    ended: Option<Instant>,
    /// When it is to be looked up again; `None` is now.
    due: Option<Instant>,
    failures: u32,
    /// A lookup is under way.
    in_flight: bool,
}

impl Host {
    /// Whether a lookup is to start now. One that is under way for too long is lost: the runtime that ran it may
    /// never be polled again.
    pub(super) fn wants_lookup(&self, now: Instant, defaults: &Defaults) -> bool {
        let lost = |started: Instant| now >= started + defaults.resolve_timeout;
        self.is_due(now) && (!self.in_flight || self.started.is_none_or(lost))
    }

    /// Whether the addresses are older than they should get.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.due.is_none_or(|due| now >= due)
    }

    /// Whether the last lookup is too long ago to use its outcome without waiting for the next. A resolver that fails or
    /// hangs is no reason to wait: that would stall calls again and again while there is a set to use.
    pub(super) fn is_stale(&self, now: Instant, defaults: &Defaults) -> bool {
        self.ended.is_none_or(|ended| now >= ended + defaults.resolve_stale_after)
    }

    pub(super) fn start(&mut self, now: Instant) {
        self.started = Some(now);
        self.in_flight = true;
    }

    /// A lookup ended without an answer of any kind: whoever waited for it is gone.
    pub(super) fn abandon(&mut self, started: Instant) {
        if self.started == Some(started) {
            self.in_flight = false;
        }
    }

    /// A good answer. `unit` is a random number of `[0, 1)`.
    pub(super) fn succeed(
        &mut self,
        mut addrs: Vec<SocketAddr>,
        now: Instant,
        defaults: &Defaults,
        unit: f64,
    ) {
        // Resolvers rotate their answers; an order that is ours makes equal sets equal.
        addrs.sort_unstable();
        addrs.dedup();
        self.addrs = addrs;
        self.ended = Some(now);
        self.failures = 0;
        self.in_flight = false;
        self.due = Some(now + jittered(defaults.resolve_interval, defaults.resolve_jitter, unit));
    }

    /// No answer, or one without addresses: the old ones stay, and the next lookup waits longer each time.
    pub(super) fn fail(&mut self, now: Instant, defaults: &Defaults, unit: f64) {
        let most = match self.addrs.is_empty() {
            true => defaults.resolve_backoff_max_empty,
            false => defaults.resolve_backoff_max,
        };
        let growth = defaults.resolve_backoff_factor.powi(i32::try_from(self.failures).unwrap_or(i32::MAX));
        let wait = (defaults.resolve_backoff.as_secs_f64() * growth).min(most.as_secs_f64());
        self.failures = self.failures.saturating_add(1);
        self.ended = Some(now);
        self.in_flight = false;
        self.due = Some(now + jittered(Duration::from_secs_f64(wait), defaults.resolve_jitter, unit));
    }

    /// The addresses look dead: due at once, but not sooner than the least interval after the last lookup.
    pub(super) fn suspect(&mut self, now: Instant, defaults: &Defaults) {
        let soonest = self.started.map_or(now, |started| now.max(started + defaults.resolve_min_interval));
        self.due = self.due.map(|due| due.min(soonest));
    }
}

/// `wait`, up to the fraction `jitter` more or less.
fn jittered(wait: Duration, jitter: f64, unit: f64) -> Duration {
    wait.mul_f64(1.0 + jitter * (2.0 * unit - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const V1: Defaults = Defaults::V1;
    const SECOND: Duration = Duration::from_secs(1);

    fn addrs() -> Vec<SocketAddr> {
        vec!["10.0.0.2:80".parse().unwrap(), "10.0.0.1:80".parse().unwrap()]
    }

    #[test]
    fn the_interval_is_jittered_by_a_tenth() {
        #[track_caller]
        fn check(unit: f64, seconds: f64) {
            let now = Instant::now();
            let mut host = Host::default();
            host.succeed(addrs(), now, &V1, unit);
            let wait = host.due.unwrap() - now;
            assert!((wait.as_secs_f64() - seconds).abs() < 0.01, "{wait:?}");
        }
        check(0.0, 27.0);
        check(0.5, 30.0);
        check(1.0, 33.0);
    }

    #[test]
    fn the_backoff_grows_to_its_cap() {
        #[track_caller]
        fn check(known: Vec<SocketAddr>, waits: &[f64]) {
            let mut host = Host { addrs: known, ..Host::default() };
            for expected in waits {
                let now = Instant::now();
                host.fail(now, &V1, 0.5);
                let wait = (host.due.unwrap() - now).as_secs_f64();
                assert!((wait - expected).abs() < 0.01, "{wait} {expected}");
            }
        }
        check(addrs(), &[1.0, 1.6, 2.56, 4.1, 6.55, 10.49, 16.78, 26.84, 42.95, 60.0, 60.0]);
        check(vec![], &[1.0, 1.6, 2.56, 4.1, 5.0, 5.0]);
    }

    #[test]
    fn a_lookup_is_single_flight_until_it_is_lost() {
        let now = Instant::now();
        let mut host = Host::default();
        assert!(host.wants_lookup(now, &V1));
        host.start(now);
        assert!(!host.wants_lookup(now + SECOND, &V1));
        assert!(host.wants_lookup(now + 3 * SECOND, &V1));
        host.abandon(now - SECOND);
        assert!(!host.wants_lookup(now + SECOND, &V1), "an older lookup's end frees nothing");
        host.abandon(now);
        assert!(host.wants_lookup(now, &V1));
    }

    #[test]
    fn suspicion_hastens_but_keeps_the_least_interval() {
        let now = Instant::now();
        let mut host = Host::default();
        host.start(now);
        host.succeed(addrs(), now, &V1, 0.5);
        host.suspect(now + SECOND, &V1);
        assert!(!host.is_due(now + 4 * SECOND));
        assert!(host.is_due(now + 5 * SECOND));
        host.suspect(now + 20 * SECOND, &V1);
        assert!(host.is_due(now + 5 * SECOND), "never later than before");
    }
}
