//! A list of addresses is used in turn.

use anyhow::Result;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;

    for _ in 0..6 {
        orders.get_order(123).await?;
    }

    let calls = world.orders.calls();
    let seen = |instance| calls.iter().filter(|call| call.instance == instance).count().to_string();
    let instances = world.orders.urls().len();
    let each: Vec<String> = (0..instances).map(seen).collect();
    Ok(format!("{} calls over {instances} instances: {}", calls.len(), each.join(" ")))
}
