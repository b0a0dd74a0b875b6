//! Endpoints as a call sees them: which one it gets, what its end tells of it, and that the defaults of all this are wired.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::future::{Future, IntoFuture};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::config::ServiceUrl;
use rpc_runtime::discovery::{
    Discover, DiscoveryError, Endpoint, Refresh, ServiceName, Snapshot, Source, Watch,
};
use rpc_runtime::testing::{Script, ScriptedTransport, SeededRng, SentRequest};
use rpc_runtime::{ClientConfig, EndpointHealth, ErrorKind, Mesh};
use support::{Client, ORDER, millis, ok, outcome, poll_and_drop, secs, status};
use tokio::time::Instant;

/// A set that a test changes, a count of suspicions, and whether every use has to wait for it.
#[derive(Debug, Clone)]
struct Set(Arc<(Mutex<Snapshot>, AtomicU64, AtomicBool)>);

impl Set {
    fn of(names: &str) -> Self {
        let set =
            Set(Arc::new((Mutex::new(Snapshot::new([], 0)), AtomicU64::new(0), AtomicBool::new(false))));
        set.change(names);
        set
    }

    fn change(&self, names: &str) {
        let endpoint =
            |name: &str| Endpoint::new(ServiceUrl::parse(&format!("http://{name}")).unwrap(), None);
        let mut set = self.0.0.lock().unwrap();
        *set = Snapshot::new(names.split_whitespace().map(endpoint).collect::<Vec<_>>(), set.generation + 1);
    }
}

impl Discover for Set {
    fn watch(&self, _: &ServiceName) -> Result<Watch, DiscoveryError> {
        Ok(Watch::new(Arc::new(self.clone())))
    }
}

impl Source for Set {
    fn current(&self) -> Option<Snapshot> {
        Some(self.0.0.lock().unwrap().clone())
    }

    fn fresh(&self) -> Option<Snapshot> {
        self.current().filter(|_| !self.0.2.load(Ordering::Relaxed))
    }

    fn refresh(&self, _: Option<Instant>) -> Refresh<'_> {
        Box::pin(async {
            SystemClock.sleep(millis(2)).await;
            Ok(self.current().unwrap())
        })
    }

    fn suspect(&self) {
        self.0.1.fetch_add(1, Ordering::Relaxed);
    }
}

/// Servers that answer as `answer` says, by the name of the endpoint.
struct World {
    set: Set,
    mesh: Mesh,
    client: Client,
    transport: ScriptedTransport,
}

impl World {
    fn new(names: &str, config: ClientConfig, answer: impl FnMut(&str) -> Script + Send + 'static) -> Self {
        let set = Set::of(names);
        let mut answer = answer;
        let by_name = move |request: &SentRequest| {
            answer(request.endpoint.trim_start_matches("http://").trim_end_matches(":80"))
        };
        let transport = ScriptedTransport::answering(SystemClock, by_name);
        let mesh = Mesh::builder()
            .config(config)
            .discover(set.clone())
            .transport(transport.clone())
            .rng(SeededRng::new(3))
            .build()
            .unwrap();
        let client = Client::with_mesh(&mesh).unwrap();
        World { set, mesh, client, transport }
    }

    fn of(names: &str, answer: impl FnMut(&str) -> Script + Send + 'static) -> Self {
        Self::new(names, ClientConfig::default(), answer)
    }

    fn healths(&self) -> Vec<EndpointHealth> {
        self.mesh.endpoints("order-service").iter().map(|status| status.health).collect()
    }

    fn latency(&self) -> Option<Duration> {
        self.mesh.endpoints("order-service")[0].latency
    }

    fn in_flight(&self) -> u32 {
        self.mesh.endpoints("order-service").iter().map(|status| status.in_flight).sum()
    }

    /// Calls `a` until it is ejected; says after how many, and for how long.
    async fn until_ejected(&self, most: usize) -> Option<(usize, Duration)> {
        for call in 1..=most {
            let _ = self.client.get(7).retries(0).await;
            if let EndpointHealth::Ejected(length) = self.healths()[0] {
                return Some((call, length));
            }
        }
        None
    }
}

fn near(found: Duration, expected: Duration) -> bool {
    found >= expected.mul_f64(0.99) && found <= expected.mul_f64(1.01) + millis(2)
}

