//! Clients: settings, headers, credentials, raw calls, what a mesh shares, and that the defaults are wired.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::future::{Future, IntoFuture};
use std::time::Duration;

use rpc_runtime::clock::SystemClock;
use rpc_runtime::codegen::{Credential, Descriptor, Idempotency, Operation};
use rpc_runtime::testing::{Script, ScriptedTransport};
use rpc_runtime::{Client as Untyped, ErrorKind, Mesh, Method, ResponseFuture, ValueFuture};
use serde_json::{Value, json};
use support::{
    Client, LONGEST, ORDER, Order, client, config, headers, mesh, millis, ok, order, outcome, script, secs,
    status,
};
use tokio::time::Instant;

#[tokio::test]
async fn what_a_request_looks_like() {
    let (client, transport) = client([ok(), ok(), ok()]);
    client.get(7).note("a b&c").await.unwrap();
    client.create(&order()).await.unwrap();
    client.put(&order()).await.unwrap();
    let sent = transport.sent();
    let targets: Vec<String> =
        sent.iter().map(|request| format!("{} {}", request.method, request.target)).collect();
    assert_eq!(targets, ["GET /orders/7?note=a%20b%26c", "POST /orders", "PUT /orders/7"]);
    assert_eq!(headers(&sent, "accept"), ["application/json"; 3]);
    assert_eq!(headers(&sent, "content-type"), ["", "application/json", "application/json"]);
    assert_eq!(serde_json::from_slice::<Order>(&sent[1].body).unwrap(), order());
    assert!(sent[0].body.is_empty());
}

#[tokio::test]
async fn the_calls_header_before_the_clients_before_the_meshs() {
    let transport = script([ok(), ok()]);
    let mut below = config(1);
    for (name, value) in [("x-a", "mesh"), ("x-b", "mesh"), ("x-c", "mesh"), ("accept", "application/mesh")] {
        below.default_headers.append(name, value.parse().unwrap());
    }
    let builder = Client::builder().mesh(&mesh(&transport, below, LONGEST));
    let client = builder.default_header("X-B", "client").default_header("X-C", "client").build().unwrap();
    client.get(7).header("x-c", "call").header("x-c", "again").await.unwrap();
    client.get(7).header("Accept", "application/call").await.unwrap();
    let sent = transport.sent();
    let all = |name: &str| -> Vec<&str> {
        sent[0].headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    };
    assert_eq!((all("x-a"), all("x-b"), all("x-c")), (vec!["mesh"], vec!["client"], vec!["call", "again"]));
    assert_eq!(headers(&sent, "accept"), ["application/mesh", "application/call"]);
}

