//! A profile from three services at once. What fails leaves its part of the profile empty.

use anyhow::Result;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;
    let users = user_service::Client::with_mesh(&mesh)?;
    let orders = order_service::Client::with_mesh(&mesh)?;
    let wallets = wallet_service::Client::builder().mesh(&mesh).api_key_header("key-1").build()?;
    world.take_down(&world.wallets).await;

    let (user, orders, wallet) =
        tokio::join!(users.get_user("user123"), orders.list_user_orders("user123"), wallets.get_user_wallet("user123"));

    Ok(format!(
        "{}, {} orders, {}",
        user.map_or_else(|error| error.to_string(), |user| user.name),
        orders.unwrap_or_default().len(),
        match wallet {
            Ok(wallet) => format!("balance {}", wallet.balance),
            Err(error) if error.is_connection() => "wallet-service is down".into(),
            Err(error) => error.to_string(),
        }
    ))
}
