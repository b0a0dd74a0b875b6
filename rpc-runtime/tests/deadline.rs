//! Limits of attempts and of calls.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use rpc_runtime::clock::SystemClock;
use rpc_runtime::config::{Defaults, Scheme};
use rpc_runtime::discovery::{DnsNames, Resolution, Resolve, Resolving};
use rpc_runtime::testing::{Script, SeededRng};
use rpc_runtime::{ErrorKind, Mesh, Sent, TimeoutScope};
use support::{
    Client, LONGEST, chain, client, config, headers, mesh, millis, ok, order, outcome, script, secs, status,
};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn an_attempt_that_hangs_is_repeated_where_that_is_safe() {
    let (client, transport) = client([Script::hangs(), ok(), Script::hangs(), ok()]);
    let began = Instant::now();
    let reply = client.get(7).attempt_timeout(secs(2)).send().await.unwrap();
    assert_eq!(reply.attempts(), 2);
    assert!(began.elapsed() >= secs(2) && began.elapsed() <= millis(2060), "{:?}", began.elapsed());
    let error = client.create(&order()).attempt_timeout(secs(2)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutScope::Attempt));
    assert_eq!((error.sent(), error.attempts(), error.retry_exhausted()), (Sent::Maybe, 1, false));
    assert!(error.elapsed() >= secs(2) && error.elapsed() <= millis(2003), "{:?}", error.elapsed());
    assert_eq!(transport.sent().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_late_reply_is_an_attempt_timeout_an_early_one_is_not() {
    let (client, _) = client([ok().after(millis(990)), ok().after(millis(1010))]);
    client.get(7).attempt_timeout(secs(1)).await.unwrap();
    let result = client.get(7).attempt_timeout(secs(1)).retries(0).await;
    assert_eq!(outcome(&result), "attempt timeout after 1, sent maybe, exhausted");
}

#[tokio::test(start_paused = true)]
async fn the_calls_limit_spans_attempts_and_waits() {
    // 1 s + wait ≤ 50 ms + 1 s + wait ≤ 100 ms + the rest of 2.5 s.
    let (client, transport) = client(vec![Script::hangs(); 5]);
    let began = Instant::now();
    let error = client.get(7).attempt_timeout(secs(1)).timeout(millis(2500)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutScope::Call));
    assert_eq!((error.attempts(), error.sent()), (3, Sent::Maybe));
    assert!(error.elapsed() >= millis(2500) && error.elapsed() <= millis(2503), "{:?}", error.elapsed());
    assert_eq!(error.elapsed(), began.elapsed());
    assert_eq!(transport.sent().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_time_does_not_hide_what_the_service_said() {
    let (client, _) = client([Script::reply(503, r#"{"code":503,"message":"draining"}"#), Script::hangs()]);
    let error = client.get(7).timeout(secs(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutScope::Call));
    assert_eq!(
        chain(&error),
        [
            "order-service.GetOrder: not done within 1s (call timeout) (after 2 attempts)",
            "HTTP 503 Service Unavailable: draining",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn every_attempt_says_how_long_it_will_be_waited_for() {
    let (client, transport) = client([Script::hangs(), Script::hangs(), ok()]);
    client.get(7).attempt_timeout(Duration::from_micros(1_000_500)).timeout(millis(2500)).await.unwrap();
    let told: Vec<u64> =
        headers(&transport.sent(), "x-request-timeout-ms").iter().map(|text| text.parse().unwrap()).collect();
    // Rounded up; the third has what two attempts and two waits (at most 50 and 100 ms) left.
    assert_eq!(told[..2], [1001, 1001]);
    assert!((340..=500).contains(&told[2]), "{told:?}");
}

/// The header of one request with these limits.
async fn check_told(timeout: Option<Duration>, attempt: Option<Duration>, expected: &str) {
    let transport = script([ok()]);
    let mut config = config(1);
    config.timeout = timeout.into();
    config.attempt_timeout = attempt.into();
    Client::with_mesh(&mesh(&transport, config, LONGEST)).unwrap().get(7).await.unwrap();
    assert_eq!(headers(&transport.sent(), "x-request-timeout-ms"), [expected]);
}

#[tokio::test(start_paused = true)]
async fn the_least_limit_is_told_rounded_up() {
    check_told(Some(secs(30)), Some(secs(10)), "10000").await;
    check_told(Some(secs(3)), Some(secs(10)), "3000").await;
    check_told(Some(secs(3)), None, "3000").await;
    check_told(None, Some(Duration::from_nanos(1_500_000_001)), "1501").await;
    check_told(None, Some(Duration::from_nanos(1)), "1").await;
    check_told(None, None, "").await;
    check_told(Some(Duration::MAX), Some(Duration::MAX), "18446744073709551615").await;
}

#[tokio::test(start_paused = true)]
async fn no_re_send_that_could_not_finish() {
    // The wait is 50 ms, an attempt needs 10 ms.
    for (limit, expected) in [(59, "HTTP 503 after 1, sent yes, exhausted"), (62, "ok")] {
        let transport = script([status(503), ok()]);
        let client = Client::with_mesh(&mesh(&transport, config(1), LONGEST)).unwrap();
        let began = Instant::now();
        let result = client.get(7).timeout(millis(limit)).await;
        assert_eq!(outcome(&result), expected, "{limit}");
        if result.is_err() {
            assert_eq!(began.elapsed(), Duration::ZERO, "it fails at once");
        }
    }
    let (client, transport) = client([status(429).header("Retry-After", "5"), ok()]);
    let result = client.create(&order()).timeout(secs(5)).await;
    assert_eq!(outcome(&result), "HTTP 429 after 1, sent yes, exhausted");
    assert_eq!(transport.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_limits_it_takes_as_long_as_it_takes() {
    let transport = script([ok().after(secs(100_000))]);
    let mut config = config(1);
    config.attempt_timeout = None.into();
    let client = Client::with_mesh(&mesh(&transport, config, LONGEST)).unwrap();
    let reply = client.get(7).no_timeout().send().await.unwrap();
    assert!(reply.elapsed() >= secs(100_000));
}

#[tokio::test(start_paused = true)]
async fn a_limit_beyond_all_clocks_is_no_panic() {
    let (client, _) = client([ok().after(secs(100)), status(503), ok()]);
    client.get(7).no_timeout().attempt_timeout(Duration::MAX).await.unwrap();
    client.get(7).timeout(Duration::MAX).attempt_timeout(Duration::MAX).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn no_time_at_all_sends_nothing() {
    let (client, transport) = client([ok()]);
    let result = client.get(7).timeout(Duration::ZERO).await;
    assert_eq!(outcome(&result), "call timeout after 0, sent never");
    assert!(transport.sent().is_empty());
}

/// The limit of the whole call that holds, by when a hanging service is given up.
async fn check_layers(layer: Option<u64>, builder: Option<u64>, call: Option<u64>, expected: u64) {
    let transport = script([Script::hangs()]);
    let mut config = config(1);
    config.attempt_timeout = None.into();
    if let Some(limit) = layer {
        config.timeout = Some(secs(limit)).into();
    }
    let mut settings = Client::builder().mesh(&mesh(&transport, config, LONGEST));
    if let Some(limit) = builder {
        settings = settings.timeout(secs(limit));
    }
    let mut get = settings.build().unwrap().get(7);
    if let Some(limit) = call {
        get = get.timeout(secs(limit));
    }
    let began = Instant::now();
    assert_eq!(outcome(&get.await), "call timeout after 1, sent maybe");
    assert!(
        began.elapsed() >= secs(expected) && began.elapsed() < secs(expected) + millis(5),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn the_call_before_the_client_before_the_config_before_the_defaults() {
    check_layers(None, None, None, 30).await;
    check_layers(Some(3), None, None, 3).await;
    check_layers(Some(3), Some(40), None, 40).await;
    check_layers(Some(3), Some(40), Some(5), 5).await;
    check_layers(Some(3), None, Some(50), 50).await;
}

/// Never answers.
#[derive(Debug)]
struct Silent;

impl Resolve for Silent {
    fn resolve(&self, _: &str, _: u16) -> Resolving {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_resolver_that_hangs_costs_its_own_limit_or_what_is_left() {
    for (limit, expected, waited) in [
        (secs(30), "discovery after 0, sent never", secs(3)),
        (secs(1), "call timeout after 0, sent never", secs(1)),
    ] {
        let resolution = Resolution {
            resolve: Arc::new(Silent),
            clock: Arc::new(SystemClock),
            rng: Arc::new(SeededRng::new(1)),
            defaults: Defaults::V1,
            recorder: None,
        };
        let transport = script([ok()]);
        let mesh = Mesh::builder()
            .discover(DnsNames::new(Scheme::Http, 80, None, resolution))
            .transport(transport.clone())
            .build()
            .unwrap();
        let client = Client::with_mesh(&mesh).unwrap();
        let began = Instant::now();
        let result = client.get(7).timeout(limit).await;
        assert_eq!(outcome(&result), expected);
        assert!(began.elapsed() >= waited && began.elapsed() < waited + millis(5), "{:?}", began.elapsed());
        assert!(result.unwrap_err().is_retryable());
        assert!(transport.sent().is_empty());
    }
}
