//! Hedging: a second request to another endpoint when the first one takes unusually long; the first success wins.
//! (Dean and Barroso, "The Tail at Scale", 2013; the budget is Finagle's.)

mod latency;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::config::Defaults;
use crate::retry::Budget;
use latency::Latency;

/// When a call may be sent a second time while the first attempt is still under way. Off unless somebody asks for it; only
/// for calls that may be repeated.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Hedging {
    /// After a fixed time without a reply.
    After(Duration),
    /// After the time in which all but this part of the operation's recent replies came; 0.05 is one in twenty.
    Slowest(f64),
}

/// Hedges of one service: how many there may be, and how long its operations take.
#[derive(Debug)]
pub(crate) struct Hedges {
    budget: Budget,
    operations: Mutex<HashMap<&'static str, Latency>>,
}

impl Hedges {
    pub(crate) fn new(defaults: &Defaults) -> Self {
        let budget = Budget::new(defaults.hedge_ratio, 0.0, defaults.budget_window);
        Self { budget, operations: Mutex::default() }
    }

    /// Hedges are a part of the calls that may be hedged.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// How long an attempt of an operation may take before another is sent beside it; `None` while too little is known.
    pub(crate) fn delay(&self, hedging: Hedging, operation: &'static str, now: Instant) -> Option<Duration> {
        match hedging {
            Hedging::After(delay) => Some(delay),
            Hedging::Slowest(part) => self.latency(operation, |latency| latency.slowest(part, now)),
        }
    }

    /// An attempt succeeded after this long, or was overtaken then. (Quick failures say nothing of how long replies take.)
    pub(crate) fn took(&self, hedging: Hedging, operation: &'static str, elapsed: Duration, now: Instant) {
        if let Hedging::Slowest(_) = hedging {
            self.latency(operation, |latency| latency.record(elapsed, now));
        }
    }

    fn latency<T>(&self, operation: &'static str, work: impl FnOnce(&mut Latency) -> T) -> T {
        let mut operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        work(operations.entry(operation).or_default())
    }
}
