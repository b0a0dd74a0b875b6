//! Two services in a row: `?` ends the story when the order fails, so that nothing is announced that does not exist.

use anyhow::Result;
use notification_service::types::OrderCreated;
use order_service::types::OrderCreate;
use rpc_runtime::types::Decimal;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let orders = order_service::Client::with_mesh(&mesh)?;
    let notifications = notification_service::Client::with_mesh(&mesh)?;

    let order = orders.create_order(OrderCreate::new("user123", Decimal::new(10_010, 2))).await?;
    let sent = notifications.send_notification(OrderCreated::new(order.id, &order.user_id).into()).await?;

    Ok(format!("order {}, notification {}", order.id, sent.id))
}
