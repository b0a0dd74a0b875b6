//! An instance that does not answer is overtaken: a second request goes to another one. Hedges are at most one call in twenty.

use std::time::Duration;

use anyhow::Result;
use rpc_mock::Fault;
use rpc_runtime::Hedging;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;
    let never = Hedging::After(Duration::from_secs(3600));
    let soon = Hedging::After(Duration::from_millis(20));

    for _ in 0..19 {
        orders.get_order(123).hedging(never).await?;
    }
    world.orders.fault(Fault::hang().times(1))?;
    let reply = orders.get_order(123).hedging(soon).send().await?;

    let calls = world.orders.calls();
    let [.., hung, answered] = calls.as_slice() else { anyhow::bail!("no two requests") };
    let silent = if hung.fault.is_some() && hung.status.is_none() { "silent" } else { "not silent" };
    let other = if hung.instance == answered.instance { "the same" } else { "another" };
    Ok(format!(
        "order {} after {} attempts: the first {silent}, {other} instance answered; {} requests for 20 calls",
        reply.data.id,
        reply.attempts(),
        calls.len()
    ))
}
