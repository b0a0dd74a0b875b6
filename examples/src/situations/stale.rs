//! The service is down: its last reply stands in for a while, and says that it is old.

use std::time::Duration;

use anyhow::Result;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let orders = order_service::Client::builder().mesh(&mesh);
    let orders = orders.stale_if_error(Duration::from_secs(600)).build()?;

    let before = orders.get_order(123).send().await?;
    let again = orders.get_order(123).send().await?;
    let arrived = world.orders.calls().len();
    world.take_down(&world.orders).await;
    let after = orders.get_order(123).send().await?;
    let never = match orders.get_order(124).await {
        Err(error) if error.is_connection() => "an error".to_owned(),
        other => format!("{other:?}"),
    };

    let same = if after.data == before.data { "the same order" } else { "another order" };
    Ok(format!(
        "{} and {}, {arrived} requests; down: {same} from {}; never seen: {never}",
        before.source(),
        again.source(),
        after.source()
    ))
}
