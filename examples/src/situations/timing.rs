//! No stopwatch around calls: `Response` and `Error` carry the time of the whole call.

use std::time::Duration;

use anyhow::Result;
use rpc_mock::Fault;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;
    let (delay, limit) = (Duration::from_millis(30), Duration::from_secs(20));
    world.orders.fault(Fault::delay(delay).on("get_order"))?;

    let reply = orders.get_order(123).timeout(limit).send().await?.elapsed();
    let Err(error) = orders.get_order(999).timeout(limit).await else { return Ok("order 999 exists".into()) };

    let fits = |elapsed: Duration| (delay..limit).contains(&elapsed);
    Ok(match fits(reply) && fits(error.elapsed()) {
        true => "reply and error: between 30 ms and the limit".into(),
        false => format!("reply {reply:?}, error {:?}", error.elapsed()),
    })
}
