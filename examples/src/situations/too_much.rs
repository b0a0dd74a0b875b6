//! A limit on what is in flight per instance: what is too much fails at once, instead of waiting in a line that only grows.

use std::time::Duration;

use anyhow::Result;
use rpc_mock::Fault;
use rpc_runtime::{ErrorKind, Mesh};

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = Mesh::new(world.config().max_in_flight(1).build()?)?;
    let users = user_service::Client::with_mesh(&mesh)?;
    world.users.fault(Fault::delay(Duration::from_millis(300)).on("get_user"))?;

    let call = || users.get_user("user123");
    let (one, two, three) = tokio::join!(call(), call(), call());

    let results = [one, two, three];
    let is_refused = |error: &&rpc_runtime::Error| error.kind() == ErrorKind::Overload;
    let refused = results.iter().filter_map(|result| result.as_ref().err()).filter(is_refused).count();
    Ok(format!("3 calls at once to 2 instances: {refused} refused here, never sent"))
}
