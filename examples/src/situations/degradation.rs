//! The service is down: serve what was last known, or a value that says nothing is known.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use order_service::Client;

use crate::world::World;

/// The last known status of each order.
#[derive(Debug, Default)]
struct Known(BTreeMap<i64, String>);

impl Known {
    async fn status(&mut self, orders: &Client, id: i64) -> String {
        match orders.get_order(id).timeout(Duration::from_secs(5)).await {
            Ok(order) => {
                self.0.insert(id, order.status.to_string());
                format!("fresh {}", order.status)
            }
            // The service said so itself: there is nothing to fall back to.
            Err(error) if error.is_response() => error.to_string(),
            Err(_) => self.0.get(&id).map_or_else(|| "unknown".into(), |status| format!("last known {status}")),
        }
    }
}

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = Client::with_mesh(&world.mesh()?)?;
    let mut known = Known::default();

    let before = known.status(&orders, 123).await;
    world.take_down(&world.orders).await;
    let after = known.status(&orders, 123).await;
    let never = known.status(&orders, 124).await;

    Ok(format!("{before}; down: {after}; never seen: {never}"))
}
