//! What a call gives in place of an error.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use rpc_runtime::testing::{Script, SeededRng};
use rpc_runtime::{Error, ErrorKind, Response, Result, Source};
use support::{Client, Order, config, mesh, order, outcome, script, secs, status};

/// A client with one endpoint that answers like this, always, and with a fallback of the client's where there is one.
fn client(answer: fn() -> Script, json: Option<&'static str>) -> Client {
    let transport =
        rpc_runtime::testing::ScriptedTransport::answering(rpc_runtime::clock::SystemClock, move |_| {
            answer()
        });
    let mesh = mesh(&transport, config(1), SeededRng::new(1));
    let mut builder = Client::builder().mesh(&mesh).retries(0);
    if let Some(json) = json {
        builder = builder.fallback(move |_, _| Some(json.to_owned()));
    }
    builder.build().unwrap()
}

fn numbered(id: i64) -> Order {
    Order { id, ..order() }
}

/// The id of the value and its source, or the error.
fn shown(result: &Result<Response<Order>>) -> String {
    match result {
        Ok(reply) => format!("{} from {}", reply.data.id, reply.source()),
        Err(_) => outcome(result),
    }
}

const DOWN: fn() -> Script = || status(503);

#[tokio::test(start_paused = true)]
async fn the_call_then_the_client_then_the_operation() {
    for (own, of_client, expected) in [
        (Some(1), Some(r#"{"id":2}"#), "1 from fallback"),
        (None, Some(r#"{"id":2}"#), "2 from fallback"),
        // What does not fit is passed over.
        (None, Some(r#"{"id":"x"}"#), "3 from fallback"),
        (None, Some("no JSON"), "3 from fallback"),
        (None, Some(""), "3 from fallback"),
        (None, None, "3 from fallback"),
    ] {
        let client = client(DOWN, of_client);
        let call = client.standing(7).fallback(move |_| own.map(numbered));
        assert_eq!(shown(&call.send().await), expected, "{own:?} {of_client:?}");
    }
    // An operation without one.
    assert_eq!(shown(&client(DOWN, None).get(7).send().await), "HTTP 503 after 1, sent yes, exhausted");
    assert_eq!(shown(&client(DOWN, Some("[]")).get(7).send().await), "HTTP 503 after 1, sent yes, exhausted");
}

/// The client's and the operation's stand in for a service that does not answer properly; a call's own may be for any error.
#[tokio::test(start_paused = true)]
async fn for_which_errors() {
    let cases: [(fn() -> Script, bool); 11] = [
        (|| status(500), true),
        (|| status(503), true),
        (|| status(429), true),
        (Script::refused, true),
        (Script::reset, true),
        (Script::hangs, true),
        (|| status(501), false),
        (|| status(404), false),
        (|| status(409), false),
        (|| Script::reply(200, r#"{"code":503,"message":"no"}"#), false),
        (|| Script::reply(200, r#"{"code":200,"data":{"id":"x"}}"#), false),
    ];
    for (answer, stands_in) in cases {
        let reply = client(answer, None).standing(7).send().await;
        assert_eq!(shown(&reply) == "3 from fallback", stands_in, "{}", shown(&reply));
        let reply = client(answer, Some(r#"{"id":2}"#)).get(7).send().await;
        assert_eq!(shown(&reply) == "2 from fallback", stands_in, "{}", shown(&reply));
        let reply = client(answer, None).get(7).fallback(|_| Some(numbered(1))).send().await;
        assert_eq!(shown(&reply), "1 from fallback");
    }
    // A mistake of this side.
    let client = client(DOWN, Some(r#"{"id":2}"#));
    let error = client.get(7).header("bad name", "x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(client.get(7).header("bad name", "x").fallback(|_| Some(numbered(1))).await.unwrap().id, 1);
}

#[tokio::test(start_paused = true)]
async fn what_it_sees_and_what_is_told() {
    let client = client(DOWN, None);
    let see = |error: &Error| {
        assert_eq!((error.attempts(), error.operation(), error.service()), (3, "GetOrder", "order-service"));
        assert!(error.is_unavailable() && error.elapsed() > std::time::Duration::ZERO);
        assert_eq!(error.trace_id(), Some("t-1"));
        Some(order())
    };
    let reply = client.get(7).retries(2).trace_id("t-1").fallback(see).send().await.unwrap();
    assert_eq!((reply.source(), reply.status().as_u16(), reply.attempts()), (Source::Fallback, 200, 3));
    assert_eq!((reply.code(), reply.trace_id(), reply.headers().len()), (None, "t-1", 0));
    // The order of the options does not matter, and `.await` gives the value.
    assert_eq!(client.get(7).fallback(|_| Some(order())).timeout(secs(1)).await.unwrap(), order());
    // No value: the error, as it was.
    let result = client.get(7).retries(2).fallback(|_| None).send().await;
    assert_eq!(outcome(&result), "HTTP 503 after 3, sent yes, exhausted");
}

#[tokio::test(start_paused = true)]
async fn a_success_asks_nobody() {
    let transport = script([support::ok()]);
    let mesh = mesh(&transport, config(1), SeededRng::new(1));
    let client = Client::builder().mesh(&mesh).fallback(|_, _| panic!("asked")).build().unwrap();
    let reply = client.get(7).fallback(|_| panic!("asked")).send().await.unwrap();
    assert_eq!((reply.source(), reply.attempts()), (Source::Service, 1));
}

/// The client is told which operation failed, and how; also for calls without a description.
#[tokio::test(start_paused = true)]
async fn the_clients_by_operation() {
    let transport =
        rpc_runtime::testing::ScriptedTransport::answering(rpc_runtime::clock::SystemClock, |_| status(503));
    let mesh = mesh(&transport, config(1), SeededRng::new(1));
    let by_name = |operation: &str, error: &Error| match operation {
        "FindOrder" if error.is_unavailable() => Some("null".to_owned()),
        "raw" => Some("[1]".to_owned()),
        "DeleteOrder" => Some(String::new()),
        _ => None,
    };
    let client = Client::builder().mesh(&mesh).retries(0).fallback(by_name).build().unwrap();
    assert_eq!(client.find(7).await.unwrap(), None);
    assert_eq!(outcome(&client.get(7).await), "HTTP 503 after 1, sent yes, exhausted");
    let raw = client.raw(rpc_runtime::Method::GET, "/x").send_json::<Vec<u8>>().await;
    assert_eq!(raw.unwrap(), [1]);
    client.delete(7).await.unwrap();
}
