//! An id that comes from elsewhere: of a task, of a queue's message, of a caller that speaks another protocol.

use anyhow::Result;
use rpc_runtime::trace;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;

    trace::with_id("task-2026-11-22", async { orders.get_order(123).await })?.await?;
    orders.get_order(124).trace_id("nightly-7").await?;

    let calls = world.orders.calls();
    let ids: Vec<&str> = calls.iter().filter_map(|call| call.header("x-trace-id")).collect();
    Ok(format!("{} arrived", ids.join(" and ")))
}
