//! What can be looked at, at any time.

use std::fmt;
use std::sync::Weak;

use crate::balance::EndpointStatus;
use crate::discovery::ServiceName;

/// How the services of a mesh are at the moment. Does not keep the mesh alive.
#[derive(Clone)]
pub struct Levels(Weak<dyn Look>);

/// A mesh.
pub(crate) trait Look: Send + Sync {
    fn levels(&self) -> Vec<ServiceLevels>;
}

impl Levels {
    pub(crate) fn new(mesh: Weak<dyn Look>) -> Self {
        Self(mesh)
    }

    /// The services that have clients, or had some lately; `None` when the mesh is gone. Clients with URLs of their own are not
    /// among them.
    pub fn services(&self) -> Option<Vec<ServiceLevels>> {
        Some(self.0.upgrade()?.levels())
    }

    /// Whether the mesh is still there.
    pub fn is_alive(&self) -> bool {
        self.0.strong_count() > 0
    }
}

impl fmt::Debug for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Levels")
    }
}

/// One service.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ServiceLevels {
    /// Its name in discovery.
    pub service: ServiceName,
    /// Re-sends that its retry budget has left.
    pub retry_budget: u64,
    /// Its endpoints.
    pub endpoints: Vec<EndpointStatus>,
    /// Its breaker, which is never open where it is off, and those of operations that have their own and were called.
    pub breakers: Vec<BreakerLevel>,
}

/// One breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BreakerLevel {
    /// The operation, where it has a breaker of its own.
    pub operation: Option<&'static str>,
    /// Calls are refused, but for one that tries.
    pub open: bool,
}
