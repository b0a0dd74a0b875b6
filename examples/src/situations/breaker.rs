//! A breaker refuses calls once the last ones have failed: nobody waits, and the service gets a rest. After a while one call
//! tries it, and when that goes well, all do.

use std::time::Duration;

use anyhow::Result;
use order_service::Client;
use rpc_mock::Fault;
use rpc_runtime::testing::ManualClock;
use rpc_runtime::{Breaker, ErrorKind, Mesh, Sent};

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    // A clock that only moves when it is told to: the situation takes no minute.
    let clock = ManualClock::new();
    let mesh = Mesh::builder().config(world.config().build()?).clock(clock.clone()).build()?;
    let breaker = Breaker::new(3, Duration::from_secs(60));
    let orders = Client::builder().mesh(&mesh).retries(0).breaker(breaker).build()?;
    world.orders.fault(Fault::status(503).on("get_order").times(4))?;

    let broken = calls(&orders, 5).await;
    clock.advance(breaker.recovery);
    let probed = calls(&orders, 3).await;
    clock.advance(breaker.recovery);
    let well = calls(&orders, 3).await;
    let arrived = world.orders.calls().len();
    Ok(format!("{broken}; later {probed}; later {well}; {arrived} of 11 arrived"))
}

/// Calls in a row, and what came of each.
async fn calls(orders: &Client, number: usize) -> String {
    let mut seen = Vec::new();
    for _ in 0..number {
        seen.push(match orders.get_order(123).await {
            Ok(_) => "ok".to_owned(),
            Err(error) if error.kind() == ErrorKind::Overload && error.sent() == Sent::Never => "refused".into(),
            Err(error) => error.status().map_or_else(|| error.to_string(), |status| status.as_str().to_owned()),
        });
    }
    seen.join(" ")
}
