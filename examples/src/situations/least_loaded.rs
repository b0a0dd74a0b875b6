//! Instances that share a name are chosen by load: of two drawn at random, the one that answers sooner and has less to do.

use std::time::Duration;

use anyhow::Result;
use rpc_mock::Fault;
use rpc_runtime::{Balancing, Mesh};

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    // A list in the map takes turns; asked for, load decides there too.
    let mesh = Mesh::new(world.config().balancing(Balancing::P2c).build()?)?;
    let orders = order_service::Client::with_mesh(&mesh)?;
    world.orders.fault(Fault::delay(Duration::from_millis(150)).at(0))?;

    for _ in 0..40 {
        orders.get_order(123).await?;
    }

    let slow = world.orders.calls().iter().filter(|call| call.instance == 0).count();
    let few = if slow <= 4 { "hardly any" } else { "too many" };
    Ok(format!("40 calls over 3 instances: {few} at the slow one"))
}