/// The numbers of `Defaults::V1` as a client with nothing set behaves: a change of any of them must fail here.
#[tokio::test(start_paused = true)]
async fn the_defaults_are_wired() {
    let round_robin =
        || ClientConfig::builder().balancing(rpc_runtime::Balancing::RoundRobin).build().unwrap();

    // Five failures in a row; five seconds, of which half are random; then one that tries it.
    let world = World::new("a b", round_robin(), |name| if name == "a" { status(503) } else { ok() });
    world.client.get(7).retries(0).await.ok();
    let (calls, first) = world.until_ejected(100).await.unwrap();
    assert!((8..=9).contains(&calls), "{calls}: every second of them is a's");
    assert!(first > millis(2_400) && first <= secs(5), "{first:?}");
    // It doubles, up to a minute.
    let mut lengths = vec![first];
    for _ in 0..8 {
        tokio::time::advance(*lengths.last().unwrap()).await;
        world.client.get(7).await.unwrap();
        let EndpointHealth::Ejected(length) = world.healths()[0] else { panic!("{:?}", world.healths()) };
        lengths.push(length);
    }
    assert!(lengths[1] > secs(5) && lengths[1] <= secs(10), "{lengths:?}");
    assert!(lengths[2] > secs(10) && lengths[2] <= secs(20), "{lengths:?}");
    assert!(lengths[4..].iter().all(|length| *length >= secs(30) && *length <= secs(60)), "{lengths:?}");
    assert!(lengths.iter().any(|length| *length > secs(40)), "{lengths:?}");

    // Fewer than 80 % of 20 requests within ten seconds.
    let mut count = 0;
    let sometimes = move |name: &str| {
        count += u32::from(name == "a");
        if name == "a" && count % 4 == 0 { status(500) } else { ok() }
    };
    let world = World::new("a b", round_robin(), sometimes);
    let (calls, _) = world.until_ejected(100).await.unwrap();
    assert!((39..=40).contains(&calls), "{calls}");

    // Half of four.
    let world = World::new("a b c d", round_robin(), |_| status(500));
    for _ in 0..400 {
        let _ = world.client.get(7).retries(0).await;
    }
    let out = world.healths().iter().filter(|health| **health != EndpointHealth::Open).count();
    assert_eq!(out, 2);

    // A failure counts as 5 s, one with Retry-After as that, up to 300 s; a third is left after ten seconds.
    let world = World::of("a", |_| status(500));
    let _ = world.client.get(7).await;
    assert!(near(world.latency().unwrap(), secs(5)));
    tokio::time::advance(secs(10)).await;
    assert!(near(world.latency().unwrap(), secs(5).mul_f64((-1.0_f64).exp())));
    let world = World::of("a", |_| status(503).header("Retry-After", "301"));
    let _ = world.client.get(7).await;
    assert!(near(world.latency().unwrap(), secs(300)));

    // A first call that is given up says something after 30 ms.
    for (limit, known) in [(29, false), (31, true)] {
        let world = World::of("a", |_| Script::hangs());
        let _ = world.client.get(7).timeout(millis(limit)).await;
        assert_eq!(world.latency().is_some(), known);
    }

    // Two attempts that run out of time, and the connection is given up.
    let world = World::of("a", |_| Script::hangs());
    let _ = world.client.get(7).retries(0).await;
    assert!(world.transport.forgotten().is_empty());
    let _ = world.client.get(7).retries(0).await;
    assert_eq!(world.transport.forgotten(), ["http://a:80"]);

    // Half of the endpoints refuse: the set is looked up again.
    for (refusing, suspected) in [("a", false), ("ab", true)] {
        let world = World::new("a b c d", round_robin(), move |name| {
            if refusing.contains(name) { Script::refused() } else { ok() }
        });
        for _ in 0..4 {
            world.client.get(7).await.unwrap();
        }
        assert_eq!(world.set.0.1.load(Ordering::Relaxed) > 0, suspected);
    }

    // No limit to what is in flight.
    let world = World::of("a", |_| ok().after(secs(1)));
    let calls: Vec<_> = (0..3_000).map(|_| tokio::spawn(world.client.get(7).into_future())).collect();
    for _ in 0..3_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.in_flight(), 3_000);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(world.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_full_service_is_an_overload() {
    let config = ClientConfig::builder().max_in_flight(1).build().unwrap();
    let world = World::new("a b", config, |_| ok().after(secs(1)));
    let two =
        [tokio::spawn(world.client.get(7).into_future()), tokio::spawn(world.client.get(7).into_future())];
    tokio::time::advance(millis(1)).await;
    let error = world.client.get(7).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Overload, 0));
    assert!(error.to_string().contains("all 2 endpoints have 1 requests in flight"), "{error}");
    for call in two {
        call.await.unwrap().unwrap();
    }
    world.client.get(7).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_service_without_endpoints() {
    let world = World::of("", |_| ok());
    let error = world.client.get(7).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Discovery);
    world.set.change("a");
    world.client.get(7).await.unwrap();
}

