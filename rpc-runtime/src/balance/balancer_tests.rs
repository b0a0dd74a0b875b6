use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::clock::ManualClock;
use crate::config::{ClientConfig, ServiceUrl};
use crate::discovery::{Refresh, Snapshot, Source};
use crate::rng::SeededRng;
use crate::testing::ScriptedTransport;

const GOOD: Outcome = Outcome::Healthy;
const BAD: Outcome = Outcome::Failed { retry_after: None };

/// A set that tests change.
#[derive(Debug, Default)]
struct Set {
    snapshot: Mutex<Option<Snapshot>>,
    suspected: AtomicU64,
}

impl Source for Set {
    fn current(&self) -> Option<Snapshot> {
        self.snapshot.lock().unwrap().clone()
    }

    fn fresh(&self) -> Option<Snapshot> {
        self.current()
    }

    fn refresh(&self, _: Option<Instant>) -> Refresh<'_> {
        Box::pin(async { Ok(self.current().unwrap()) })
    }

    fn suspect(&self) {
        self.suspected.fetch_add(1, Ordering::Relaxed);
    }
}

struct Bench {
    set: Arc<Set>,
    clock: ManualClock,
    transport: ScriptedTransport,
    balancer: Arc<Balancer>,
}

impl Bench {
    fn new(config: ClientConfig) -> Self {
        let (set, clock) = (Arc::new(Set::default()), ManualClock::new());
        let transport = ScriptedTransport::new(clock.clone(), []);
        let parts = Parts {
            service: ServiceName::new("s").unwrap(),
            watch: Watch::new(set.clone()),
            held: Arc::new(Held::new(Arc::new(transport.clone()))),
            clock: Arc::new(clock.clone()),
            rng: Arc::new(SeededRng::new(7)),
            recording: Recording::default(),
        };
        let balancer = Arc::new(Balancer::new(parts, &config.resolve(&Defaults::V1), &Defaults::V1));
        Bench { set, clock, transport, balancer }
    }

    /// `a b c`: the set is these now.
    fn of(names: &str) -> Self {
        let bench = Self::new(ClientConfig::default());
        bench.change(names);
        bench
    }

    fn change(&self, names: &str) {
        let endpoint =
            |name: &str| Endpoint::new(ServiceUrl::parse(&format!("http://{name}:80")).unwrap(), None);
        let mut snapshot = self.set.snapshot.lock().unwrap();
        let generation = snapshot.as_ref().map_or(1, |before| before.generation + 1);
        *snapshot =
            Some(Snapshot::new(names.split_whitespace().map(endpoint).collect::<Vec<_>>(), generation));
    }

    async fn acquire(&self, tried: &[Endpoint]) -> Lease {
        self.balancer.acquire(None, tried, true).await.unwrap()
    }

    /// One attempt of its own call; who got it.
    async fn call(&self, outcome: impl Fn(&str) -> Outcome) -> String {
        let lease = self.acquire(&[]).await;
        let host = lease.endpoint().host().to_owned();
        let outcome = outcome(&host);
        self.clock.advance(Duration::from_millis(10));
        lease.finish(outcome);
        host
    }

    /// Who got that many calls, `host` failing.
    async fn calls(&self, count: usize, failing: &str) -> BTreeMap<String, usize> {
        let mut got = BTreeMap::new();
        for _ in 0..count {
            *got.entry(self.call(|host| if failing.contains(host) { BAD } else { GOOD }).await)
                .or_default() += 1;
        }
        got
    }

    fn states(&self) -> String {
        let state = |status: EndpointStatus| {
            let mark = match status.health {
                EndpointHealth::Open => "",
                EndpointHealth::Ejected(_) => "!",
                EndpointHealth::Probing => "?",
            };
            let in_flight = if status.in_flight > 0 { status.in_flight.to_string() } else { String::new() };
            format!("{}{in_flight}{mark}", status.endpoint.host())
        };
        self.balancer.status().into_iter().map(state).collect::<Vec<_>>().join(" ")
    }
}

