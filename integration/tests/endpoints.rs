//! A generated client, a real name server and real sockets: instances come and go.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "../../rpc-runtime/tests/dns/server.rs"]
#[allow(dead_code, reason = "shared with the runtime's tests, which use more of it")]
mod dns;
#[path = "../../rpc-runtime/tests/support/server.rs"]
#[allow(dead_code, reason = "shared with the runtime's tests, which use more of it")]
mod server;

use std::sync::Arc;
use std::time::Duration;

use hickory_server::proto::op::ResponseCode;
use order_service::Client;
use rpc_runtime::clock::{Clock as _, ManualClock, SystemClock};
use rpc_runtime::config::{Defaults, ServiceUrl};
use rpc_runtime::discovery::{DnsResolver, Resolution, ServiceName, StaticMap};
use rpc_runtime::testing::SeededRng;
use rpc_runtime::{ErrorKind, Mesh};
use server::{Server, json};

const ORDER: &str = r#"{"code":200,"message":"ok","timestamp":"2026-01-01T00:00:00Z","data":{"id":124,"user_id":"u1",
    "amount":"1.00","status":"pending","items":[],"note":null,"created_at":"2025-01-16T08:30:00Z","payment":null,"tags":[],
    "metadata":{}}}"#;

/// After this, a set that was looked up before is due: the longest time to live that is believed, and its jitter.
const TTL: Duration = Duration::from_secs(33);

struct World {
    clock: ManualClock,
    dns: dns::Server,
    servers: Vec<Server>,
    mesh: Mesh,
    client: Client,
}

impl World {
    /// Servers, and a client that finds them by the SRV records of `orders.test`; time stands still.
    async fn new(servers: usize) -> Self {
        let clock = ManualClock::new();
        let dns = dns::Server::start().await;
        let mut started = Vec::new();
        for _ in 0..servers {
            started.push(Server::start(|_, _| server::Act::Write(json(ORDER))).await);
        }
        let resolution = Resolution {
            resolve: Arc::new(DnsResolver::with_servers([dns.addr], &[], 1).unwrap()),
            clock: Arc::new(clock.clone()),
            rng: Arc::new(SeededRng::new(4)),
            defaults: Defaults::V1,
            recorder: None,
        };
        let url = ServiceUrl::parse("http+srv://_http._tcp.orders.test.").unwrap();
        let map =
            StaticMap::new([(ServiceName::new("order-service").unwrap(), vec![url])].into(), &resolution);
        let mesh = Mesh::builder().discover(map).clock(clock.clone()).rng(SeededRng::new(5)).build().unwrap();
        let client = Client::with_mesh(&mesh).unwrap();
        World { clock, dns, servers: started, mesh, client }
    }

    /// The zone has these servers, with these weights.
    fn publish(&self, weights: &[(usize, u16)]) {
        let port = |server: &usize| self.servers[*server].addr.port();
        let srv = |(server, weight): &(usize, u16)| {
            format!("_http._tcp.orders.test. 60 SRV 0 {weight} {} host.test.\n", port(server))
        };
        let records: String = weights.iter().map(srv).collect();
        self.dns.set(&format!("{records}host.test. 60 A 127.0.0.1\n"));
    }

    async fn call(&self) {
        self.client.get_order(124).await.unwrap();
    }

    /// Calls until what the client knows is as many endpoints as that.
    async fn until_known(&self, endpoints: usize) {
        for _ in 0..10_000 {
            self.call().await;
            if self.mesh.endpoints("order-service").len() == endpoints {
                return;
            }
        }
        panic!("{:?}", self.mesh.endpoints("order-service"));
    }

    /// How many requests each server has had.
    fn seen(&self) -> Vec<usize> {
        self.servers.iter().map(|server| server.seen().len()).collect()
    }
}

#[tokio::test]
async fn two_then_five_then_one() {
    let world = World::new(5).await;
    world.publish(&[(0, 1), (1, 1)]);
    for _ in 0..40 {
        world.call().await;
    }
    let seen = world.seen();
    assert!(seen[0] > 0 && seen[1] > 0 && seen[2..] == [0, 0, 0], "{seen:?}");

    world.publish(&[(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)]);
    for _ in 0..40 {
        world.call().await;
    }
    assert_eq!(world.seen()[2..], [0, 0, 0], "nobody asks before the records' time is over");
    world.clock.advance(TTL);
    world.until_known(5).await;
    let before = world.seen();
    for _ in 0..100 {
        world.call().await;
    }
    let seen = world.seen();
    assert!(seen.iter().zip(&before).all(|(now, before)| now > before), "{before:?} {seen:?}");
    // Who stayed kept the connection.
    for server in &world.servers {
        assert!(server.connections().iter().all(|connection| *connection == 0));
    }

    world.publish(&[(4, 1)]);
    world.clock.advance(TTL);
    world.until_known(1).await;
    let before = world.seen();
    for _ in 0..40 {
        world.call().await;
    }
    let seen = world.seen();
    assert_eq!((&seen[..4], seen[4]), (&before[..4], before[4] + 40));
    for server in &world.servers[..4] {
        server.until_ended(0).await;
    }
    assert!(world.servers[4].ended().is_empty());
}

#[tokio::test]
async fn weights_are_kept_within_five_percent() {
    let world = World::new(3).await;
    world.publish(&[(0, 60), (1, 30), (2, 10)]);
    for _ in 0..1_000 {
        world.call().await;
    }
    for (seen, weight) in world.seen().into_iter().zip([600, 300, 100]) {
        assert!(seen.abs_diff(weight) * 20 <= weight, "{:?}", world.seen());
    }
}

#[tokio::test]
async fn a_name_server_in_trouble_takes_no_service_away_and_one_that_denies_it_does() {
    let world = World::new(2).await;
    world.publish(&[(0, 1), (1, 1)]);
    world.call().await;
    world.dns.say("*", None, dns::Says::Code(ResponseCode::ServFail));
    for _ in 0..5 {
        world.clock.advance(TTL);
        world.call().await;
    }
    world.dns.speak_normally();
    world.dns.set("elsewhere.test. 60 A 127.0.0.1\n");
    // It is gone, but that is believed only when it is said again ten seconds later.
    let mut gone = None;
    for _ in 0..200 {
        world.clock.advance(Duration::from_secs(5));
        if let Err(error) = world.client.get_order(124).await {
            gone = Some(error);
            break;
        }
        // The lookup is not waited for while there is an old set.
        SystemClock.sleep(Duration::from_millis(5)).await;
    }
    let error = gone.unwrap();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Discovery, 0), "{error}");
    world.publish(&[(1, 1)]);
    for _ in 0..200 {
        world.clock.advance(Duration::from_secs(6));
        if world.client.get_order(124).await.is_ok() {
            return;
        }
        SystemClock.sleep(Duration::from_millis(5)).await;
    }
    panic!("a service that is back is not found");
}
