//! Every call carries `X-Trace-ID`. Inside a scope (a request that is being served, a task) all calls carry the scope's.

use std::collections::BTreeSet;

use anyhow::Result;
use rpc_mock::Mock;
use rpc_runtime::{HeaderMap, trace};

use crate::world::World;

fn ids(mocks: &[&Mock]) -> BTreeSet<String> {
    let calls = mocks.iter().flat_map(|mock| mock.calls());
    calls.filter_map(|call| call.header("x-trace-id").map(str::to_owned)).collect()
}

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let orders = order_service::Client::with_mesh(&mesh)?;
    let users = user_service::Client::with_mesh(&mesh)?;

    orders.get_order(123).await?;
    orders.get_order(124).await?;
    let alone = ids(&[&world.orders]);
    world.orders.clear_calls();

    let calls = async { tokio::try_join!(orders.get_order(123), users.get_user("user123")) };
    trace::scope(trace::from_headers(&HeaderMap::new()), calls).await?;
    let together = ids(&[&world.orders, &world.users]);

    let number = |ids: BTreeSet<String>| match ids.len() {
        1 => "one id".to_owned(),
        2 => "two ids".to_owned(),
        other => format!("{other} ids"),
    };
    Ok(format!("alone: {}; in one scope: {} at both services", number(alone), number(together)))
}
