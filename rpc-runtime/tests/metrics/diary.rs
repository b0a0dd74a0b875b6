//! A recorder that writes events down, a line each.

use std::sync::{Arc, Mutex};

use rpc_runtime::metrics::{Event, Failure, Levels, Recorder};
use rpc_runtime::rng::Rng;
use rpc_runtime::testing::ScriptedTransport;
use rpc_runtime::{ClientConfig, Mesh, MeshBuilder};

use crate::support::{Client, LONGEST, config};

/// What was told. Clones are the same diary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Diary {
    lines: Arc<Mutex<Vec<String>>>,
    levels: Arc<Mutex<Vec<Levels>>>,
}

impl Diary {
    /// What was told since the last time.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap())
    }

    /// The same, without what begins so.
    pub(crate) fn take_but(&self, starts: &[&str]) -> Vec<String> {
        let mut lines = self.take();
        lines.retain(|line| !starts.iter().any(|start| line.starts_with(start)));
        lines
    }

    pub(crate) fn levels(&self) -> Vec<Levels> {
        self.levels.lock().unwrap().clone()
    }
}

fn word(failure: Option<Failure>) -> String {
    failure.map_or_else(|| "ok".to_owned(), |failure| failure.to_string())
}

impl Recorder for Diary {
    fn record(&self, event: &Event<'_>) {
        let line = match *event {
            Event::AttemptEnded {
                number, handed_over, status, failure, elapsed, endpoint, method, ..
            } => {
                assert_eq!(endpoint.port(), 8000);
                assert!(!method.as_str().is_empty());
                let sent = if handed_over { "" } else { " unsent" };
                let status = status.map_or_else(|| "-".to_owned(), |status| status.as_str().to_owned());
                format!("attempt {number}{sent}: {status} {} {elapsed:?}", word(failure))
            }
            Event::CallEnded { operation, outcome, failure, attempts, elapsed, service, .. } => {
                assert_eq!(service, "order-service");
                let (outcome, failure) = (outcome.as_str(), word(failure));
                format!("call {operation}: {outcome} {failure} after {attempts} {elapsed:?}")
            }
            Event::Retry { reason, .. } => format!("retry: {reason}"),
            Event::RetrySuppressed { reason, .. } => format!("suppressed: {}", reason.as_str()),
            Event::Hedge { step, .. } => format!("hedge: {}", step.as_str()),
            Event::Cache { usage, .. } => format!("cache: {}", usage.as_str()),
            Event::Ejected { endpoint, reason, .. } => format!("ejected: {endpoint} {}", reason.as_str()),
            Event::Returned { endpoint, .. } => format!("returned: {endpoint}"),
            Event::BreakerTurned { open, operation, .. } => format!("breaker: {open} {operation:?}"),
            Event::Discovered { endpoints, added, removed, .. } => {
                format!("discovered: {endpoints} +{added} -{removed}")
            }
            Event::DiscoveryFailed { service, .. } => format!("lookup failed: {service:?}"),
            Event::TokenFetched { success, .. } => format!("token: {success}"),
            _ => panic!("an event of another kind: {event:?}"),
        };
        self.lines.lock().unwrap().push(line);
    }

    fn observe(&self, levels: Levels) {
        self.levels.lock().unwrap().push(levels);
    }
}

/// A mesh that is recorded.
pub(crate) fn recorded(
    transport: &ScriptedTransport,
    config: ClientConfig,
    rng: impl Rng,
) -> (MeshBuilder, Diary) {
    let diary = Diary::default();
    let builder = Mesh::builder().config(config).transport(transport.clone()).rng(rng);
    (builder.recorder(diary.clone()), diary)
}

/// A client of so many endpoints; the diary has nothing of how they were found.
pub(crate) async fn client(transport: &ScriptedTransport, endpoints: usize) -> (Client, Diary) {
    let (mesh, diary) = recorded(transport, config(endpoints), LONGEST);
    (Client::with_mesh(&mesh.build().unwrap()).unwrap(), diary)
}
