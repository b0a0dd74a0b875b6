//! Three services in a chain, the last of which fails at first: the wire, the logs and the exported spans tell the same story.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use opentelemetry::Value;
use opentelemetry::trace::{SpanId, SpanKind};
use opentelemetry_sdk::trace::{Sampler, SpanData};
use rpc_runtime::Client;
use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::server::{Enveloped, Rejection, ServerLayer};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use crate::ONE_AT_A_TIME;
use crate::hops::{Sdk, WAYS};
use crate::otel::settle;

/// The name of a service, and the headers that it got.
type Received = Arc<Mutex<Vec<(&'static str, HeaderMap)>>>;

#[derive(Clone)]
struct Place {
    name: &'static str,
    received: Received,
    next: Option<Client>,
    failures: Arc<AtomicU32>,
}

async fn handle(State(place): State<Place>, headers: HeaderMap) -> Result<Enveloped<()>, Rejection> {
    place.received.lock().unwrap().push((place.name, headers));
    SystemClock.sleep(Duration::from_millis(5)).await;
    let fails = place.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    if fails.is_ok() {
        return Err(Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "not yet"));
    }
    if let Some(next) = place.next {
        next.get("/").send().await?;
    }
    Ok(Enveloped(()))
}

/// A service that calls the next one, and a client of it. Nothing here is about how fast a machine is.
async fn service(name: &'static str, received: &Received, next: Option<Client>, failures: u32) -> Client {
    let place = Place { name, received: Arc::clone(received), next, failures: Arc::new(failures.into()) };
    let router = Router::new().route("/", get(handle)).with_state(place).layer(ServerLayer::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());
    let client = Client::builder(name).url(&url).timeout(Duration::from_secs(120)).no_attempt_timeout();
    client.retry_delay(Duration::from_millis(1)).build().unwrap()
}

/// Message and trace id of each line that is logged about calls.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<(String, String)>>>);

#[derive(Default)]
struct Line(String, String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.0 = format!("{value:?}"),
            "trace_id" => self.1 = format!("{value:?}").trim_matches('"').to_owned(),
            _ => {}
        }
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "rpc_runtime::call" {
            let mut line = Line::default();
            event.record(&mut line);
            self.0.lock().unwrap().push((line.0, line.1));
        }
    }
}

/// The spans of one kind within another, the first to begin first.
fn parts(sdk: &Sdk, parent: SpanId, kind: &SpanKind) -> Vec<SpanData> {
    let mut parts = sdk.spans();
    parts.retain(|span| span.parent_span_id == parent && span.span_kind == *kind);
    parts.sort_by_key(|span| span.start_time);
    parts
}

fn resend_count(span: &SpanData) -> Option<i64> {
    let found = span.attributes.iter().find(|pair| pair.key.as_str() == "http.request.resend_count")?;
    match found.value {
        Value::I64(count) => Some(count),
        ref other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_chain_with_a_resend() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for way in WAYS {
        let (sdk, lines, received) = (Sdk::new(Sampler::AlwaysOn), Lines::default(), Received::default());
        let _listening = sdk.listen_with(way, lines.clone());
        let c = service("c", &received, None, 1).await;
        let b = service("b", &received, Some(c), 0).await;
        let a = service("a", &received, Some(b), 0).await;
        let reply = a.get("/").send().await.unwrap();
        settle(&sdk, 11).await;
        assert_eq!(sdk.spans().len(), 11, "three calls, four sends, four requests");

        let received = std::mem::take(&mut *received.lock().unwrap());
        let way: Vec<_> = received.iter().map(|(name, _)| *name).collect();
        assert_eq!(way, ["a", "b", "c", "c"]);
        let mut headers = received.iter().map(|(_, headers)| headers);
        let (mut parent, mut names, id) = (SpanId::INVALID, Vec::new(), reply.trace_id().to_owned());
        for resends in [&[None][..], &[None], &[None, Some(1)]] {
            let call = sdk.child(parent, &SpanKind::Internal).span_context.span_id();
            let sends = parts(&sdk, call, &SpanKind::Client);
            assert_eq!(sends.iter().map(resend_count).collect::<Vec<_>>(), resends);
            for (send, attempt) in sends.iter().zip(["1", "2"]) {
                let (span, got) = (send.span_context.span_id(), headers.next().unwrap());
                assert_eq!(got["traceparent"], format!("00-{id}-{span}-01").as_str());
                assert_eq!(got["x-trace-id"], id.as_str());
                assert_eq!(got["x-request-attempt"], attempt);
                parent = sdk.child(span, &SpanKind::Server).span_context.span_id();
                names.push(span);
            }
        }
        assert_eq!(
            names.iter().map(ToString::to_string).collect::<BTreeSet<_>>().len(),
            4,
            "each its own span"
        );
        assert!(sdk.spans().iter().all(|span| span.span_context.trace_id().to_string() == id));

        // Each request takes 5 ms at least; what is told is rounded up.
        let left = received.iter().map(|(_, headers)| headers["x-request-timeout-ms"].to_str().unwrap());
        let left: Vec<u64> = left.map(|millis| millis.parse().unwrap()).collect();
        assert!(left[0] <= 120_000 && left.windows(2).all(|hop| hop[1] <= hop[0] - 4), "{left:?}");

        let lines = lines.0.lock().unwrap();
        assert_eq!(lines.iter().filter(|(message, _)| message == "call succeeded").count(), 3, "{lines:?}");
        assert!(lines.iter().any(|(message, _)| message == "attempt failed, trying again"), "{lines:?}");
        assert!(lines.iter().all(|(_, trace)| *trace == id), "{lines:?}");
    }
}
