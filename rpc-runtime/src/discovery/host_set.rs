//! The set behind a few base URLs: addresses as they are, host names resolved and resolved again on use.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::endpoint::{Endpoint, Snapshot};
use super::error::DiscoveryError;
use super::name::ServiceName;
use super::resolve::Resolution;
use super::schedule::Host;
use super::watch::{Refresh, Source};
use crate::config::ServiceUrl;

/// The set of one service, shared by its watches.
#[derive(Clone)]
pub(super) struct HostSet(Arc<Inner>);

struct Inner {
    service: ServiceName,
    /// A configured name that looks like the service's, for the error.
    nearest: Option<ServiceName>,
    urls: Vec<ServiceUrl>,
    resolution: Resolution,
    state: Mutex<State>,
    /// Told after every lookup.
    news: Notify,
}

#[derive(Default)]
struct State {
    /// One per URL; `None` for a URL with an address or a socket.
    hosts: Vec<Option<Host>>,
    snapshot: Option<Snapshot>,
    error: Option<DiscoveryError>,
}

/// What a caller that found the set not fresh does next.
enum Step {
    Use(Result<Snapshot, DiscoveryError>),
    Wait,
}

impl HostSet {
    pub(super) fn new(
        service: ServiceName,
        nearest: Option<ServiceName>,
        urls: Vec<ServiceUrl>,
        resolution: Resolution,
    ) -> Self {
        let hosts = urls.iter().map(|url| url.needs_lookup().then(Host::default)).collect();
        let mut state = State { hosts, ..State::default() };
        state.publish(&urls);
        HostSet(Arc::new(Inner {
            service,
            nearest,
            urls,
            resolution,
            state: Mutex::new(state),
            news: Notify::new(),
        }))
    }

    fn now(&self) -> Instant {
        self.0.resolution.clock.now()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change under the lock is whole, so a panic elsewhere leaves nothing half done.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks what has to be looked up, and says what the caller does meanwhile.
    fn step(&self, now: Instant) -> (Vec<Lookup>, Step) {
        let defaults = &self.0.resolution.defaults;
        let mut state = self.state();
        let mut lookups = Vec::new();
        let (mut due, mut stale) = (false, false);
        for (index, host) in state.hosts.iter_mut().enumerate() {
            let Some(host) = host else { continue };
            due |= host.is_due(now);
            stale |= host.is_due(now) && host.is_stale(now, defaults);
            if host.wants_lookup(now, defaults) {
                host.start(now);
                lookups.push(Lookup { set: self.clone(), index, started: now });
            }
        }
        let step = match (&state.snapshot, &state.error) {
            (Some(snapshot), _) if !stale => Step::Use(Ok(snapshot.clone())),
            (None, Some(error)) if !due => Step::Use(Err(error.clone())),
            _ => Step::Wait,
        };
        (lookups, step)
    }

    fn store(&self, index: usize, name: &str, answer: io::Result<Vec<SocketAddr>>) {
        let Resolution { rng, defaults, .. } = &self.0.resolution;
        let (now, unit) = (self.now(), rng.unit());
        let mut state = self.state();
        let Some(Some(host)) = state.hosts.get_mut(index) else { return };
        let no_address = || io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        let error =
            match answer.and_then(|addrs| if addrs.is_empty() { Err(no_address()) } else { Ok(addrs) }) {
                Ok(addrs) => {
                    host.succeed(addrs, now, defaults, unit);
                    return state.publish(&self.0.urls);
                }
                Err(error) => Arc::new(error),
            };
        host.fail(now, defaults, unit);
        state.error = Some(DiscoveryError::Resolve {
            service: self.0.service.clone(),
            host: name.into(),
            nearest: self.0.nearest.clone(),
            source: error.clone(),
        });
        // Not under the lock: whoever records the event may look at this set.
        drop(state);
        tracing::warn!(service = %self.0.service, host = name, %error, "host cannot be resolved; known addresses stay in use");
    }

    async fn refreshed(&self, deadline: Option<Instant>) -> Result<Snapshot, DiscoveryError> {
        let Resolution { clock, defaults, .. } = &self.0.resolution;
        let began = self.now();
        let wait_until = began + defaults.resolve_timeout;
        let wait_until = deadline.map_or(wait_until, |deadline| deadline.min(wait_until));
        let mut timeout = clock.sleep_until(wait_until);
        loop {
            // Made before the state is read, so that no news between the two is missed.
            let mut news = pin!(self.0.news.notified());
            news.as_mut().enable();
            let now = self.now();
            let (lookups, step) = self.step(now);
            for lookup in lookups {
                match tokio::runtime::Handle::try_current() {
                    // A task, so that a caller with little time left does not take the lookup with it.
                    Ok(runtime) => drop(runtime.spawn(lookup.run())),
                    Err(_) => drop(until(lookup.run(), timeout.as_mut()).await),
                }
            }
            if let Step::Use(result) = step {
                return result;
            }
            if until(news, timeout.as_mut()).await.is_none() {
                let waited = self.now().saturating_duration_since(began);
                let service = self.0.service.clone();
                return self.current().ok_or(DiscoveryError::Timeout { service, waited });
            }
        }
    }
}

impl State {
    /// Makes the set from what is known, and a new generation if it differs.
    fn publish(&mut self, urls: &[ServiceUrl]) {
        let mut endpoints: Vec<Endpoint> = Vec::new();
        for (url, host) in urls.iter().zip(&self.hosts) {
            if url.socket().is_some() {
                endpoints.push(Endpoint::new(url.clone(), None));
            }
            let fixed = url.ip().map(|ip| SocketAddr::new(ip, url.port()));
            let found = host.as_ref().map_or(&[][..], |host| &host.addrs);
            let both = found.iter().any(SocketAddr::is_ipv4) && found.iter().any(SocketAddr::is_ipv6);
            for addr in fixed.iter().chain(found) {
                // A name with both families usually means each instance twice, and often (`localhost`) one family
                // that nobody listens on. IPv4 first, IPv6 when that is out, instead of half of the calls each.
                let priority = u16::from(both && addr.is_ipv6());
                endpoints.push(Endpoint::new(url.clone(), Some(*addr)).with_priority(priority));
            }
        }
        let same = |snapshot: &Snapshot| {
            let known = snapshot.endpoints.iter().map(|known| (known, known.priority()));
            known.eq(endpoints.iter().map(|endpoint| (endpoint, endpoint.priority())))
        };
        if !endpoints.is_empty() && !self.snapshot.as_ref().is_some_and(same) {
            let generation = self.snapshot.as_ref().map_or(1, |snapshot| snapshot.generation + 1);
            let snapshot = Snapshot::new(endpoints, generation);
            self.snapshot = Some(if urls.len() > 1 { snapshot.listed() } else { snapshot });
        }
    }
}

impl Source for HostSet {
    fn current(&self) -> Option<Snapshot> {
        self.state().snapshot.clone()
    }