#[tokio::test]
async fn ejects_tries_and_takes_back() {
    let bench = Bench::of("a b c");
    // Five failures of `a` in a row, whoever else is called between them. Its penalty keeps calls away, so it takes a while.
    let mut calls = 0;
    while bench.states() == "a b c" {
        bench.calls(1, "a").await;
        bench.clock.advance(Duration::from_secs(1));
        calls += 1;
        assert!(calls < 10_000);
    }
    assert_eq!(bench.states(), "a! b c");
    let EndpointHealth::Ejected(length) = bench.balancer.status()[0].health else { unreachable!() };
    assert!(length <= Duration::from_secs(5), "{length:?}");
    // Nobody calls it meanwhile.
    assert_eq!(bench.calls(100, "").await.get("a"), None);
    bench.clock.advance(length);
    // Then one call does, and only one until its end.
    let probe = bench.acquire(&[]).await;
    assert_eq!((probe.endpoint().host(), bench.states().as_str()), ("a", "a1? b c"));
    assert_eq!(bench.calls(100, "").await.get("a"), None);
    drop(probe);
    assert_eq!(bench.states(), "a! b c");
    // The dropped one took a second, so it may hang: a while is left to the others.
    assert_eq!(bench.calls(100, "").await.get("a"), None);
    bench.clock.advance(Duration::from_secs(5));
    let probe = bench.acquire(&[]).await;
    assert_eq!(probe.endpoint().host(), "a");
    probe.finish(GOOD);
    assert_eq!(bench.states(), "a b c");
    // It gets its part of the calls again, at once.
    let got = bench.calls(300, "").await;
    assert!(got["a"] > 60, "{got:?}");
}

impl Bench {
    /// Ejects the first of the set for five seconds.
    async fn eject_a(&self) -> Vec<Endpoint> {
        self.acquire(&[]).await.finish(GOOD);
        let roster = self.balancer.roster.load_full();
        roster.all[0].learnt().health.eject(self.clock.now(), &EjectPolicy::new(&Defaults::V1), 1.0);
        self.balancer.roster.store(Arc::new(roster.reordered()));
        roster.all.iter().map(|member| member.endpoint().clone()).collect()
    }
}

#[tokio::test]
async fn a_further_attempt_is_no_probe_while_there_is_another() {
    let bench = Bench::of("a b c");
    let all = bench.eject_a().await;
    bench.clock.advance(Duration::from_secs(60));
    assert_eq!(bench.acquire(&all[1..2]).await.endpoint().host(), "c");
    assert_eq!(bench.acquire(&[]).await.endpoint().host(), "a");
}

#[tokio::test]
async fn a_call_with_no_other_endpoint_left_tries_an_ejected_one_early() {
    let bench = Bench::of("a b");
    let all = bench.eject_a().await;
    let early = bench.acquire(&all[1..]).await;
    assert_eq!((early.endpoint().host(), bench.states().as_str()), ("a", "a1? b"));
    // One at a time here too: the next call repeats the tried one.
    assert_eq!(bench.acquire(&all[1..]).await.endpoint().host(), "b");
    // Its failure changes nothing, its success brings the endpoint back.
    early.finish(BAD);
    assert!(
        matches!(bench.balancer.status()[0].health, EndpointHealth::Ejected(left) if left == Duration::from_secs(5))
    );
    bench.acquire(&all[1..]).await.finish(GOOD);
    assert_eq!(bench.states(), "a b");
}

#[tokio::test]
async fn calls_that_cannot_be_repeated_probe_only_when_nobody_else_does() {
    let bench = Bench::of("a b");
    bench.eject_a().await;
    let once = async || bench.balancer.acquire(None, &[], false).await.unwrap().endpoint().host().to_owned();
    bench.clock.advance(Duration::from_secs(5));
    assert_eq!(once().await, "b");
    bench.clock.advance(Duration::from_secs(5));
    assert_eq!(once().await, "a");
}

#[tokio::test]
async fn the_end_of_a_probe_that_was_taken_over_says_nothing() {
    let bench = Bench::of("a b");
    bench.eject_a().await;
    bench.clock.advance(Duration::from_secs(5));
    let lost = bench.acquire(&[]).await;
    bench.clock.advance(Duration::from_secs(60));
    let next = bench.acquire(&[]).await;
    assert_eq!((lost.endpoint().host(), next.endpoint().host()), ("a", "a"));
    lost.finish(GOOD);
    assert_eq!(bench.states(), "a1? b");
    next.finish(BAD);
    assert_eq!(bench.states(), "a! b");
}

