//! The seam between those who know instances and those who call them.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use tokio::time::Instant;

use super::endpoint::Snapshot;
use super::error::DiscoveryError;
use super::name::ServiceName;

/// Finds services.
pub trait Discover: Send + Sync + Debug + 'static {
    /// A watch on a service's instances. Watches on one service share their set and their lookups. This never
    /// waits: a name that nobody knows is an error here, one that does not resolve is an error of the watch.
    fn watch(&self, service: &ServiceName) -> Result<Watch, DiscoveryError>;

    /// The names that are known without asking anybody, for error messages.
    fn known(&self) -> Vec<ServiceName> {
        Vec::new()
    }
}

/// A waiting [`Source::refresh`].
pub type Refresh<'s> = Pin<Box<dyn Future<Output = Result<Snapshot, DiscoveryError>> + Send + 's>>;

/// What is behind a [`Watch`]: the set of one service, shared by everybody who watches it.
pub trait Source: Send + Sync + Debug + 'static {
    /// The last good set, whatever its age; empty for a service that is gone.
    fn current(&self) -> Option<Snapshot>;

    /// The set if it can be used without waiting and needs no refresh; never an empty one.
    fn fresh(&self) -> Option<Snapshot>;

    /// Sees to it that the set gets fresh and returns the best there is: waits no longer than `deadline`, and not at
    /// all while the last good set will do. Cancelling it harms nobody else.
    fn refresh(&self, deadline: Option<Instant>) -> Refresh<'_>;

    /// The endpoints look dead: the next use looks again, though not too soon after the last time.
    fn suspect(&self);
}

/// A handle on the instances of one service. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Watch(Arc<dyn Source>);

impl Watch {
    /// A watch on `source`.
    pub fn new(source: Arc<dyn Source>) -> Self {
        Watch(source)
    }

    /// The set to use now. A call's first wait for a lookup ends at `deadline`, if not before; an error means that
    /// there never was a good set, or that the service is gone. Takes no time and no allocation while the set is fresh.
    pub async fn snapshot(&self, deadline: Option<Instant>) -> Result<Snapshot, DiscoveryError> {
        match self.0.fresh() {
            Some(snapshot) => Ok(snapshot),
            None => self.0.refresh(deadline).await,
        }
    }

    /// The last good set, whatever its age; empty for a service that is gone.
    pub fn current(&self) -> Option<Snapshot> {
        self.0.current()
    }

    /// What is behind it.
    pub(super) fn source(&self) -> &Arc<dyn Source> {
        &self.0
    }

    /// Tells that the endpoints look dead, for an early refresh at the next use.
    pub fn suspect(&self) {
        self.0.suspect();
    }
}
