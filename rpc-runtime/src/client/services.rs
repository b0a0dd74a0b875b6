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
    /// Clients that there are; calls under way hold theirs.
    clients: usize,
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

    /// All there are, without use of them.
    pub(super) fn all(&self) -> Vec<(ServiceName, Arc<ServiceState>)> {
        let all = |(name, service): (&ServiceName, &Service)| (name.clone(), Arc::clone(&service.state));
        self.known().iter().map(all).collect()
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
                service.clients += 1;
                Arc::clone(&service.state)
            }
            None => {
                let state = make()?;
                let service = Service { state: Arc::clone(&state), clients: 1, asked: now };
                known.insert(name.clone(), service);
                state
            }
        };
        let unused = self.unused(&mut known, now);
        // Outside of the lock: dropping connections runs code that is not ours.
        drop(known);
        drop(unused);
        Ok(state)
    }

    /// A client goes.
    pub(super) fn release(&self, state: &Arc<ServiceState>, now: Instant) {
        let mut known = self.known();
        // Clients with URLs of their own have a state that is not here.
        if let Some(service) = known.values_mut().find(|service| Arc::ptr_eq(&service.state, state)) {
            service.clients = service.clients.saturating_sub(1);
        }
        let unused = self.unused(&mut known, now);
        drop(known);
        drop(unused);
    }

    /// Takes out what nobody uses.
    fn unused(&self, known: &mut HashMap<ServiceName, Service>, now: Instant) -> Vec<Service> {
        let is_unused = |service: &Service| service.clients == 0 && now >= service.asked + self.linger;
        known.extract_if(|_, service| is_unused(service)).map(|(_, service)| service).collect()
    }
}
