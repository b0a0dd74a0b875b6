//! With a key the service treats all requests of a call as one, so the runtime may repeat even a POST. Operations that take one
//! get one of their own when the caller gives none.

use std::collections::BTreeSet;

use anyhow::Result;
use order_service::types::OrderCreate;
use rpc_mock::Fault;
use rpc_runtime::types::Decimal;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;
    world.orders.fault(Fault::status(503).on("create_order").times(1))?;

    let order = OrderCreate::new("user123", Decimal::new(10_010, 2));
    let reply = orders.create_order(order).idempotency_key("order-7f3a").send().await?;

    let calls = world.orders.calls_to("create_order");
    let keys: BTreeSet<&str> = calls.iter().filter_map(|call| call.header("idempotency-key")).collect();
    let keys = if keys.len() == 1 { "one key".into() } else { format!("keys {keys:?}") };
    Ok(format!("order {} after {} attempts, {keys}", reply.data.id, reply.attempts()))
}
