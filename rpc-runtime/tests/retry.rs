//! What is sent again, when, and where to: sent × idempotency, end to end in virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rpc_runtime::discovery::{
    Discover, DiscoveryError, Endpoint, Refresh, ServiceName, Snapshot, Source, Watch,
};
use rpc_runtime::rng::Rng;
use rpc_runtime::testing::{ManualClock, Script, ScriptedTransport, SeededRng, SentRequest};
use rpc_runtime::{Error, Mesh};
use support::{
    Client, FixedRng, LONGEST, client, config, headers, mesh, millis, ok, order, outcome, script, secs,
    status,
};
use tokio::time::Instant;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Op {
    Get,
    Put,
    Post,
    Keyed,
}

async fn run(client: &Client, op: Op) -> Result<i64, Error> {
    let order = order();
    let reply = match op {
        Op::Get => client.get(7).await,
        Op::Put => client.put(&order).await,
        Op::Post => client.create(&order).await,
        Op::Keyed => client.create(&order).idempotency_key("k-1").await,
    };
    reply.map(|order| order.id)
}

/// Runs the operations, each on its own, against the same script; all must end alike, after as many requests.
async fn check(ops: &[Op], replies: &[Script], expected: &str, sent: usize) {
    for op in ops {
        let (client, transport) = client(replies.to_vec());
        let result = run(&client, *op).await;
        assert_eq!(outcome(&result), expected, "{op:?} {replies:?}");
        assert_eq!(transport.sent().len(), sent, "{op:?} {replies:?}");
        let bodies: Vec<_> = transport.sent().into_iter().map(|request| request.body).collect();
        assert!(
            bodies.iter().all(|body| body == &bodies[0] && body.is_empty() == (*op == Op::Get)),
            "{op:?}"
        );
    }
}

const REPEATABLE: &[Op] = &[Op::Get, Op::Put, Op::Keyed];
const ALL: &[Op] = &[Op::Get, Op::Put, Op::Post, Op::Keyed];
const POST: &[Op] = &[Op::Post];

