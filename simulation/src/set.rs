//! Discovery: the servers that are there now.

use std::sync::Arc;
use std::time::Duration;

use rpc_runtime::config::ServiceUrl;
use rpc_runtime::discovery::{
    Discover, DiscoveryError, Endpoint, Refresh, ServiceName, Snapshot, Source, Watch,
};
use rpc_runtime::testing::ManualClock;
use tokio::time::Instant;

use crate::scenario::Scenario;

/// The scenario's servers, told at the moment that they join and leave: how soon a resolver tells is another matter.
#[derive(Clone, Debug)]
pub(crate) struct Set(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: ManualClock,
    /// From when on each set holds.
    snapshots: Vec<(Duration, Snapshot)>,
}

impl Set {
    pub(crate) fn new(clock: &ManualClock, scenario: &Scenario) -> anyhow::Result<Self> {
        let mut snapshots = Vec::new();
        for (time, generation) in std::iter::once(Duration::ZERO).chain(scenario.changes()).zip(1..) {
            let present = scenario.servers.iter().filter(|server| server.is_present(time));
            let endpoint =
                |name: &str| anyhow::Ok(Endpoint::new(ServiceUrl::parse(&format!("http://{name}"))?, None));
            let endpoints =
                present.map(|server| endpoint(&server.name)).collect::<anyhow::Result<Vec<_>>>()?;
            snapshots.push((time, Snapshot::new(endpoints, generation)));
        }
        Ok(Set(Arc::new(Inner { clock: clock.clone(), snapshots })))
    }
}

impl Discover for Set {
    fn watch(&self, _: &ServiceName) -> Result<Watch, DiscoveryError> {
        Ok(Watch::new(Arc::new(self.clone())))
    }
}

impl Source for Set {
    fn current(&self) -> Option<Snapshot> {
        let now = self.0.clock.elapsed();
        let newest = self.0.snapshots.iter().rev().find(|(from, _)| *from <= now);
        newest.map(|(_, snapshot)| snapshot.clone())
    }

    fn fresh(&self) -> Option<Snapshot> {
        self.current()
    }

    fn refresh(&self, _: Option<Instant>) -> Refresh<'_> {
        // There is a set from the very beginning, so nobody waits for one.
        Box::pin(async { Ok(self.current().unwrap_or_else(|| Snapshot::new([], 0))) })
    }

    fn suspect(&self) {}
}