/// `a/0 b/1`: endpoints with their priorities.
fn with_priorities(text: &str) -> Snapshot {
    let endpoint = |part: &str| {
        let (name, priority) = part.split_once('/').unwrap();
        let url = ServiceUrl::parse(&format!("http://{name}")).unwrap();
        Endpoint::new(url, None).with_priority(priority.parse().unwrap())
    };
    Snapshot::new(text.split_whitespace().map(endpoint).collect::<Vec<_>>(), 1)
}

#[tokio::test]
async fn a_group_gives_way_only_when_it_cannot_be_reached() {
    async fn check(set: &str, outcome: Outcome, states: &str) {
        let bench = Bench::new(ClientConfig::default());
        *bench.set.snapshot.lock().unwrap() = Some(with_priorities(set));
        for _ in 0..3_000 {
            bench.call(|host| if host == "z" { GOOD } else { outcome }).await;
        }
        assert_eq!(bench.states().replace('?', "!"), states, "{set} {outcome:?}");
    }
    // Both families of one host: five failed requests are no reason to leave the family that works.
    check("a/0 z/1", BAD, "a z").await;
    check("a/0 z/1", Outcome::Unreachable, "a! z").await;
    check("a/0 b/0 z/1", BAD, "a! b z").await;
    check("a/0 b/0 z/1", Outcome::Unreachable, "a! b! z").await;
    // Nothing to give way to.
    check("a/0 b/1", Outcome::Unreachable, "a! b").await;
    check("a/0", Outcome::Unreachable, "a").await;
}

#[tokio::test]
async fn never_more_than_half_and_never_the_last() {
    let bench = Bench::of("a b c d e");
    let mut most = 0;
    for _ in 0..5_000 {
        bench.calls(1, "abcde").await;
        let out = bench.states().matches('!').count() + bench.states().matches('?').count();
        most = most.max(out);
        assert!(out <= 2, "{}", bench.states());
    }
    assert_eq!(most, 2);
    // A smaller set takes back what is too much.
    bench.change("a b c");
    assert!(bench.states().matches('!').count() <= 1, "{}", bench.states());
    bench.change("a");
    assert_eq!(bench.states(), "a");
    bench.calls(100, "a").await;
    assert_eq!(bench.states(), "a");
}

#[tokio::test]
async fn a_shrinking_set_takes_back_who_was_to_be_tried_first() {
    let bench = Bench::of("a b c d");
    bench.acquire(&[]).await.finish(GOOD);
    let roster = bench.balancer.roster.load_full();
    let policy = EjectPolicy::new(&Defaults::V1);
    roster.all[0].learnt().health.eject(bench.clock.now(), &policy, 1.0);
    roster.all[1].learnt().health.eject(bench.clock.now(), &policy, 0.0);
    bench.balancer.roster.store(Arc::new(roster.reordered()));
    assert_eq!(bench.states(), "a! b! c d");
    bench.change("a b c");
    assert_eq!(bench.states(), "a! b c");
}

#[tokio::test]
async fn gone_endpoints_are_forgotten() {
    let bench = Bench::of("a b");
    let tried = Endpoint::new(ServiceUrl::parse("http://b:80").unwrap(), None);
    let on_a = [
        bench.acquire(std::slice::from_ref(&tried)).await,
        bench.acquire(std::slice::from_ref(&tried)).await,
    ];
    assert_eq!(on_a[0].endpoint().host(), "a");
    bench.change("b");
    bench.calls(3, "").await;
    assert_eq!(bench.transport.forgotten(), ["http://a:80"]);
    // The attempt that was under way may have opened a new connection.
    let [first, second] = on_a;
    drop(first);
    assert_eq!(bench.transport.forgotten(), ["http://a:80"; 2]);
    // Back in the set, it is another member; the end of the old one's attempt takes nothing from it.
    bench.change("a b");
    bench.calls(1, "").await;
    drop(second);
    assert_eq!((bench.transport.forgotten().len(), bench.states().as_str()), (2, "a b"));
    let transport = bench.transport.clone();
    drop(bench);
    assert_eq!(transport.forgotten()[2..], ["http://a:80", "http://b:80"]);
}

#[tokio::test]
async fn what_two_balancers_hold_is_forgotten_with_the_second() {
    let transport = ScriptedTransport::new(ManualClock::new(), []);
    let held = Held::new(Arc::new(transport.clone()));
    let endpoint = Endpoint::new(ServiceUrl::parse("http://a:80").unwrap(), None);
    held.hold(&endpoint);
    held.hold(&endpoint);
    held.let_go(&endpoint);
    held.tidy(&endpoint);
    assert!(transport.forgotten().is_empty());
    held.let_go(&endpoint);
    assert_eq!(transport.forgotten(), ["http://a:80"]);
}

