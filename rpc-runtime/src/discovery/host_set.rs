//! The set behind a few base URLs: addresses as they are, host names resolved and resolved again on use.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::either::{Asked, Kind};
use super::endpoint::{Endpoint, Snapshot, same};
use super::endpoints::endpoints;
use super::error::DiscoveryError;
use super::name::ServiceName;
use super::resolve::{Answer, Resolution};
use super::schedule::Host;
use super::site::Site;
use super::until::until;
use super::watch::{Refresh, Source};

/// The set of one service, shared by its watches.
#[derive(Clone)]
pub(super) struct HostSet(Arc<Inner>);

struct Inner {
    service: ServiceName,
    /// A configured name that looks like the service's, for the error.
    nearest: Option<ServiceName>,
    sites: Vec<Site>,
    /// No site has to be looked up, however many there are: every call asks.
    fixed: bool,
    resolution: Resolution,
    state: Mutex<State>,
    /// Told after every lookup.
    news: Notify,
}

#[derive(Default)]
struct State {
    /// One per site; `None` for one with an address or a socket.
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
        sites: Vec<Site>,
        resolution: Resolution,
    ) -> Self {
        let hosts = sites.iter().map(|site| site.fixed().is_none().then(Host::default)).collect();
        Self::with_state(service, nearest, sites, State { hosts, ..State::default() }, resolution)
    }

    /// The same service at other sites. What is known of a site that stays is kept.
    pub(super) fn moved(&self, sites: Vec<Site>) -> Self {
        let state = self.state();
        let known = |site: &Site| {
            let mut old = self.0.sites.iter().zip(&state.hosts);
            old.find(|(old, _)| *old == site).and_then(|(_, host)| host.as_ref().map(Host::carried))
        };
        let host = |site: &Site| site.fixed().is_none().then(|| known(site).unwrap_or_default());
        let hosts = sites.iter().map(host).collect();
        let Inner { service, nearest, resolution, .. } = &*self.0;
        // What failed is not due at once, so why it failed stays known too.
        let state = State { hosts, error: state.error.clone(), snapshot: None };
        Self::with_state(service.clone(), nearest.clone(), sites, state, resolution.clone())
    }

    fn with_state(
        service: ServiceName,
        nearest: Option<ServiceName>,
        sites: Vec<Site>,
        mut state: State,
        resolution: Resolution,
    ) -> Self {
        state.publish(&sites);
        let fixed = state.hosts.iter().all(Option::is_none);
        HostSet(Arc::new(Inner {
            service,
            nearest,
            sites,
            fixed,
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
        let step = match (state.usable(), &state.error) {
            (Some(snapshot), _) if !stale => Step::Use(Ok(snapshot.clone())),
            (None, Some(error)) if !due => Step::Use(Err(error.clone())),
            _ => Step::Wait,
        };
        (lookups, step)
    }

    fn store(&self, index: usize, started: Instant, asked: Asked) {
        let Resolution { rng, defaults, .. } = &self.0.resolution;
        let (now, unit, service) = (self.now(), rng.unit(), &self.0.service);
        let Some(site) = self.0.sites.get(index) else { return };
        let name: Arc<str> = site.url(asked.using).lookup_name().into();
        let mut state = self.state();
        let Some(Some(host)) = state.hosts.get_mut(index) else { return };
        if !host.is_of(started) {
            // It was given up for lost, and another one is under way: its answer may be old.
            return;
        }
        host.first = asked.first;
        let error = match asked.answer {
            Ok(Answer::Found { targets, ttl }) => {
                host.using = asked.using;
                host.succeed(targets, ttl, now, defaults, unit);
                return state.publish(&self.0.sites);
            }
            Ok(Answer::Empty { ttl }) => {
                let was_gone = host.is_gone();
                host.empty(ttl, now, defaults, unit);
                if host.is_gone() {
                    // The name that people know: the one that led somewhere before.
                    let name: Arc<str> = site.url(host.using).lookup_name().into();
                    state.error =
                        Some(DiscoveryError::NoEndpoints { service: service.clone(), host: name.clone() });
                    state.publish(&self.0.sites);
                    drop(state);
                    if !was_gone {
                        tracing::warn!(%service, host = &*name, "host has no addresses any more");
                    }
                    self.0.resolution.tell_failure(Some(service));
                    return;
                }
                io::Error::new(io::ErrorKind::NotFound, "the name does not exist, or has no such records")
            }
            Err(error) => {
                host.fail(now, defaults, unit);
                error
            }
        };
        // Why a service that had endpoints has none matters more than why nobody can say whether that has changed.
        let gone = host.is_gone();
        let error = Arc::new(error);
        if !gone {
            state.error = Some(DiscoveryError::Resolve {
                service: service.clone(),
                host: name.clone(),
                nearest: self.0.nearest.clone(),
                source: error.clone(),
            });
        }
        // Not under the lock: whoever records the event may look at this set.
        drop(state);
        tracing::warn!(%service, host = &*name, %error, "host cannot be resolved; known addresses stay in use");
        self.0.resolution.tell_failure(Some(service));
    }

    async fn refreshed(&self, deadline: Option<Instant>) -> Result<Snapshot, DiscoveryError> {
        let Resolution { clock, defaults, .. } = &self.0.resolution;
        let began = self.now();
        // Who has a set waits for a newer one only for a moment: a name server in trouble must not take the call's time.
        let usable = self.state().usable().is_some();
        let patience = if usable { defaults.resolve_patience } else { defaults.resolve_timeout };
        let wait_until = began + patience;
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
                let usable = self.state().usable().cloned();
                return usable.ok_or(DiscoveryError::Timeout { service, waited });
            }
        }
    }
}

