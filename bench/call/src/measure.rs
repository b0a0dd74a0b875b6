//! What the calls of one process cost.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use serde::Serialize;
use tokio::runtime::Runtime;

use crate::subjects::Subject;

/// Reads the counting allocator; `None` in the program without one.
pub type Probe = fn() -> Option<Heap>;

/// What the allocator has done since the process started.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Heap {
    /// Allocations, and those that were made larger or smaller.
    pub allocations: usize,
    /// Bytes that these asked for.
    pub bytes: usize,
    /// Bytes given back.
    pub freed: usize,
}

impl Heap {
    fn live(self) -> usize {
        self.bytes.saturating_sub(self.freed)
    }
}

/// What a process does.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) calls: usize,
    /// One for each endpoint.
    pub(crate) ports: Vec<u16>,
    pub(crate) probe: Probe,
}

/// What all the calls cost together.
#[derive(Debug, Serialize)]
pub(crate) struct Cost {
    /// User and system time, in microseconds.
    cpu: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    heap: Option<HeapCost>,
}

#[derive(Debug, Serialize)]
struct HeapCost {
    allocations: usize,
    bytes: usize,
    /// What client, connections and tokio runtime hold when every endpoint is warm and no call is under way, in bytes.
    live: usize,
}

/// Measures a subject: made, warmed up, called one call after the other in a runtime of one thread.
pub(crate) fn measure<S: Subject>(plan: &Plan) -> anyhow::Result<Cost> {
    let cold = (plan.probe)();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let subject = runtime.block_on(async { S::new(&plan.ports) })?;
    runtime.block_on(warm_up(&subject, &plan.ports))?;

    let warm = (plan.probe)();
    let before = cpu()?;
    measured_calls(&runtime, &subject, plan.calls)?;
    let cpu = cpu()? - before;
    let heap = cold.zip(warm).zip((plan.probe)()).map(|((cold, warm), end)| HeapCost {
        allocations: end.allocations - warm.allocations,
        bytes: end.bytes - warm.bytes,
        live: warm.live().saturating_sub(cold.live()),
    });
    Ok(Cost { cpu, heap })
}

/// Callgrind collects only while this function runs (`--toggle-collect`): how long the warm-up takes is not counted. The
/// calls are a function of their own, since a closure in here would have this one's name in its own and toggle, too.
#[inline(never)]
fn measured_calls<S: Subject>(runtime: &Runtime, subject: &S, calls: usize) -> anyhow::Result<()> {
    runtime.block_on(repeat(subject, calls))
}

async fn repeat<S: Subject>(subject: &S, calls: usize) -> anyhow::Result<()> {
    for _ in 0..calls {
        subject.call().await?;
    }
    Ok(())
}

/// Calls until every endpoint has answered, and once more as often, so that pools and buffers have the size that they keep.
async fn warm_up<S: Subject>(subject: &S, ports: &[u16]) -> anyhow::Result<()> {
    // A balancer that draws endpoints by chance needs n ln n calls for n of them.
    let limit = 20 * ports.len() + 100;
    let mut missing: BTreeSet<i64> = ports.iter().map(|port| i64::from(*port)).collect();
    let mut made = 0;
    while !missing.is_empty() {
        if made == limit {
            bail!("{} of {} endpoints got none of {limit} calls", missing.len(), ports.len());
        }
        missing.remove(&subject.call().await?);
        made += 1;
    }
    repeat(subject, made).await
}

/// CPU time of this process until now, in microseconds.
fn cpu() -> anyhow::Result<i64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).context("getrusage")?;
    Ok(usage.user_time().num_microseconds() + usage.system_time().num_microseconds())
}
