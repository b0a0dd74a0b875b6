//! What a task carries for whom it works: how scopes nest, and where they go along.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::time::Duration;

use rpc_runtime::context::{self, Context};
use rpc_runtime::{HeaderMap, deadline, trace};
use support::{client, headers, ok, secs};
use tokio::time::Instant;

fn received(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

/// Id, baggage and seconds left of the open scope.
fn seen() -> (Option<String>, String, Option<Duration>) {
    (trace::current_id(), trace::baggage().to_string(), deadline::remaining())
}

fn whole() -> Context {
    Context::from_headers(&received(&[
        ("x-trace-id", "t"),
        ("baggage", "a=1"),
        ("x-request-timeout-ms", "5000"),
    ]))
}

fn is(id: &str, baggage: &str, left: Option<u64>) -> (Option<String>, String, Option<Duration>) {
    (Some(id.to_owned()), baggage.to_owned(), left.map(secs))
}

#[tokio::test(start_paused = true)]
async fn a_request_brings_all_of_it_and_calls_take_it_on() {
    let (client, transport) = client([ok(), ok()]);
    whole()
        .scope(async {
            assert_eq!(seen(), is("t", "a=1", Some(5)));
            tokio::time::advance(secs(2)).await;
            client.get(7).await.unwrap();
        })
        .await;
    assert_eq!(seen(), (None, String::new(), None));
    client.get(7).await.unwrap();
    let sent = transport.sent();
    assert_eq!(headers(&sent, "x-request-timeout-ms"), ["3000", "10000"]);
    assert_eq!(headers(&sent, "baggage"), ["a=1", ""]);
    assert_eq!(sent[0].header("x-trace-id"), "t");
}

#[tokio::test(start_paused = true)]
async fn scopes_change_what_they_name_and_keep_the_rest() {
    whole()
        .scope(async {
            trace::with_id("inner", async { assert_eq!(seen(), is("inner", "a=1", Some(5))) }).unwrap().await;
            deadline::within(secs(2), async { assert_eq!(seen(), is("t", "a=1", Some(2))) }).await;
            deadline::within(secs(9), async { assert_eq!(seen(), is("t", "a=1", Some(5))) }).await;
            deadline::detached(async { assert_eq!(seen(), is("t", "a=1", None)) }).await;
            let mut baggage = trace::baggage();
            baggage.insert("b", "2").unwrap();
            trace::with_baggage(baggage, async { assert_eq!(seen(), is("t", "a=1,b=2", Some(5))) }).await;
            trace::scope(trace::from_headers(&HeaderMap::new()), async {
                assert_eq!((trace::baggage().len(), deadline::remaining()), (0, Some(secs(5))));
            })
            .await;
            // An id that is set inside of a deadline is that of the trace around it.
            deadline::within(secs(2), async { trace::set_id("set").unwrap() }).await;
            assert_eq!(seen(), is("set", "a=1", Some(5)));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn halves_alone() {
    deadline::within(secs(2), async {
        assert_eq!(seen(), (None, String::new(), Some(secs(2))));
        assert!(trace::set_id("x").is_err(), "there is a deadline, and no trace");
        trace::with_id("t", async { assert_eq!(seen(), is("t", "", Some(2))) }).unwrap().await;
    })
    .await;
    let mut baggage = trace::baggage();
    baggage.insert("a", "1").unwrap();
    trace::with_baggage(baggage, async {
        let (id, baggage, left) = seen();
        assert_eq!((id.unwrap().len(), &*baggage, left), (32, "a=1", None));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn tasks_and_threads_take_it_along_when_asked() {
    whole()
        .scope(async {
            assert_eq!(context::spawn(async { seen() }).await.unwrap(), is("t", "a=1", Some(5)));
            let detached = context::current().detached().spawn(async { seen() });
            assert_eq!(detached.await.unwrap(), is("t", "a=1", None));
            assert_eq!(tokio::spawn(async { seen() }).await.unwrap(), (None, String::new(), None));
            assert_eq!(context::spawn_blocking(seen).await.unwrap(), is("t", "a=1", Some(5)));
            // The thread is used again, by somebody else.
            assert_eq!(tokio::task::spawn_blocking(seen).await.unwrap(), (None, String::new(), None));
        })
        .await;
    assert_eq!(context::spawn(async { seen() }).await.unwrap(), (None, String::new(), None));
}

#[tokio::test(start_paused = true)]
async fn a_context_is_written_onto_other_requests() {
    let mut sent = received(&[("x-request-id", "mine"), ("x-request-timeout-ms", "9")]);
    whole().write(&mut sent);
    assert_eq!(
        (&sent["x-trace-id"], &sent["x-request-id"]),
        (&"t".parse().unwrap(), &"mine".parse().unwrap())
    );
    assert_eq!(
        (&sent["baggage"], &sent["x-request-timeout-ms"]),
        (&"a=1".parse().unwrap(), &"5000".parse().unwrap())
    );
    let mut none = HeaderMap::new();
    Context::default().write(&mut none);
    assert!(none.is_empty());
    let late = Context::default().with_deadline(Instant::now() + secs(1)).with_deadline(Instant::now());
    tokio::time::advance(secs(1)).await;
    late.write(&mut none);
    assert_eq!(none["x-request-timeout-ms"], "0");
}

#[tokio::test]
async fn a_traceparent_that_is_sent_twice_is_none() {
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";
    let check = |headers: &HeaderMap, expected: (&str, &str)| {
        let mut sent = HeaderMap::new();
        Context::from_headers(headers).write(&mut sent);
        let text = |name: &str| sent.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let (trace, flags) = (text("traceparent")[3..35].to_owned(), text("traceparent")[53..].to_owned());
        assert_eq!(
            trace == "0af7651916cd43dd8448eb211c80319c",
            expected.0 == flags && flags == "03",
            "{headers:?}"
        );
        assert_eq!(text("tracestate"), expected.1, "{headers:?}");
    };
    let mut headers = received(&[("traceparent", parent), ("tracestate", "a=1")]);
    headers.append("tracestate", "b=2".parse().unwrap());
    check(&headers, ("03", "a=1,b=2"));
    headers.append("tracestate", "a=3".parse().unwrap());
    check(&headers, ("03", ""));
    headers.remove("tracestate");
    headers.insert("tracestate", "a=1".parse().unwrap());
    headers.append("traceparent", parent.parse().unwrap());
    check(&headers, ("00", ""));
}