/// Ends of calls that say nothing of the endpoint do not eject it.
#[tokio::test(start_paused = true)]
async fn what_does_not_eject() {
    for answer in [
        || status(404),
        || status(501),
        || status(409),
        || Script::reply(200, r#"{"code":500,"message":"no","data":null}"#),
        || Script::reply(200, "not JSON"),
    ] {
        let world = World::of("a b", move |_| answer());
        assert_eq!(world.until_ejected(200).await, None);
    }
    // The caller's own impatience.
    let world = World::of("a b", |_| ok().after(millis(50)));
    for _ in 0..200 {
        let _ = world.client.get(7).timeout(millis(20)).await;
    }
    assert_eq!(world.healths(), [EndpointHealth::Open; 2]);
}

/// Callers whose limit for the whole call is shorter than an attempt's find out an endpoint that hangs, if they gave it a second.
#[tokio::test(start_paused = true)]
async fn a_hanging_endpoint_is_found_out_by_short_calls() {
    for (limit, out) in [(999, false), (1_000, true)] {
        let world =
            World::of("a b", |name| if name == "a" { Script::hangs() } else { ok().after(millis(5)) });
        for _ in 0..400 {
            let _ = world.client.get(7).timeout(millis(limit)).await;
            // The load keeps calls away as well.
            tokio::time::advance(secs(2)).await;
        }
        let is_out = world.healths()[0] != EndpointHealth::Open;
        assert_eq!(is_out, out, "{limit}");
    }
}

/// A call is dropped at every point where it waits: nothing stays in flight, and no probe is lost.
#[tokio::test(start_paused = true)]
async fn a_call_may_be_dropped_at_any_await() {
    // Every kind of waiting: for a reply, its body, a backoff, another endpoint.
    let mut turn = 0;
    let slow = move |_: &str| {
        turn += 1;
        match turn % 5 {
            0 => ok().after(millis(4)),
            1 => status(503).after(millis(3)),
            2 => Script::reset().after(millis(2)),
            3 => Script::truncated(&ORDER[..9]).after(millis(1)),
            _ => Script::refused().after(millis(1)),
        }
    };
    let world = World::of("a b c", slow);
    world.set.0.2.store(true, Ordering::Relaxed);
    let (mut dropped, mut ended, mut out) = (0, 0, 0);
    for round in 0..2_000 {
        let times = round % 40;
        match poll_and_drop(world.client.get(7).into_future(), times).await {
            true => ended += 1,
            false => dropped += 1,
        }
        assert_eq!(world.in_flight(), 0, "dropped after {times} polls");
        let healths = world.healths();
        assert!(!healths.contains(&EndpointHealth::Probing), "dropped after {times} polls: {healths:?}");
        out += healths.iter().filter(|health| **health != EndpointHealth::Open).count();
        tokio::time::advance(millis(200)).await;
    }
    assert!(dropped > 100 && ended > 100 && out > 100, "{dropped} {ended} {out}");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_probe_lets_the_next_call_try() {
    let down = Arc::new(AtomicU64::new(1));
    let is_down = Arc::clone(&down);
    let world = World::of("a b", move |name| match name {
        "a" if is_down.load(Ordering::Relaxed) == 1 => status(500),
        _ => ok().after(millis(5)),
    });
    for _ in 0..10_000 {
        let _ = world.client.get(7).retries(0).await;
        tokio::time::advance(millis(500)).await;
        if world.healths()[0] != EndpointHealth::Open {
            break;
        }
    }
    down.store(0, Ordering::Relaxed);
    let EndpointHealth::Ejected(length) = world.healths()[0] else { panic!("{:?}", world.healths()) };
    tokio::time::advance(length).await;
    // Whoever comes first tries it, at every point where it may be dropped.
    for times in 1..5 {
        assert_eq!(world.healths()[0], EndpointHealth::Ejected(Duration::ZERO));
        let mut call = Box::pin(world.client.get(7).into_future());
        for _ in 0..times {
            let pending =
                std::future::poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending()));
            assert!(pending.await);
            assert_eq!(world.healths()[0], EndpointHealth::Probing);
            tokio::time::advance(millis(1)).await;
        }
        drop(call);
        assert_eq!(world.in_flight(), 0);
    }
    world.client.get(7).await.unwrap();
    assert_eq!(world.healths(), [EndpointHealth::Open; 2]);
}

