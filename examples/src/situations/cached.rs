//! A reply that is kept answers later calls; equal calls at the same moment are one request.

use std::time::Duration;

use anyhow::Result;
use rpc_runtime::Source;
use tokio::task::JoinSet;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let orders = order_service::Client::builder().mesh(&mesh).cache(Duration::from_secs(600)).build()?;

    let at_once: JoinSet<_> = (0..10).map(|_| orders.get_order(123).send()).collect();
    let mut replies = at_once.join_all().await;
    for _ in 0..10 {
        replies.push(orders.get_order(123).send().await);
    }

    let (mut asked, mut kept) = (0, 0);
    for reply in replies {
        match reply?.source() {
            Source::Service => asked += 1,
            Source::Cache { .. } => kept += 1,
            other => anyhow::bail!("an answer from {other}"),
        }
    }
    let arrived = world.orders.calls().len();
    Ok(format!("20 calls, 10 of them at once: {asked} asked, {kept} from the cache; {arrived} request arrived"))
}
