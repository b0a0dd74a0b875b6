//! wallet-service: everybody has the same balance.

use rpc_mock::axum::extract::Path;
use rpc_mock::{Envelope, Service};
use rpc_runtime::types::Decimal;
use wallet_service::types::Wallet;

pub(super) fn service() -> Service {
    Service::new("wallet-service").get(
        "get_user_wallet",
        "/api/v1/users/{user_id}/wallet",
        |Path(user): Path<String>| async move { Envelope::ok(Wallet::new(user, Decimal::new(250_000, 2))) },
    )
}
