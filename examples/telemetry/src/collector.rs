//! What a collector does with OTLP: takes the spans, whoever sends them.

mod otlp;

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::span::Span;

/// A collector on a port of its own, with a thread of its own, for as long as the value.
#[derive(Debug)]
pub(crate) struct Collector {
    /// The endpoint for exporters.
    pub(crate) url: String,
    received: Received,
    _runtime: Runtime,
}

type Received = Arc<Mutex<Vec<Span>>>;

impl Collector {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let received = Received::default();
        let listener =
            runtime.block_on(TcpListener::bind("127.0.0.1:0")).context("a port for the collector")?;
        let url = format!("http://{}", listener.local_addr()?);
        let router = Router::new()
            .route("/v1/traces", post(take))
            // Only the traces are looked at here.
            .route("/v1/metrics", post(async || ()))
            .with_state(Arc::clone(&received));
        runtime.spawn(axum::serve(listener, router).into_future());
        Ok(Self { url, received, _runtime: runtime })
    }

    /// All spans that have arrived so far.
    pub(crate) fn spans(&self) -> Vec<Span> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn take(State(received): State<Received>, body: Bytes) -> Result<(), (StatusCode, String)> {
    let spans = otlp::decode(body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    received.lock().unwrap_or_else(PoisonError::into_inner).extend(spans);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_otlp_is_refused() {
        let received = Received::default();
        let (status, why) = take(State(Arc::clone(&received)), "nonsense".into()).await.unwrap_err();
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(why.contains("Protobuf"), "{why}");
        assert!(received.lock().unwrap().is_empty());
    }
}
