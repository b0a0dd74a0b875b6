//! What happens.

use std::time::Duration;

use crate::server::Server;

/// A story: servers with their times, and calls that come at random moments.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// A short name.
    pub name: &'static str,
    /// What it is, in half a line.
    pub about: &'static str,
    /// The servers.
    pub servers: Vec<Server>,
    /// The index of the server that the scenario is about.
    pub odd: Option<usize>,
    /// Calls per second, on average.
    pub rate: f64,
    /// Between these times so many times as many.
    pub burst: Option<(Duration, Duration, f64)>,
    /// How long a caller waits before it drops its call.
    pub patience: Option<Duration>,
    /// The client's limit of requests in flight per endpoint.
    pub max_in_flight: Option<u32>,
    /// How long calls come.
    pub length: Duration,
}

impl Scenario {
    /// 1,000 calls a second for a minute.
    pub fn new(name: &'static str, about: &'static str, servers: Vec<Server>) -> Self {
        Scenario {
            name,
            about,
            servers,
            odd: None,
            rate: 1_000.0,
            burst: None,
            patience: None,
            max_in_flight: None,
            length: Duration::from_secs(60),
        }
    }

    /// It is about this server.
    #[must_use]
    pub fn about_server(mut self, index: usize) -> Self {
        self.odd = Some(index);
        self
    }

    /// Calls per second at this time, on average.
    pub(crate) fn rate_at(&self, time: Duration) -> f64 {
        match self.burst {
            Some((from, until, times)) if from <= time && time < until => self.rate * times,
            _ => self.rate,
        }
    }
}
