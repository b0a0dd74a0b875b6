//! Which `reqwest` client sends: one for each endpoint, so that the endpoint is pinned and has a pool of its own, and one
//! for each tokio runtime, because a pooled connection is driven by a task of the runtime that opened it and dies with it.
//!
//! A client that leaves the pool closes its idle connections; calls in flight hold it until they end.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::runtime::{Handle, Id};
use tokio::time::Instant;

use super::base::Base;
use crate::discovery::Endpoint;

type Clients = HashMap<Endpoint, Aging>;

/// What sends to one endpoint. Clones share connections.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) client: reqwest::Client,
    pub(super) base: Base,
}

/// A sender, and when it is old.
#[derive(Debug)]
pub(super) struct Aging {
    pub(super) sender: Sender,
    pub(super) old_at: Instant,
}

/// Clients by runtime and endpoint.
#[derive(Debug, Default)]
pub(super) struct ClientPool {
    runtimes: Mutex<HashMap<Id, Clients>>,
}

impl ClientPool {
    /// The client for an endpoint in the current runtime, made on first use. One that is old by `now` is made anew; without
    /// `now`, age does not count.
    pub(super) fn get<E>(
        self: &Arc<Self>,
        endpoint: &Endpoint,
        now: Option<Instant>,
        make: impl FnOnce() -> Result<Aging, E>,
    ) -> Result<Sender, E> {
        let runtime = Handle::current();
        let usable = |known: &&Aging| now.is_none_or(|now| now < known.old_at);
        let known =
            |clients: &Clients| clients.get(endpoint).filter(usable).map(|known| known.sender.clone());
        if let Some(sender) = self.lock().get(&runtime.id()).and_then(known) {
            return Ok(sender);
        }
        // Not under the lock: other senders need not wait for it.
        // Of two that are made at once, the first to come back stays.
        let made = make()?;
        let mut runtimes = self.lock();
        let (clients, first) = match runtimes.entry(runtime.id()) {
            Entry::Occupied(entry) => (entry.into_mut(), false),
            Entry::Vacant(entry) => (entry.insert(Clients::new()), true),
        };
        let (client, old) = match known(clients) {
            Some(client) => (client, None),
            None => (made.sender.clone(), clients.insert(endpoint.clone(), made)),
        };
        drop(runtimes);
        // Outside of the lock: dropping a client runs code that is not ours.
        drop(old);
        if first {
            // Not under the lock: a runtime that shuts down drops the task at once, and that takes the lock.
            runtime.spawn(Sentinel { pool: Arc::downgrade(self), runtime: runtime.id() });
        }
        Ok(client)
    }

    /// Takes an endpoint's clients out, those of all runtimes.
    pub(super) fn forget(&self, endpoint: &Endpoint) {
        let forgotten: Vec<_> =
            self.lock().values_mut().filter_map(|clients| clients.remove(endpoint)).collect();
        // Outside of the lock, as above.
        drop(forgotten);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Id, Clients>> {
        self.runtimes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A task that never ends by itself: the runtime drops it when it shuts down, and its clients go with it.
struct Sentinel {
    pool: Weak<ClientPool>,
    runtime: Id,
}

impl Future for Sentinel {
    type Output = ();

    fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        std::task::Poll::Pending
    }
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        let Some(pool) = self.pool.upgrade() else { return };
        let clients = pool.lock().remove(&self.runtime);
        // Outside of the lock, as above.
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

    /// A client that is old in a minute.
    fn client() -> Result<Aging, Infallible> {
        let tls = super::super::tls::unused().unwrap();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).build().unwrap();
        let sender = Sender { client, base: Base::new(&endpoint(1)).unwrap() };
        Ok(Aging { sender, old_at: Instant::now() + Duration::from_secs(60) })
    }

    fn none() -> Result<Aging, Infallible> {
        panic!("it is there")
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
            pool.get(&endpoint(1), None, client).unwrap();
            pool.get(&endpoint(2), None, client).unwrap();
            pool.get(&endpoint(1), None, none).unwrap();
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
            pool.get(&endpoint(1), None, client).unwrap();
            done.send(size(&pool)).unwrap();
        });
        assert_eq!(finished.recv_timeout(Duration::from_secs(30)), Ok((0, 0)));
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_client_is_replaced_where_age_counts() {
        let pool = Arc::new(ClientPool::default());
        let get = |now, make: fn() -> Result<Aging, Infallible>| pool.get(&endpoint(1), now, make).unwrap();
        get(None, client);
        get(Some(Instant::now()), none);
        tokio::time::advance(Duration::from_secs(59)).await;
        get(Some(Instant::now()), none);
        tokio::time::advance(Duration::from_secs(1)).await;
        get(None, none);
        get(Some(Instant::now()), client);
        get(Some(Instant::now()), none);
        assert_eq!(size(&pool), (1, 1));
    }

    #[test]
    fn a_forgotten_endpoint_is_made_anew_in_every_runtime() {
        let pool = Arc::new(ClientPool::default());
        let (one, two) = (runtime(), runtime());
        for (runtime, port) in [(&one, 1), (&one, 2), (&two, 1)] {
            let _inside = runtime.enter();
            pool.get(&endpoint(port), None, client).unwrap();
        }
        pool.forget(&endpoint(1));
        pool.forget(&endpoint(3));
        assert_eq!(size(&pool), (2, 1));
        for runtime in [&one, &two] {
            let _inside = runtime.enter();
            pool.get(&endpoint(1), None, client).unwrap();
            assert_eq!(runtime.metrics().num_alive_tasks(), 1, "one sentinel for each runtime");
        }
        drop((one, two));
        assert_eq!(size(&pool), (0, 0));
    }
}
