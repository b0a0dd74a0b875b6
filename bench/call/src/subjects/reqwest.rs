//! What somebody writes who has one service and no runtime: a client made once, a URL, an envelope type.
//!
//! The settings are those of the runtime's transport, and the headers those of its requests; their values are made once
//! here, while the runtime makes new ids for every call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use order_service::types::Order;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use super::Subject;

const HEADERS: [(&str, &str); 6] = [
    ("accept", "application/json"),
    ("x-trace-id", "0af7651916cd43dd8448eb211c80319c"),
    ("x-request-id", "0af7651916cd43dd8448eb211c80319c"),
    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ("x-request-attempt", "1"),
    ("x-request-timeout-ms", "10000"),
];

/// The envelope, as its user would write it down.
#[derive(Debug, Deserialize)]
struct Envelope<T> {
    code: i64,
    message: String,
    data: T,
    #[expect(dead_code, reason = "it is read and kept, as the runtime does")]
    timestamp: String,
}

/// One `reqwest` client, and the bases that it calls in turn.
#[derive(Debug)]
pub(super) struct Reqwest {
    client: reqwest::Client,
    bases: Vec<String>,
    next: AtomicUsize,
}

impl Subject for Reqwest {
    fn new(ports: &[u16]) -> anyhow::Result<Self> {
        let headers = HEADERS
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .tcp_nodelay(true)
            .pool_idle_timeout(Duration::from_secs(60))
            .connect_timeout(Duration::from_secs(1))
            .timeout(Duration::from_secs(10))
            .default_headers(headers.collect::<HeaderMap>())
            .tls_backend_preconfigured(tls()?)
            .build()?;
        let bases = ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect();
        Ok(Self { client, bases, next: AtomicUsize::new(0) })
    }

    async fn call(&self) -> anyhow::Result<i64> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.bases.len();
        let base = self.bases.get(turn).context("no port")?;
        let response = self.client.get(format!("{base}/api/v1/orders/{}", 123)).send().await?;
        let envelope: Envelope<Order> = response.error_for_status()?.json().await?;
        ensure!(envelope.code == 200, "{}: {}", envelope.code, envelope.message);
        Ok(envelope.data.id)
    }
}

/// `reqwest` wants a TLS configuration although nothing here is encrypted.
fn tls() -> anyhow::Result<rustls::ClientConfig> {
    Ok(rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth())
}
