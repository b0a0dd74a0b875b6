//! The map of services, word for word as an `.env` file has it; `Mesh::from_env()` reads the process's own.

use anyhow::Result;
use rpc_runtime::{ClientConfig, Mesh};

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let map =
        format!(r#"{{"order-service": "{}", "user-service": "{}"}}"#, world.orders.url(), world.users.url());
    let mesh = Mesh::new(ClientConfig::from_vars([("RPC_CLIENT_SERVICES", map)])?)?;

    let order = order_service::Client::with_mesh(&mesh)?.get_order(123).await?;
    let user = user_service::Client::with_mesh(&mesh)?.get_user("user123").await?;

    Ok(format!("order {} and {}, found in the map", order.id, user.name))
}
