//! Which endpoints somebody calls.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::discovery::Endpoint;
use crate::transport::Transport;

/// How many balancers of a mesh have an endpoint in their sets. The transport's connections belong to all of them, so they are
/// given up with the last.
#[derive(Debug)]
pub(crate) struct Held {
    transport: Arc<dyn Transport>,
    counts: Mutex<HashMap<Endpoint, usize>>,
}

impl Held {
    pub(crate) fn new(transport: Arc<dyn Transport>) -> Self {
        Held { transport, counts: Mutex::default() }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Endpoint, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hold(&self, endpoint: &Endpoint) {
        *self.counts().entry(endpoint.clone()).or_default() += 1;
    }

    pub(super) fn let_go(&self, endpoint: &Endpoint) {
        let mut counts = self.counts();
        if let Some(count) = counts.get_mut(endpoint) {
            *count -= 1;
            if *count > 0 {
                return;
            }
        }
        counts.remove(endpoint);
        // Not under the lock: dropping connections runs code that is not ours.
        drop(counts);
        self.transport.forget(endpoint);
    }

    /// For the end of a request to an endpoint that has left the set meanwhile: the request may have opened a connection.
    pub(super) fn tidy(&self, endpoint: &Endpoint) {
        if !self.counts().contains_key(endpoint) {
            self.transport.forget(endpoint);
        }
    }

    /// The endpoint's connections are suspect, whoever uses them.
    pub(super) fn give_up(&self, endpoint: &Endpoint) {
        self.transport.forget(endpoint);
    }
}
