//! The real transport: `reqwest`, without its own retries, redirects and proxies.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ::http::header::AUTHORIZATION;
use bytes::Bytes;
use tokio::sync::OnceCell;

use super::base::Base;
use super::failure::before_reply;
use super::pool::{Aging, ClientPool, Sender};
use super::{BoxFuture, ReplyStream, Tls, Transport, TransportError, TransportReply, TransportRequest, tls};
use crate::clock::{Clock, SystemClock};
use crate::config::{Defaults, Scheme};
use crate::discovery::Endpoint;
use crate::error::Sent;
use crate::rng::{Rng, SystemRng};

/// HTTP/1.1 and HTTP/2 over TCP, TLS and Unix sockets. Clones share connections.
///
/// ```
/// use rpc_runtime::transport::HttpTransport;
/// use std::time::Duration;
/// let transport = HttpTransport::new(Some(Duration::from_secs(1)));
/// let mesh = rpc_runtime::Mesh::builder().transport(transport).build()?;
/// # Ok::<_, rpc_runtime::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct HttpTransport {
    connect_timeout: Option<Duration>,
    defaults: Defaults,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    pool: Arc<ClientPool>,
    tls: Arc<SharedTls>,
}

/// Options, and the configuration that the first `https` endpoint makes of them.
#[derive(Debug, Default)]
struct SharedTls {
    options: Tls,
    config: OnceCell<rustls::ClientConfig>,
    /// For endpoints without TLS.
    unused: OnceLock<rustls::ClientConfig>,
}

impl HttpTransport {
    /// A transport whose TCP and TLS handshakes may take this long.
    pub fn new(connect_timeout: Option<Duration>) -> Self {
        Self {
            connect_timeout,
            defaults: Defaults::V1,
            clock: Arc::new(SystemClock),
            rng: Arc::new(SystemRng),
            pool: Arc::default(),
            tls: Arc::default(),
        }
    }

    /// With other numbers: `pool_idle`, `max_connection_age`, `connection_age_jitter`. Connections made before keep theirs.
    #[must_use]
    pub fn with_defaults(mut self, defaults: Defaults) -> Self {
        self.defaults = defaults;
        self
    }

    /// With a clock that tells the age of connections.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// With randomness that spreads the age of connections.
    #[must_use]
    pub fn with_rng(mut self, rng: Arc<dyn Rng>) -> Self {
        self.rng = rng;
        self
    }

    /// With TLS options. Connections made before keep theirs.
    #[must_use]
    pub fn with_tls(mut self, options: Tls) -> Self {
        self.tls = Arc::new(SharedTls { options, ..SharedTls::default() });
        self
    }

    fn sender(&self, endpoint: &Endpoint, alone: bool) -> Result<Sender, TransportError> {
        self.pool.get(endpoint, alone.then(|| self.clock.now()), || {
            let Defaults { max_connection_age, connection_age_jitter, .. } = self.defaults;
            let spread = 1.0 + connection_age_jitter * (2.0 * self.rng.unit() - 1.0);
            let sender = Sender { client: self.build(endpoint)?, base: Base::new(endpoint)? };
            Ok(Aging { sender, old_at: self.clock.now() + max_connection_age.mul_f64(spread) })
        })
    }

    fn build(&self, endpoint: &Endpoint) -> Result<reqwest::Client, TransportError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            // Features of reqwest that another crate turns on must not change what is sent.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .tcp_nodelay(true)
            .pool_idle_timeout(self.defaults.pool_idle);
        if let Some(limit) = self.connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        builder = builder.tls_backend_preconfigured(match endpoint.scheme() {
            Scheme::Https => self.tls.shared()?,
            Scheme::Http | Scheme::H2c | Scheme::Unix => self.tls.unused()?,
        });
        if endpoint.scheme() == Scheme::H2c {
            builder = builder.http2_prior_knowledge();
        }
        #[cfg(unix)]
        if let Some(path) = endpoint.url().socket() {
            builder = builder.unix_socket(path);
        }
        if let Some(addr) = endpoint.addr().filter(|_| endpoint.url().ip().is_none()) {
            builder = builder.resolve(endpoint.host(), addr);
        }
        builder.build().map_err(|error| TransportError::unsendable("no HTTP client").with_source(error))
    }
}

