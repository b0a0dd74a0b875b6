//! Services that call each other over sockets, with the SDK of OpenTelemetry behind `tracing`.

use std::mem::ManuallyDrop;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Router, response::IntoResponse as _};
use opentelemetry::trace::{SpanKind, TracerProvider as _};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{InMemorySpanExporter, Sampler, SdkTracerProvider, SpanData};
use rpc_runtime::otel::Telemetry;
use rpc_runtime::server::ServerLayer;
use rpc_runtime::{Client, trace};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::{Identity, Layer, SubscriberExt as _};
use tracing_subscriber::registry::Registry;

/// What each service was sent, and what its handler saw as the trace's id.
pub(crate) type Received = Arc<Mutex<Vec<(HeaderMap, Option<String>)>>>;

/// A service, and whom it calls.
pub(crate) struct Service {
    pub(crate) client: Client,
    pub(crate) received: Received,
}

type Place = State<(Received, Option<Client>)>;

async fn handle(State((received, next)): Place, headers: HeaderMap) -> axum::response::Response {
    received.lock().unwrap().push((headers, trace::current_id()));
    match next {
        None => "{}".into_response(),
        Some(next) => match next.get("/orders/7?token=hunter2").send().await {
            Ok(_) => "{}".into_response(),
            Err(_) => StatusCode::BAD_GATEWAY.into_response(),
        },
    }
}

/// A service that answers by calling another one.
pub(crate) async fn service(next: Option<Client>) -> Service {
    let received = Received::default();
    let router = Router::new().route("/orders/{id}", get(handle)).with_state((Arc::clone(&received), next));
    let router = router.layer(ServerLayer::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());
    // Nothing here is about time.
    let client = Client::builder("hop").url(&url).timeout(Duration::from_secs(120)).no_attempt_timeout();
    Service { client: client.retries(0).build().unwrap(), received }
}

/// How spans come to the SDK.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// A layer that somebody set up.
    Tracing,
    /// That of [`Telemetry`], which is told of calls directly.
    Telemetry,
}

pub(crate) const WAYS: [Way; 2] = [Way::Tracing, Way::Telemetry];

/// The SDK, sending to memory.
pub(crate) struct Sdk {
    pub(crate) provider: SdkTracerProvider,
    exporter: InMemorySpanExporter,
}

impl Sdk {
    pub(crate) fn new(sampler: Sampler) -> Self {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_sampler(Sampler::ParentBased(Box::new(sampler)))
            .with_simple_exporter(exporter.clone())
            .build();
        Self { provider, exporter }
    }

    /// Puts it behind `tracing`, on this thread, until the guard goes.
    pub(crate) fn listen(&self, way: Way) -> DefaultGuard {
        self.listen_with(way, Identity::new())
    }

    /// The same, beside another layer.
    pub(crate) fn listen_with(&self, way: Way, other: impl Layer<Registry> + Send + Sync) -> DefaultGuard {
        let registry = tracing_subscriber::registry().with(other);
        match way {
            Way::Tracing => {
                let layer = tracing_opentelemetry::layer().with_tracer(self.provider.tracer("test"));
                tracing::subscriber::set_default(registry.with(layer))
            }
            Way::Telemetry => tracing::subscriber::set_default(registry.with(self.telemetry().layer())),
        }
    }

    /// Does not end with its own telemetry.
    pub(crate) fn telemetry(&self) -> ManuallyDrop<Telemetry> {
        ManuallyDrop::new(Telemetry::from_providers(self.provider.clone(), SdkMeterProvider::default()))
    }

    /// The same, with a layer that attaches no context of OpenTelemetry's.
    pub(crate) fn listen_detached(&self) -> DefaultGuard {
        let layer = tracing_opentelemetry::layer().with_tracer(self.provider.tracer("test"));
        let layer = layer.with_context_activation(false);
        tracing::subscriber::set_default(tracing_subscriber::registry().with(layer))
    }

    pub(crate) fn spans(&self) -> Vec<SpanData> {
        self.exporter.get_finished_spans().unwrap()
    }

    /// The one of this kind and parent.
    #[track_caller]
    pub(crate) fn child(&self, parent: opentelemetry::SpanId, kind: &SpanKind) -> SpanData {
        let all = self.spans();
        let mut found = all.iter().filter(|span| span.parent_span_id == parent && span.span_kind == *kind);
        let span = found.next().unwrap_or_else(|| panic!("{parent} {kind:?}: {all:#?}"));
        assert!(found.next().is_none(), "{parent} {kind:?}: {all:#?}");
        span.clone()
    }
}
