//! The span of a request.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::routing::{any, get};
use rpc_runtime::server::ServerLayer;
use tower_layer::Layer as _;
use tower_service::Service;
use tracing::field::{Field, Visit};
use tracing::span;

type Fields = BTreeMap<String, String>;

/// The fields of the last `request` span, and how often it was entered.
#[derive(Debug, Clone, Default)]
struct Spans(Arc<Mutex<(Fields, usize)>>);

struct Collect<'a>(&'a mut Fields);

impl Visit for Collect<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl tracing::Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "rpc_runtime::server"
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut state = self.0.lock().unwrap();
        *state = (Fields::new(), 0);
        span.record(&mut Collect(&mut state.0));
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Collect(&mut self.0.lock().unwrap().0));
    }

    fn enter(&self, _: &span::Id) {
        self.0.lock().unwrap().1 += 1;
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn names_of_opentelemetry_and_no_values() {
    let _alone = crate::ONE_AT_A_TIME.lock().await;
    let spans = Spans::default();
    let _listening = tracing::subscriber::set_default(spans.clone());
    let answers = any(async || StatusCode::INTERNAL_SERVER_ERROR);
    let missing = get(async || {
        tokio::task::yield_now().await;
        StatusCode::NOT_FOUND
    });
    let routes = Router::new().route("/orders/{id}", missing).route("/broken", answers);
    let routed = routes.clone().layer(ServerLayer::new());
    let bare = ServerLayer::new().layer(routes);

    let request = |method: &str, uri: &str, limit: &str| {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request =
            Request::builder().method(method).uri(uri).header("host", "carts:8000").header("x-trace-id", "t");
        request.header("x-request-timeout-ms", limit).body(Body::empty()).unwrap()
    };
    let check = |expected: &[(&str, &str)]| {
        let (mut fields, entered) = std::mem::take(&mut *spans.0.lock().unwrap());
        assert_eq!(fields.remove("otel.kind").as_deref(), Some("server"));
        assert_eq!(fields.remove("trace_id").as_deref(), Some("t"));
        for (name, value) in [
            ("network.protocol.version", "1.1"),
            ("server.address", "carts"),
            ("server.port", "8000"),
            ("url.scheme", "http"),
        ] {
            assert_eq!(fields.remove(name).as_deref(), Some(value), "{name}");
        }
        let pairs = expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        assert_eq!(fields, pairs.collect::<Fields>());
        entered
    };
    async fn send(service: &(impl Service<Request> + Clone), request: Request) {
        assert!(service.clone().call(request).await.is_ok());
    }

    send(&routed, request("GET", "/orders/7?token=secret", "1000")).await;
    let entered = check(&[
        ("http.request.method", "GET"),
        ("http.response.status_code", "404"),
        ("http.route", "/orders/{id}"),
        ("otel.name", "GET /orders/{id}"),
        ("url.path", "/orders/7"),
        ("url.query", "token=REDACTED"),
    ]);
    assert!(entered >= 3, "at its call and at each poll: {entered}");
    send(&bare, request("MADEUP", "/broken?token=secret", "1000")).await;
    check(&[
        ("error.type", "500"),
        ("http.request.method", "_OTHER"),
        ("http.request.method_original", "MADEUP"),
        ("http.response.status_code", "500"),
        ("otel.name", "HTTP"),
        ("otel.status_code", "ERROR"),
        ("url.path", "/broken"),
        ("url.query", "token=REDACTED"),
    ]);
    send(&routed, request("POST", "/broken", "0")).await;
    check(&[
        ("error.type", "deadline_expired"),
        ("http.request.method", "POST"),
        ("http.response.status_code", "504"),
        ("http.route", "/broken"),
        ("otel.name", "POST /broken"),
        ("otel.status_code", "ERROR"),
        ("url.path", "/broken"),
    ]);
}