#[tokio::test]
async fn two_timeouts_in_a_row_give_the_connection_up() {
    let bench = Bench::of("a");
    for (outcome, forgotten) in [
        (Outcome::TimedOut, 0),
        (GOOD, 0),
        (Outcome::TimedOut, 0),
        (Outcome::Ignored, 0),
        (Outcome::TimedOut, 1),
        (Outcome::TimedOut, 1),
        (Outcome::TimedOut, 2),
    ] {
        bench.acquire(&[]).await.finish(outcome);
        bench.clock.advance(Duration::from_secs(1));
        assert_eq!(bench.transport.forgotten().len(), forgotten, "{outcome:?}");
    }
    // Requests that were under way on the old connections do not cost the new ones their lives.
    let under_way = [bench.acquire(&[]).await, bench.acquire(&[]).await, bench.acquire(&[]).await];
    bench.clock.advance(Duration::from_secs(10));
    for lease in under_way {
        lease.finish(Outcome::TimedOut);
    }
    assert_eq!(bench.transport.forgotten().len(), 3);
}

#[tokio::test]
async fn half_of_the_endpoints_refusing_is_suspicious() {
    let bench = Bench::of("a b c d");
    let suspected = || bench.set.suspected.load(Ordering::Relaxed);
    // One of four, however often.
    for _ in 0..200 {
        bench.call(|host| if host == "a" { Outcome::Unreachable } else { GOOD }).await;
        bench.clock.advance(Duration::from_secs(5));
    }
    assert_eq!(suspected(), 0);
    for _ in 0..200 {
        bench.call(|host| if host < "c" { Outcome::Unreachable } else { GOOD }).await;
        bench.clock.advance(Duration::from_secs(5));
    }
    assert!(suspected() > 0);
    // Any answer clears it.
    let before = suspected();
    for _ in 0..200 {
        bench.call(|host| if host < "c" { BAD } else { GOOD }).await;
        bench.clock.advance(Duration::from_secs(5));
    }
    assert_eq!(suspected(), before);
}

#[tokio::test]
async fn no_more_in_flight_than_allowed() {
    let bench = Bench::new(ClientConfig::builder().max_in_flight(2).build().unwrap());
    bench.change("a b");
    let mut leases = Vec::new();
    for _ in 0..4 {
        leases.push(bench.acquire(&[]).await);
    }
    assert_eq!(bench.states(), "a2 b2");
    let refused = bench.balancer.acquire(None, &[], true).await;
    assert!(matches!(refused, Err(Unavailable::Full { endpoints: 2, limit: 2 })));
    leases.pop();
    bench.acquire(&[]).await;
    leases.clear();
    assert_eq!(bench.states(), "a b");
    // What is too much does not go to an ejected endpoint.
    bench.eject_a().await;
    let two = [bench.acquire(&[]).await, bench.acquire(&[]).await];
    assert_eq!(bench.states(), "a! b2");
    assert!(matches!(bench.balancer.acquire(None, &[], true).await, Err(Unavailable::Full { .. })));
    drop(two);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_limit_and_the_single_probe_hold_under_threads() {
    let bench = Bench::new(ClientConfig::builder().max_in_flight(3).build().unwrap());
    bench.change("a b");
    bench.eject_a().await;
    bench.clock.advance(Duration::from_secs(5));
    let balancer = Arc::clone(&bench.balancer);
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let balancer = Arc::clone(&balancer);
            tokio::spawn(async move { balancer.acquire(None, &[], true).await.ok() })
        })
        .collect();
    let mut leases = Vec::new();
    for task in tasks {
        leases.extend(task.await.unwrap());
    }
    assert_eq!(bench.states(), "a1? b3");
}

#[tokio::test]
async fn an_older_set_changes_nothing() {
    let bench = Bench::of("a");
    let old = bench.set.current().unwrap();
    bench.change("b");
    bench.calls(1, "").await;
    bench.balancer.update(&old);
    assert_eq!(bench.states(), "b");
}

#[tokio::test]
async fn ejection_can_be_switched_off() {
    let bench = Bench::new(ClientConfig::builder().ejection(false).build().unwrap());
    bench.change("a b");
    bench.calls(1_000, "ab").await;
    assert_eq!(bench.states(), "a b");
}

