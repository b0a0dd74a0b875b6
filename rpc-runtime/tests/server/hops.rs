//! Three services in a chain, over sockets.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::get;
use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::server::{Enveloped, Rejection, ServerLayer};
use rpc_runtime::{Client, ErrorKind, Sent, TimeoutScope, context, deadline, trace};

use super::Hop;

/// The headers that each hop has received.
type Seen = Arc<Mutex<Vec<HeaderMap>>>;

/// A service that calls the next one, after a while.
async fn middle(next: Client, seen: Seen) -> Hop {
    let handler = get(async move |headers: HeaderMap| -> Result<Enveloped<String>, Rejection> {
        seen.lock().unwrap().push(headers);
        SystemClock.sleep(Duration::from_millis(5)).await;
        let inner: String = next.get("/").send_json().await?;
        Ok(Enveloped(format!("{} {inner}", trace::current_id().unwrap())))
    });
    Hop::start(Router::new().route("/", handler).layer(ServerLayer::new())).await
}

async fn last(seen: Seen) -> Hop {
    let handler = get(async |State(seen): State<Seen>, headers: HeaderMap| {
        seen.lock().unwrap().push(headers);
        Enveloped(trace::baggage().get("tenant").unwrap().into_owned())
    });
    Hop::start(Router::new().route("/", handler).with_state(seen).layer(ServerLayer::new())).await
}

#[tokio::test]
async fn one_trace_new_parents_less_time_and_the_baggage() {
    let seen = Seen::default();
    let c = last(Arc::clone(&seen)).await;
    let b = middle(c.client(), Arc::clone(&seen)).await;
    let a = middle(b.client(), Arc::clone(&seen)).await;
    let mut baggage = trace::baggage();
    baggage.insert("tenant", "Müller & Co").unwrap();
    let call = trace::with_baggage(baggage, async { a.client().get("/").send_json::<String>().await });
    let answer = trace::with_id("0af7651916cd43dd8448eb211c80319c", call).unwrap().await.unwrap();
    let id = "0af7651916cd43dd8448eb211c80319c";
    assert_eq!(answer, format!("{id} {id} Müller & Co"));

    let seen = seen.lock().unwrap();
    let all =
        |name: &str| -> Vec<&str> { seen.iter().map(|headers| headers[name].to_str().unwrap()).collect() };
    assert_eq!(all("x-trace-id"), [id; 3]);
    assert_eq!(all("x-request-id"), [id; 3]);
    assert_eq!(all("baggage"), ["tenant=M%C3%BCller%20&%20Co"; 3]);
    let parents = all("traceparent");
    assert!(parents.iter().all(|parent| parent[3..35] == *id), "{parents:?}");
    let spans: Vec<&str> = parents.iter().map(|parent| &parent[36..52]).collect();
    assert!(spans[0] != spans[1] && spans[1] != spans[2] && spans[0] != spans[2], "{spans:?}");
    let left: Vec<u64> = all("x-request-timeout-ms").iter().map(|millis| millis.parse().unwrap()).collect();
    // Each hop sleeps for 5 ms; what is told is rounded up.
    assert!(left[0] <= 120_000 && left[1] <= left[0] - 4 && left[2] <= left[1] - 4, "{left:?}");
}

/// The middle one goes on after its caller has gone, and then has no time for the last one.
#[tokio::test]
async fn nothing_left_is_no_connection() {
    // The shortest time in which the middle one can begin; on a busy machine that is not the first.
    for limit in ["1", "50", "1000", "30000"] {
        if hurried(limit).await {
            return;
        }
    }
    panic!("the middle one never began");
}

/// Whether the middle one had begun when its caller's time was over.
async fn hurried(limit: &'static str) -> bool {
    let seen = Seen::default();
    let c = last(Arc::clone(&seen)).await;
    let (report, mut reported) = tokio::sync::mpsc::unbounded_channel();
    let next = c.client();
    let begun = Arc::new(AtomicBool::new(false));
    let begins = Arc::clone(&begun);
    let handler = get(async move || -> Enveloped<()> {
        begins.store(true, Ordering::SeqCst);
        context::spawn(async move {
            SystemClock.sleep_until(deadline::current().unwrap()).await;
            report.send(next.get("/").send().await.unwrap_err()).unwrap();
        });
        std::future::pending().await
    });
    let b = Hop::start(Router::new().route("/", handler).layer(ServerLayer::new())).await;
    let next = b.client();
    let handler = get(async move || -> Result<Enveloped<()>, Rejection> {
        // A caller in a hurry, which waits nevertheless.
        let call = async {
            next.get("/").no_timeout().header("x-request-timeout-ms", limit).retries(0).send().await
        };
        deadline::detached(call).await?;
        Ok(Enveloped(()))
    });
    let a = Hop::start(Router::new().route("/", handler).layer(ServerLayer::new())).await;

    let error = trace::with_id("task-1", async { a.client().get("/").retries(0).send().await.unwrap_err() });
    let error = error.unwrap().await;
    let story = (error.status().unwrap().as_u16(), error.error_code(), error.headers().unwrap());
    assert_eq!((story.0, story.1), (504, Some("UPSTREAM_TIMEOUT")));
    assert!(!story.2.contains_key("x-deadline-expired"), "not this caller's deadline");
    if !begun.load(Ordering::SeqCst) {
        return false;
    }
    let refused = reported.recv().await.unwrap();
    assert_eq!(refused.kind(), ErrorKind::Timeout(TimeoutScope::Inherited));
    assert_eq!((refused.sent(), refused.attempts(), refused.trace_id()), (Sent::Never, 0, Some("task-1")));
    assert_eq!((a.connections(), b.connections(), c.connections()), (1, 1, 0));
    assert_eq!(seen.lock().unwrap().len(), 0);
    true
}
