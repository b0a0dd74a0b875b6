//! What the clients of one service share.

use std::sync::Arc;

use crate::balance::Balancer;
use crate::breaker::Breakers;
use crate::clock::Clock;
use crate::config::Defaults;
use crate::hedge::Hedges;
use crate::retry::Budget;

/// The state of one service: its endpoints, its budgets, its breakers.
#[derive(Debug)]
pub(crate) struct ServiceState {
    balancer: Arc<Balancer>,
    budget: Budget,
    breakers: Breakers,
    hedges: Hedges,
}

impl ServiceState {
    pub(super) fn new(balancer: Arc<Balancer>, clock: &Arc<dyn Clock>, defaults: &Defaults) -> Self {
        Self {
            balancer,
            budget: Budget::of_retries(defaults),
            breakers: Breakers::new(Arc::clone(clock)),
            hedges: Hedges::new(defaults),
        }
    }

    /// Chooses endpoints.
    pub(crate) fn balancer(&self) -> &Arc<Balancer> {
        &self.balancer
    }

    /// How many re-sends there may be.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Whether it may be called.
    pub(crate) fn breakers(&self) -> &Breakers {
        &self.breakers
    }

    /// When a second request may overtake a first.
    pub(crate) fn hedges(&self) -> &Hedges {
        &self.hedges
    }
}
