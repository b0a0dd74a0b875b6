//! A service that asks for patience gets it: 429 with `Retry-After` is repeated after that time, if the deadline allows.

use std::time::Duration;

use anyhow::Result;
use rpc_mock::Fault;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;
    world.orders.fault(Fault::retry_after(429, Duration::from_secs(1)).on("get_order").times(1))?;

    let reply = orders.get_order(123).send().await?;

    let waited = if reply.elapsed() >= Duration::from_secs(1) { "waited" } else { "did not wait" };
    Ok(format!("order {} after {} attempts, {waited}", reply.data.id, reply.attempts()))
}
