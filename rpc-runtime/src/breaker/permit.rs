//! A call that was let through.

use std::sync::{Arc, Mutex, PoisonError};

use super::state::{Pass, State};
use super::{Breaker, CallOutcome, Refused};
use crate::clock::Clock;

/// A call under way. [`finish`](Self::finish) it with what came of it; dropped before, it has said nothing.
#[derive(Debug)]
pub(crate) struct Permit {
    state: Arc<Mutex<State>>,
    breaker: Breaker,
    clock: Arc<dyn Clock>,
    pass: Option<Pass>,
}

impl Permit {
    pub(super) fn ask(
        state: Arc<Mutex<State>>,
        breaker: Breaker,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Refused> {
        let pass = state.lock().unwrap_or_else(PoisonError::into_inner).admit(clock.now())?;
        Ok(Self { state, breaker, clock, pass: Some(pass) })
    }

    /// The call has ended. Whether that opened the breaker, or closed it again.
    pub(crate) fn finish(mut self, outcome: CallOutcome) -> Option<Turn> {
        self.end(outcome)
    }

    fn end(&mut self, outcome: CallOutcome) -> Option<Turn> {
        let pass = self.pass.take()?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ended(pass, outcome, self.breaker, self.clock.now())
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.end(CallOutcome::Unknown);
    }
}

/// A change that somebody should hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Calls are refused from now on.
    Opened,
    /// Calls are let through again.
    Closed,
}
