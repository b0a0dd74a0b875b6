//! Tests of re-resolution with a scripted resolver and a clock that is moved by hand.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use super::*;
use crate::clock::{Clock, ManualClock};
use crate::config::{Defaults, ServiceUrl};
use crate::discovery::Target;
use crate::discovery::{GetAddrInfo, Resolve, Resolving};
use crate::rng::Rng;

/// Answers in order: addresses, `-` for "there is nothing", `!` for an error, `?` for silence; the last one for ever.
#[derive(Debug)]
struct Script {
    answers: Mutex<VecDeque<&'static str>>,
    asked: Mutex<Vec<String>>,
}

impl Resolve for Script {
    fn resolve(&self, host: &str, port: u16) -> Resolving {
        self.asked.lock().unwrap().push(format!("{host}:{port}"));
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0] };
        Box::pin(async move {
            match answer {
                "?" => std::future::pending().await,
                "!" => Err(io::Error::other("scripted")),
                "-" => Ok(Answer::Empty { ttl: None }),
                addrs => {
                    let target = |ip: &str| Target::new(SocketAddr::new(ip.parse().unwrap(), port));
                    Ok(Answer::found(addrs.split_whitespace().map(target), None))
                }
            }
        })
    }
}

/// Jitter of zero.
#[derive(Debug)]
struct Half;

impl Rng for Half {
    fn next_u64(&self) -> u64 {
        1 << 63
    }
}

fn sites(urls: &[&str]) -> Vec<Site> {
    urls.iter().map(|url| ServiceUrl::parse(url).unwrap().into()).collect()
}

fn set(urls: &[&str], resolution: Resolution) -> HostSet {
    HostSet::new(ServiceName::new("orders").unwrap(), None, sites(urls), resolution)
}

struct Fixture {
    clock: ManualClock,
    script: Arc<Script>,
    set: HostSet,
}

impl Fixture {
    fn new(urls: &[&str], answers: &[&'static str]) -> Self {
        let clock = ManualClock::new();
        let script =
            Script { answers: Mutex::new(answers.iter().copied().collect()), asked: Mutex::default() };
        let script = Arc::new(script);
        let resolution = Resolution {
            resolve: script.clone(),
            clock: Arc::new(clock.clone()),
            rng: Arc::new(Half),
            defaults: Defaults::V1,
            recorder: None,
        };
        Fixture { clock, script, set: set(urls, resolution) }
    }

    fn advance(&self, seconds: f64) {
        self.clock.advance(Duration::from_secs_f64(seconds));
    }

    fn asked(&self) -> usize {
        self.script.asked.lock().unwrap().len()
    }

    /// One use of the set, then time for the tasks that it started.
    async fn used(&self) -> String {
        let watch = super::super::Watch::new(Arc::new(self.set.clone()));
        let shown = shown(watch.snapshot(None).await);
        settle().await;
        shown
    }
}

async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

/// Generation and addresses, or the error.
fn shown(result: Result<Snapshot, DiscoveryError>) -> String {
    match result {
        Ok(snapshot) => {
            let addr =
                |endpoint: &Endpoint| format!(" {}/{}", endpoint.addr().unwrap().ip(), endpoint.priority());
            format!("{}:{}", snapshot.generation, snapshot.endpoints.iter().map(addr).collect::<String>())
        }
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn addresses_need_no_resolver() {
    let fixture = Fixture::new(&["http://10.0.0.1:8000", "http://[::1]:8001/api"], &["!"]);
    assert_eq!(fixture.used().await, "1: 10.0.0.1/0 ::1/0");
    fixture.advance(1e6);
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), ("1: 10.0.0.1/0 ::1/0", 0));
}

#[cfg(unix)]
#[tokio::test]
async fn sockets_need_no_resolver() {
    let fixture = Fixture::new(&["unix:///run/orders.sock", "http://orders"], &["10.0.0.1"]);
    let local = fixture.set.current().unwrap();
    assert_eq!(format!("{:?}", local.endpoints), "[unix:///run/orders.sock]");
    assert_eq!(local.endpoints[0].addr(), None);
    fixture.set.refresh(None).await.unwrap();
    settle().await;
    assert_eq!(fixture.asked(), 1, "only the name is looked up");
    assert_eq!(fixture.set.current().unwrap().endpoints.len(), 2);
}

#[tokio::test]
async fn every_address_is_an_endpoint_and_is_looked_up_again() {
    let fixture = Fixture::new(
        &["http://orders.:81"],
        &["10.0.0.2 10.0.0.1", "10.0.0.1 10.0.0.2 10.0.0.1", "10.0.0.3"],
    );
    assert_eq!(fixture.used().await, "1: 10.0.0.1/0 10.0.0.2/0");
    assert_eq!(*fixture.script.asked.lock().unwrap(), ["orders.:81"]);
    fixture.advance(29.9);
    fixture.used().await;
    assert_eq!(fixture.asked(), 1, "fresh");
    fixture.advance(0.2);
    assert_eq!(fixture.used().await, "1: 10.0.0.1/0 10.0.0.2/0", "the old set serves while the lookup runs");
    assert_eq!(fixture.used().await, "1: 10.0.0.1/0 10.0.0.2/0", "another order is the same set");
    fixture.advance(30.1);
    fixture.used().await;
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), ("2: 10.0.0.3/0", 3));
}

