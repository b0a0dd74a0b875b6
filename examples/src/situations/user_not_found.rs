//! The envelope decides: `code: 404` under HTTP 200 is an error, and `is_not_found` says so.

use anyhow::Result;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let users = user_service::Client::with_mesh(&world.mesh()?)?;

    let user = users.get_user("user123").await?;
    match users.get_user("nobody").await {
        Err(error) if error.is_not_found() => Ok(format!(
            "{}; {} (HTTP {}, code {})",
            user.name,
            error.message().unwrap_or("no message"),
            error.status().map_or_else(String::new, |status| status.as_u16().to_string()),
            error.code().map_or_else(String::new, ToString::to_string),
        )),
        Err(error) => Err(error.into()),
        Ok(user) => Ok(format!("found {}", user.name)),
    }
}
