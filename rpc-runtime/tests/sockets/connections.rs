//! How long connections live: age, idleness, and endpoints that are to be forgotten.

use std::sync::Arc;
use std::time::Duration;

use rpc_runtime::clock::Clock;
use rpc_runtime::config::{Defaults, ServiceUrl};
use rpc_runtime::discovery::Endpoint;
use rpc_runtime::testing::ManualClock;
use rpc_runtime::transport::{HttpTransport, Transport};
use rpc_runtime::{ClientConfig, Mesh};
use tokio::sync::Notify;

use crate::good;
use crate::support::server::{Act, Server, json};
use crate::support::{Client, FixedRng, LONGEST, ORDER, millis, order, secs};

fn over(transport: impl Transport, server: &Server) -> Client {
    let config = ClientConfig::builder().service("order-service", &server.url()).timeout(secs(60));
    let mesh = Mesh::builder().config(config.build().unwrap()).transport(transport).build().unwrap();
    Client::with_mesh(&mesh).unwrap()
}

fn aging(clock: &ManualClock, rng: FixedRng) -> HttpTransport {
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    HttpTransport::new(None).with_clock(clock).with_rng(Arc::new(rng))
}

/// A reply whose body ends when `told` says so.
fn held(told: &Arc<Notify>) -> Act {
    let mut first = json(ORDER);
    let second = first.split_off(first.len() - 5);
    Act::Held(first, Arc::clone(told), second)
}

#[tokio::test]
async fn connections_to_an_only_endpoint_get_old() {
    for (rng, age) in [(FixedRng(0), secs(240)), (FixedRng(1 << 63), secs(300)), (LONGEST, secs(360))] {
        let (server, clock) = (Server::start(good).await, ManualClock::new());
        let client = over(aging(&clock, rng), &server);
        client.get(7).await.unwrap();
        clock.advance(age - millis(1));
        client.get(7).await.unwrap();
        clock.advance(millis(2));
        client.get(7).await.unwrap();
        client.get(7).await.unwrap();
        assert_eq!(server.connections(), [0, 0, 1, 1], "{age:?}");
        server.until_ended(0).await;
        assert_eq!(server.ended(), [0]);
    }
}

#[tokio::test]
async fn connections_to_one_endpoint_of_several_do_not() {
    let (one, two, clock) = (Server::start(good).await, Server::start(good).await, ManualClock::new());
    let urls = [one.url(), two.url()];
    let config = ClientConfig::builder().instances("order-service", urls.iter().map(String::as_str));
    let mesh = Mesh::builder().config(config.build().unwrap()).transport(aging(&clock, LONGEST)).build();
    let client = Client::with_mesh(&mesh.unwrap()).unwrap();
    for _ in 0..2 {
        client.get(7).await.unwrap();
        client.get(7).await.unwrap();
        clock.advance(secs(3600));
    }
    assert_eq!((one.connections(), two.connections()), (vec![0, 0], vec![0, 0]));
}

#[tokio::test]
async fn a_call_over_an_old_connection_ends_normally() {
    let told = Arc::new(Notify::new());
    let hold = Arc::clone(&told);
    let server = Server::start(move |n, seen| if n == 0 { held(&hold) } else { good(n, seen) }).await;
    let clock = ManualClock::new();
    let client = over(aging(&clock, LONGEST), &server);
    let call = tokio::spawn(client.get(7).send());
    server.until_seen(1).await;
    clock.advance(secs(3600));
    client.get(7).await.unwrap();
    told.notify_one();
    assert_eq!(call.await.unwrap().unwrap().attempts(), 1);
    server.until_ended(0).await;
    assert_eq!((server.connections(), server.ended()), (vec![0, 1], vec![0]));
}

#[tokio::test]
async fn a_forgotten_endpoint_has_no_idle_connection() {
    let told = Arc::new(Notify::new());
    let hold = Arc::clone(&told);
    let server = Server::start(move |n, seen| if n == 1 { held(&hold) } else { good(n, seen) }).await;
    let transport = HttpTransport::new(None);
    let client = over(transport.clone(), &server);
    let url = ServiceUrl::parse(&server.url()).unwrap();
    let endpoint = Endpoint::new(url.clone(), Some(server.addr));

    client.get(7).await.unwrap();
    // Another one, with the first one busy.
    let busy = tokio::spawn(client.get(7).send());
    server.until_seen(2).await;
    client.get(7).await.unwrap();
    assert_eq!(server.connections(), [0, 0, 1]);
    // An endpoint that nobody spoke to is nothing to forget.
    transport.forget(&Endpoint::new(url, None));
    client.get(7).await.unwrap();
    assert_eq!(server.connections(), [0, 0, 1, 1]);

    transport.forget(&endpoint);
    server.until_ended(1).await;
    assert_eq!(server.ended(), [1], "the busy one goes on");
    told.notify_one();
    assert_eq!(busy.await.unwrap().unwrap().attempts(), 1);
    server.until_ended(0).await;

    client.create(&order()).await.unwrap();
    assert_eq!(server.connections(), [0, 0, 1, 1, 2]);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = Server::start(good).await;
    let mut defaults = Defaults::V1;
    assert_eq!(defaults.pool_idle, Duration::from_secs(60));
    defaults.pool_idle = millis(100);
    let client = over(HttpTransport::new(None).with_defaults(defaults), &server);
    client.get(7).await.unwrap();
    server.until_ended(0).await;
    client.create(&order()).await.unwrap();
    assert_eq!(server.connections(), [0, 1]);
}
