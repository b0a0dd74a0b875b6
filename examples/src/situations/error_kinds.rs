//! One error type for every call; its kind says what happened, and so what to do.

use std::time::Duration;

use anyhow::Result;
use rpc_mock::Fault;
use rpc_runtime::{Error, ErrorKind};

use crate::world::World;

fn tell(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Timeout(_) => "timeout".into(),
        ErrorKind::Connection => "connection".into(),
        ErrorKind::Response => format!(
            "response {} code {}: {}",
            error.status().map_or_else(String::new, |status| status.as_u16().to_string()),
            error.code().map_or_else(String::new, ToString::to_string),
            error.message().unwrap_or("no message")
        ),
        other => format!("{other:?}: {error}"),
    }
}

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let orders = order_service::Client::with_mesh(&mesh)?;
    let wallets = wallet_service::Client::builder().mesh(&mesh).api_key_header("key-1").build()?;

    world.orders.fault(Fault::hang().on("list_orders"))?;
    let slow = orders.list_orders().timeout(Duration::from_millis(200)).await.map(drop);
    world.take_down(&world.wallets).await;
    let down = wallets.get_user_wallet("user123").await.map(drop);
    let unknown = orders.get_order(999).await.map(drop);

    let told: Vec<String> = [slow, down, unknown].into_iter().filter_map(Result::err).map(|e| tell(&e)).collect();
    Ok(told.join("; "))
}
