//! A GET that meets 503 is sent again, after a growing wait and to another instance; a POST is not, since it may have worked.

use anyhow::Result;
use notification_service::types::OrderCreated;
use rpc_mock::Fault;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let orders = order_service::Client::with_mesh(&mesh)?;
    let notifications = notification_service::Client::with_mesh(&mesh)?;
    world.orders.fault(Fault::status(503).on("get_order").times(2))?;
    world.notifications.fault(Fault::status(503).on("send_notification").times(1))?;

    let reply = orders.get_order(123).send().await?;
    let Err(error) = notifications.send_notification(OrderCreated::new(123, "user123").into()).await else {
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
