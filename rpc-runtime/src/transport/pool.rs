//! Which `reqwest` client sends: one for each endpoint, so that the endpoint is pinned and has a pool of its own, and one
//! for each tokio runtime, because a pooled connection is driven by a task of the runtime that opened it and dies with it.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::runtime::{Handle, Id};

use crate::discovery::Endpoint;

type Clients = HashMap<Endpoint, reqwest::Client>;

/// Clients by runtime and endpoint.
#[derive(Debug, Default)]
pub(super) struct ClientPool {
    runtimes: Mutex<HashMap<Id, Clients>>,
}

impl ClientPool {
    /// The client for an endpoint in the current runtime, made on first use.
    pub(super) fn get<E>(
        self: &Arc<Self>,
        endpoint: &Endpoint,
        make: impl FnOnce() -> Result<reqwest::Client, E>,
    ) -> Result<reqwest::Client, E> {
        let runtime = Handle::current();
        let mut runtimes = self.runtimes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = runtimes.get(&runtime.id()).and_then(|clients| clients.get(endpoint)) {
            return Ok(client.clone());
        }
        let client = make()?;
        let clients = runtimes.entry(runtime.id()).or_insert_with(|| {
            runtime.spawn(Forget { pool: Arc::downgrade(self), runtime: runtime.id() });
            Clients::new()
        });
        clients.insert(endpoint.clone(), client.clone());
        Ok(client)
    }
}

/// A task that never ends by itself: the runtime drops it when it shuts down, and its clients go with it.
struct Forget {
    pool: Weak<ClientPool>,
    runtime: Id,
}

impl Future for Forget {
    type Output = ();

    fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        std::task::Poll::Pending
    }
}

impl Drop for Forget {
    fn drop(&mut self) {
        let Some(pool) = self.pool.upgrade() else { return };
        let clients = pool.runtimes.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.runtime);
        // Outside of the lock: dropping a client runs code that is not ours.
        drop(clients);
    }
}
