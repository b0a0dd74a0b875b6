//! OAuth2 client credentials: one token for many calls, refreshed in time, asked for once at a time, told to nobody else.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::future::IntoFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rpc_runtime::clock::SystemClock;
use rpc_runtime::codegen::Credential;
use rpc_runtime::testing::{Script, ScriptedTransport, SeededRng, SentRequest};
use rpc_runtime::{Client as Untyped, ClientCredentials, ErrorKind, Mesh};
use support::{Client, config, headers, millis, ok, outcome, poll_and_drop, secs, status};

const TOKEN_URL: &str = "https://idp.example/oauth/token?tenant=7";

/// A token endpoint that answers as it is told, and a service that takes any token but those that it is told to refuse.
struct World {
    transport: ScriptedTransport,
    mesh: Mesh,
    idp: Arc<Mutex<Idp>>,
}

struct Idp {
    /// What it does; `None` gives the next token: `token-1`, `token-2`, …
    does: Option<Script>,
    delay: Duration,
    expires_in: u32,
    given: u32,
    refused: Vec<String>,
}

impl World {
    fn new() -> Self {
        let idp = Idp { does: None, delay: millis(20), expires_in: 100, given: 0, refused: Vec::new() };
        let idp = Arc::new(Mutex::new(idp));
        let state = Arc::clone(&idp);
        let answer = move |request: &SentRequest| {
            let mut idp = state.lock().unwrap();
            if request.endpoint != "https://idp.example:443" {
                let refused =
                    idp.refused.iter().any(|token| request.header("authorization").ends_with(token));
                return if refused { status(401) } else { ok().after(millis(5)) };
            }
            if let Some(script) = &idp.does {
                return script.clone();
            }
            idp.given += 1;
            let (number, lifetime) = (idp.given, idp.expires_in);
            let body = format!(
                r#"{{"access_token":"token-{number}","token_type":"Bearer","expires_in":{lifetime}}}"#
            );
            Script::reply(200, body).after(idp.delay)
        };
        let transport = ScriptedTransport::answering(SystemClock, answer);
        let mesh =
            Mesh::builder().config(config(1)).transport(transport.clone()).rng(SeededRng::new(1)).build();
        World { transport, mesh: mesh.unwrap(), idp }
    }

    fn client(&self) -> Client {
        Client::builder().mesh(&self.mesh).oauth2_auth(credentials()).build().unwrap()
    }

    fn set(&self, set: impl FnOnce(&mut Idp)) {
        set(&mut self.idp.lock().unwrap());
    }

    fn idp_does(&self, script: impl Into<Option<Script>>) {
        self.set(|idp| idp.does = script.into());
    }

    /// Requests to the token endpoint, and to the service.
    fn sent(&self) -> (Vec<SentRequest>, Vec<SentRequest>) {
        self.transport.sent().into_iter().partition(|request| request.endpoint.contains("idp"))
    }

    fn asked(&self) -> usize {
        self.sent().0.len()
    }

    /// The tokens that the service saw.
    fn used(&self) -> Vec<String> {
        let used = headers(&self.sent().1, "authorization");
        used.iter().map(|value| value.trim_start_matches("Bearer token-").to_owned()).collect()
    }
}

fn credentials() -> ClientCredentials {
    ClientCredentials::new(TOKEN_URL, "reporting", "hunter2").scope("read")
}

/// Runs so many calls at once.
async fn together(client: &Client, calls: usize) -> Vec<String> {
    let calls: Vec<_> = (0..calls).map(|_| tokio::spawn(client.get(7).into_future())).collect();
    let mut ends = Vec::new();
    for call in calls {
        ends.push(outcome(&call.await.unwrap()));
    }
    ends
}

#[tokio::test(start_paused = true)]
async fn one_token_serves_many_calls_until_shortly_before_its_end() {
    let world = World::new();
    let client = world.client();
    for _ in 0..10 {
        client.get(7).await.unwrap();
    }
    // 100 s are refreshed after 90, a tenth before their end. The token was asked for 70 ms ago.
    tokio::time::advance(millis(89_900)).await;
    client.get(7).await.unwrap();
    tokio::time::advance(millis(100)).await;
    client.get(7).await.unwrap();
    client.get(7).await.unwrap();
    let (asked, _) = world.sent();
    assert_eq!(asked.len(), 2);
    assert_eq!(world.used().join(""), "1111111111122");
    for request in asked {
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/oauth/token?tenant=7"));
        assert_eq!(request.header("authorization"), "Basic cmVwb3J0aW5nOmh1bnRlcjI=");
        assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
        assert_eq!(request.body, "grant_type=client_credentials&scope=read");
    }
}

