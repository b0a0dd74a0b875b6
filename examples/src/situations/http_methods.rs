//! The five methods: create, read, replace, change a part, delete.

use anyhow::Result;
use order_service::types::{OrderCreate, OrderPatch};
use rpc_runtime::types::Decimal;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;

    let created = orders.create_order(OrderCreate::new("user123", Decimal::new(10_010, 2))).await?;
    let read = orders.get_order(created.id).await?;
    let mut wanted = read.clone();
    wanted.amount = Decimal::new(5_500, 2);
    let replaced = orders.replace_order(created.id, wanted).await?;
    let patched = orders.patch_order(created.id, OrderPatch::new().with_note("gift")).await?;
    orders.delete_order(created.id).await?;
    let gone = orders.get_order(created.id).await.is_err_and(|error| error.is_not_found());

    Ok(format!(
        "created {}, read {}, replaced by {}, note {}, deleted, {}",
        created.id,
        read.amount,
        replaced.amount,
        patched.note.value().map_or("none", String::as_str),
        if gone { "not found" } else { "still there" }
    ))
}
