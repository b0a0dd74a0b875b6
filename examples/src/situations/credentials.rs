//! The document says which operations need which credential; the builder has a method for each. A missing one is an error that
//! names it, before anything is sent, and a secret shows in no `Debug` output.

use anyhow::Result;
use rpc_runtime::Sent;
use wallet_service::Client;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let mesh = world.mesh()?;

    let none = match Client::with_mesh(&mesh)?.get_user_wallet("user123").await {
        Err(error) if error.is_invalid_request() && error.sent() == Sent::Never => "refused, never sent".into(),
        Err(error) => error.to_string(),
        Ok(_) => "accepted".into(),
    };
    let wallets = Client::builder().mesh(&mesh).api_key_header("key-1").build()?;
    wallets.get_user_wallet("user123").await?;
    wallets.get_user_wallet("user123").api_key_header("key-2").await?;

    let calls = world.wallets.calls();
    let keys: Vec<&str> = calls.iter().filter_map(|call| call.header("x-api-key")).collect();
    let hidden = !format!("{wallets:?}").contains("key-1");
    Ok(format!("none: {none}; of the client: {}; never shown: {hidden}", keys.join("; of the call: ")))
}
