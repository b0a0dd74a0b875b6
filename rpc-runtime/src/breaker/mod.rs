//! The service breaker: refuses calls for a while once the last ones have all failed. Off unless somebody asks for it: the
//! ejection of endpoints and the retry budget cover most of what it is for.

mod permit;
mod state;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub(crate) use permit::{Permit, Turn};
use state::State;

use crate::clock::Clock;
use crate::metrics::BreakerLevel;

/// When calls are refused: after `threshold` failed calls in a row, until `recovery` has passed and one call, let through as a
/// probe, has succeeded.
///
/// A call fails when it ends with no connection, no endpoint, no time, or a status of 500 and above (but 501). Statuses below
/// that and business codes are answers, so they count as successes. Calls that were dropped, that this side refused, or that
/// had less than a second for all of it (`fair_attempt`), do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Breaker {
    /// Failed calls in a row that open it; at least 1.
    pub threshold: u32,
    /// How long it stays open before a call is let through to see.
    pub recovery: Duration,
}

impl Breaker {
    /// Five failed calls, a minute.
    pub const USUAL: Self = Self::new(5, Duration::from_secs(60));

    /// A breaker. A threshold of 0 counts as 1.
    pub const fn new(threshold: u32, recovery: Duration) -> Self {
        Self { threshold: if threshold == 0 { 1 } else { threshold }, recovery }
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self::USUAL
    }
}

/// What a call's end says to the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallOutcome {
    /// The service works.
    Answered,
    /// It does not.
    Failed,
    /// Nothing was learnt.
    Unknown,
}

/// The breakers of one service: its own, and one for each operation that has settings of its own.
#[derive(Debug)]
pub(crate) struct Breakers {
    clock: Arc<dyn Clock>,
    service: Arc<Mutex<State>>,
    operations: Mutex<HashMap<&'static str, Arc<Mutex<State>>>>,
}

/// Why a call is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Too early: this long, still.
    Open(Duration),
    /// The probe is under way.
    Probing,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(left) => write!(f, "the last calls failed; the next one is let through in {left:?}"),
            Self::Probing => {
                f.write_str("the last calls failed; one call is under way to see whether that is over")
            }
        }
    }
}

impl Breakers {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, service: Arc::default(), operations: Mutex::default() }
    }

    /// Those that calls have used.
    pub(crate) fn levels(&self) -> Vec<BreakerLevel> {
        let open = |state: &Mutex<State>| state.lock().unwrap_or_else(PoisonError::into_inner).is_open();
        let operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        let of_operations =
            operations.iter().map(|(name, state)| BreakerLevel { operation: Some(*name), open: open(state) });
        let of_service = BreakerLevel { operation: None, open: open(&self.service) };
        std::iter::once(of_service).chain(of_operations).collect()
    }

    /// Lets a call through, or not. `own`: the operation, where it has a breaker of its own.
    pub(crate) fn admit(&self, own: Option<&'static str>, breaker: Breaker) -> Result<Permit, Refused> {
        let state = match own {
            None => Arc::clone(&self.service),
            Some(operation) => {
                let mut operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
                Arc::clone(operations.entry(operation).or_default())
            }
        };
        Permit::ask(state, breaker, Arc::clone(&self.clock))
    }
}