impl State {
    /// The set, if there is anything in it.
    fn usable(&self) -> Option<&Snapshot> {
        self.snapshot.as_ref().filter(|snapshot| !snapshot.endpoints.is_empty())
    }

    /// Makes the set from what is known, and a new generation if it differs. The first set is never an empty one.
    fn publish(&mut self, sites: &[Site]) {
        let mut found: Vec<Endpoint> = Vec::new();
        for (site, host) in sites.iter().zip(&self.hosts) {
            match (site.fixed(), host) {
                (Some(endpoint), _) => found.push(endpoint),
                (None, Some(host)) => found.extend(endpoints(site.url(host.using), &host.targets)),
                (None, None) => {}
            }
        }
        // Two names may lead to the same instance.
        let mut seen = HashSet::new();
        found.retain(|endpoint| seen.insert(endpoint.clone()));
        let known = self.snapshot.as_ref();
        let changed = known.map_or(!found.is_empty(), |known| !same(&known.endpoints, &found));
        if changed {
            let generation = known.map_or(1, |known| known.generation + 1);
            let snapshot = Snapshot::new(found, generation);
            self.snapshot = Some(if sites.len() > 1 { snapshot.listed() } else { snapshot });
        }
    }
}

impl Source for HostSet {
    fn current(&self) -> Option<Snapshot> {
        self.state().snapshot.clone()
    }

    fn fresh(&self) -> Option<Snapshot> {
        let state = self.state();
        let due = |now| state.hosts.iter().flatten().any(|host| host.is_due(now));
        if !self.0.fixed && due(self.now()) { None } else { state.usable().cloned() }
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
            .field("sites", &self.0.sites)
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
        let Some(site) = self.set.0.sites.get(self.index) else { return };
        let Some((first, in_use)) = self.known() else { return };
        let Resolution { resolve, clock, defaults, .. } = &self.set.0.resolution;
        let timeout = clock.sleep_until(self.started + defaults.resolve_timeout);
        let silence = || {
            let why = io::Error::new(io::ErrorKind::TimedOut, "the resolver does not answer");
            Asked { using: first, first, answer: Err(why) }
        };
        let asked = until(site.ask(&**resolve, first, in_use), timeout).await.unwrap_or_else(silence);
        self.set.store(self.index, self.started, asked);
    }

    /// What to ask for first, and which kind's answer is in use and not in doubt.
    fn known(&self) -> Option<(Kind, Option<Kind>)> {
        let now = self.set.now();
        let state = self.set.state();
        let host = state.hosts.get(self.index)?.as_ref()?;
        let sure = !host.targets.is_empty() && !host.is_in_doubt(now, &self.set.0.resolution.defaults);
        Some((host.first, sure.then_some(host.using)))
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

#[cfg(test)]
#[path = "host_set_tests.rs"]
mod tests;