    fn fresh(&self) -> Option<Snapshot> {
        let now = self.now();
        let state = self.state();
        let due = state.hosts.iter().flatten().any(|host| host.is_due(now));
        if due { None } else { state.snapshot.clone() }
    }

    fn refresh(&self, deadline: Option<Instant>) -> Refresh<'_> {
        Box::pin(self.refreshed(deadline))
    }

    fn suspect(&self) {
        let now = self.now();
        for host in self.state().hosts.iter_mut().flatten() {
            host.suspect(now, &self.0.resolution.defaults);
        }
    }
}

impl fmt::Debug for HostSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("HostSet");
        shown
            .field("service", &self.0.service)
            .field("urls", &self.0.urls)
            .field("snapshot", &self.current());
        shown.finish()
    }
}

/// One lookup that is under way. Dropped at any time, with its runtime, it is free for the next caller, and everybody who
/// waits for it hears of its end.
struct Lookup {
    set: HostSet,
    index: usize,
    started: Instant,
}

impl Lookup {
    async fn run(self) {
        let Some(url) = self.set.0.urls.get(self.index) else { return };
        let Resolution { resolve, clock, defaults, .. } = &self.set.0.resolution;
        let name = url.lookup_name();
        let timeout = clock.sleep_until(self.started + defaults.resolve_timeout);
        let silence = || Err(io::Error::new(io::ErrorKind::TimedOut, "the resolver does not answer"));
        let answer = until(resolve.resolve(&name, url.port()), timeout).await.unwrap_or_else(silence);
        self.set.store(self.index, &name, answer);
    }
}

impl Drop for Lookup {
    fn drop(&mut self) {
        if let Some(Some(host)) = self.set.state().hosts.get_mut(self.index) {
            host.abandon(self.started);
        }
        self.set.0.news.notify_waiters();
    }
}

/// What `work` returns, or `None` if `timeout` is first.
async fn until<T>(work: impl Future<Output = T>, timeout: impl Future<Output = ()>) -> Option<T> {
    let (mut work, mut timeout) = (pin!(work), pin!(timeout));
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => timeout.as_mut().poll(context).map(|()| None),
    })
    .await
}

#[cfg(test)]
#[path = "host_set_tests.rs"]
mod tests;
