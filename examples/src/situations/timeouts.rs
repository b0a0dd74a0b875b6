//! A limit for every call of a client, for one call, and for one attempt of it.

use std::time::Duration;

use anyhow::Result;
use rpc_mock::Fault;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let (short, long) = (Duration::from_millis(150), Duration::from_secs(20));

    world.orders.fault(Fault::hang().on("list_orders"))?;
    world.orders.fault(Fault::hang().on("get_order").times(1))?;
    let tell = |result: rpc_runtime::Result<()>| match result {
        Err(error) if error.is_timeout() && error.elapsed() < long => "timeout".to_owned(),
        Err(error) => error.to_string(),
        Ok(()) => "no timeout".to_owned(),
    };

    let hasty = order_service::Client::builder().mesh(&mesh).timeout(short).build()?;
    let by_client = tell(hasty.list_orders().await.map(drop));
    let patient = order_service::Client::builder().mesh(&mesh).timeout(long).build()?;
    let by_call = tell(patient.list_orders().timeout(short).await.map(drop));
    let reply = patient.get_order(123).attempt_timeout(short).send().await?;

    Ok(format!(
        "client: {by_client}; call: {by_call}; attempt: order {} after {} attempts",
        reply.data.id,
        reply.attempts()
    ))
}
