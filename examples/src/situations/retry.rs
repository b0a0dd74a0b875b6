//! A GET that meets 503 is sent again, after a growing wait and to another instance; a POST is not, since it may have worked.

use anyhow::Result;
use order_service::types::OrderCreate;
use rpc_mock::Fault;
use rpc_runtime::types::Decimal;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;
    world.orders.fault(Fault::status(503).on("get_order").times(2))?;
    world.orders.fault(Fault::status(503).on("create_order").times(1))?;

    let reply = orders.get_order(123).send().await?;
    let Err(error) = orders.create_order(OrderCreate::new("user123", Decimal::ONE)).await else {
        return Ok("the POST was repeated".into());
    };

    Ok(format!(
        "GET: order {} after {} attempts; POST: {}, {} attempt, not repeated",
        reply.data.id,
        reply.attempts(),
        error.status().map_or_else(String::new, |status| status.as_u16().to_string()),
        error.attempts()
    ))
}