#[tokio::test(start_paused = true)]
async fn what_may_have_been_processed_is_repeated_only_where_that_is_safe() {
    for code in [502, 503, 504, 429] {
        check(REPEATABLE, &[status(code), status(code), ok()], "ok", 3).await;
        let failed = format!("HTTP {code} after 1, sent yes");
        check(POST, &[status(code), ok()], &failed, 1).await;
        let failed = format!("HTTP {code} after 3, sent yes, exhausted");
        check(REPEATABLE, &[status(code), status(code), status(code), ok()], &failed, 3).await;
    }
    check(REPEATABLE, &[Script::reset(), ok()], "ok", 2).await;
    check(POST, &[Script::reset(), ok()], "connection after 1, sent maybe", 1).await;
    check(REPEATABLE, &[Script::truncated(r#"{"code":200,"#), ok()], "ok", 2).await;
    check(POST, &[Script::truncated(r#"{"code":200,"#), ok()], "connection after 1, sent yes", 1).await;
    check(REPEATABLE, &[Script::hangs(), ok()], "ok", 2).await;
    check(POST, &[Script::hangs(), ok()], "attempt timeout after 1, sent maybe", 1).await;
}

#[tokio::test(start_paused = true)]
async fn what_never_left_is_repeated_for_everybody() {
    check(ALL, &[Script::refused(), ok()], "ok", 2).await;
    check(ALL, &[Script::refused(), Script::refused(), ok()], "ok", 3).await;
    let refused = vec![Script::refused(); 4];
    check(ALL, &refused, "connection after 3, sent never, exhausted", 3).await;
}

#[tokio::test(start_paused = true)]
async fn the_last_real_error_and_the_strongest_sent_are_kept() {
    check(
        &[Op::Get],
        &[status(503), Script::refused(), status(502)],
        "HTTP 502 after 3, sent yes, exhausted",
        3,
    )
    .await;
    check(
        &[Op::Get],
        &[Script::reset(), Script::refused(), Script::refused()],
        "connection after 3, sent maybe, exhausted",
        3,
    )
    .await;
    check(POST, &[Script::refused(), status(503)], "HTTP 503 after 2, sent yes", 2).await;
    check(&[Op::Get], &[status(503), status(404)], "HTTP 404 after 2, sent yes", 2).await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_change_is_never_repeated() {
    let business =
        Script::reply(200, r#"{"code":503,"message":"later","data":null}"#).header("Retry-After", "1");
    check(ALL, &[business, ok()], "code 503 after 1, sent yes", 1).await;
    check(
        ALL,
        &[Script::reply(200, r#"{"code":200,"data":{"id":"x"}}"#), ok()],
        "decode after 1, sent yes",
        1,
    )
    .await;
    check(
        ALL,
        &[Script::reply(200, "<html>").header("content-type", "text/html"), ok()],
        "code  after 1, sent yes",
        1,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn every_status() {
    for code in 100..=599 {
        let again = matches!(code, 429 | 502 | 503 | 504);
        for op in ALL {
            let reply = Script::reply(code, if code == 204 { "" } else { support::ORDER });
            let (client, transport) = client([reply, ok()]);
            let result = run(&client, *op).await;
            let attempts = if again && *op != Op::Post { 2 } else { 1 };
            assert_eq!(transport.sent().len(), attempts, "{op:?} {code}");
            let expected = match code {
                204 => "decode after 1, sent yes".to_owned(),
                200..=299 => "ok".to_owned(),
                _ if attempts == 2 => "ok".to_owned(),
                _ => format!("HTTP {code} after 1, sent yes"),
            };
            assert_eq!(outcome(&result), expected, "{op:?}");
        }
    }
}

/// The time that a GET needs for this script, with waits as the generator of randomness says.
async fn elapsed(replies: &[Script], rng: impl Rng, endpoints: usize) -> (Duration, Vec<SentRequest>) {
    let transport = script(replies.to_vec());
    let client = Client::with_mesh(&mesh(&transport, config(endpoints), rng)).unwrap();
    let began = Instant::now();
    let reply = client.get(7).timeout(secs(300)).send().await;
    let elapsed = began.elapsed();
    let told = reply.as_ref().map_or_else(Error::elapsed, |reply| reply.elapsed());
    assert_eq!(told, elapsed);
    (elapsed, transport.sent())
}

/// Timers have a resolution of a millisecond.
#[track_caller]
fn check_wait(waited: Duration, expected: Duration) {
    assert!(
        waited >= expected.saturating_sub(millis(1)) && waited <= expected + millis(3),
        "{waited:?}, expected {expected:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn waits_grow_with_full_jitter() {
    let script = [status(503), status(503), ok()];
    check_wait(elapsed(&script, LONGEST, 1).await.0, millis(50 + 100));
    check_wait(elapsed(&script, FixedRng(0), 1).await.0, Duration::ZERO);
    check_wait(elapsed(&script, FixedRng(1 << 63), 1).await.0, millis(25 + 50));
    let mut waits: Vec<Duration> = Vec::new();
    for seed in 0..50 {
        waits.push(elapsed(&script, SeededRng::new(seed), 1).await.0);
    }
    assert!(waits.iter().all(|wait| *wait <= millis(153)), "{waits:?}");
    let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
    assert!(*least < millis(50) && *most > millis(100), "no jitter: {least:?} to {most:?}");
}

#[tokio::test(start_paused = true)]
async fn a_throttled_service_gets_a_second() {
    check_wait(elapsed(&[status(429), ok()], LONGEST, 1).await.0, secs(1));
    check_wait(elapsed(&[status(429), status(503), ok()], LONGEST, 1).await.0, millis(1000 + 100));
}

#[tokio::test(start_paused = true)]
async fn the_wait_is_capped() {
    let replies: Vec<Script> = std::iter::repeat_n(status(503), 9).chain([ok()]).collect();
    let transport = script(replies);
    let client = Client::with_mesh(&mesh(&transport, config(1), LONGEST)).unwrap();
    let began = Instant::now();
    client.get(7).retries(9).timeout(secs(60)).await.unwrap();
    // 50, 100, 200, 400, 800, then the cap of a second.
    let expected = millis(50 + 100 + 200 + 400 + 800 + 4 * 1000);
    assert!(
        began.elapsed() >= expected - millis(10) && began.elapsed() <= expected + millis(30),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_moves_on_at_once_a_second_one_waits() {
    for op in ALL {
        let transport = script([Script::refused(), ok()]);
        let client = Client::with_mesh(&mesh(&transport, config(2), LONGEST)).unwrap();
        let began = Instant::now();
        run(&client, *op).await.unwrap();
        let sent = transport.sent();
        assert_eq!(began.elapsed(), Duration::ZERO, "{op:?}");
        assert_ne!(sent[0].endpoint, sent[1].endpoint, "{op:?}");
    }
    let (waited, sent) = elapsed(&[Script::refused(), Script::refused(), ok()], LONGEST, 3).await;
    check_wait(waited, millis(50));
    let mut endpoints: Vec<&str> = sent.iter().map(|request| request.endpoint.as_str()).collect();
    endpoints.sort_unstable();
    assert_eq!(endpoints, ["http://10.0.0.1:8000", "http://10.0.0.2:8000", "http://10.0.0.3:8000"]);
}

#[tokio::test(start_paused = true)]
async fn attempts_are_numbered() {
    let (client, transport) = client([status(503), status(503), ok()]);
    let reply = client.get(7).send().await.unwrap();
    assert_eq!(reply.attempts(), 3);
    assert_eq!(headers(&transport.sent(), "x-request-attempt"), ["1", "2", "3"]);
}

#[tokio::test(start_paused = true)]
async fn the_idempotency_key_is_the_same_for_all_attempts() {
    let replies = || [status(503), Script::reset(), ok()];
    let (quoted, transport) = client(replies());
    quoted.create(&order()).idempotency_key(r#"a "b" \c"#).await.unwrap();
    assert_eq!(headers(&transport.sent(), "idempotency-key"), [r#""a \"b\" \\c""#; 3]);

    let (plain, transport) = client(replies());
    plain.create_plain_key(&order()).idempotency_key("a-1").await.unwrap();
    assert_eq!(headers(&transport.sent(), "idempotency-key"), ["a-1"; 3]);

    let (none, transport) = client([ok()]);
    none.create(&order()).await.unwrap();
    assert_eq!(headers(&transport.sent(), "idempotency-key"), [""]);

    for bad in ["", "a\n", "é"] {
        let (client, transport) = client([ok()]);
        let result = client.create(&order()).idempotency_key(bad).await;
        assert_eq!(outcome(&result), "invalidrequest after 0, sent never", "{bad:?}");
        assert!(transport.sent().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn retries_of_the_call_the_client_and_the_config() {
    let check = |builder: Option<u32>, call: Option<u32>, expected: &'static str| async move {
        let transport = script(vec![status(503); 20]);
        let mut config = config(1);
        config.retries = Some(4);
        let mut settings = Client::builder().mesh(&mesh(&transport, config, SeededRng::new(1)));
        if let Some(retries) = builder {
            settings = settings.retries(retries);
        }
        let mut get = settings.build().unwrap().get(7);
        if let Some(retries) = call {
            get = get.retries(retries);
        }
        assert_eq!(outcome(&get.await), expected);
    };
    check(None, None, "HTTP 503 after 5, sent yes, exhausted").await;
    check(Some(1), None, "HTTP 503 after 2, sent yes, exhausted").await;
    check(Some(1), Some(3), "HTTP 503 after 4, sent yes, exhausted").await;
    check(Some(1), Some(0), "HTTP 503 after 1, sent yes, exhausted").await;
}

/// A reply that asks to wait; by a clock that stands at 2026-01-01T00:00:00Z.
async fn check_after(op: Op, code: u16, after: &str, waits: Option<u64>, asked: Option<u64>) {
    let clock = ManualClock::new();
    let transport = ScriptedTransport::new(clock.clone(), [status(code).header("Retry-After", after), ok()]);
    let mesh = Mesh::builder()
        .config(config(1))
        .transport(transport.clone())
        .rng(LONGEST)
        .clock(clock.clone())
        .build();
    let mut settings = Client::builder().mesh(&mesh.unwrap());
    settings = settings.no_timeout();
    let client = settings.build().unwrap();
    let call = tokio::spawn(async move { run(&client, op).await });
    while transport.sent().is_empty() {
        tokio::task::yield_now().await;
    }
    if let Some(waits) = waits {
        while clock.sleepers() == 0 && !call.is_finished() {
            tokio::task::yield_now().await;
        }
        if waits > 0 {
            clock.advance(secs(waits) - millis(1));
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            assert_eq!(transport.sent().len(), 1, "{after}: too early");
            clock.advance(millis(1));
        }
        call.await.unwrap().unwrap();
        assert_eq!(transport.sent().len(), 2);
        assert_eq!(clock.elapsed(), secs(waits));
    } else {
        // A call that waits for the clock would wait for ever.
        let error =
            tokio::time::timeout(secs(20), call).await.expect("it fails at once").unwrap().unwrap_err();
        assert_eq!(error.retry_after(), asked.map(secs), "{after}");
        assert_eq!(transport.sent().len(), 1);
        assert_eq!(clock.elapsed(), Duration::ZERO);
    }
}

#[tokio::test]
async fn retry_after_is_obeyed_to_the_millisecond() {
    for op in ALL {
        check_after(*op, 429, "3", Some(3), None).await;
        check_after(*op, 429, "30", Some(30), None).await;
        check_after(*op, 429, "Thu, 01 Jan 2026 00:00:20 GMT", Some(20), None).await;
        check_after(*op, 429, "31", None, Some(31)).await;
        check_after(*op, 429, "99999999999999999999999", None, Some(u64::MAX)).await;
        check_after(*op, 429, "Thu, 01 Jan 2026 01:00:00 GMT", None, Some(3600)).await;
    }
    check_after(Op::Get, 503, "3", Some(3), None).await;
    check_after(Op::Post, 503, "3", None, Some(3)).await;
    for garbage in ["soon", "-3", "3.5", "1e3", "1, 2", "3 s", "Thu, 32 Jan 2026 00:00:20 GMT"] {
        // As without one: nothing for who may not repeat, a second for who may.
        check_after(Op::Post, 429, garbage, None, None).await;
        check_after(Op::Get, 429, garbage, Some(1), None).await;
    }
    check_after(Op::Post, 429, "0", Some(0), None).await;
    check_after(Op::Post, 429, "Fri, 31 Dec 9999 23:59:59 GMT", None, Some(251_635_075_199)).await;
    check_after(Op::Get, 500, "3", None, Some(3)).await;
}

#[tokio::test(start_paused = true)]
async fn an_absurd_retry_after_is_exhaustion() {
    let (client, _) = client([status(429).header("Retry-After", "86400"), ok()]);
    let result = client.create(&order()).await;
    assert_eq!(outcome(&result), "HTTP 429 after 1, sent yes, exhausted");
    let error = result.unwrap_err();
    assert!(error.is_retryable());
    assert_eq!(error.retry_after(), Some(secs(86400)));
}

#[tokio::test(start_paused = true)]
async fn retry_after_with_a_date_in_the_past_is_now() {
    let past = status(429).header("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT");
    let (waited, sent) = elapsed(&[past, ok()], LONGEST, 1).await;
    assert_eq!((waited, sent.len()), (Duration::ZERO, 2));
}

/// Knows the service once, then never again.
#[derive(Debug, Default)]
struct Forgetful(AtomicBool);

impl Source for Forgetful {
    fn current(&self) -> Option<Snapshot> {
        None
    }

    fn fresh(&self) -> Option<Snapshot> {
        None
    }

    fn refresh(&self, _: Option<Instant>) -> Refresh<'_> {
        let endpoint = Endpoint::new("http://10.0.0.1:8000".parse().unwrap(), None);
        let result = match self.0.swap(true, Ordering::Relaxed) {
            false => Ok(Snapshot::new(vec![endpoint], 1)),
            true => {
                Err(DiscoveryError::Timeout { service: "order-service".parse().unwrap(), waited: secs(3) })
            }
        };
        Box::pin(std::future::ready(result))
    }

    fn suspect(&self) {}
}

impl Discover for Forgetful {
    fn watch(&self, _: &ServiceName) -> Result<Watch, DiscoveryError> {
        Ok(Watch::new(Arc::new(Self::default())))
    }
}

#[tokio::test(start_paused = true)]
async fn discovery_that_fails_later_does_not_hide_what_the_service_said() {
    let transport = script([status(503), ok()]);
    let mesh = Mesh::builder().discover(Forgetful::default()).transport(transport.clone()).build().unwrap();
    let client = Client::with_mesh(&mesh).unwrap();
    let result = client.get(7).await;
    assert_eq!(outcome(&result), "HTTP 503 after 1, sent yes, exhausted");
    let result = client.get(7).await;
    assert_eq!(outcome(&result), "discovery after 0, sent never");
    assert_eq!(transport.sent().len(), 1);
}

/// Counts how often it is told that its four endpoints look dead.
#[derive(Debug, Default, Clone)]
struct Suspected(Arc<AtomicUsize>);

impl Source for Suspected {
    fn current(&self) -> Option<Snapshot> {
        let endpoint = |n: u8| Endpoint::new(format!("http://10.0.0.{n}:8000").parse().unwrap(), None);
        Some(Snapshot::new((1..=4).map(endpoint).collect::<Vec<_>>(), 1))
    }

    fn fresh(&self) -> Option<Snapshot> {
        self.current()
    }

    fn refresh(&self, _: Option<Instant>) -> Refresh<'_> {
        Box::pin(std::future::pending())
    }

    fn suspect(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Discover for Suspected {
    fn watch(&self, _: &ServiceName) -> Result<Watch, DiscoveryError> {
        Ok(Watch::new(Arc::new(self.clone())))
    }
}

#[tokio::test(start_paused = true)]
async fn a_set_is_suspected_when_half_of_it_refuses() {
    for (replies, suspected) in [
        (vec![ok()], 0),
        (vec![status(503), status(503), ok()], 0),
        (vec![Script::refused(), ok()], 0),
        (vec![Script::refused(), Script::refused(), ok()], 1),
        (vec![Script::refused(), Script::refused(), Script::refused()], 2),
    ] {
        let (discover, transport) = (Suspected::default(), script(replies));
        let mesh = Mesh::builder().discover(discover.clone()).transport(transport).build().unwrap();
        let _ = Client::with_mesh(&mesh).unwrap().get(7).await;
        assert_eq!(discover.0.load(Ordering::Relaxed), suspected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_resend_goes_elsewhere_and_first_attempts_stay_even() {
    let always = |n: usize| if n == 0 { status(503) } else { ok() };
    let mut firsts = Vec::new();
    let transport = script((0..12).map(|n| always(n % 2)));
    let client = Client::with_mesh(&mesh(&transport, config(2), LONGEST)).unwrap();
    for _ in 0..6 {
        client.get(7).await.unwrap();
        let sent = transport.sent();
        let [.., first, second] = sent.as_slice() else { panic!("two attempts") };
        assert_ne!(first.endpoint, second.endpoint);
        firsts.push(first.endpoint.clone());
    }
    let again = firsts.iter().filter(|endpoint| **endpoint == firsts[0]).count();
    assert_eq!(again, 3, "{firsts:?}");
}
