//! A value in place of an error: of the call, or of the client for all its operations. An answer is not replaced by the client's.

use anyhow::Result;
use rpc_runtime::types::Decimal;
use wallet_service::types::Wallet;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let wallets = wallet_service::Client::with_mesh(&mesh)?;
    let orders = order_service::Client::builder().mesh(&mesh).retries(0).fallback(|operation, _error| {
        (operation == "list_user_orders").then(|| "[]".to_owned())
    });
    let orders = orders.build()?;
    world.take_down(&world.wallets).await;

    let empty = Wallet::new("user123", Decimal::new(0, 2));
    let wallet = wallets.get_user_wallet("user123").fallback(|_error| Some(empty)).send().await?;
    let unknown = match orders.get_order(999).await {
        Err(error) if error.is_not_found() => "still unknown".to_owned(),
        other => format!("{other:?}"),
    };
    world.take_down(&world.orders).await;
    let list = orders.list_user_orders("user123").send().await?;

    Ok(format!(
        "down: balance {} from {}; order 999: {unknown}; down: {} orders from {}",
        wallet.data.balance,
        wallet.source(),
        list.data.len(),
        list.source()
    ))
}
