//! The services that clients of a mesh call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::state::ServiceState;
use crate::discovery::ServiceName;

/// What the clients of a service share, gone with the last of them: its set of endpoints, their health, their connections.
///
/// Clients that are made for one call each must not begin anew each time. So what was asked for not longer ago than `linger`
/// stays; there is no task that waits for its end, but whoever makes or drops a client later takes it out.
#[derive(Debug)]
pub(super) struct Services {
    linger: Duration,
    known: Mutex<HashMap<ServiceName, Service>>,
}

#[derive(Debug)]
struct Service {
    state: Arc<ServiceState>,
    /// When a client of it was made for the last time.
    asked: Instant,
}

impl Services {
    pub(super) fn new(linger: Duration) -> Self {
        Services { linger, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<ServiceName, Service>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What there is, without use of it.
    pub(super) fn get(&self, name: &str) -> Option<Arc<ServiceState>> {
        self.known().get(name).map(|service| Arc::clone(&service.state))
    }

    /// For a new client; `make` makes what the first one needs.
    pub(super) fn get_or_make<E>(
        &self,
        name: &ServiceName,
        now: Instant,
        make: impl FnOnce() -> Result<Arc<ServiceState>, E>,
    ) -> Result<Arc<ServiceState>, E> {
        let mut known = self.known();
        let state = match known.get_mut(name) {
            Some(service) => {
                service.asked = now;
                Arc::clone(&service.state)
            }
            None => {
                let state = make()?;
                let service = Service { state: Arc::clone(&state), asked: now };
                known.insert(name.clone(), service);
                state
            }
        };
        let unused = self.unused(&mut known, now, None);
        // Outside of the lock: dropping connections runs code that is not ours.
        drop(known);
        drop(unused);
        Ok(state)
    }

    /// A client of `last` goes, and has not let go of it yet.
    pub(super) fn release(&self, last: &Arc<ServiceState>, now: Instant) {
        let mut known = self.known();
        let unused = self.unused(&mut known, now, Some(last));
        drop(known);
        drop(unused);
    }

    /// Takes out what nobody but this map, and the client that lets go of `last`, holds: clients and calls in flight do.
    fn unused(
        &self,
        known: &mut HashMap<ServiceName, Service>,
        now: Instant,
        last: Option<&Arc<ServiceState>>,
    ) -> Vec<Service> {
        let is_unused = |service: &Service| {
            let leaving = last.is_some_and(|last| Arc::ptr_eq(last, &service.state));
            let alone = Arc::strong_count(&service.state) <= 1 + usize::from(leaving);
            alone && now >= service.asked + self.linger
        };
        known.extract_if(|_, service| is_unused(service)).map(|(_, service)| service).collect()
    }
}
