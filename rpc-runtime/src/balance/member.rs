//! One endpoint with all that calls have learnt of it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::ewma::PeakEwma;
use crate::config::Defaults;
use crate::discovery::Endpoint;
use crate::eject::Health;

/// An endpoint of the service's set. Clones are the same member; an endpoint that stays in the set keeps its member's state.
#[derive(Clone, Debug)]
pub(super) struct Member {
    endpoint: Endpoint,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    in_flight: AtomicU32,
    /// No longer in the service's set.
    gone: AtomicBool,
    learnt: Mutex<Learnt>,
}

/// What the ends of attempts have told.
#[derive(Debug, Default)]
pub(super) struct Learnt {
    pub(super) load: PeakEwma,
    pub(super) health: Health,
    /// Attempts in a row that ran out of time.
    pub(super) timeouts: u32,
    /// When its connections were given up last, for that.
    pub(super) given_up: Option<Instant>,
    /// The last attempt got no connection.
    pub(super) unreachable: bool,
}

/// The numbers of the load.
#[derive(Clone, Copy, Debug)]
pub(super) struct LoadNumbers {
    pub(super) decay: Duration,
    pub(super) unsampled: Duration,
    pub(super) penalty: Duration,
    pub(super) max_penalty: Duration,
}

impl LoadNumbers {
    pub(super) fn new(defaults: &Defaults) -> Self {
        LoadNumbers {
            decay: defaults.load_decay,
            unsampled: defaults.load_unsampled,
            penalty: defaults.failure_penalty,
            max_penalty: defaults.max_failure_penalty,
        }
    }
}

impl Member {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        Member { endpoint, state: Arc::default() }
    }

    /// The state of a member with the endpoint as it is described now: weights change.
    pub(super) fn described(&self, endpoint: Endpoint) -> Self {
        Member { endpoint, state: Arc::clone(&self.state) }
    }

    /// The same member, not only the same endpoint: one that left the set and came back is another.
    pub(super) fn is(&self, other: &Member) -> bool {
        Arc::ptr_eq(&self.state, &other.state)
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(super) fn learnt(&self) -> MutexGuard<'_, Learnt> {
        // Every change under the lock is whole, so a panic elsewhere leaves nothing half done.
        self.state.learnt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn in_flight(&self) -> u32 {
        self.state.in_flight.load(Ordering::Relaxed)
    }

    /// One more request in flight, unless there are as many as there may be.
    pub(super) fn enter(&self, limit: Option<u32>) -> bool {
        let limit = limit.unwrap_or(u32::MAX);
        let one_more = |now: u32| (now < limit).then(|| now + 1);
        self.state.in_flight.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    pub(super) fn leave(&self) {
        self.state.in_flight.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn is_gone(&self) -> bool {
        self.state.gone.load(Ordering::Relaxed)
    }

    pub(super) fn set_gone(&self) {
        self.state.gone.store(true, Ordering::Relaxed);
    }

    /// Seconds that a reply is expected to take; `None` before the first.
    pub(super) fn cost(&self, now: Instant, numbers: &LoadNumbers) -> Option<f64> {
        self.learnt().load.read(now, numbers.decay)
    }

    #[cfg(test)]
    pub(super) fn observe(&self, took: Duration, now: Instant, numbers: &LoadNumbers) {
        self.learnt().load.observe(took, now, numbers.decay);
    }

    #[cfg(test)]
    pub(super) fn of_weight(weight: u32) -> Self {
        let url = crate::config::ServiceUrl::parse("http://127.0.0.1").unwrap();
        Member::new(Endpoint::new(url, None).with_weight(weight))
    }
}
