//! What networks and proxies do to replies. A read is repeated; a page from a proxy is an error with its status, not a decode
//! error.

use anyhow::Result;
use rpc_mock::Fault;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;
    let mut said = Vec::new();

    for (name, fault) in [("closed", Fault::close()), ("truncated", Fault::truncate())] {
        world.orders.clear_faults();
        world.orders.fault(fault.on("get_order").times(1))?;
        let reply = orders.get_order(123).send().await?;
        said.push(format!("{name}: order {} after {} attempts", reply.data.id, reply.attempts()));
    }

    world.orders.clear_faults();
    world.orders.fault(Fault::body(502, "text/html", "<h1>Bad gateway</h1>").on("get_order"))?;
    said.push(match orders.get_order(123).retries(0).await {
        Err(error) if error.is_response() => {
            format!("page: response {}", error.status().map_or(0, |status| status.as_u16()))
        }
        Err(error) => format!("page: {error}"),
        Ok(order) => format!("page: order {}", order.id),
    });
    Ok(said.join("; "))
}
