//! A service between two others: it takes the trace from the request that it serves, and its own calls carry it on.

use anyhow::Result;
use rpc_mock::axum::extract::Path;
use rpc_mock::axum::http::HeaderMap;
use rpc_mock::{Envelope, Service};
use rpc_runtime::{Client, trace};

use crate::world::World;

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;
    let checkout = move |headers: HeaderMap, Path(id): Path<i64>| async move {
        let order = trace::scope(trace::from_headers(&headers), async { orders.get_order(id).await }).await;
        order.map(Envelope::ok).map_err(|error| Envelope::<()>::fail(502, error.to_string()))
    };
    let gateway = Service::new("gateway").get("checkout", "/checkout/{order_id}", checkout).start().await?;

    let client = Client::builder("gateway").url(&gateway.url()).build()?;
    let _: rpc_runtime::types::Value = client.get("/checkout/123").trace_id("checkout-42").send_json().await?;

    let arrived = |mock: &rpc_mock::Mock| {
        let calls = mock.calls();
        calls.first().and_then(|call| call.header("x-trace-id")).unwrap_or("nothing").to_owned()
    };
    let (first, second) = (arrived(&gateway), arrived(&world.orders));
    Ok(match first == second {
        true => format!("{first} arrived at the gateway and at order-service"),
        false => format!("{first} arrived at the gateway, {second} at order-service"),
    })
}
