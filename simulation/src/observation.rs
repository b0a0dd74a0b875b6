//! What was seen.

use std::time::Duration;

use rpc_runtime::{EndpointHealth, Error, ErrorKind};

/// Everything that happened in a run; times count from its start.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// All calls, in the order of their ends.
    pub calls: Vec<Call>,
    /// All attempts, as the servers saw them, in order.
    pub attempts: Vec<Attempt>,
    /// How the endpoints were, ten times a second.
    pub states: Vec<(Duration, Vec<State>)>,
    /// How the endpoints were when all calls had ended.
    pub end: Vec<State>,
}

/// One call.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// When it began.
    pub at: Duration,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub end: End,
}

impl Call {
    /// It got its value.
    pub fn is_ok(&self) -> bool {
        self.end == End::Value
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With its value.
    Value,
    /// Refused by the client: [`ErrorKind::Overload`].
    Overload,
    /// With another error.
    Failed,
    /// Its caller dropped it.
    Dropped,
}

impl End {
    pub(crate) fn of<T>(result: &Result<T, Error>) -> Self {
        match result {
            Ok(_) => End::Value,
            Err(error) if error.kind() == ErrorKind::Overload => End::Overload,
            Err(_) => End::Failed,
        }
    }
}

/// One attempt.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// When it came.
    pub at: Duration,
    /// When it was answered or given up.
    pub until: Duration,
    /// To which server of the scenario.
    pub server: usize,
}

/// One endpoint at one moment.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Which server of the scenario.
    pub server: usize,
    /// As the client reports it.
    pub health: EndpointHealth,
    /// Requests in flight, as the client counts them.
    pub in_flight: u32,
}
