//! A service between two others has only the time that its caller waits: its own calls get what is left of it, and are not even
//! sent when nothing is left.

use std::time::Duration;

use anyhow::{Context as _, Result};
use rpc_mock::axum::http::HeaderMap;
use rpc_mock::{Envelope, Mock, Service};
use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::context::Context;
use rpc_runtime::types::Value;
use rpc_runtime::{Client, ErrorKind, Sent, TimeoutScope, deadline};
use tokio::sync::mpsc;

use crate::world::World;

const TIMEOUT: &str = "x-request-timeout-ms";

pub(crate) async fn run(world: &World) -> Result<String> {
    let orders = order_service::Client::with_mesh(&world.mesh()?)?;
    let (done, mut outcomes) = mpsc::unbounded_channel();
    let checkout = |works: fn() -> Duration| {
        let (orders, done) = (orders.clone(), done.clone());
        move |headers: HeaderMap| async move {
            let work = async move {
                SystemClock.sleep(works()).await;
                done.send(orders.get_order(123).await.map(|order| order.id)).ok();
            };
            // A task of its own: the handler may end with its caller, and this shows what comes after that.
            Context::from_headers(&headers).spawn(work).await.ok();
            Envelope::ok(())
        }
    };
    let gateway = Service::new("gateway")
        .get("quick", "/quick", checkout(|| Duration::from_millis(20)))
        .get("slow", "/slow", checkout(|| deadline::remaining().unwrap_or_default()))
        .start()
        .await?;
    let client = Client::builder("gateway").url(&gateway.url()).retries(0).build()?;

    client.get("/quick").timeout(Duration::from_secs(8)).send_json::<Value>().await?;
    let order = outcomes.recv().await.context("no outcome")??;
    let (first, second) = (told(&gateway)?, told(&world.orders)?);
    let less = if second < first { "less" } else { "more" };

    let arrived = world.orders.calls().len();
    // Whether its caller has gone or just gets a late reply is a matter of microseconds; what comes of the second hop is not.
    let _either = client.get("/slow").timeout(Duration::from_millis(500)).send_json::<Value>().await;
    let late = match outcomes.recv().await.context("no outcome")? {
        Err(error) if error.kind() == ErrorKind::Timeout(TimeoutScope::Inherited) && error.sent() == Sent::Never => {
            "not sent"
        }
        _ => "sent",
    };
    let further = world.orders.calls().len() - arrived;
    Ok(format!("order {order}, {less} time at the second hop; nothing left: {late}, {further} arrived"))
}

/// The time that the mock's first request had.
fn told(mock: &Mock) -> Result<u64> {
    let calls = mock.calls();
    let call = calls.first().context("no request")?;
    Ok(call.header(TIMEOUT).context("no time was told")?.parse()?)
}
