//! A permission service that answers HTTP 200 with `code: 403` when it refuses.

use anyhow::Result;
use auth_service::types::PermissionCheck;

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let auth = auth_service::Client::with_mesh(&world.mesh()?)?;

    let mut said = Vec::new();
    for action in ["read", "delete"] {
        said.push(match auth.verify_permission(PermissionCheck::new("user123", "orders", action)).await {
            Ok(decision) if decision.allowed => format!("{action}: allowed"),
            Ok(decision) => format!("{action}: refused, {}", decision.reason.unwrap_or_default()),
            Err(error) if error.is_forbidden() => {
                format!("{action}: forbidden, {}", error.message().unwrap_or("no message"))
            }
            Err(error) => return Err(error.into()),
        });
    }
    Ok(said.join("; "))
}