/// At the start all wait for one request; at a refresh one waits, and the others use the old token.
#[tokio::test(start_paused = true)]
async fn one_request_at_a_time() {
    let world = World::new();
    let client = world.client();
    assert_eq!(together(&client, 500).await, ["ok"; 500]);
    assert_eq!(world.asked(), 1);
    tokio::time::advance(secs(91)).await;
    assert_eq!(together(&client, 500).await, ["ok"; 500]);
    assert_eq!(world.asked(), 2);
    let used = world.used();
    assert_eq!(used.iter().filter(|token| *token == "2").count(), 1);
    // After its end, all wait again.
    tokio::time::advance(secs(101)).await;
    assert_eq!(together(&client, 500).await, ["ok"; 500]);
    assert_eq!((world.asked(), world.used()[1_000..].iter().all(|token| token == "3")), (3, true));
}

/// Clones of one credential share the token, whichever clients they are given to.
#[tokio::test(start_paused = true)]
async fn clients_may_share_a_token() {
    let world = World::new();
    let credential = Credential::oauth2(credentials());
    for _ in 0..3 {
        let client = Client::builder().mesh(&world.mesh).oauth2_auth(credential.clone()).build().unwrap();
        client.get(7).await.unwrap();
        let declared = Client::builder().mesh(&world.mesh).credential("login", credential.clone());
        let declared = declared.build().unwrap();
        declared.secured().await.unwrap();
        client.secured().credential("login", credential.clone()).await.unwrap();
    }
    assert_eq!((world.asked(), world.used().join("")), (1, "111111111".to_owned()));
}

