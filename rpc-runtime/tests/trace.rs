//! The trace that calls carry.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use rpc_runtime::testing::{Script, SentRequest};
use rpc_runtime::{context, trace};
use support::{client, headers, ok, status};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// Trace id and span id of a request's `traceparent`.
fn parent(request: &SentRequest) -> (String, String) {
    let text = request.header("traceparent");
    let parts: Vec<&str> = text.split('-').collect();
    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [2, 32, 16, 2], "{text}");
    assert_eq!((parts[0], parts[3]), ("00", "00"), "{text}");
    (parts[1].to_owned(), parts[2].to_owned())
}

fn ids(sent: &[SentRequest]) -> Vec<String> {
    assert_eq!(headers(sent, "x-trace-id"), headers(sent, "x-request-id"));
    headers(sent, "x-trace-id")
}

#[tokio::test]
async fn what_cannot_be_sent_has_its_id_too() {
    let (client, transport) = client([]);
    let error = client.misnamed().await.unwrap_err();
    assert_eq!(error.trace_id().map(str::len), Some(32));
    let error = trace::with_id("task-1", async { client.misnamed().await.unwrap_err() }).unwrap().await;
    assert_eq!(error.trace_id(), Some("task-1"));
    assert!(transport.sent().is_empty());
}

#[tokio::test]
async fn a_call_without_a_scope_makes_an_id() {
    let (client, transport) = client([ok(), ok()]);
    let reply = client.get(7).send().await.unwrap();
    client.get(7).await.unwrap();
    let sent = transport.sent();
    let ids = ids(&sent);
    assert_ne!(ids[0], ids[1]);
    assert_eq!(reply.trace_id(), ids[0]);
    assert!(ids[0].len() == 32 && ids[0].bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    assert_eq!(parent(&sent[0]).0, ids[0]);
    assert_eq!(trace::current_id(), None);
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_a_span_of_its_own() {
    let (client, transport) = client([status(503), Script::reset(), ok()]);
    client.get(7).await.unwrap();
    let sent = transport.sent();
    let parents: Vec<_> = sent.iter().map(parent).collect();
    assert!(parents.iter().all(|(trace, _)| *trace == parents[0].0));
    let mut spans: Vec<_> = parents.iter().map(|(_, span)| span).collect();
    spans.sort_unstable();
    spans.dedup();
    assert_eq!(spans.len(), 3);
    let ids = ids(&sent);
    assert!(ids.iter().all(|id| *id == ids[0]));
}

#[tokio::test]
async fn a_scope_gives_its_id_to_its_calls() {
    let (client, transport) = client([ok(), ok(), ok(), ok()]);
    trace::with_id("task-42", async {
        client.get(7).await.unwrap();
        trace::set_id("task-43").unwrap();
        client.get(7).await.unwrap();
        assert_eq!(trace::current_id().as_deref(), Some("task-43"));
    })
    .unwrap()
    .await;
    trace::with_id(TRACE, async {
        client.get(7).await.unwrap();
        // The call's own id, for this call only.
        client.get(7).trace_id("own").await.unwrap();
        assert_eq!(trace::current_id().as_deref(), Some(TRACE));
    })
    .unwrap()
    .await;
    let sent = transport.sent();
    assert_eq!(ids(&sent), ["task-42", "task-43", TRACE, "own"]);
    let traces: Vec<String> = sent.iter().map(|request| parent(request).0).collect();
    assert_eq!(traces[0], traces[1], "an id that W3C cannot carry leaves the scope's traceparent alone");
    assert_eq!(traces[2], TRACE);
    assert_eq!(traces[3], TRACE);
}

#[tokio::test]
async fn set_id_needs_a_scope_and_a_good_id() {
    assert!(trace::set_id("x").unwrap_err().to_string().contains("no scope is open"));
    assert!(trace::with_id("", async {}).is_err());
    assert!(trace::with_id("a\r\nb", async {}).is_err());
    assert!(trace::with_id(&"x".repeat(257), async {}).is_err());
    trace::with_id("ok", async {
        assert!(trace::set_id("a b").is_err());
        assert_eq!(trace::current_id().as_deref(), Some("ok"));
    })
    .unwrap()
    .await;
}

#[tokio::test]
async fn spawned_tasks_take_the_scope_only_when_asked() {
    let (client, transport) = client([ok(), ok()]);
    trace::with_id("outer", async {
        let one = client.clone();
        context::spawn(async move { one.get(7).await }).await.unwrap().unwrap();
        let two = client.clone();
        tokio::spawn(async move { two.get(7).await }).await.unwrap().unwrap();
    })
    .unwrap()
    .await;
    let ids = ids(&transport.sent());
    assert_eq!(ids[0], "outer");
    assert_ne!(ids[1], "outer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_tasks_keep_their_ids_apart() {
    const TASKS: usize = 64;
    let (client, transport) = client(std::iter::repeat_with(ok).take(TASKS * 4));
    let tasks: Vec<_> = (0..TASKS)
        .map(|n| {
            let client = client.clone();
            tokio::spawn(async move {
                let id = format!("task-{n}");
                trace::with_id(&id, async {
                    for _ in 0..3 {
                        tokio::task::yield_now().await;
                        let reply = client.get(i64::try_from(n).unwrap()).send().await.unwrap();
                        assert_eq!(reply.trace_id(), id);
                    }
                    let id = format!("changed-{n}");
                    trace::set_id(&id).unwrap();
                    tokio::task::yield_now().await;
                    let reply = client.get(i64::try_from(n).unwrap()).send().await.unwrap();
                    assert_eq!(reply.trace_id(), id);
                })
                .unwrap()
                .await;
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let sent = transport.sent();
    assert_eq!(sent.len(), TASKS * 4);
    for request in &sent {
        let order = request.target.strip_prefix("/orders/").unwrap();
        let id = request.header("x-trace-id");
        assert!(id == format!("task-{order}") || id == format!("changed-{order}"), "{id} asked for {order}");
    }
}

#[tokio::test]
async fn a_received_trace_goes_on() {
    let (client, transport) = client([ok()]);
    let mut received = rpc_runtime::HeaderMap::new();
    for (name, value) in [
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
        ("tracestate", "vendor=1"),
        ("baggage", "tenant=7"),
        ("x-request-id", "r-1"),
    ] {
        received.insert(name, value.parse().unwrap());
    }
    trace::scope(trace::from_headers(&received), async { client.get(7).await.unwrap() }).await;
    let sent = transport.sent();
    assert_eq!(ids(&sent), ["r-1"]);
    let (trace, span) = parent(&sent[0]);
    assert_eq!(trace, TRACE);
    assert_ne!(span, "b7ad6b7169203331");
    assert_eq!((sent[0].header("tracestate"), sent[0].header("baggage")), ("vendor=1", "tenant=7"));
}