#[tokio::test]
async fn a_set_that_nobody_used_for_long_is_waited_for() {
    let fixture = Fixture::new(&["http://orders"], &["10.0.0.1", "10.0.0.2"]);
    fixture.used().await;
    fixture.advance(91.0);
    assert_eq!(fixture.used().await, "2: 10.0.0.2/0");
}

#[tokio::test]
async fn errors_keep_the_last_good_set_and_back_off() {
    let fixture = Fixture::new(&["http://orders"], &["10.0.0.1", "!"]);
    fixture.used().await;
    fixture.advance(30.1);
    for (wait, asked) in [(0.0, 2), (0.9, 2), (0.2, 3), (1.5, 3), (0.2, 4), (3600.0, 5), (3600.0, 6)] {
        fixture.advance(wait);
        assert_eq!(fixture.used().await, "1: 10.0.0.1/0");
        assert_eq!(fixture.asked(), asked, "after {wait}");
    }
}

#[tokio::test]
async fn a_service_that_goes_is_gone_after_the_grace_and_comes_back() {
    let fixture = Fixture::new(&["http://orders"], &["10.0.0.1", "-", "-", "-", "10.0.0.2"]);
    fixture.used().await;
    for wait in [30.1, 0.0, 9.8] {
        fixture.advance(wait);
        assert_eq!(fixture.used().await, "1: 10.0.0.1/0", "after {wait}");
    }
    fixture.advance(0.3);
    fixture.used().await;
    let gone = r#"service "orders" has no endpoints: "orders" has no addresses any more"#;
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), (gone, 3));
    assert_eq!(fixture.set.current().map(|set| (set.generation, set.endpoints.len())), Some((2, 0)));
    fixture.advance(5.1);
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), (gone, 4));
    fixture.advance(4.8);
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), (gone, 4));
    fixture.advance(0.3);
    assert_eq!(fixture.used().await, "3: 10.0.0.2/0", "who finds it due waits for the answer");
}

#[tokio::test]
async fn a_failing_or_silent_resolver_does_not_change_that_a_service_is_gone() {
    let fixture = Fixture::new(&["http://orders"], &["10.0.0.1", "-", "-", "!", "?"]);
    for wait in [0.0, 30.1, 10.1] {
        fixture.advance(wait);
        fixture.used().await;
    }
    let gone = r#"service "orders" has no endpoints: "orders" has no addresses any more"#;
    fixture.advance(5.1);
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), (gone, 4));
    fixture.advance(1.1);
    let now = fixture.clock.now();
    let hurried = shown(fixture.set.refreshed(Some(now)).await);
    assert_eq!(hurried, "no answer from the resolver for service \"orders\" within 0ns");
}

#[tokio::test]
async fn a_set_at_other_sites_keeps_what_it_knows() {
    let fixture = Fixture::new(&["http://a", "http://10.0.0.9"], &["10.0.0.1", "10.0.0.2"]);
    fixture.used().await;
    let moved = fixture.set.moved(sites(&["http://10.0.0.8", "http://a"]));
    assert_eq!(shown(moved.refreshed(None).await), "1: 10.0.0.8/0 10.0.0.1/0");
    assert_eq!(fixture.asked(), 1);
    let renamed = moved.moved(sites(&["http://b"]));
    assert_eq!(shown(renamed.refreshed(None).await), "1: 10.0.0.2/0");
}

#[tokio::test]
async fn a_set_at_other_sites_keeps_its_errors() {
    let fixture = Fixture::new(&["http://a"], &["!"]);
    let message = fixture.used().await;
    let moved = fixture.set.moved(sites(&["http://a"]));
    assert_eq!((shown(moved.refreshed(None).await), fixture.asked()), (message, 1), "it does not wait");
}

#[tokio::test]
async fn without_a_good_set_the_error_is_told_until_the_next_try() {
    let fixture = Fixture::new(&["http://orders"], &["!", "", "10.0.0.1"]);
    let message = "host \"orders\" of service \"orders\" cannot be resolved";
    assert_eq!(fixture.used().await, message);
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), (message, 1), "no second lookup at once");
    fixture.advance(1.1);
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), (message, 2), "an empty answer is an error");
    fixture.advance(1.7);
    assert_eq!(fixture.used().await, "1: 10.0.0.1/0");
}

