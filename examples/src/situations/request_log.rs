//! The runtime tells `tracing` about every call; here is what a subscriber sees of one call with a retry.

use std::collections::BTreeSet;

use anyhow::Result;
use rpc_mock::Fault;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;
    world.orders.fault(Fault::status(503).on("get_order").times(1))?;

    orders.get_order(123).await?;

    let lines = world.log.lines();
    let events: Vec<String> = lines.iter().map(|line| format!("{} {}", line.level, line.message)).collect();
    let ids: BTreeSet<&str> = lines.iter().filter_map(|line| line.field("trace_id")).collect();
    let ids = if ids.len() == 1 { "one trace id".into() } else { format!("{} trace ids", ids.len()) };
    Ok(format!("{}, with {ids}", events.join(", ")))
}
