//! A service between ours that knows `x-trace-id` and nothing else: ours, relay-service (FastAPI), ours, order-service (FastAPI).

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::get;
use interop::{orders, seen, unique, url};
use opentelemetry::trace::{SpanId, SpanKind, TracerProvider as _};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use rpc_runtime::server::{Enveloped, Rejection, ServerLayer};
use rpc_runtime::trace;
use tracing_subscriber::layer::SubscriberExt as _;

/// The headers that our service got.
type Arrived = Arc<Mutex<Vec<HeaderMap>>>;

/// What the handler of our service saw as the trace's id; it calls on before it answers.
async fn handle(State(arrived): State<Arrived>, headers: HeaderMap) -> Result<Enveloped<String>, Rejection> {
    arrived.lock().unwrap().push(headers);
    orders().get_order(123).await?;
    Ok(Enveloped(trace::current_id().unwrap()))
}

/// Our service, on a socket of its own.
async fn ours(arrived: &Arrived) -> String {
    let router = Router::new().route("/", get(handle)).with_state(Arc::clone(arrived));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router.layer(ServerLayer::new())).into_future());
    url
}

/// What everybody on the way knew of one call.
struct Way {
    /// `X-Trace-ID` everywhere.
    id: String,
    /// The trace in order-service's `traceparent`.
    trace: String,
    /// Of our caller and our service.
    spans: Vec<SpanData>,
}

impl Way {
    /// Calls through all four, with an id of ours or a new one.
    async fn go(exporter: &InMemorySpanExporter, chosen: Option<&str>) -> Self {
        exporter.reset();
        let arrived = Arrived::default();
        let next = ours(&arrived).await;
        let relay = relay_service::Client::new(url("relay-service")).unwrap();
        let mut call = relay.relay(&next);
        if let Some(chosen) = chosen {
            call = call.trace_id(chosen);
        }
        let reply = call.send().await.unwrap();
        let id = reply.trace_id().to_owned();
        let relayed = &reply.data;
        assert_eq!(relayed.status, 200, "{relayed:?}");

        assert_eq!(reply.headers()["x-trace-id"], id.as_str(), "relay-service answers with it");
        assert_eq!(relayed.logged, [format!("INFO [{id}] calling on"), format!("INFO [{id}] answered 200")]);
        let arrived = arrived.lock().unwrap().pop().unwrap();
        assert_eq!(arrived["x-trace-id"], id.as_str(), "our service got it");
        for header in ["traceparent", "baggage", "x-request-id", "x-request-timeout-ms"] {
            assert!(!arrived.contains_key(header), "{header} is nothing that relay-service knows");
        }
        assert_eq!(relayed.trace_id.as_deref(), Some(id.as_str()), "our service answers with it");
        assert!(relayed.body.contains(&format!("\"{id}\"")), "our handler saw it: {}", relayed.body);

        let seen = seen(&id).await;
        let services: Vec<_> = seen.iter().map(|request| request.service.as_str()).collect();
        assert_eq!(services, ["relay-service", "order-service"]);
        let trace = seen[1].headers["traceparent"][3..35].to_owned();
        // `seen` itself has asked order-service, too.
        let mut spans = exporter.get_finished_spans().unwrap();
        spans.retain(|span| !span.name.contains("list_seen_requests") && !span.name.contains("/faults/"));
        Self { id, trace, spans }
    }

    /// The traces of the spans of one kind.
    fn traces(&self, kind: &SpanKind) -> Vec<String> {
        let spans = self.spans.iter().filter(|span| span.span_kind == *kind);
        spans.map(|span| span.span_context.trace_id().to_string()).collect()
    }
}

/// One test, since `tracing` decides once per process which threads a callsite is on for.
#[tokio::test]
async fn one_id_across_a_service_that_knows_only_x_trace_id() {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("interop"));
    let _listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));

    // 32 hex digits, ours or chosen: one trace of OpenTelemetry's, although relay-service has no part in it.
    let chosen = format!("{:032x}", std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() | 1 << 120);
    for given in [None, Some(chosen.as_str())] {
        let way = Way::go(&exporter, given).await;
        assert_eq!(given.unwrap_or(&way.id), way.id);
        assert_eq!((way.id.len(), way.trace.as_str()), (32, way.id.as_str()));
        assert_eq!(way.traces(&SpanKind::Server), [way.id.as_str()]);
        assert_eq!(way.traces(&SpanKind::Client), [way.id.as_str(); 2]);
        let server = way.spans.iter().find(|span| span.span_kind == SpanKind::Server).unwrap();
        let known = way.spans.iter().any(|span| span.span_context.span_id() == server.parent_span_id);
        assert!(!known && server.parent_span_id != SpanId::INVALID, "its parent is one that nobody has sent");
    }

    // Any other id goes along all the same; the traces on both sides of relay-service are two.
    let way = Way::go(&exporter, Some(&unique("task"))).await;
    let [server] = &way.traces(&SpanKind::Server)[..] else { panic!("{:?}", way.spans) };
    assert_eq!(*server, way.trace);
    let mut sent = way.traces(&SpanKind::Client);
    sent.sort_unstable();
    sent.dedup();
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent.contains(server) && !sent.contains(&way.id));
}