#[tokio::test(start_paused = true)]
async fn a_dead_endpoint_fails_no_call_and_is_tried_now_and_then() {
    let answer = |name: &str| if name == "a" { Script::refused() } else { ok().after(millis(5)) };
    let config = ClientConfig::builder().balancing(rpc_runtime::Balancing::RoundRobin).build().unwrap();
    let world = World::new("a b", config, answer);
    let mut tried = 0;
    for _ in 0..2_000 {
        let reply = world.client.get(7).send().await;
        assert_eq!(outcome(&reply), "ok");
        tried += usize::from(reply.unwrap().attempts() == 2);
        tokio::time::advance(millis(95)).await;
    }
    // 200 s: five until it is ejected, then one after each of the ejections of 5, 10, 20, 40, 60 and 60 s or half of that.
    assert!((9..=13).contains(&tried), "{tried}");
}

/// Watches on the set: one for each service that somebody may still call.
fn watches(set: &Set) -> usize {
    // The mesh's source and the test hold it too.
    Arc::strong_count(&set.0) - 2
}

#[tokio::test(start_paused = true)]
async fn a_service_goes_with_its_last_client() {
    let World { set, mesh, client, transport } = World::of("a b", |_| ok().after(millis(20)));
    for _ in 0..4 {
        client.get(7).await.unwrap();
    }
    let second = client.clone();
    let third = Client::with_mesh(&mesh).unwrap();
    SystemClock.sleep(secs(91)).await;
    drop((client, third));
    assert_eq!((watches(&set), transport.forgotten().len()), (1, 0), "there is still a client");
    let call = second.get(7);
    drop(second);
    let call = tokio::spawn(call.into_future());
    SystemClock.sleep(millis(1)).await;
    assert_eq!(mesh.endpoints("order-service").iter().map(|status| status.in_flight).sum::<u32>(), 1);
    call.await.unwrap().unwrap();
    assert_eq!((watches(&set), transport.forgotten().len()), (0, 2));
    assert!(mesh.endpoints("order-service").is_empty());

    let client = Client::with_mesh(&mesh).unwrap();
    assert!(mesh.endpoints("order-service").iter().all(|status| status.latency.is_none()), "all is new");
    client.get(7).await.unwrap();
    assert_eq!(watches(&set), 1);
}

#[tokio::test(start_paused = true)]
async fn clients_of_one_call_each_share_their_service() {
    let World { set, mesh, client, transport } = World::of("a", |_| ok().after(millis(20)));
    drop(client);
    for _ in 0..10 {
        assert_eq!(watches(&set), 1);
        Client::with_mesh(&mesh).unwrap().get(7).await.unwrap();
        SystemClock.sleep(secs(60)).await;
    }
    assert_eq!((transport.sent().len(), transport.forgotten().len()), (10, 0));
    // The next one to come or to go takes out what nobody wanted for long.
    SystemClock.sleep(secs(31)).await;
    let users = rpc_runtime::Client::untyped(&mesh, "user-service").unwrap();
    assert_eq!((watches(&set), transport.forgotten().len()), (1, 1));
    assert!(mesh.endpoints("order-service").is_empty());
    drop(Client::with_mesh(&mesh).unwrap());
    SystemClock.sleep(secs(91)).await;
    drop(users);
    assert_eq!(watches(&set), 0);
}
