//! Numbers of a run.

use std::time::Duration;

use rpc_runtime::EndpointHealth;

use crate::observation::{Attempt, Observation};
use crate::scenario::Scenario;

/// What is compared between policies.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Calls.
    pub calls: usize,
    /// The part of the calls that got their value.
    pub success: f64,
    /// Durations of calls that half, 90, 99 and 99.9 of 100 do not exceed.
    pub percentiles: [Duration; 4],
    /// Attempts per call.
    pub attempts: f64,
    /// The part of the attempts that the scenario's odd server got; 0 without one.
    pub odd_share: f64,
    /// The part of the endpoints' time in which they were ejected.
    pub ejected: f64,
}

impl Figures {
    /// Of a whole run.
    pub fn of(scenario: &Scenario, seen: &Observation) -> Self {
        let mut took: Vec<Duration> = seen.calls.iter().map(|call| call.took).collect();
        took.sort_unstable();
        let percentile = |part: f64| {
            let index = ((took.len() as f64 * part).ceil() as usize).saturating_sub(1);
            took.get(index).copied().unwrap_or_default()
        };
        let part = |some: usize, all: usize| if all == 0 { 0.0 } else { some as f64 / all as f64 };
        let states = seen.states.iter().flat_map(|(_, states)| states);
        let out = states.clone().filter(|state| state.health != EndpointHealth::Open).count();
        let odd = seen.attempts.iter().filter(|attempt| Some(attempt.server) == scenario.odd).count();
        Figures {
            calls: seen.calls.len(),
            success: part(seen.calls.iter().filter(|call| call.is_ok()).count(), seen.calls.len()),
            percentiles: [0.5, 0.9, 0.99, 0.999].map(percentile),
            attempts: part(seen.attempts.len(), seen.calls.len()),
            odd_share: part(odd, seen.attempts.len()),
            ejected: part(out, states.count()),
        }
    }
}

impl Observation {
    /// The part of the attempts between two moments that one server got.
    pub fn share(&self, server: usize, from: Duration, to: Duration) -> f64 {
        let between = |attempt: &&Attempt| attempt.at >= from && attempt.at < to;
        let all = self.attempts.iter().filter(between).count();
        let its = self.attempts.iter().filter(between).filter(|attempt| attempt.server == server).count();
        if all == 0 { 0.0 } else { its as f64 / all as f64 }
    }

    /// The most attempts that one server had at a time.
    pub fn most_at_once(&self, server: usize) -> usize {
        let its = self.attempts.iter().filter(|attempt| attempt.server == server);
        // At one moment, who leaves makes place for who comes.
        let mut steps: Vec<(Duration, isize)> = its.flat_map(|it| [(it.at, 1), (it.until, -1)]).collect();
        steps.sort_unstable();
        let mut now = 0;
        let counts = steps.into_iter().map(|(_, step)| {
            now += step;
            now
        });
        usize::try_from(counts.max().unwrap_or_default()).unwrap_or_default()
    }
}
