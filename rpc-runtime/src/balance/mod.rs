//! Which instance gets an attempt.

mod round_robin;

use std::fmt::Debug;

use tokio::time::Instant;

use crate::discovery::{Endpoint, Snapshot};
use crate::rng::Rng;

pub use round_robin::RoundRobin;

/// Chooses endpoints. A choice is made per attempt and takes no time: no I/O, no waiting, no clock of its own.
pub trait Balance: Send + Sync + Debug + 'static {
    /// The endpoint of the next attempt; `None` only if there is none at all.
    fn pick(&self, pick: &Pick<'_>) -> Option<Endpoint>;
}

/// Everything that a choice may depend on.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Pick<'a> {
    /// The candidates.
    pub snapshot: &'a Snapshot,
    /// What this call has tried already, in order; empty for its first attempt.
    pub tried: &'a [Endpoint],
    /// Whether an endpoint is to be left alone for now.
    pub is_ejected: &'a dyn Fn(&Endpoint) -> bool,
    /// The time of the choice, for loads that decay.
    pub now: Instant,
    /// For choices by chance.
    pub rng: &'a dyn Rng,
}

impl<'a> Pick<'a> {
    /// A choice for a first attempt among healthy endpoints.
    pub fn new(snapshot: &'a Snapshot, now: Instant, rng: &'a dyn Rng) -> Self {
        Pick { snapshot, tried: &[], is_ejected: &|_| false, now, rng }
    }

    /// For a further attempt.
    #[must_use]
    pub fn with_tried(mut self, tried: &'a [Endpoint]) -> Self {
        self.tried = tried;
        self
    }

    /// With endpoints that are to be left alone.
    #[must_use]
    pub fn with_ejected(mut self, is_ejected: &'a dyn Fn(&Endpoint) -> bool) -> Self {
        self.is_ejected = is_ejected;
        self
    }

    /// The best candidates, the only ones that a balancer should choose among: healthy and untried ones; else healthy
    /// ones; else untried ones; else all. Among those, the group of the lowest priority.
    pub fn candidates(&self) -> Vec<&'a Endpoint> {
        // Lower is better. An ejected one has failed many calls, a tried one only this call, so it goes first.
        let rank = |endpoint: &Endpoint| {
            ((self.is_ejected)(endpoint), self.tried.contains(endpoint), endpoint.priority())
        };
        let mut best = Vec::new();
        let mut best_rank = None;
        for endpoint in self.snapshot.endpoints.iter() {
            let rank = rank(endpoint);
            if best_rank.is_none_or(|best_rank| rank < best_rank) {
                best.clear();
                best_rank = Some(rank);
            }
            if best_rank == Some(rank) {
                best.push(endpoint);
            }
        }
        best
    }
}

impl Debug for Pick<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pick")
            .field("snapshot", self.snapshot)
            .field("tried", &self.tried)
            .finish_non_exhaustive()
    }
}
