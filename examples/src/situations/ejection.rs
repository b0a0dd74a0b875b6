//! An instance that fails is left alone after five failures in a row; the calls go on with the others. One call tries it later.

use anyhow::Result;
use rpc_mock::Fault;
use rpc_runtime::EndpointHealth;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let orders = order_service::Client::with_mesh(&mesh)?;
    world.orders.fault(Fault::status(503).at(1))?;

    let mut good = 0;
    for _ in 0..30 {
        good += usize::from(orders.get_order(123).await.is_ok());
    }

    let at_the_failing = world.orders.calls().iter().filter(|call| call.instance == 1).count();
    let out = mesh.endpoints("order-service");
    let out = out.iter().filter(|status| matches!(status.health, EndpointHealth::Ejected(_))).count();
    Ok(format!("{good} of 30 calls good; {at_the_failing} met the failing instance; {out} of 3 ejected"))
}
