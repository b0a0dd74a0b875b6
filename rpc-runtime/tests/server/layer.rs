//! The layer alone, in virtual time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use axum::routing::get;
use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::server::ServerLayer;
use rpc_runtime::{context, deadline, trace};
use tower_service::Service as _;

/// What a handler sees: id, baggage, milliseconds left.
async fn seen() -> String {
    let left = deadline::remaining().map_or("none".to_owned(), |left| left.as_millis().to_string());
    format!("{} {} {left}", trace::current_id().unwrap(), trace::baggage())
}

async fn send(mut router: Router, headers: &[(&str, &[u8])]) -> Response<Body> {
    let mut request = Request::new(Body::empty());
    for (name, value) in headers {
        let name: axum::http::HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, axum::http::HeaderValue::from_bytes(value).unwrap());
    }
    router.call(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

const ALL: [(&str, &[u8]); 3] =
    [("x-trace-id", b"task-1"), ("baggage", b"tenant=7"), ("grpc-timeout", b"1500m")];

#[tokio::test(start_paused = true)]
async fn handlers_work_in_the_context_of_their_request() {
    let router = Router::new().route("/", get(seen)).layer(ServerLayer::new());
    let response = send(router.clone(), &ALL).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-trace-id"]),
        (200, &"task-1".parse().unwrap())
    );
    assert_eq!(text(response).await, "task-1 tenant=7 1500");
    assert_eq!(trace::current_id(), None);

    let response = send(router, &[]).await;
    let id = response.headers()["x-trace-id"].to_str().unwrap().to_owned();
    assert_eq!((id.len(), text(response).await), (32, format!("{id}  none")));
}

#[tokio::test(start_paused = true)]
async fn edges_believe_nothing() {
    let layer = ServerLayer::new().untrusted().max_timeout(Duration::from_secs(1));
    let response = send(Router::new().route("/", get(seen)).layer(layer), &ALL).await;
    let id = response.headers()["x-trace-id"].to_str().unwrap().to_owned();
    assert_eq!((id.len(), text(response).await), (32, format!("{id}  1000")));
}

#[tokio::test(start_paused = true)]
async fn malformed_headers_fail_nothing() {
    let router = Router::new().route("/", get(seen)).layer(ServerLayer::new());
    let names =
        ["x-trace-id", "traceparent", "tracestate", "baggage", "x-request-timeout-ms", "grpc-timeout"];
    for bytes in [&b"\xff\xfe"[..], b"", b" ", b"-1", b"00-0-0-0", b",,=,"] {
        let response = send(router.clone(), &names.map(|name| (name, bytes))).await;
        let id = response.headers()["x-trace-id"].to_str().unwrap().to_owned();
        assert_eq!(response.status().as_u16(), 200, "{bytes:?}");
        let known = id == String::from_utf8_lossy(bytes);
        assert!(known || id.len() == 32, "{id}");
        assert!(text(response).await.ends_with(" none"), "{bytes:?}");
    }
}

async fn check_expired(response: Response<Body>) {
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-deadline-expired"]),
        (504, &"1".parse().unwrap())
    );
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["x-trace-id"], "t");
    let body: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
    assert!(body["timestamp"].as_f64().unwrap() > 1.6e9);
    let fields = (&body["code"], &body["message"], &body["data"], &body["error_code"]);
    let message = serde_json::json!("the deadline of the request has passed");
    assert_eq!(fields, (&504.into(), &message, &serde_json::Value::Null, &"DEADLINE_EXPIRED".into()));
    assert_eq!(body.as_object().unwrap().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn what_is_late_on_arrival_is_not_begun() {
    let begun = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&begun);
    let handler = get(async move || counted.fetch_add(1, Ordering::SeqCst).to_string());
    let router = Router::new().route("/", handler).layer(ServerLayer::new());
    check_expired(send(router.clone(), &[("x-trace-id", b"t"), ("x-request-timeout-ms", b"0")]).await).await;
    assert_eq!(begun.load(Ordering::SeqCst), 0);
    assert_eq!(send(router, &[("x-request-timeout-ms", b"1")]).await.status().as_u16(), 200);
    assert_eq!(begun.load(Ordering::SeqCst), 1);
}

/// Says when it is dropped, and whether that was inside of the scope.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(trace::current_id().as_deref() == Some("t"), Ordering::SeqCst);
    }
}

#[tokio::test(start_paused = true)]
async fn work_that_nobody_waits_for_is_cut_off_but_not_what_is_detached() {
    let dropped = Arc::new(AtomicBool::new(false));
    let (audit, mut audited) = tokio::sync::mpsc::unbounded_channel();
    let held = Arc::clone(&dropped);
    let handler = get(async move || {
        let _held = Dropped(held);
        context::current().detached().spawn(async move {
            SystemClock.sleep(Duration::from_secs(60)).await;
            audit.send(seen().await).unwrap();
        });
        SystemClock.sleep(Duration::from_secs(3)).await;
        "done"
    });
    let router = Router::new().route("/", handler).layer(ServerLayer::new());
    let began = SystemClock.now();
    let headers: [(&str, &[u8]); 2] = [("x-trace-id", b"t"), ("x-request-timeout-ms", b"2000")];
    check_expired(send(router.clone(), &headers).await).await;
    assert_eq!(SystemClock.now() - began, Duration::from_secs(2));
    assert!(dropped.load(Ordering::SeqCst));
    assert_eq!(audited.recv().await.unwrap(), "t  none");
    let enough: [(&str, &[u8]); 2] = [("x-trace-id", b"t"), ("x-request-timeout-ms", b"3001")];
    assert_eq!(text(send(router, &enough).await).await, "done");
}

#[tokio::test(start_paused = true)]
async fn the_answer_names_the_trace_as_it_is_by_then() {
    let changed = get(async || {
        trace::set_id("changed").unwrap();
        ""
    });
    let own = get(async || {
        let mut headers = HeaderMap::new();
        headers.insert("x-trace-id", "own".parse().unwrap());
        headers
    });
    let router = Router::new().route("/", changed).layer(ServerLayer::new());
    assert_eq!(send(router, &ALL).await.headers()["x-trace-id"], "changed");
    let router = Router::new().route("/", own).layer(ServerLayer::new());
    assert_eq!(send(router, &ALL).await.headers()["x-trace-id"], "own");
}