#[tokio::test]
async fn calls_share_one_lookup_and_wait_no_longer_than_they_may() {
    let fixture = Fixture::new(&["http://orders"], &["?"]);
    let wait = |seconds: f64| {
        let (set, deadline) = (fixture.set.clone(), fixture.clock.now() + Duration::from_secs_f64(seconds));
        tokio::spawn(async move { shown(set.refreshed(Some(deadline)).await) })
    };
    let (short, long) = (wait(0.5), wait(60.0));
    settle().await;
    assert_eq!(fixture.asked(), 1);
    fixture.advance(0.5);
    assert_eq!(short.await.unwrap(), "no answer from the resolver for service \"orders\" within 500ms");
    assert!(!long.is_finished());
    fixture.advance(2.5);
    let message = long.await.unwrap();
    assert!(message.contains("within 3s") || message.contains("cannot be resolved"), "{message}");
}

#[tokio::test]
async fn a_lookup_survives_the_call_that_started_it() {
    let fixture = Fixture::new(&["http://orders"], &["10.0.0.1"]);
    let deadline = fixture.clock.now();
    let impatient = fixture.set.refreshed(Some(deadline)).await;
    assert!(matches!(impatient, Err(DiscoveryError::Timeout { .. })));
    settle().await;
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), ("1: 10.0.0.1/0", 1));
}

#[tokio::test]
async fn suspicion_looks_again_early_but_not_at_once() {
    let fixture = Fixture::new(&["http://orders"], &["10.0.0.1", "10.0.0.2"]);
    fixture.used().await;
    fixture.advance(1.0);
    fixture.set.suspect();
    fixture.used().await;
    assert_eq!(fixture.asked(), 1);
    fixture.advance(4.0);
    fixture.used().await;
    assert_eq!((fixture.used().await.as_str(), fixture.asked()), ("2: 10.0.0.2/0", 2));
}

#[tokio::test]
async fn one_dead_host_of_a_list_does_not_hide_the_others() {
    let fixture = Fixture::new(&["http://a", "http://b", "http://10.0.0.9"], &["!", "10.0.0.1"]);
    assert_eq!(fixture.set.current().map(|snapshot| snapshot.endpoints.len()), Some(1));
    fixture.used().await;
    assert_eq!(fixture.used().await, "2: 10.0.0.1/0 10.0.0.9/0");
}

/// Each due lookup hangs; after the first, no call waits for one.
#[tokio::test]
async fn a_hanging_resolver_stalls_nobody_who_has_a_set() {
    let fixture = Fixture::new(&["http://a", "http://10.0.0.9"], &["?"]);
    let first = tokio::spawn({
        let set = fixture.set.clone();
        async move { shown(set.refreshed(None).await) }
    });
    settle().await;
    assert!(!first.is_finished());
    fixture.advance(3.0);
    assert_eq!(first.await.unwrap(), "1: 10.0.0.9/0");
    for _ in 0..20 {
        fixture.advance(3.1);
        assert_eq!(fixture.used().await, "1: 10.0.0.9/0");
    }
    assert!(fixture.asked() > 3);
}

#[tokio::test]
async fn of_two_families_one_is_the_reserve() {
    let fixture = Fixture::new(&["http://localhost"], &["::1 127.0.0.1", "::1"]);
    assert_eq!(fixture.used().await, "1: 127.0.0.1/0 ::1/1");
    fixture.advance(91.0);
    assert_eq!(fixture.used().await, "2: ::1/0");
}

/// A lookup dies with its runtime, or hangs in one that nobody polls; neither blocks the next runtime.
#[test]
fn many_short_runtimes() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let fixture = Fixture::new(&["http://orders"], &["?", "?", "10.0.0.1"]);
    let hurried = |runtime: &tokio::runtime::Runtime| {
        let now = fixture.clock.now();
        assert!(runtime.block_on(fixture.set.refreshed(Some(now))).is_err());
    };
    for polled in [false, true] {
        let short = runtime();
        hurried(&short);
        if polled {
            short.block_on(settle());
        }
        drop(short);
    }
    let suspended = runtime();
    hurried(&suspended);
    suspended.block_on(settle());
    assert_eq!(fixture.asked(), 2, "the first lookups went with their runtimes, one of them unpolled");
    fixture.advance(3.0);
    assert_eq!(shown(runtime().block_on(fixture.set.refreshed(None))), "1: 10.0.0.1/0");
    assert_eq!(fixture.asked(), 3, "the second one counts as lost");
}

#[tokio::test(start_paused = true)]
async fn paused_time_drives_it_too() {
    let resolution =
        Resolution { resolve: Fixture::new(&["http://x"], &["?"]).script, ..Resolution::default() };
    let set = set(&["http://orders"], resolution);
    let began = Instant::now();
    assert!(set.refreshed(None).await.is_err());
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test]
async fn the_systems_resolver_knows_localhost() {
    let resolution = Resolution { resolve: Arc::new(GetAddrInfo), ..Resolution::default() };
    let set = set(&["http://localhost:8000"], resolution);
    let snapshot = set.refreshed(None).await.unwrap();
    assert!(snapshot.endpoints.iter().all(|endpoint| endpoint.addr().unwrap().ip().is_loopback()));
}
