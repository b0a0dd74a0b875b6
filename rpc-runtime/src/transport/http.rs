//! The real transport: `reqwest`, without its own retries, redirects and proxies.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;

use super::pool::ClientPool;
use super::{
    BoxFuture, ReplyBody, ReplyStream, Transport, TransportError, TransportReply, TransportRequest, tls,
};
use crate::config::{Defaults, Scheme};
use crate::discovery::Endpoint;
use crate::error::Sent;

/// HTTP/1.1 and HTTP/2 over TCP and TLS. Clones share connections.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    connect_timeout: Option<Duration>,
    pool: Arc<ClientPool>,
    tls: Arc<OnceLock<rustls::ClientConfig>>,
}

impl HttpTransport {
    /// A transport whose TCP and TLS handshakes may take this long.
    pub fn new(connect_timeout: Option<Duration>) -> Self {
        Self { connect_timeout, pool: Arc::default(), tls: Arc::default() }
    }

    fn client(&self, endpoint: &Endpoint) -> Result<reqwest::Client, TransportError> {
        self.pool.get(endpoint, || self.build(endpoint))
    }

    fn build(&self, endpoint: &Endpoint) -> Result<reqwest::Client, TransportError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .tcp_nodelay(true)
            .pool_idle_timeout(Defaults::V1.pool_idle);
        if let Some(limit) = self.connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        builder = builder.tls_backend_preconfigured(match endpoint.scheme() {
            Scheme::Https => self.tls()?,
            Scheme::Http => tls::unused()
                .map_err(|error| TransportError::new("no TLS", Sent::Never).with_source(error))?,
        });
        if let Some(addr) = endpoint.addr().filter(|_| endpoint.url().ip().is_none()) {
            builder = builder.resolve(endpoint.host(), addr);
        }
        builder.build().map_err(|error| TransportError::new("no HTTP client", Sent::Never).with_source(error))
    }

    fn tls(&self) -> Result<rustls::ClientConfig, TransportError> {
        if let Some(config) = self.tls.get() {
            return Ok(config.clone());
        }
        let config =
            tls::shared().map_err(|error| TransportError::new("no TLS", Sent::Never).with_source(error))?;
        Ok(self.tls.get_or_init(|| config).clone())
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportReply, TransportError>> {
        Box::pin(async move {
            let client = self.client(&request.endpoint)?;
            let url = url(&request.endpoint, &request.target)?;
            // The builder turns user information into basic authentication; an `Authorization` of the call wins.
            let mut outgoing = client.request(request.method, url).headers(request.headers);
            if !request.body.is_empty() {
                outgoing = outgoing.body(request.body);
            }
            let response = outgoing.send().await.map_err(before_reply)?;
            let status = response.status();
            let headers = response.headers().clone();
            Ok(TransportReply::new(status, headers, ReplyStream::new(Incoming(response))))
        })
    }
}

fn url(endpoint: &Endpoint, target: &str) -> Result<reqwest::Url, TransportError> {
    let text = format!("{}://{}{}{target}", endpoint.scheme(), endpoint.authority(), endpoint.base_path());
    let mut url = reqwest::Url::parse(&text)
        .map_err(|error| TransportError::new("no valid URL", Sent::Never).with_source(error))?;
    let base = endpoint.url().as_url();
    if !base.username().is_empty() || base.password().is_some() {
        // They come from a URL of the same kind, so this cannot fail.
        let _ = url.set_username(base.username()).and_then(|()| url.set_password(base.password()));
    }
    Ok(url)
}

struct Incoming(reqwest::Response);

impl ReplyBody for Incoming {
    fn chunk(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async {
            self.0
                .chunk()
                .await
                .map_err(|error| {
                    TransportError::new("connection broke in the middle of the reply", Sent::Yes)
                        .with_source(error.without_url())
                })
                .transpose()
        })
    }
}

/// What kept the reply from starting. URLs are taken out: their queries may hold secrets.
fn before_reply(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    if error.is_connect() {
        let timed_out = error.is_timeout();
        let what = if timed_out { "no connection in time" } else { "no connection" };
        let mut failure = TransportError::new(what, Sent::Never).with_source(error);
        failure.timed_out = timed_out;
        return failure;
    }
    if never_processed(&error) {
        return TransportError::new("the service refused the stream unprocessed", Sent::Never)
            .with_source(error);
    }
    if error.is_builder() {
        return TransportError::new("the request cannot be sent", Sent::Never).with_source(error);
    }
    TransportError::new("connection broke before the reply", Sent::Maybe).with_source(error)
}

/// HTTP/2 says of some streams that they were not processed: REFUSED_STREAM, and those beyond GOAWAY's last (RFC 9113 §8.7).
fn never_processed(error: &reqwest::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(h2) = cause.downcast_ref::<h2::Error>() {
            return h2.reason() == Some(h2::Reason::REFUSED_STREAM) && h2.is_remote();
        }
        source = cause.source();
    }
    false
}