impl SharedTls {
    /// Makes the configuration for TLS, once. That reads the machine's roots, which takes milliseconds: not on a thread that
    /// runs other calls.
    async fn ready(self: &Arc<Self>) -> Result<(), TransportError> {
        let no_tls = || TransportError::unsendable("no TLS");
        let make = || {
            let tls = Arc::clone(self);
            let making = tokio::task::spawn_blocking(move || tls::shared(&tls.options));
            async move {
                let made = making.await.map_err(|error| no_tls().with_source(error))?;
                made.map_err(|error| no_tls().with_source(error))
            }
        };
        self.config.get_or_try_init(make).await.map(drop)
    }

    fn shared(&self) -> Result<rustls::ClientConfig, TransportError> {
        self.config.get().cloned().ok_or_else(|| TransportError::unsendable("no TLS yet"))
    }

    fn unused(&self) -> Result<rustls::ClientConfig, TransportError> {
        once(&self.unused, tls::unused)
    }
}

/// The configuration in the cell, made if there is none. Clones share what is large in it.
fn once(
    cell: &OnceLock<rustls::ClientConfig>,
    make: impl FnOnce() -> Result<rustls::ClientConfig, rustls::Error>,
) -> Result<rustls::ClientConfig, TransportError> {
    if let Some(config) = cell.get() {
        return Ok(config.clone());
    }
    let made = make().map_err(|error| TransportError::unsendable("no TLS").with_source(error))?;
    Ok(cell.get_or_init(|| made).clone())
}

impl Transport for HttpTransport {
    fn send<'c>(
        &'c self,
        request: TransportRequest<'c>,
    ) -> BoxFuture<'c, Result<TransportReply, TransportError>> {
        Box::pin(async move {
            let TransportRequest { endpoint, method, target, headers, body, alone } = request;
            if endpoint.scheme() == Scheme::Https {
                self.tls.ready().await?;
            }
            let Sender { client, base } = self.sender(endpoint, alone)?;
            // Not by the builder: it would copy the headers one by one.
            let url = base.join(endpoint.base_path(), target);
            let mut outgoing = reqwest::Request::new(method.clone(), url);
            *outgoing.headers_mut() = headers;
            if let Some(own) = base.authorization() {
                outgoing.headers_mut().entry(AUTHORIZATION).or_insert_with(|| own.clone());
            }
            if !body.is_empty() {
                *outgoing.body_mut() = Some(body.into());
            }
            let mut response = client.execute(outgoing).await.map_err(before_reply)?;
            let headers = std::mem::take(response.headers_mut());
            let (status, version) = (response.status(), response.version());
            Ok(TransportReply::new(status, headers, ReplyStream::http(response)).with_version(version))
        })
    }

    fn forget(&self, endpoint: &Endpoint) {
        self.pool.forget(endpoint);
    }
}

/// The next piece of a reply.
pub(super) async fn chunk(response: &mut reqwest::Response) -> Option<Result<Bytes, TransportError>> {
    let broken = |error: reqwest::Error| {
        TransportError::new("connection broke in the middle of the reply", Sent::Yes)
            .with_source(error.without_url())
    };
    response.chunk().await.map_err(broken).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocking work waits for the one thread there is, and others do not wait for it.
    #[test]
    fn roots_are_read_beside_other_calls() {
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let (release, released) = std::sync::mpsc::channel::<()>();
            let busy = tokio::task::spawn_blocking(move || released.recv());
            let authority = rcgen::generate_simple_self_signed(["orders".to_owned()]).unwrap();
            let options =
                Tls::new().add_root_pem(authority.cert.pem().as_bytes()).unwrap().only_given_roots();
            let tls = Arc::new(SharedTls { options, ..SharedTls::default() });
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let mut ready = Box::pin(tls.ready());
            assert!(ready.as_mut().poll(&mut context).is_pending());
            assert!(tls.shared().is_err());
            release.send(()).unwrap();
            ready.await.unwrap();
            assert!(tls.shared().is_ok());
            busy.await.unwrap().unwrap();
        });
    }
}
