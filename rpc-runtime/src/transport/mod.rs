//! Sending one request to one endpoint.
//!
//! [`Transport`] is the seam between the call core and the network; [`HttpTransport`] is the real one, over `reqwest`.

mod base;
mod failure;
mod http;
mod pool;
mod tls;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use ::http::{HeaderMap, Method, StatusCode, Version};
use bytes::Bytes;

pub use self::http::HttpTransport;
pub use self::tls::{Tls, TlsError};
use crate::discovery::Endpoint;
use crate::error::{BoxError, Sent};
use crate::log::Shown;

/// For who calls others than services: with TLS options, or for plain HTTP only.
#[cfg(feature = "otlp")]
pub(crate) fn foreign_tls(tls: Option<&Tls>) -> Result<rustls::ClientConfig, rustls::Error> {
    tls.map_or_else(tls::unused, tls::shared)
}

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One request to one endpoint.
#[derive(Clone)]
#[non_exhaustive]
pub struct TransportRequest<'c> {
    /// Where to.
    pub endpoint: &'c Endpoint,
    /// HTTP method.
    pub method: &'c Method,
    /// Path and query, encoded: `/api/v1/orders?page=2`. The endpoint's base path goes in front.
    pub target: &'c str,
    /// Headers.
    pub headers: HeaderMap,
    /// Body; empty for none.
    pub body: Bytes,
    /// The service has this one endpoint only, which may be a virtual address of several: connections are then made anew
    /// from time to time, so that instances that came later get their share.
    pub alone: bool,
}

/// Neither query nor headers nor body: they hold secrets.
impl std::fmt::Debug for TransportRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.target.split_once('?').map_or(self.target, |(path, _)| path);
        f.debug_struct("TransportRequest")
            .field("endpoint", &self.endpoint)
            .field("method", &self.method)
            .field("path", &path)
            .finish_non_exhaustive()
    }
}

/// The head of a reply, and its body still to come.
#[non_exhaustive]
pub struct TransportReply {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: ReplyStream,
    /// Protocol, where the transport knows it.
    pub version: Option<Version>,
}

/// No values of headers that are secret.
impl std::fmt::Debug for TransportReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { status, headers, version, .. } = self;
        f.debug_struct("TransportReply")
            .field("status", status)
            .field("headers", &Shown::usual(headers))
            .field("version", version)
            .finish_non_exhaustive()
    }
}

impl TransportReply {
    /// A reply.
    pub fn new(status: StatusCode, headers: HeaderMap, body: ReplyStream) -> Self {
        Self { status, headers, body, version: None }
    }

    /// With its protocol.
    #[must_use]
    pub fn with_version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }
}

/// A body that arrives in pieces.
pub struct ReplyStream(Source);

enum Source {
    /// The usual transport's, as it is.
    Http(reqwest::Response),
    Other(Box<dyn ReplyBody>),
}

/// A source of pieces.
pub trait ReplyBody: Send {
    /// The next piece; `None` at the end.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>>;
}

impl ReplyStream {
    /// A body from its source.
    pub fn new(body: impl ReplyBody + 'static) -> Self {
        Self(Source::Other(Box::new(body)))
    }

    pub(crate) fn http(response: reqwest::Response) -> Self {
        Self(Source::Http(response))
    }

    /// A body that is already here.
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        struct Full(Option<Bytes>);
        impl ReplyBody for Full {
            fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
                Poll::Ready(self.0.take().map(Ok))
            }
        }
        Self::new(Full(Some(bytes.into())))
    }

    pub(crate) async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        match &mut self.0 {
            Source::Http(response) => http::chunk(response).await,
            Source::Other(body) => poll_fn(|context| body.poll_chunk(context)).await,
        }
    }
}

impl std::fmt::Debug for ReplyStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReplyStream")
    }
}

/// A request that got no whole reply.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct TransportError {
    what: String,
    /// The handshake's time ran out.
    pub(crate) timed_out: bool,
    /// This side cannot send it, whatever the endpoint.
    pub(crate) unsendable: bool,
    /// The service said that it left this one out, as services do that are about to close a connection.
    pub(crate) unprocessed: bool,
    /// Whether the service may have seen the request.
    pub(crate) sent: Sent,
    #[source]
    source: Option<BoxError>,
}

impl TransportError {
    /// An error; `what` is a lower-case fragment such as `connection refused`.
    pub fn new(what: impl Into<String>, sent: Sent) -> Self {
        Self {
            what: what.into(),
            timed_out: false,
            unsendable: false,
            unprocessed: false,
            sent,
            source: None,
        }
    }

    /// The request cannot be sent to any endpoint: it is no valid HTTP request, or this side lacks what it needs. It is not
    /// tried again, and no endpoint is blamed for it.
    pub fn unsendable(what: impl Into<String>) -> Self {
        Self { unsendable: true, ..Self::new(what, Sent::Never) }
    }

    /// With what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Sends requests.
pub trait Transport: Send + Sync + std::fmt::Debug + 'static {
    /// Sends one request. Dropping the future cancels it.
    fn send<'c>(
        &'c self,
        request: TransportRequest<'c>,
    ) -> BoxFuture<'c, Result<TransportReply, TransportError>>;

    /// The endpoint is gone, or its connections are suspect: drops its idle connections. Calls in flight end normally.
    fn forget(&self, _endpoint: &Endpoint) {}
}