/// What a call with these credentials sends: key, authorization, cookie, target; or its error.
async fn check_credentials(
    client: &[(&'static str, Credential)],
    call: &[(&'static str, Credential)],
    expected: Result<[&str; 4], &str>,
) {
    let transport = script([ok(), ok()]);
    let mut builder = Client::builder().mesh(&mesh(&transport, config(1), LONGEST));
    for (name, credential) in client {
        builder = builder.credential(name, credential.clone());
    }
    let client = builder.build().unwrap();
    let mut secured = client.secured();
    for (name, credential) in call {
        secured = secured.credential(name, credential.clone());
    }
    let result = secured.await;
    match expected {
        Ok(expected) => {
            result.unwrap();
            // Nobody else's business.
            client.get(7).await.unwrap();
            let sent = transport.sent();
            let shown = |n: usize| {
                [
                    sent[n].header("x-api-key"),
                    sent[n].header("authorization"),
                    sent[n].header("cookie"),
                    &sent[n].target,
                ]
                .map(str::to_owned)
            };
            assert_eq!(shown(0), expected);
            assert_eq!(shown(1), ["", "", "", "/orders/7"]);
        }
        Err(text) => {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.to_string().contains(text), "{error}");
            assert!(transport.sent().is_empty());
        }
    }
}

#[tokio::test]
async fn a_raw_call_may_go_without() {
    let transport = ScriptedTransport::answering(SystemClock, |_: &_| ok());
    let builder = Client::builder().mesh(&mesh(&transport, config(1), LONGEST));
    let with_key = builder.clone().credential("key", Credential::api_key("k")).build().unwrap();
    for client in [with_key, builder.bearer_auth("b").build().unwrap()] {
        let raw = || client.raw(rpc_runtime::Method::GET, "/x");
        raw().send().await.unwrap();
        raw().without_credentials().send().await.unwrap();
        raw().without_credentials().bearer_auth("mine").send().await.unwrap();
    }
    let sent = transport.sent();
    let shown = |name| sent.iter().map(|request| request.header(name)).collect::<Vec<_>>();
    assert_eq!(shown("authorization"), ["", "", "Bearer mine", "Bearer b", "", "Bearer mine"]);
    assert_eq!(shown("x-api-key"), ["k", "", "", "", "", ""]);
}

#[tokio::test]
async fn credentials_go_where_they_are_asked_for_and_nowhere_else() {
    let key = |text: &str| ("key", Credential::api_key(text));
    let token = ("token", Credential::api_key("t&1"));
    let login = ("login", Credential::basic("u", "p"));
    let bearer = ("login", Credential::bearer("b"));
    let session = ("session", Credential::api_key("s;1"));
    check_credentials(std::slice::from_ref(&login), &[], Ok(["", "Basic dTpw", "", "/secured"])).await;
    check_credentials(&[login.clone(), key("k")], &[], Ok(["", "Basic dTpw", "", "/secured"])).await;
    check_credentials(std::slice::from_ref(&login), &[bearer], Ok(["", "Bearer b", "", "/secured"])).await;
    check_credentials(&[key("k")], std::slice::from_ref(&token), Ok(["k", "", "", "/secured?token=t%261"]))
        .await;
    check_credentials(&[key("k"), token], &[key("own")], Ok(["own", "", "", "/secured?token=t%261"])).await;
    check_credentials(&[session], &[], Ok(["", "", "session=s%3B1", "/secured"])).await;
    check_credentials(&[], &[], Err("needs a credential: login, or key + token, or session")).await;
    check_credentials(&[key("k")], &[], Err("needs a credential")).await;
    check_credentials(&[], &[("login", Credential::bearer("a\nb"))], Err("not a valid header value")).await;
}

#[tokio::test]
async fn raw_calls() {
    let (client, transport) = client([
        ok(),
        ok(),
        Script::reply(201, r#"{"id":1}"#),
        Script::reply(200, r#"{"code":404,"message":"no"}"#),
        ok(),
        ok(),
    ]);
    let bytes = client.raw(Method::GET, "/a%20b?x=1").query("y", "2 3").send().await.unwrap();
    assert_eq!(bytes.data, ORDER);
    let value: Value = client.raw(Method::POST, "/a").json(&json!({"b": [1]})).send_json().await.unwrap();
    assert_eq!(value, json!({"id": 7}));
    let plain: Value =
        client.raw(Method::PATCH, "/a").body("text/x", "hi").without_envelope().send_json().await.unwrap();
    assert_eq!(plain, json!({"id": 1}));
    let error = client.raw(Method::GET, "/a").send_json::<Value>().await.unwrap_err();
    assert!(error.is_not_found() && error.operation() == "raw");
    let reply = client.raw(Method::GET, "/a").header("accept", "x/y").send_response::<Order>().await.unwrap();
    assert_eq!((reply.data.id, reply.message()), (7, Some("ok")));
    client.raw(Method::POST, "/a").form(&json!({"b": "c d", "e": [1, 2]})).send().await.unwrap();
    let sent = transport.sent();
    let seen: Vec<String> = sent
        .iter()
        .map(|request| {
            let body = String::from_utf8(request.body.to_vec()).unwrap();
            let (media, accept) = (request.header("content-type"), request.header("accept"));
            format!("{} {} [{media}] [{accept}] {body}", request.method, request.target)
        })
        .collect();
    assert_eq!(
        seen,
        [
            "GET /a%20b?x=1&y=2%203 [] [] ",
            "POST /a [application/json] [application/json] {\"b\":[1]}",
            "PATCH /a [text/x] [application/json] hi",
            "GET /a [] [application/json] ",
            "GET /a [] [x/y] ",
            "POST /a [application/x-www-form-urlencoded] [] b=c%20d&e=1&e=2",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn raw_calls_are_repeated_by_their_method() {
    for (method, attempts) in
        [(Method::GET, 3), (Method::PUT, 3), (Method::DELETE, 3), (Method::POST, 1), (Method::PATCH, 1)]
    {
        let (client, transport) = client(vec![status(503); 4]);
        client.raw(method.clone(), "/a").send().await.unwrap_err();
        assert_eq!(transport.sent().len(), attempts, "{method}");
    }
}

#[tokio::test]
async fn paths_that_mean_another_place_are_refused() {
    for path in [
        "",
        "a",
        "http://b/",
        "/../a",
        "/a/..",
        "/./a",
        "/a/%2e%2E/b",
        "/a/.%2e",
        "/a\\..\\b",
        "/a#b",
        "/a\nb",
        "/a?b\r",
        "?a",
    ] {
        let (client, transport) = client([ok()]);
        let error = client.raw(Method::GET, path).send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{path:?}");
        assert!(transport.sent().is_empty());
    }
    for path in ["/", "/...", "/.a/b..", "/a?b=../c", "/a//b", "/a?b=.", "/%2e%2e%2e"] {
        let (client, transport) = client([ok()]);
        client.raw(Method::GET, path).send().await.unwrap();
        assert_eq!(transport.sent()[0].target, path);
    }
}

#[tokio::test]
async fn arguments_that_cannot_be_sent_fail_before_anything_is_sent() {
    let (client, transport) = client([ok()]);
    for call in [
        client.get(7).header("", "x"),
        client.get(7).header("x", "a\nb"),
        client.get(7).trace_id(""),
        client.get(7).trace_id("a b"),
        client.get(7).idempotency_key("\u{7f}"),
    ] {
        assert_eq!(outcome(&call.await), "invalidrequest after 0, sent never");
    }
    assert!(transport.sent().is_empty());
}

#[tokio::test]
async fn untyped_clients() {
    let transport = script([ok(), Script::reply(200, r#"{"code":"E","message":"m"}"#)]);
    let mesh = mesh(&transport, config(1), LONGEST);
    let client = Untyped::untyped(&mesh, "order-service").unwrap();
    let value: Value = client.raw(Method::GET, "/a").send_json().await.unwrap();
    assert_eq!(value, json!({"id": 7}));
    let error = client.raw(Method::GET, "/a").send_json::<Value>().await.unwrap_err();
    assert_eq!(
        (error.service(), error.code().map(ToString::to_string).as_deref()),
        ("order-service", Some("E"))
    );
    let builder =
        Untyped::builder("order-service").mesh(&mesh).retries(0).timeout(secs(1)).default_header("x-a", "1");
    let error = builder.build().unwrap().raw(Method::GET, "/a").send().await.unwrap_err();
    assert_eq!((error.attempts(), error.kind()), (1, ErrorKind::Connection));
    let last = &transport.sent()[2];
    assert_eq!((last.header("x-a"), last.header("x-request-timeout-ms")), ("1", "1000"));
}

#[tokio::test]
async fn clients_of_one_mesh_take_turns_together_others_do_not() {
    let transport = script(std::iter::repeat_with(ok).take(16));
    let mesh_one = mesh(&transport, config(2), LONGEST);
    let (one, two) = (Client::with_mesh(&mesh_one).unwrap(), Client::with_mesh(&mesh_one).unwrap());
    // Each alone would see only one endpoint if the counter were not shared and both began alike.
    for _ in 0..4 {
        one.get(7).await.unwrap();
        two.get(7).await.unwrap();
    }
    let untyped = Untyped::untyped(&mesh_one, "order-service").unwrap();
    untyped.raw(Method::GET, "/a").send().await.unwrap();
    let endpoints: Vec<String> = transport.sent().into_iter().map(|request| request.endpoint).collect();
    for pair in endpoints.windows(2) {
        assert_ne!(pair[0], pair[1], "{endpoints:?}");
    }
    let mesh_two = mesh(&transport, config(2), LONGEST);
    let (three, four) = (Client::with_mesh(&mesh_one).unwrap(), Client::with_mesh(&mesh_two).unwrap());
    let before = transport.sent().len();
    three.get(7).await.unwrap();
    four.get(7).await.unwrap();
    three.get(7).await.unwrap();
    let own: Vec<String> =
        transport.sent()[before..].iter().map(|request| request.endpoint.clone()).collect();
    assert_ne!(own[0], own[2]);
}

#[tokio::test]
async fn addresses_in_code_are_used_in_turn_with_the_meshs_transport() {
    let transport = script(std::iter::repeat_with(ok).take(4));
    let mut settings = config(1);
    settings.default_headers.append("x-mesh", "1".parse().unwrap());
    let mesh = mesh(&transport, settings, LONGEST);
    let client = Client::builder().mesh(&mesh).url("http://a.test:1").url("http://127.0.0.9:2/base");
    // A name would have to be resolved.
    let client = client.build();
    assert!(client.is_ok());
    let client = Client::builder()
        .mesh(&mesh)
        .url("http://127.0.0.8:1")
        .url("http://127.0.0.9:2/base")
        .build()
        .unwrap();
    for _ in 0..4 {
        client.get(7).await.unwrap();
    }
    let sent = transport.sent();
    let mut endpoints: Vec<&str> = sent.iter().map(|request| request.endpoint.as_str()).collect();
    endpoints.sort_unstable();
    assert_eq!(
        endpoints,
        ["http://127.0.0.8:1", "http://127.0.0.8:1", "http://127.0.0.9:2", "http://127.0.0.9:2"]
    );
    assert_eq!(headers(&sent, "x-mesh"), ["1"; 4]);
}

#[test]
fn calls_can_go_to_another_task() {
    fn movable<T: Send + 'static>(_: &T) {}
    fn value<F: Future + Send + 'static>(_: F) {}
    fn handle<T: Clone + Send + Sync + 'static>(_: &T) {}
    let (client, _) = client([]);
    handle(&client);
    let call = client.get(7);
    movable(&call);
    value(call.into_future());
    value(client.create(&order()).send());
    value(client.raw(Method::GET, "/a").send());
    fn types<T: Send + 'static>() {}
    types::<ValueFuture<Order>>();
    types::<ResponseFuture<Order>>();
    handle(&mesh(&script([]), config(1), LONGEST));
}

#[tokio::test]
async fn a_call_does_nothing_before_it_is_polled() {
    let (client, transport) = client([ok(), ok()]);
    let future = client.get(7).send();
    tokio::task::yield_now().await;
    assert!(transport.sent().is_empty());
    tokio::spawn(future).await.unwrap().unwrap();
    assert_eq!(transport.sent().len(), 1);
}

/// A client with nothing set, against a script.
fn defaults(replies: Vec<Script>) -> (Client, ScriptedTransport) {
    let transport = script(replies);
    let client = Client::with_mesh(&mesh(&transport, config(1), LONGEST)).unwrap();
    (client, transport)
}

async fn timed(client: &Client) -> (String, Duration) {
    let began = Instant::now();
    let result = client.get(7).await;
    (outcome(&result), began.elapsed())
}

#[track_caller]
fn near(found: Duration, expected: Duration) {
    assert!(
        found >= expected.saturating_sub(millis(1)) && found <= expected + millis(5),
        "{found:?}, not {expected:?}"
    );
}

/// The numbers of `Defaults::V1` as a client with nothing set behaves: a change of any of them must fail here.
#[tokio::test(start_paused = true)]
async fn the_defaults_are_wired() {
    // Two re-sends after at most 50 and 100 ms.
    let (client, transport) = defaults(vec![status(503); 9]);
    let (result, elapsed) = timed(&client).await;
    assert_eq!((result.as_str(), transport.sent().len()), ("HTTP 503 after 3, sent yes, exhausted", 3));
    near(elapsed, millis(150));

    // One wait is at most a second.
    let (client, _) = defaults(vec![status(503); 20]);
    let began = Instant::now();
    client.get(7).retries(7).await.unwrap_err();
    near(began.elapsed(), millis(50 + 100 + 200 + 400 + 800 + 1000 + 1000));

    // A throttled service: a second.
    let (client, _) = defaults(vec![status(429), ok()]);
    near(timed(&client).await.1, secs(1));

    // An attempt has 10 s.
    let (client, transport) = defaults(vec![Script::hangs(); 9]);
    let began = Instant::now();
    let error = client.get(7).retries(0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(rpc_runtime::TimeoutScope::Attempt));
    near(began.elapsed(), secs(10));
    assert_eq!(headers(&transport.sent(), "x-request-timeout-ms"), ["10000"]);

    // The call has 30 s.
    let (client, _) = defaults(vec![Script::hangs(); 9]);
    let began = Instant::now();
    let error = client.get(7).retries(9).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(rpc_runtime::TimeoutScope::Call));
    near(began.elapsed(), secs(30));

    // 16 MiB of a body.
    let blank = |bytes: usize| Script::reply(200, format!("{ORDER}{}", " ".repeat(bytes - ORDER.len())));
    let (client, _) = defaults(vec![blank(16 << 20), blank((16 << 20) + 1)]);
    client.get(7).await.unwrap();
    assert_eq!(client.get(7).await.unwrap_err().kind(), ErrorKind::Decode);

    // 30 s of Retry-After.
    let (client, _) = defaults(vec![
        status(429).header("Retry-After", "30"),
        ok(),
        status(429).header("Retry-After", "31"),
    ]);
    let began = Instant::now();
    client.get(7).timeout(secs(100)).await.unwrap();
    near(began.elapsed(), secs(30));
    let result = client.get(7).timeout(secs(100)).await;
    assert_eq!(outcome(&result), "HTTP 429 after 1, sent yes, exhausted");

    // 10 ms for an attempt.
    let (client, transport) = defaults(vec![Script::refused(), ok(), Script::refused(), ok()]);
    client.get(7).timeout(millis(11)).await.unwrap();
    client.get(7).timeout(millis(9)).await.unwrap_err();
    assert_eq!(transport.sent().len(), 3);
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let check = |result: rpc_runtime::Result<Client>, part: &str| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(part), "{error}");
    };
    check(Client::new("127.0.0.1"), "http://");
    check(Client::builder().url("http://a?b=c").build(), "query");
    check(Client::builder().url("http://a").default_header("a b", "c").build(), "`a b`");
    let mesh: Mesh = mesh(&script([]), config(1), LONGEST);
    check(Client::builder().mesh(&mesh).default_header("x", "\n").build(), "`x`");
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let error = Mesh::from_env_file("no/such/.env").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let texts = support::chain(&error);
    assert_eq!(texts[0], "configuration: no/such/.env: cannot be read");
    assert_eq!(texts.len(), 2, "{texts:?}");
}

#[tokio::test]
async fn setting_a_parameter_again_replaces_it() {
    let (client, transport) = support::client([ok()]);
    let mut call = client.get(7);
    for value in [1, 2] {
        call.request.query_json("filter", &value);
        call.request.cookie("session", &value);
        call.request.header("x-page", &value);
    }
    call.await.unwrap();
    let sent = transport.sent();
    assert_eq!(sent[0].target, "/orders/7?filter=2");
    assert_eq!((sent[0].header("cookie"), sent[0].header("x-page")), ("session=2", "2"));
}

#[tokio::test]
async fn objects_in_headers_and_cookies() {
    let check = async |fields: &[(&str, i32)], expected: Result<(&str, &str), &str>| {
        let (client, transport) = support::client([ok()]);
        let filter: std::collections::BTreeMap<_, _> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        let mut call = client.get(7);
        call.request.header_exploded("x-filter", &filter);
        call.request.cookie_exploded("filter", &filter);
        match (call.await, expected) {
            (Ok(_), Ok(expected)) => {
                let sent = transport.sent();
                assert_eq!((sent[0].header("x-filter"), sent[0].header("cookie")), expected);
            }
            (Err(error), Err(part)) => {
                assert!(error.to_string().contains(part), "{error}");
                assert!(transport.sent().is_empty());
            }
            (found, expected) => panic!("{found:?}, expected {expected:?}"),
        }
    };
    check(&[("a", 1), ("b", 2)], Ok(("a=1,b=2", "a=1; b=2"))).await;
    // A name that would begin another cookie.
    check(&[("a; b", 1)], Err("cookie parameter `a; b`")).await;
}

#[tokio::test]
async fn methods_without_a_constant() {
    assert_eq!(support::Purge::DESCRIPTOR.idempotency, Idempotency::Unsafe);
    assert_eq!(Descriptor::new("search", Method::QUERY, "/").idempotency, Idempotency::Safe);
    let (client, transport) = support::client([status(204)]);
    client.purge().await.unwrap();
    assert_eq!(transport.sent()[0].method.as_str(), "PURGE");
    let error = client.misnamed().await.unwrap_err();
    assert!(error.to_string().contains("`NOT ONE` is not an HTTP method"), "{error}");
    assert_eq!(transport.sent().len(), 1);
}
