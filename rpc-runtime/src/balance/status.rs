//! What an operator may see.

use std::time::Duration;

use crate::discovery::Endpoint;

/// One endpoint of a service as a [`Mesh`](crate::Mesh) sees it, at one moment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EndpointStatus {
    /// Where it is.
    pub endpoint: Endpoint,
    /// Whether it gets calls.
    pub health: EndpointHealth,
    /// Requests to it that have not ended.
    pub in_flight: u32,
    /// How long a reply is expected to take; `None` before the first.
    pub latency: Option<Duration>,
}

/// Whether an endpoint gets calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointHealth {
    /// Yes.
    Open,
    /// Not for this long; zero once the next call may try it.
    Ejected(Duration),
    /// One call is trying it.
    Probing,
}
