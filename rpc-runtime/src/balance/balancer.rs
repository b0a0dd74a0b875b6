//! The members of one service, the choices among them, and what their attempts' ends change.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::time::Instant;

use super::member::{LoadNumbers, Member};
use super::roster::Roster;
use super::round_robin::RoundRobin;
use super::shares::Shares;
use super::{Balancing, Choice, EndpointHealth, EndpointStatus, Lease, p2c};
use crate::clock::Clock;
use crate::config::{Defaults, ResolvedConfig};
use crate::discovery::{DiscoveryError, Endpoint, ServiceName, Snapshot, Watch};
use crate::eject::{EjectPolicy, Outcome};
use crate::rng::Rng;
use crate::transport::Transport;

/// What a balancer works with.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) service: ServiceName,
    pub(crate) watch: Watch,
    /// Hears of endpoints that are gone.
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
}

/// Chooses the endpoint of every attempt to one service. Shared by the service's clients.
#[derive(Debug)]
pub(crate) struct Balancer {
    parts: Parts,
    balancing: Option<Balancing>,
    /// Requests in flight per endpoint, at most.
    max_in_flight: Option<u32>,
    /// `None`: nobody is ever ejected.
    ejection: Option<EjectPolicy>,
    load: LoadNumbers,
    timeouts: u32,
    suspect_share: f64,
    turns: RoundRobin,
    roster: ArcSwap<Roster>,
    /// Held while a roster replaces another. Taken before a member's own lock, never after.
    changing: Mutex<()>,
}

/// Why there is no endpoint for an attempt.
#[derive(Debug)]
pub(crate) enum Unavailable {
    Discovery(DiscoveryError),
    /// The set is empty.
    Empty,
    /// Every endpoint has as much in flight as it may have.
    Full {
        endpoints: usize,
        limit: u32,
    },
}

impl Balancer {
    pub(crate) fn new(parts: Parts, config: &ResolvedConfig, defaults: &Defaults) -> Self {
        Balancer {
            balancing: config.balancing,
            max_in_flight: config.max_in_flight,
            ejection: config.ejection.then(|| EjectPolicy::new(defaults)),
            load: LoadNumbers::new(defaults),
            timeouts: defaults.suspect_timeouts,
            suspect_share: defaults.suspect_share,
            turns: RoundRobin::new(&*parts.rng),
            roster: ArcSwap::default(),
            changing: Mutex::default(),
            parts,
        }
    }