/// The latency that is remembered of `a` after these ends, each a second after its begin.
#[tokio::test]
async fn what_ends_do_to_the_load() {
    async fn check(ends: &[(Outcome, u64)], millis: Option<u64>) {
        let bench = Bench::of("a");
        for (outcome, took) in ends {
            let lease = bench.acquire(&[]).await;
            bench.clock.advance(Duration::from_millis(*took));
            lease.finish(*outcome);
        }
        let found = bench.balancer.status()[0].latency.map(|it| it.as_millis() as u64);
        assert_eq!(found, millis, "{ends:?}");
    }
    let asked = |seconds| Some(Duration::from_secs(seconds));
    check(&[], None).await;
    check(&[(GOOD, 12)], Some(12)).await;
    check(&[(BAD, 1)], Some(5_000)).await;
    check(&[(BAD, 7_000)], Some(7_000)).await;
    check(&[(Outcome::Unreachable, 1)], Some(5_000)).await;
    check(&[(Outcome::TimedOut, 10_000)], Some(10_000)).await;
    check(&[(Outcome::Failed { retry_after: asked(20) }, 1)], Some(20_000)).await;
    check(&[(Outcome::Throttled { retry_after: asked(3) }, 1)], Some(5_000)).await;
    check(&[(Outcome::Throttled { retry_after: asked(3_000) }, 1)], Some(300_000)).await;
    // A cancelled call only makes an endpoint slower, never faster.
    check(&[(Outcome::Ignored, 30)], None).await;
    check(&[(Outcome::Ignored, 31)], Some(31)).await;
    check(&[(GOOD, 12), (Outcome::Ignored, 500)], Some(500)).await;
    let bench = Bench::of("a");
    bench.call(|_| GOOD).await;
    let before = bench.balancer.status()[0].latency;
    drop(bench.acquire(&[]).await);
    assert_eq!(bench.balancer.status()[0].latency, before);
}

/// Who was never heard of, and is given up before 30 ms have passed, is measured by the other one's 10 ms.
#[tokio::test]
async fn a_cancelled_call_to_an_unknown_endpoint_tells_when_others_are_faster() {
    async fn check(given_up_after: u64, remembered: Option<u64>) {
        let bench = Bench::of("a b");
        let (good, given_up) = (bench.acquire(&[]).await, bench.acquire(&[]).await);
        let unknown = given_up.endpoint().clone();
        assert_ne!(good.endpoint(), &unknown);
        bench.clock.advance(Duration::from_millis(10));
        good.finish(GOOD);
        bench.clock.advance(Duration::from_millis(given_up_after - 10));
        drop(given_up);
        let states = bench.balancer.status();
        let its = states.iter().find(|status| status.endpoint == unknown).unwrap();
        assert_eq!(its.latency.map(|it| it.as_millis() as u64), remembered, "{given_up_after}");
    }
    check(10, None).await;
    check(20, Some(20)).await;
}

#[tokio::test]
async fn turns_or_load() {
    /// How many of ten calls the fast one of two gets.
    async fn check(
        config: ClientConfig,
        listed: bool,
        weight: u32,
        expected: std::ops::RangeInclusive<usize>,
    ) {
        let bench = Bench::new(config);
        let endpoint =
            |name: &str| Endpoint::new(ServiceUrl::parse(&format!("http://{name}")).unwrap(), None);
        let set = Snapshot::new(vec![endpoint("slow"), endpoint("fast").with_weight(weight)], 1);
        *bench.set.snapshot.lock().unwrap() = Some(if listed { set.listed() } else { set });
        let mut fast = 0;
        for _ in 0..100 {
            let lease = bench.acquire(&[]).await;
            let is_fast = lease.endpoint().host() == "fast";
            fast += usize::from(is_fast);
            bench.clock.advance(Duration::from_millis(if is_fast { 1 } else { 100 }));
            lease.finish(GOOD);
        }
        assert!(expected.contains(&fast), "{fast}");
    }
    let of = |balancing| ClientConfig::builder().balancing(balancing).build().unwrap();
    check(ClientConfig::default(), false, 1, 90..=100).await;
    check(ClientConfig::default(), true, 1, 50..=50).await;
    check(ClientConfig::default(), false, 3, 74..=76).await;
    check(of(Balancing::RoundRobin), false, 1, 50..=50).await;
    check(of(Balancing::P2c), true, 1, 90..=100).await;
}
