//! Events of calls and attempts.

use std::future::IntoFuture as _;

use rpc_runtime::intercept::{Hook, Interceptor};
use rpc_runtime::testing::{Script, ScriptedTransport};
use rpc_runtime::{Breaker, ClientCredentials, Error, Hedging};

use crate::diary::{Diary, client, recorded};
use crate::support::{self, Client, LONGEST, config, millis, ok, order, script, secs, status};

const FOUND: &str = "discovered: ";

#[track_caller]
fn check(diary: &Diary, expected: &[&str]) {
    assert_eq!(diary.take_but(&[FOUND]), expected);
}

#[tokio::test(start_paused = true)]
async fn a_success_a_retry_and_an_answer_that_says_no() {
    let transport = script([ok().after(millis(3)), status(503), ok(), status(404), Script::truncated("{")]);
    let (client, diary) = client(&transport, 1).await;
    client.get(7).await.unwrap();
    assert_eq!(
        diary.take(),
        ["discovered: 1 +1 -0", "attempt 1: 200 ok 3ms", "call GetOrder: success ok after 1 3ms"]
    );
    client.get(7).await.unwrap();
    check(
        &diary,
        &[
            "attempt 1: 503 503 0ns",
            "retry: 503",
            "attempt 2: 200 ok 0ns",
            "call GetOrder: success ok after 2 50ms",
        ],
    );
    client.get(7).await.unwrap_err();
    check(&diary, &["attempt 1: 404 404 0ns", "call GetOrder: rejected 404 after 1 0ns"]);
    // The head of a reply was there, and its body never came.
    client.get(7).retries(0).await.unwrap_err();
    check(
        &diary,
        &[
            "attempt 1: 200 connection 0ns",
            "suppressed: attempts",
            "call GetOrder: failed connection after 1 0ns",
        ],
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_call_ends_with() {
    #[track_caller]
    fn last(diary: &Diary, expected: &str) {
        let lines = diary.take();
        assert_eq!(lines.iter().filter(|line| line.starts_with("call ")).count(), 1, "{lines:?}");
        assert_eq!(lines.last().unwrap(), expected);
    }
    let business = |code| Script::reply(200, format!(r#"{{"code":{code},"message":"no"}}"#));
    let replies = [business(4001), business(503), status(500), status(501), status(401), status(429), ok()];
    let transport = script(replies);
    let (client, diary) = client(&transport, 1).await;
    for expected in [
        "rejected business after 1 0ns",
        "failed business after 1 0ns",
        "failed 500 after 1 0ns",
        "failed 501 after 1 0ns",
        "rejected 401 after 1 0ns",
        "failed 429 after 1 0ns",
    ] {
        client.get(7).retries(0).await.unwrap_err();
        last(&diary, &format!("call GetOrder: {expected}"));
    }
    client.plain(7).timeout(secs(0)).await.unwrap_err();
    last(&diary, "call PlainOrder: failed deadline after 0 0ns");
    client.misnamed().await.unwrap_err();
    last(&diary, "call Misnamed: failed invalid_request after 0 0ns");
    let hangs = script([Script::hangs(), Script::hangs()]);
    let (client, diary) = self::client(&hangs, 1).await;
    client.get(7).attempt_timeout(secs(1)).retries(0).await.unwrap_err();
    last(&diary, "call GetOrder: failed timeout after 1 1s");
    client.standing(3).attempt_timeout(secs(1)).retries(0).await.unwrap();
    last(&diary, "call StandingOrder: fallback ok after 1 1s");
}

/// Why there is no other attempt: each reason, once.
#[tokio::test(start_paused = true)]
async fn attempts_that_are_not_made() {
    #[track_caller]
    fn suppressed(diary: &Diary, expected: &[&str]) {
        let mut lines = diary.take();
        lines.retain(|line| line.starts_with("suppressed"));
        assert_eq!(lines, expected);
    }
    let endless = ScriptedTransport::answering(rpc_runtime::clock::SystemClock, |request| {
        match request.header("x-case") {
            "later" => status(503).header("retry-after", "31"),
            "slow" => status(503).after(millis(990)),
            "missing" => status(404),
            _ => status(503),
        }
    });
    let (client, diary) = client(&endless, 1).await;
    client.create(&order()).await.unwrap_err();
    suppressed(&diary, &["suppressed: not_repeatable"]);
    client.get(7).header("x-case", "missing").await.unwrap_err();
    suppressed(&diary, &[]);
    client.get(7).header("x-case", "later").await.unwrap_err();
    suppressed(&diary, &["suppressed: retry_after"]);
    client.get(7).header("x-case", "slow").timeout(secs(1)).await.unwrap_err();
    suppressed(&diary, &["suppressed: deadline"]);
    client.get(7).await.unwrap_err();
    suppressed(&diary, &["suppressed: attempts"]);
    // The budget of a mesh's first calls is thirty re-sends, and two are gone.
    for _ in 0..14 {
        client.get(7).await.unwrap_err();
        suppressed(&diary, &["suppressed: attempts"]);
        tokio::time::advance(millis(1)).await;
    }
    let mut reasons = Vec::new();
    for _ in 0..10 {
        client.get(7).await.unwrap_err();
        reasons.extend(diary.take_but(&["attempt", "call", "retry"]));
    }
    assert!(reasons.contains(&"suppressed: budget".to_owned()), "{reasons:?}");
}

#[tokio::test(start_paused = true)]
async fn no_endpoint_for_another_attempt() {
    let transport = script([status(503), Script::hangs()]);
    let mut config = config(1);
    config.max_in_flight = 1.into();
    let (mesh, diary) = recorded(&transport, config, LONGEST);
    let client = Client::with_mesh(&mesh.build().unwrap()).unwrap();
    let waiting = tokio::spawn(client.get(7).send());
    tokio::time::sleep_until(tokio::time::Instant::now() + millis(10)).await;
    // The only place is taken while the first call waits.
    let taking = tokio::spawn(client.get(7).send());
    waiting.await.unwrap().unwrap_err();
    check(
        &diary,
        &["attempt 1: 503 503 0ns", "suppressed: endpoints", "call GetOrder: failed 503 after 1 50ms"],
    );
    taking.abort();
    taking.await.unwrap_err();
    check(&diary, &["attempt 1: - cancelled 40ms", "call GetOrder: dropped cancelled after 1 40ms"]);
}

/// A client of two endpoints that sends a second request after 20 ms, and has paid for one.
async fn hedged(replies: impl IntoIterator<Item = Script>) -> Diary {
    let transport = script(std::iter::repeat_n(ok(), 20).chain(replies));
    let (mesh, diary) = recorded(&transport, config(2), LONGEST);
    let settings = Client::builder().mesh(&mesh.build().unwrap());
    let client = settings.hedging(Hedging::After(millis(20))).build().unwrap();
    for _ in 0..20 {
        client.get(7).await.unwrap();
    }
    diary.take();
    drop(client.get(7).retries(0).await);
    diary
}

#[tokio::test(start_paused = true)]
async fn a_hedge_that_wins_and_one_that_does_not() {
    let diary = hedged([ok().after(secs(1)), ok().after(millis(5))]).await;
    check(
        &diary,
        &[
            "hedge: sent",
            "attempt 2: 200 ok 5ms",
            "hedge: won",
            "attempt 1: - cancelled 25ms",
            "call GetOrder: success ok after 2 25ms",
        ],
    );
    let diary = hedged([ok().after(millis(40)), ok().after(secs(1))]).await;
    check(
        &diary,
        &[
            "hedge: sent",
            "attempt 1: 200 ok 40ms",
            "attempt 2: - cancelled 20ms",
            "call GetOrder: success ok after 2 40ms",
        ],
    );
    let diary = hedged([status(500).after(millis(40)), ok().after(secs(1))]).await;
    check(
        &diary,
        &[
            "hedge: sent",
            "attempt 1: 500 500 40ms",
            "attempt 2: 200 ok 1s",
            "hedge: won",
            "call GetOrder: success ok after 2 1.02s",
        ],
    );
    let diary = hedged([status(500).after(millis(40)), status(500).after(millis(5))]).await;
    let won = diary.take().iter().any(|line| line == "hedge: won");
    assert!(!won);
}

#[cfg(feature = "cache")]
#[tokio::test(start_paused = true)]
async fn kept_replies() {
    let transport = script([ok().after(millis(10)), status(503)]);
    let (client, diary) = client(&transport, 1).await;
    let call = || client.get(7).cache(secs(60)).stale_if_error(secs(3600)).retries(0);
    let (one, two) = tokio::join!(call().into_future(), call().into_future());
    assert!(one.is_ok() && two.is_ok());
    check(
        &diary,
        &[
            "cache: miss",
            "attempt 1: 200 ok 10ms",
            "call GetOrder: success ok after 1 10ms",
            "cache: coalesced",
            "call GetOrder: cached ok after 0 10ms",
        ],
    );
    call().await.unwrap();
    check(&diary, &["cache: hit", "call GetOrder: cached ok after 0 0ns"]);
    let long_ago = call().cache(std::time::Duration::ZERO);
    long_ago.await.unwrap();
    check(
        &diary,
        &[
            "cache: miss",
            "attempt 1: 503 503 0ns",
            "suppressed: attempts",
            "cache: stale",
            "call GetOrder: stale ok after 1 0ns",
        ],
    );
}

#[tokio::test(start_paused = true)]
async fn a_breaker_opens_and_closes() {
    let transport = script([status(500), ok()]);
    let (client, diary) = client(&transport, 1).await;
    let call = || client.get(7).breaker(Breaker::new(1, secs(60))).retries(0);
    call().await.unwrap_err();
    call().await.unwrap_err();
    tokio::time::advance(secs(60)).await;
    call().await.unwrap();
    let lines = diary.take_but(&[FOUND, "attempt"]);
    assert_eq!(
        lines,
        [
            "breaker: true None",
            "call GetOrder: failed 500 after 1 0ns",
            "call GetOrder: failed overload after 0 0ns",
            "breaker: false None",
            "call GetOrder: success ok after 1 0ns",
        ]
    );
    // An operation with a breaker of its own.
    let transport = script([status(500), status(500)]);
    let (client, diary) = self::client(&transport, 1).await;
    for _ in 0..2 {
        client.tuned().await.unwrap_err();
    }
    assert!(diary.take().contains(&r#"breaker: true Some("Tuned")"#.to_owned()));
}

#[derive(Debug)]
struct Refusing;

impl Interceptor for Refusing {
    fn before_attempt<'a>(&'a self, _: &'a mut rpc_runtime::intercept::OutgoingAttempt<'_>) -> Hook<'a> {
        Hook::refuse(Error::refused("not today"))
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_never_handed_over() {
    let transport = script([]);
    let (mesh, diary) = recorded(&transport, config(1), LONGEST);
    let mesh = mesh.interceptor(Refusing).build().unwrap();
    Client::with_mesh(&mesh).unwrap().get(7).await.unwrap_err();
    check(
        &diary,
        &["attempt 1 unsent: - invalid_request 0ns", "call GetOrder: failed invalid_request after 1 0ns"],
    );
}

#[tokio::test(start_paused = true)]
async fn tokens() {
    let token = Script::reply(200, r#"{"access_token":"t","expires_in":60}"#);
    let transport = script([token, ok(), status(503)]);
    let (mesh, diary) = recorded(&transport, config(1), LONGEST);
    let credentials = ClientCredentials::new("https://idp.example/token", "id", "secret");
    let settings = Client::builder().mesh(&mesh.build().unwrap()).oauth2_auth(credentials);
    let client = settings.build().unwrap();
    client.get(7).await.unwrap();
    client.get(7).await.unwrap_err();
    tokio::time::advance(secs(61)).await;
    client.get(7).await.unwrap_err();
    let mut lines = diary.take();
    lines.retain(|line| line.starts_with("token"));
    assert_eq!(lines, ["token: true", "token: false"]);
    assert!(support::headers(&transport.sent(), "authorization").len() > 2);
}