/// Whoever asked is gone: exactly one of those who wait asks next.
#[tokio::test(start_paused = true)]
async fn a_dropped_leader_hands_over() {
    let world = World::new();
    world.set(|idp| idp.delay = millis(100));
    let client = world.client();
    let leader = tokio::spawn(client.get(7).into_future());
    tokio::time::advance(millis(10)).await;
    let others: Vec<_> = (0..5).map(|_| tokio::spawn(client.get(7).into_future())).collect();
    tokio::time::advance(millis(10)).await;
    assert_eq!(world.asked(), 1);
    leader.abort();
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert_eq!((world.asked(), world.used().join("")), (2, "22222".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_failing_token_endpoint_is_not_hammered() {
    for (script, part, retryable) in [
        (Script::reply(503, "busy"), "HTTP 503 Service Unavailable", true),
        (Script::refused(), "scripted failure", true),
        (
            Script::reply(401, r#"{"error":"invalid_client","error_description":"not hunter2"}"#),
            "HTTP 401 Unauthorized: invalid_client (not ***)",
            false,
        ),
        (Script::reply(200, "<html>"), "no JSON object with an `access_token`", false),
        (Script::reply(302, ""), "HTTP 302 Found", false),
        (Script::reply(200, " ".repeat(70_000)), "larger than 65536 bytes", false),
    ] {
        let world = World::new();
        let client = world.client();
        world.idp_does(script);
        for _ in 0..3 {
            let asked = world.asked();
            for _ in 0..10 {
                let error = client.get(7).await.unwrap_err();
                assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credential, 0));
                assert!(error.to_string().contains(part), "{error}");
                assert!(error.to_string().contains("no access token: https://idp.example/oauth/token: "));
                assert!(!error.to_string().contains("tenant"), "{error}");
                assert_eq!(error.is_retryable(), retryable, "{error}");
                tokio::time::advance(millis(99)).await;
            }
            assert_eq!(world.asked(), asked + 1);
            assert_eq!(together(&client, 100).await, ["credential after 0, sent never"; 100]);
            tokio::time::advance(secs(1)).await;
        }
        world.idp_does(None);
        client.get(7).await.unwrap();
        assert_eq!(world.used(), ["1"]);
    }
}

/// While the old token is good, nobody notices that there is no new one, and one call a second waits a second for it.
#[tokio::test(start_paused = true)]
async fn the_old_token_is_used_while_it_is_good() {
    for (script, slowest) in [(status(500), 5), (Script::hangs(), 1_005)] {
        let world = World::new();
        let client = world.client();
        client.get(7).await.unwrap();
        world.idp_does(script);
        tokio::time::advance(secs(92)).await;
        for _ in 0..10 {
            let reply = client.get(7).send().await.unwrap();
            assert!(reply.elapsed() <= millis(slowest), "{:?}", reply.elapsed());
            // Not even a call in a hurry.
            client.get(7).timeout(millis(50)).await.unwrap();
            tokio::time::advance(millis(100)).await;
        }
        assert!(world.used().iter().all(|token| token == "1"));
        assert!(world.asked() <= 6, "{}", world.asked());
        tokio::time::advance(secs(9)).await;
        let error = client.get(7).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credential);
        world.idp_does(None);
        tokio::time::advance(secs(1)).await;
        client.get(7).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_the_service_refuses_is_forgotten() {
    let world = World::new();
    let client = world.client();
    client.get(7).await.unwrap();
    world.set(|idp| idp.refused.push("token-1".to_owned()));
    tokio::time::advance(secs(2)).await;
    // The 401 is the caller's answer; the next call has a new token.
    assert_eq!(outcome(&client.get(7).await), "HTTP 401 after 1, sent yes");
    client.get(7).await.unwrap();
    assert_eq!((world.asked(), world.used().join("")), (2, "112".to_owned()));
    // A call that still has the old one does not take the new one away.
    let world = World::new();
    let client = world.client();
    client.get(7).await.unwrap();
    tokio::time::advance(secs(2)).await;
    world.set(|idp| idp.refused.push("token-1".to_owned()));
    together(&client, 50).await;
    tokio::time::advance(secs(2)).await;
    together(&client, 50).await;
    assert_eq!(world.asked(), 2);
}

/// A service that refuses every token costs one token request a second, not one a call.
#[tokio::test(start_paused = true)]
async fn a_service_that_refuses_all_tokens() {
    let world = World::new();
    world.set(|idp| idp.refused.extend((0..100).map(|number| format!("token-{number}"))));
    let client = world.client();
    for _ in 0..100 {
        assert_eq!(outcome(&client.get(7).await), "HTTP 401 after 1, sent yes");
        tokio::time::advance(millis(80)).await;
    }
    assert!((6..=9).contains(&world.asked()), "{}", world.asked());
}

/// A token that has ended on its arrival is used, and asked for once a second.
#[tokio::test(start_paused = true)]
async fn tokens_that_live_for_no_time() {
    let world = World::new();
    world.set(|idp| idp.expires_in = 0);
    let client = world.client();
    together(&client, 100).await;
    assert_eq!(world.asked(), 1);
    tokio::time::advance(secs(1)).await;
    together(&client, 100).await;
    assert_eq!(world.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn time_for_a_token_is_the_calls_time() {
    let world = World::new();
    let client = world.client();
    world.idp_does(Script::hangs());
    let began = tokio::time::Instant::now();
    let error = client.get(7).timeout(millis(300)).await.unwrap_err();
    assert!(error.to_string().contains("no reply within 295ms"), "{error}");
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Credential, true));
    assert_eq!(began.elapsed(), millis(295));
    // It does not speak for those that have more time. Nobody waits longer than 5 s for a token, and those who wait together end together.
    let began = tokio::time::Instant::now();
    let ends = together(&client, 10).await;
    assert_eq!(ends, ["credential after 0, sent never"; 10]);
    assert_eq!((began.elapsed(), world.asked()), (secs(5), 2));
}

/// A token request that would take longer than its call counts as a failure: the next calls do not ask again at once.
#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_slower_than_the_calls_is_not_hammered() {
    let world = World::new();
    let client = world.client();
    world.idp_does(Script::hangs());
    let began = tokio::time::Instant::now();
    let mut calls = 0;
    while began.elapsed() < secs(15) {
        let error = client.get(7).timeout(millis(500)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credential, 0));
        tokio::time::advance(millis(10)).await;
        calls += 1;
    }
    // 495 ms for a request, and a second.
    assert!(calls > 900 && (10..=11).contains(&world.asked()), "{calls} {}", world.asked());
    // Calls that have more time get a token, though those in a hurry go first.
    let world = World::new();
    let client = world.client();
    world.set(|idp| idp.delay = millis(600));
    client.get(7).timeout(millis(100)).await.unwrap_err();
    client.get(7).timeout(millis(150)).await.unwrap_err();
    assert_eq!(world.asked(), 1);
    client.get(7).timeout(secs(1)).await.unwrap();
    assert_eq!((world.asked(), world.used().join("")), (2, "2".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_call_may_be_dropped_at_any_await() {
    for refresh in [false, true] {
        let (mut dropped, mut ended) = (0, 0);
        for times in 0..40 {
            let world = World::new();
            let client = world.client();
            if refresh {
                client.get(7).await.unwrap();
                tokio::time::advance(secs(95)).await;
            }
            let waits = tokio::spawn(client.get(7).into_future());
            tokio::task::yield_now().await;
            match poll_and_drop(client.get(7).into_future(), times).await {
                true => ended += 1,
                false => dropped += 1,
            }
            let began = tokio::time::Instant::now();
            client.get(7).await.unwrap();
            assert!(began.elapsed() <= millis(30), "dropped after {times}: {:?}", began.elapsed());
            waits.await.unwrap().unwrap();
        }
        assert!(dropped > 5 && ended > 5, "{dropped} {ended}");
    }
}

/// The token goes to the service, the secret to the token endpoint, and other clients have neither.
#[tokio::test(start_paused = true)]
async fn nobody_else_gets_them() {
    let world = World::new();
    let client = world.client();
    client.get(7).await.unwrap();
    Client::with_mesh(&world.mesh).unwrap().get(7).await.unwrap();
    let other = Untyped::builder("other").mesh(&world.mesh).url("http://10.0.0.9").build().unwrap();
    other.get("/x").send().await.unwrap();
    let (asked, sent) = world.sent();
    assert_eq!(headers(&sent, "authorization"), ["Bearer token-1", "", ""]);
    for request in sent {
        let text = format!("{} {:?} {:?}", request.target, request.headers, request.body);
        assert!(!text.contains("hunter2") && !text.contains("cmVwb3J0aW5nOmh1bnRlcjI"), "{text}");
    }
    assert!(asked[0].headers["authorization"].is_sensitive());
}

/// What is said by hand, on the call or for a declared scheme, goes before the client's token.
#[tokio::test(start_paused = true)]
async fn the_calls_own_goes_first() {
    let world = World::new();
    let client = world.client();
    client.get(7).bearer_auth("mine").await.unwrap();
    client.get(7).header("Authorization", "other").await.unwrap();
    client.secured().credential("login", Credential::bearer("declared")).await.unwrap();
    assert_eq!(world.asked(), 0);
    client.secured().await.unwrap();
    client.raw(rpc_runtime::Method::GET, "/x").send().await.unwrap();
    let used = ["Bearer mine", "other", "Bearer declared", "Bearer token-1", "Bearer token-1"];
    assert_eq!(headers(&world.sent().1, "authorization"), used);
    client.raw(rpc_runtime::Method::GET, "/x").without_credentials().send().await.unwrap();
    assert_eq!(headers(&world.sent().1[5..], "authorization"), [""]);
    // The last one given to a builder counts.
    let builder = || Client::builder().mesh(&world.mesh);
    builder().oauth2_auth(credentials()).bearer_auth("b").build().unwrap().get(7).await.unwrap();
    builder().bearer_auth("b").oauth2_auth(credentials()).build().unwrap().get(7).await.unwrap();
    assert_eq!(headers(&world.sent().1[6..], "authorization"), ["Bearer b", "Bearer token-2"]);
    let default = builder().default_header("Authorization", "d").oauth2_auth(credentials()).build().unwrap();
    default.get(7).await.unwrap();
    assert_eq!(world.sent().1[8].header("authorization"), "Bearer token-3");
    // A declared scheme of another kind than a header, and an operation that asks for nothing.
    let declared = builder().credential("token", credentials().into());
    let declared = declared.credential("key", Credential::api_key("k")).build().unwrap();
    declared.get(7).await.unwrap();
    assert_eq!(world.asked(), 3);
    declared.secured().await.unwrap();
    assert_eq!(world.sent().1.last().unwrap().target, "/secured?token=Bearer%20token-4");
}

#[tokio::test]
async fn a_token_url_that_cannot_be_used() {
    let world = World::new();
    let wrong = ClientCredentials::new("idp/token", "id", "secret");
    let builder = || Client::builder().mesh(&world.mesh);
    for built in [
        builder().oauth2_auth(wrong.clone()).build(),
        builder().credential("login", wrong.clone().into()).build(),
    ] {
        let error = built.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("oauth2: token URL \"idp/token\" is not"), "{error}");
    }
    let call = builder().build().unwrap().secured().credential("login", wrong.into());
    assert_eq!(call.await.unwrap_err().kind(), ErrorKind::InvalidRequest);
}
