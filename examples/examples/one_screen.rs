//! The API on one screen: README.md quotes the body of `calls`, and `cargo xtask docs` compares the two.
//!
//! It compiles as it stands; the situations in `src/situations/` are what runs.
#![allow(clippy::print_stdout, reason = "an example")]

use std::time::Duration;

use rpc_runtime::types::Decimal;
use rpc_runtime::{Mesh, Method};
use serde_json::Value;

#[rustfmt::skip]
async fn calls(amount: Decimal) -> rpc_runtime::Result<()> {
    use order_service::{Client, errors::GetOrderError, types::{OrderCreate, OrderStatus}};

    let mesh   = Mesh::from_env()?;                         // once per process: discovery, connections, settings
    let orders = Client::with_mesh(&mesh)?;                 // cheap, per handler; finds "order-service"
    let order  = orders.get_order(123).await?;              // types::Order: the envelope is already open
    let page   = orders.list_orders().page(2).size(10).status(OrderStatus::Pending).await?;
    let new    = orders.create_order(OrderCreate::new("user123", amount)).idempotency_key("k-1").await?;
    let reply  = orders.get_order(123).timeout(Duration::from_secs(5)).send().await?;   // status, headers, attempts, …

    if let Err(error) = orders.get_order(9).await {         // one error type for every call of every crate
        if error.is_not_found() { println!("gone") }        // HTTP 404, or code 404 under HTTP 200
        if let Some(GetOrderError::NotFound(body)) = error.typed() { println!("{}", body.message) }
    }
    let raw: Value = orders.raw(Method::GET, "/api/v1/orders/123").query("expand", "lines").send_json().await?;
    println!("{} {} {} {} {raw}", order.id, page.total, new.id, reply.attempts());
    Ok(())
}

#[tokio::main]
async fn main() -> rpc_runtime::Result<()> {
    calls(Decimal::new(10_010, 2)).await
}
