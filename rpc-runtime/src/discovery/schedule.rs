//! When a host is looked up again: pure decisions on one host's state.

use std::time::Duration;

use tokio::time::Instant;

use super::either::Kind;
use super::resolve::Target;
use crate::config::Defaults;

/// What is known of one host.
#[derive(Clone, Debug, Default)]
pub(super) struct Host {
    /// The last good targets, sorted; none any more once an empty answer is believed.
    pub(super) targets: Vec<Target>,
    /// Which of its names gave them, where there are two.
    pub(super) using: Kind,
    /// Which to ask for first.
    pub(super) first: Kind,
    /// When the last lookup started.
    started: Option<Instant>,
    /// When the last lookup ended, well or badly.
    ended: Option<Instant>,
    /// When it is to be looked up again; `None` is now.
    due: Option<Instant>,
    failures: u32,
    /// A lookup is under way.
    in_flight: bool,
    /// When the resolver said that there is nothing, with no good answer since.
    empty_since: Option<Instant>,
    /// There were targets, and it is believed that there are none any more.
    gone: bool,
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

    /// Whether the lookup that started then is the last one.
    pub(super) fn is_of(&self, started: Instant) -> bool {
        self.started == Some(started)
    }

    /// Whether an empty answer has stood for the whole grace, so that the next one is believed.
    pub(super) fn is_in_doubt(&self, now: Instant, defaults: &Defaults) -> bool {
        self.empty_since.is_some_and(|since| now >= since + defaults.resolve_empty_grace)
    }

    /// A good answer, with the time that it is good for, if that is known. `unit` is a random number of `[0, 1)`.
    pub(super) fn succeed(
        &mut self,
        mut targets: Vec<Target>,
        ttl: Option<Duration>,
        now: Instant,
        defaults: &Defaults,
        unit: f64,
    ) {
        // Resolvers rotate their answers; an order that is ours makes equal sets equal.
        targets.sort_unstable();
        targets.dedup_by_key(|target| target.addr);
        self.targets = targets;
        self.empty_since = None;
        self.gone = false;
        self.failures = 0;
        self.end(now, jittered(age(ttl, defaults), defaults.resolve_jitter, unit));
    }

    /// Nothing is there, says somebody who knows. Such an answer is believed when it still stands after the grace: until
    /// then a rollout, or a name server that has just started, must not take a working set away.
    pub(super) fn empty(&mut self, ttl: Option<Duration>, now: Instant, defaults: &Defaults, unit: f64) {
        if self.targets.is_empty() && !self.gone {
            // There is no set to be careful with.
            return self.fail(now, defaults, unit);
        }
        self.failures = 0;
        let believed_from = *self.empty_since.get_or_insert(now) + defaults.resolve_empty_grace;
        if now >= believed_from {
            self.targets.clear();
            self.gone = true;
            // What comes back is to be found soon, whatever the answer's own time is.
            return self.end(now, jittered(defaults.resolve_min_interval, defaults.resolve_jitter, unit));
        }
        let wait = jittered(age(ttl, defaults), defaults.resolve_jitter, unit);
        self.end(now, wait.min(believed_from - now));
    }

    /// No answer: the old targets stay, and the next lookup waits longer each time. It neither confirms nor refutes an
    /// empty answer.
    pub(super) fn fail(&mut self, now: Instant, defaults: &Defaults, unit: f64) {
        let most = match self.targets.is_empty() {
            true => defaults.resolve_backoff_max_empty,
            false => defaults.resolve_backoff_max,
        };
        let growth = defaults.resolve_backoff_factor.powi(i32::try_from(self.failures).unwrap_or(i32::MAX));
        let wait = (defaults.resolve_backoff.as_secs_f64() * growth).min(most.as_secs_f64());
        self.failures = self.failures.saturating_add(1);
        self.end(now, jittered(Duration::from_secs_f64(wait), defaults.resolve_jitter, unit));
    }

    fn end(&mut self, now: Instant, wait: Duration) {
        self.ended = Some(now);
        self.in_flight = false;
        self.due = Some(now + wait);
    }

    /// Whether there were targets and it is believed that there are none any more.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    /// The same knowledge for another set; a lookup that is under way belongs to the old one.
    pub(super) fn carried(&self) -> Self {
        Host { in_flight: false, ..self.clone() }
    }

    /// The addresses look dead: due at once, but not sooner than the least interval after the last lookup.
    pub(super) fn suspect(&mut self, now: Instant, defaults: &Defaults) {
        let soonest = self.started.map_or(now, |started| now.max(started + defaults.resolve_min_interval));
        self.due = self.due.map(|due| due.min(soonest));
    }
}

/// The age at which an answer is looked up again.
fn age(ttl: Option<Duration>, defaults: &Defaults) -> Duration {
    ttl.map_or(defaults.resolve_interval, |ttl| ttl.clamp(defaults.resolve_ttl_min, defaults.resolve_ttl_max))
}

/// `wait`, up to the fraction `jitter` more or less.
fn jittered(wait: Duration, jitter: f64, unit: f64) -> Duration {
    wait.mul_f64(1.0 + jitter * (2.0 * unit - 1.0))
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