    /// An endpoint for an attempt of a call that tried others before. A first call's wait for discovery ends at `deadline`.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        deadline: Option<Instant>,
        tried: &[Endpoint],
    ) -> Result<Lease, Unavailable> {
        let snapshot = self.parts.watch.snapshot(deadline).await.map_err(Unavailable::Discovery)?;
        if self.roster.load().generation < snapshot.generation {
            self.update(&snapshot);
        }
        self.choose(tried)
    }

    fn choose(self: &Arc<Self>, tried: &[Endpoint]) -> Result<Lease, Unavailable> {
        let (roster, now) = (self.roster.load(), self.parts.clock.now());
        let lease = |member: &Member, probe| Lease::new(self, member.clone(), probe, now);
        let full = |member: &Member| self.max_in_flight.is_some_and(|limit| member.in_flight() >= limit);
        // A call that has failed once already is not the one to try an ejected endpoint.
        if tried.is_empty() {
            let probed = |member: &&Member| !full(member) && member.learnt().health.claim_probe(now);
            if let Some(member) = roster.ejected.iter().find(probed) {
                return Ok(lease(member, true));
            }
            let picked = self.pick(&roster, &roster.open, roster.shares.as_ref(), true, now);
            if let Some(member) = picked.filter(|member| !full(member)) {
                return Ok(lease(member, false));
            }
        }
        let best = match self.max_in_flight {
            None => roster.untried(tried),
            Some(_) => roster.best(|member| {
                (full(member), !member.learnt().health.is_open(), tried.contains(member.endpoint()))
            }),
        };
        let member = self.pick(&roster, &best, Shares::of(&best).as_ref(), false, now);
        match (member, self.max_in_flight) {
            (None, _) => Err(Unavailable::Empty),
            (Some(member), Some(limit)) if full(member) => {
                Err(Unavailable::Full { endpoints: roster.all.len(), limit })
            }
            (Some(member), _) => Ok(lease(member, false)),
        }
    }

    fn pick<'m>(
        &self,
        roster: &Roster,
        candidates: &'m [Member],
        shares: Option<&Shares>,
        first_attempt: bool,
        now: Instant,
    ) -> Option<&'m Member> {
        let choice = Choice { candidates, shares, now, rng: &*self.parts.rng };
        let by_turns = roster.listed || shares.is_some();
        let usual = if by_turns { Balancing::RoundRobin } else { Balancing::P2c };
        let index = match self.balancing.unwrap_or(usual) {
            Balancing::RoundRobin => self.turns.pick(&choice, first_attempt),
            Balancing::P2c => p2c::pick(&choice, &self.load),
        };
        candidates.get(index?)
    }

    /// The end of an attempt.
    pub(super) fn ended(&self, member: &Member, probe: bool, epoch: u32, began: Instant, outcome: Outcome) {
        let now = self.parts.clock.now();
        let took = now.saturating_duration_since(began);
        let mut learnt = member.learnt();
        self.weigh(&mut learnt.load, outcome, took, now);
        learnt.timeouts = match outcome {
            Outcome::TimedOut => learnt.timeouts + 1,
            Outcome::Ignored => learnt.timeouts,
            _ => 0,
        };
        let silent = learnt.timeouts >= self.timeouts;
        if silent {
            learnt.timeouts = 0;
        }
        match outcome {
            Outcome::Unreachable => learnt.unreachable = true,
            Outcome::Ignored => {}
            _ => learnt.unreachable = false,
        }
        let trip = match (&self.ejection, probe) {
            (Some(policy), false) => learnt.health.record(outcome, epoch, now, policy),
            _ => None,
        };
        drop(learnt);

        if probe {
            self.probed(member, outcome, took, now);
        }
        if let Some(trip) = trip {
            self.eject(member, &trip, now);
        }
        if outcome == Outcome::Unreachable {
            self.suspect();
        }
        // A connection that carries requests and no replies is dead although nobody said so; and the client of an endpoint that
        // went while this attempt was under way was made once more for it.
        if silent || member.is_gone() {
            self.parts.transport.forget(member.endpoint());
        }
    }

    /// What an attempt's end does to the load.
    fn weigh(&self, load: &mut super::ewma::PeakEwma, outcome: Outcome, took: Duration, now: Instant) {
        let numbers = &self.load;
        let penalty = |asked: Option<Duration>| {
            took.max(numbers.penalty).max(asked.unwrap_or_default().min(numbers.max_penalty))
        };
        let sample = match outcome {
            Outcome::Healthy => took,
            // Fast failures would look like the best endpoint of all.
            Outcome::Unreachable | Outcome::TimedOut => penalty(None),
            Outcome::Failed { retry_after } | Outcome::Throttled { retry_after } => penalty(retry_after),
            // A caller that went away after a second says that a reply takes a second at least.
            Outcome::Ignored => {
                let known = load.read(now, numbers.decay).unwrap_or(numbers.unsampled.as_secs_f64());
                if took.as_secs_f64() <= known {
                    return;
                }
                took
            }
        };
        load.observe(sample, now, numbers.decay);
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A newer set.
    fn update(&self, snapshot: &Snapshot) {
        let changing = self.changing();
        let before = self.roster.load();
        if before.generation >= snapshot.generation {
            return;
        }
        let (mut roster, gone) = before.updated(snapshot);
        // A smaller set may have too many out: those that would be tried first come back now.
        let most = self.ejection.map_or(0, |policy| policy.most(roster.all.len()));
        if roster.ejected.len() > most {
            let surplus = roster.ejected.len() - most;
            roster.ejected.sort_by_key(|member| member.learnt().health.ejected_until());
            let now = self.parts.clock.now();
            roster.ejected.iter().take(surplus).for_each(|member| member.learnt().health.release(now));
            roster = roster.reordered();
        }
        self.roster.store(Arc::new(roster));
        drop(changing);
        for member in gone {
            member.set_gone();
            self.parts.transport.forget(member.endpoint());
        }
    }

    fn eject(&self, member: &Member, trip: &crate::eject::Trip, now: Instant) {
        let Some(policy) = &self.ejection else { return };
        let changing = self.changing();
        let roster = self.roster.load();
        let mine = |other: &Member| other.endpoint() == member.endpoint();
        let allowed = roster.ejected.len() < policy.most(roster.all.len());
        // Of two that fail at once, the second may find that it is out already, or that too many are.
        if !allowed || !roster.all.iter().any(mine) || !member.learnt().health.is_open() {
            return;
        }
        let length = member.learnt().health.eject(now, policy, self.parts.rng.unit());
        self.roster.store(Arc::new(roster.reordered()));
        drop(changing);
        tracing::warn!(service = %self.parts.service, endpoint = ?member.endpoint(), because = %trip, ?length, "endpoint ejected");
    }

    /// The end of the call that tried an ejected endpoint.
    fn probed(&self, member: &Member, outcome: Outcome, took: Duration, now: Instant) {
        let Some(policy) = &self.ejection else { return };
        let changing = self.changing();
        let again = {
            let mut learnt = member.learnt();
            // A smaller set may have brought it back meanwhile.
            if !learnt.health.is_probing() {
                return;
            }
            let again = learnt.health.probed(outcome, now, policy, self.parts.rng.unit());
            if learnt.health.is_open() {
                // What it was like before says nothing any more.
                learnt.load = super::ewma::PeakEwma::default();
                learnt.load.observe(took, now, self.load.decay);
            }
            again
        };
        if outcome == Outcome::Ignored {
            return;
        }
        self.roster.store(Arc::new(self.roster.load().reordered()));
        drop(changing);
        let (service, endpoint) = (&self.parts.service, member.endpoint());
        match again {
            Some(length) => tracing::warn!(%service, ?endpoint, ?length, "endpoint stays ejected"),
            None => tracing::info!(%service, ?endpoint, "endpoint is back"),
        }
    }

    /// An endpoint refused a connection. Once half of them do, the set is probably an old one, and is looked up again early.
    fn suspect(&self) {
        let roster = self.roster.load();
        let refusing = roster.all.iter().filter(|member| member.learnt().unreachable).count();
        if refusing as f64 >= roster.all.len() as f64 * self.suspect_share {
            self.parts.watch.suspect();
        }
    }

    pub(super) fn is_alone(&self) -> bool {
        self.roster.load().all.len() == 1
    }

    /// All endpoints of the newest set.
    pub(crate) fn status(&self) -> Vec<EndpointStatus> {
        if let Some(snapshot) = self.parts.watch.current() {
            self.update(&snapshot);
        }
        let now = self.parts.clock.now();
        let status = |member: &Member| {
            let learnt = member.learnt();
            let until = learnt.health.ejected_until();
            EndpointStatus {
                endpoint: member.endpoint().clone(),
                health: match until {
                    Some(until) => EndpointHealth::Ejected(until.saturating_duration_since(now)),
                    None if learnt.health.is_probing() => EndpointHealth::Probing,
                    None => EndpointHealth::Open,
                },
                in_flight: member.in_flight(),
                latency: learnt.load.read(now, self.load.decay).map(Duration::from_secs_f64),
            }
        };
        self.roster.load().all.iter().map(status).collect()
    }
}

/// Nobody calls these endpoints any more through this balancer, so nobody needs their connections.
impl Drop for Balancer {
    fn drop(&mut self) {
        for member in &self.roster.load().all {
            self.parts.transport.forget(member.endpoint());
        }
    }
}

#[cfg(test)]
#[path = "balancer_tests.rs"]
mod tests;
