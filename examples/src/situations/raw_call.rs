//! What no document describes: `raw` on a generated client, or an untyped client of any service. Discovery, retries, deadline,
//! trace and envelope are the same.

use anyhow::{Context as _, Result};
use rpc_runtime::types::Value;
use rpc_runtime::{Client, Method};

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;

    let orders = order_service::Client::with_mesh(&mesh)?;
    let order: Value =
        orders.raw(Method::GET, "/api/v1/orders/123").query("expand", "lines").send_json().await?;
    let user = order.get("user_id").and_then(Value::as_str).context("no user_id")?;

    let untyped = Client::untyped(&mesh, "order-service")?;
    let order: Value = untyped.get("/api/v1/orders/123").send_json().await?;
    let amount = order.get("amount").and_then(Value::as_str).context("no amount")?;

    Ok(format!("order 123 of {user}; untyped: {amount}"))
}
