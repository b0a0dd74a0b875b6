//! What was seen.

use std::time::Duration;

use rpc_runtime::EndpointHealth;

/// Everything that happened in a run; times count from its start.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// All calls, in the order of their ends.
    pub calls: Vec<Call>,
    /// All attempts, as the servers saw them, in order.
    pub attempts: Vec<Attempt>,
    /// How the endpoints were, ten times a second.
    pub states: Vec<(Duration, Vec<State>)>,
    /// Requests that the client still counted as in flight when all calls had ended.
    pub left_in_flight: u32,
}

/// One call.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// When it began.
    pub at: Duration,
    /// How long it took.
    pub took: Duration,
    /// It got its value.
    pub ok: bool,
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
}
