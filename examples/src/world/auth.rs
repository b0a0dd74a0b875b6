//! auth-service: alone may read, the rest is refused by the envelope's code.

use auth_service::types::{PermissionCheck, PermissionDecision};
use rpc_mock::axum::Json;
use rpc_mock::{Envelope, Service};

pub(super) fn service() -> Service {
    Service::new("auth-service").post("verify_permission", "/api/v1/permissions/verify", verify)
}

async fn verify(Json(check): Json<PermissionCheck>) -> Result<Envelope<PermissionDecision>, Envelope<()>> {
    if check.action == "read" {
        return Ok(Envelope::ok(PermissionDecision::new(true)));
    }
    let message = format!("{} may not {} {}", check.user_id, check.action, check.resource);
    Err(Envelope::fail(403, message).error_code("PERMISSION_DENIED"))
}
