//! The members of one service, the choices among them, and what their attempts' ends tell.

mod changes;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::time::Instant;

use super::lease::Attempt;
use super::member::{LoadNumbers, Member};
use super::roster::Roster;
use super::round_robin::RoundRobin;
use super::shares::Shares;
use super::{Balancing, Choice, EndpointHealth, EndpointStatus, Held, Lease, p2c};
use crate::clock::Clock;
use crate::config::{Defaults, ResolvedConfig};
use crate::discovery::{DiscoveryError, Endpoint, ServiceName, Watch};
use crate::eject::{EjectPolicy, Outcome};
use crate::metrics::Recording;
use crate::rng::Rng;

/// What a balancer works with.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) service: ServiceName,
    pub(crate) watch: Watch,
    /// Hears which endpoints are in use, and which no longer.
    pub(crate) held: Arc<Held>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) recording: Recording,
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
    /// `repeatable`: the attempt may fail, since it may be sent again.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        deadline: Option<Instant>,
        tried: &[Endpoint],
        repeatable: bool,
    ) -> Result<Lease, Unavailable> {
        let snapshot = match self.parts.watch.snapshot(deadline).await {
            Ok(snapshot) => snapshot,
            Err(error) => {
                // A set that is known to be empty now lets go of what was in it.
                self.parts.watch.current().iter().for_each(|snapshot| self.update(snapshot));
                return Err(Unavailable::Discovery(error));
            }
        };
        if self.roster.load().generation < snapshot.generation {
            self.update(&snapshot);
        }
        let (roster, now) = (self.roster.load(), self.parts.clock.now());
        match tried {
            [] => self.first(&roster, repeatable, now),
            _ => self.further(&roster, tried, now),
        }
    }

    /// An endpoint beside those that a call tries already: one of the open ones, if there is another.
    pub(crate) fn another(self: &Arc<Self>, tried: &[Endpoint]) -> Option<Lease> {
        let (roster, now) = (self.roster.load(), self.parts.clock.now());
        let open = roster.open_but(tried);
        let picked = self.pick(&roster, &open, Shares::of(&open).as_ref(), false, now)?;
        self.lease(picked, now)
    }

    /// The first attempt of a call: an ejected endpoint that is due, else one of the open ones.
    fn first(
        self: &Arc<Self>,
        roster: &Roster,
        repeatable: bool,
        now: Instant,
    ) -> Result<Lease, Unavailable> {
        if let Some(policy) = self.ejection.as_ref().filter(|_| roster.due.is_none_or(|due| now >= due)) {
            let grace = if repeatable { Duration::ZERO } else { policy.base };
            let mut ejected = roster.ejected.iter();
            let claimed = ejected.find(|member| member.learnt().health.claim_probe(now, grace, policy));
            if let Some(lease) = claimed.and_then(|member| self.probe(member, now)) {
                return Ok(lease);
            }
        }
        let picked = self.pick(roster, &roster.open, roster.shares.as_ref(), true, now);
        match picked.and_then(|member| self.lease(member, now)) {
            Some(lease) => Ok(lease),
            None => self.any(roster, &roster.open, now),
        }
    }

    /// A further attempt: an open endpoint that this call did not try; else an ejected one, before its time; else any.
    fn further(
        self: &Arc<Self>,
        roster: &Roster,
        tried: &[Endpoint],
        now: Instant,
    ) -> Result<Lease, Unavailable> {
        let open = roster.open_but(tried);
        let picked = self.pick(roster, &open, Shares::of(&open).as_ref(), false, now);
        if let Some(lease) = picked.and_then(|member| self.lease(member, now)) {
            return Ok(lease);
        }
        if open.is_empty() {
            let ejected = roster.ejected_but(tried);
            let claimed = ejected.iter().find(|member| member.learnt().health.claim_early_probe(now));
            if let Some(lease) = claimed.and_then(|member| self.probe(member, now)) {
                return Ok(lease);
            }
        }
        self.any(roster, if open.is_empty() { &roster.open } else { &open }, now)
    }

    /// The choice when the best one has too much in flight already, or was tried.
    fn any(self: &Arc<Self>, roster: &Roster, among: &[Member], now: Instant) -> Result<Lease, Unavailable> {
        let mut left = among.to_vec();
        while let Some(member) = self.pick(roster, &left, Shares::of(&left).as_ref(), false, now).cloned() {
            if let Some(lease) = self.lease(&member, now) {
                return Ok(lease);
            }
            left.retain(|other| !other.is(&member));
        }
        match (roster.all.len(), self.max_in_flight) {
            (0, _) | (_, None) => Err(Unavailable::Empty),
            (endpoints, Some(limit)) => Err(Unavailable::Full { endpoints, limit }),
        }
    }

    /// One more request to a member; `None` if it has as many as it may have.
    fn lease(self: &Arc<Self>, member: &Member, now: Instant) -> Option<Lease> {
        member.enter(self.max_in_flight).then(|| Lease::new(self, member.clone(), false, now))
    }

    /// The one request to an ejected member that was claimed for it.
    fn probe(self: &Arc<Self>, member: &Member, now: Instant) -> Option<Lease> {
        // Requests from before the ejection may still be in flight; one more is no flood.
        member.enter(None).then(|| Lease::new(self, member.clone(), true, now))
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
        let usual = if roster.by_turns { Balancing::RoundRobin } else { Balancing::P2c };
        let index = match self.balancing.unwrap_or(usual) {
            Balancing::RoundRobin => self.turns.pick(&choice, first_attempt),
            Balancing::P2c => p2c::pick(&choice, &self.load),
        };
        candidates.get(index?)
    }

    /// The end of an attempt.
    pub(super) fn ended(&self, attempt: &Attempt, outcome: Outcome) {
        let Attempt { member, began, epoch, probe } = attempt;
        let now = self.parts.clock.now();
        let took = now.saturating_duration_since(*began);
        let sample = self.sample(member, outcome, took, now);
        let mut learnt = member.learnt();
        if let Some(sample) = sample {
            learnt.load.observe(sample, now, self.load.decay);
        }
        match outcome {
            // Those that were under way when the connections were given up say nothing of the new ones.
            Outcome::TimedOut if learnt.given_up.is_none_or(|given_up| *began >= given_up) => {
                learnt.timeouts += 1;
            }
            Outcome::TimedOut | Outcome::Ignored => {}
            _ => learnt.timeouts = 0,
        }
        let silent = learnt.timeouts >= self.timeouts;
        if silent {
            learnt.timeouts = 0;
            learnt.given_up = Some(now);
        }
        match outcome {
            Outcome::Unreachable => learnt.unreachable = true,
            Outcome::Ignored => {}
            _ => learnt.unreachable = false,
        }
        let trip = match (&self.ejection, probe) {
            (Some(policy), false) => learnt.health.record(outcome, *epoch, now, policy),
            _ => None,
        };
        drop(learnt);

        if *probe {
            self.probed(attempt, outcome, took, now);
        }
        if let Some(trip) = trip {
            self.eject(member, trip, outcome, now);
        }
        if outcome == Outcome::Unreachable {
            self.suspect();
        }
        if silent {
            // Connections that carry requests and no replies are dead although nobody said so.
            self.parts.held.give_up(member.endpoint());
        }
        if member.is_gone() {
            self.parts.held.tidy(member.endpoint());
        }
    }

    /// The response time that an attempt's end stands for; `None` if it says nothing.
    fn sample(&self, member: &Member, outcome: Outcome, took: Duration, now: Instant) -> Option<Duration> {
        let numbers = &self.load;
        let penalty = |asked: Option<Duration>| {
            took.max(numbers.penalty).max(asked.unwrap_or_default().min(numbers.max_penalty))
        };
        match outcome {
            Outcome::Healthy => Some(took),
            // Fast failures would look like the best endpoint of all.
            Outcome::Unreachable | Outcome::TimedOut => Some(penalty(None)),
            Outcome::Failed { retry_after } | Outcome::Throttled { retry_after } => {
                Some(penalty(retry_after))
            }
            // A caller that went away after a second says that a reply takes a second at least. That is news where less was
            // expected: of who was never heard of, what its siblings usually take.
            Outcome::Ignored => {
                let usual = || p2c::median(&self.roster.load().open, now, numbers);
                let expected = member.cost(now, numbers).or_else(usual);
                let expected = expected.unwrap_or(numbers.unsampled.as_secs_f64());
                (took.as_secs_f64() > expected).then_some(took)
            }
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
        self.roster.load().alone
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

/// Nobody calls these endpoints any more through this balancer.
impl Drop for Balancer {
    fn drop(&mut self) {
        for member in &self.roster.load().all {
            self.parts.held.let_go(member.endpoint());
        }
    }
}

#[cfg(test)]
#[path = "balancer_tests.rs"]
mod tests;
