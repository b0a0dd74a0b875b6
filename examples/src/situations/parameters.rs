//! Query, header and body parameters. Optional ones are setters; a value that breaks a rule of the document is an error that
//! names it, and nothing is sent.

use anyhow::{Context as _, Result};
use order_service::types::OrderStatus;
use rpc_runtime::Sent;
use user_service::types::Role;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let orders = order_service::Client::with_mesh(&mesh)?;
    let users = user_service::Client::with_mesh(&mesh)?;

    let page = orders.list_orders().page(1).size(10).status(OrderStatus::Pending).await?;
    let found = users.search_users("tea").role(&[Role::Admin]).x_tenant("acme").await?;
    let first = found.items.first().context("nobody was found")?;
    let Err(refused) = orders.list_orders().size(0).await else { return Ok("size 0 was accepted".into()) };

    Ok(format!(
        "page {} of {} orders; {:?} as {} for tenant {}; size 0 {}, {}",
        page.page,
        page.total,
        first.name,
        first.role,
        found.tenant,
        if refused.is_invalid_request() { "refused" } else { "failed" },
        if refused.sent() == Sent::Never { "never sent" } else { "sent" }
    ))
}
