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
        let lock = || self.runtimes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = lock().get(&runtime.id()).and_then(|clients| clients.get(endpoint)) {
            return Ok(client.clone());
        }
        // Not under the lock: the first client reads the machine's certificates, and other senders need not wait for that.
        // Of two that are made at once, the first to come back stays.
        let client = make()?;
        let mut runtimes = lock();
        let clients = runtimes.entry(runtime.id()).or_default();
        let first = clients.is_empty();
        let client = clients.entry(endpoint.clone()).or_insert(client).clone();
        drop(runtimes);
        if first {
            // Not under the lock: a runtime that shuts down drops the task at once, and that takes the lock.
            runtime.spawn(Forget { pool: Arc::downgrade(self), runtime: runtime.id() });
        }
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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::time::Duration;

    use super::*;
    use crate::config::ServiceUrl;

    fn endpoint(port: u16) -> Endpoint {
        Endpoint::new(ServiceUrl::parse(&format!("http://127.0.0.1:{port}")).unwrap(), None)
    }

    fn client() -> Result<reqwest::Client, Infallible> {
        let tls = super::super::tls::unused().unwrap();
        Ok(reqwest::Client::builder().tls_backend_preconfigured(tls).build().unwrap())
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
    }

    /// Runtimes and the clients of all of them.
    fn size(pool: &ClientPool) -> (usize, usize) {
        let runtimes = pool.runtimes.lock().unwrap();
        (runtimes.len(), runtimes.values().map(HashMap::len).sum())
    }

    #[test]
    fn one_client_for_each_endpoint_and_runtime() {
        let pool = Arc::new(ClientPool::default());
        let (one, two) = (runtime(), runtime());
        for runtime in [&one, &one, &two] {
            let _inside = runtime.enter();
            pool.get(&endpoint(1), client).unwrap();
            pool.get(&endpoint(2), client).unwrap();
            pool.get(&endpoint(1), || -> Result<_, Infallible> { panic!("it is there") }).unwrap();
        }
        assert_eq!(size(&pool), (2, 4));
        drop(one);
        assert_eq!(size(&pool), (1, 2));
        drop(two);
        assert_eq!(size(&pool), (0, 0));
    }

    #[test]
    fn a_runtime_that_is_shut_down_neither_blocks_nor_stays() {
        let (done, finished) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let pool = Arc::new(ClientPool::default());
            let runtime = runtime();
            let handle = runtime.handle().clone();
            drop(runtime);
            let _inside = handle.enter();
            pool.get(&endpoint(1), client).unwrap();
            done.send(size(&pool)).unwrap();
        });
        assert_eq!(finished.recv_timeout(Duration::from_secs(30)), Ok((0, 0)));
    }
}
