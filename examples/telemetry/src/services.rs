//! Three services in a chain. Nothing in the handlers is about telemetry, but for the lines that they log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use order_service::types::Order;
use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::server::{Enveloped, Rejection, ServerLayer};
use rpc_runtime::trace;
use rpc_runtime::types::jiff::civil::date;
use rpc_runtime::types::{DateTime, Decimal, Maybe};
use user_service::types::User;
use wallet_service::types::Wallet;

/// What each handler does beside its calls, for the picture's sake.
const WORK: Duration = Duration::from_millis(4);

/// order-service: an order, with a note about who pays it.
pub(crate) fn orders(users: &str) -> anyhow::Result<Router> {
    let users = user_service::Client::new(users)?;
    Ok(Router::new()
        .route("/api/v1/orders/{order_id}", get(order))
        .with_state(users)
        .layer(ServerLayer::new()))
}

async fn order(
    State(users): State<user_service::Client>,
    Path(id): Path<i64>,
) -> Result<Enveloped<Order>, Rejection> {
    said(&format!("asked for order {id}"));
    SystemClock.sleep(WORK).await;
    let user = users.get_user("user123").await?;
    SystemClock.sleep(WORK).await;
    let mut order = Order::new(id, user.id, Decimal::new(10_010, 2), Vec::new(), new_year());
    order.note = Maybe::Value(format!("paid by {}", user.name));
    Ok(Enveloped(order))
}

/// user-service: a user whose name says what is in the wallet.
pub(crate) fn users(wallets: &str) -> anyhow::Result<Router> {
    let wallets = wallet_service::Client::builder().url(wallets).api_key_header("key").retry_delay(5 * WORK);
    Ok(Router::new()
        .route("/api/v1/users/{user_id}", get(user))
        .with_state(wallets.build()?)
        .layer(ServerLayer::new()))
}

async fn user(
    State(wallets): State<wallet_service::Client>,
    Path(id): Path<String>,
) -> Result<Enveloped<User>, Rejection> {
    said(&format!("asked for {id}"));
    SystemClock.sleep(WORK).await;
    let wallet = wallets.get_user_wallet(&id).await?;
    let name = format!("Alice, who has {}", wallet.balance);
    Ok(Enveloped(User::new(id, name, new_year())))
}

/// wallet-service: not available when it is asked for the first time.
pub(crate) fn wallets() -> Router {
    Router::new()
        .route("/api/v1/users/{user_id}/wallet", get(wallet))
        .with_state(Arc::default())
        .layer(ServerLayer::new())
}

async fn wallet(
    State(asked): State<Arc<AtomicU32>>,
    Path(user): Path<String>,
) -> Result<Enveloped<Wallet>, Rejection> {
    SystemClock.sleep(WORK).await;
    if asked.fetch_add(1, Ordering::Relaxed) == 0 {
        said("no connection to the database");
        return Err(Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "no connection to the database"));
    }
    said(&format!("asked for the wallet of {user}"));
    Ok(Enveloped(Wallet::new(user, Decimal::new(250_000, 2))))
}

/// A line of a handler's log.
fn said(what: &str) {
    tracing::info!(trace_id = trace::current_id(), "{what}");
}

fn new_year() -> DateTime {
    DateTime::naive(date(2026, 1, 1).at(0, 0, 0, 0)).assume_utc()
}
