//! What a client holds, whoever generated it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::Mesh;
use super::fallback::ClientFallback;
use super::state::ServiceState;
use crate::breaker::Breaker;
use crate::call;
use crate::config::{ClientConfig, Defaults, ResolvedConfig, ServiceUrl, Setting};
use crate::credentials::{self, Credential, CredentialSpec, Credentials};
use crate::discovery::ServiceName;
use crate::envelope::Envelope;
use crate::error::{Error, Result};
use crate::hedge::Hedging;
use crate::intercept::{Chain, Interceptor};
use crate::log::Log;

/// What a generated crate says about its service. One `static` per crate.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ServiceDescriptor {
    /// Name in discovery: `order-service`.
    pub name: &'static str,
    /// Credentials that the document declares.
    pub credentials: &'static [CredentialSpec],
    /// The service's envelope, for raw calls.
    pub envelope: Option<&'static Envelope>,
}

impl ServiceDescriptor {
    /// A service without credentials and envelope.
    pub const fn new(name: &'static str) -> Self {
        Self { name, credentials: &[], envelope: None }
    }

    /// With credentials.
    #[must_use]
    pub const fn credentials(mut self, credentials: &'static [CredentialSpec]) -> Self {
        self.credentials = credentials;
        self
    }

    /// With an envelope.
    #[must_use]
    pub const fn envelope(mut self, envelope: &'static Envelope) -> Self {
        self.envelope = Some(envelope);
        self
    }
}

/// The `Accept` of most operations.
pub(crate) const PLAIN_ACCEPT: &str = "application/json";

/// Headers that `Debug` shows the names of only: their values are often secrets.
struct PlainHeaders(Arc<HeaderMap>);

impl fmt::Debug for PlainHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A client's inside. Clones are the same client.
#[derive(Debug, Clone)]
pub struct Handle {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    mesh: Mesh,
    name: ServiceName,
    service: ServiceDescriptor,
    config: Arc<ResolvedConfig>,
    /// What a call sends that adds nothing: the client's default headers, and [`PLAIN_ACCEPT`].
    plain_headers: PlainHeaders,
    /// The limit of an attempt, as it is sent.
    attempt_timeout: HeaderValue,
    interceptors: Chain,
    state: Arc<ServiceState>,
    fallback: Option<ClientFallback>,
    log: Log,
    /// Where it finds the service, and as whom; hashed.
    #[cfg(feature = "cache")]
    addresses: String,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.mesh.release(&self.state);
    }
}

impl Handle {
    pub(crate) fn mesh(&self) -> &Mesh {
        &self.inner.mesh
    }

    pub(crate) fn name(&self) -> &ServiceName {
        &self.inner.name
    }

    pub(crate) fn service(&self) -> &ServiceDescriptor {
        &self.inner.service
    }

    pub(crate) fn config(&self) -> &ResolvedConfig {
        &self.inner.config
    }

    pub(crate) fn plain_headers(&self) -> &Arc<HeaderMap> {
        &self.inner.plain_headers.0
    }

    pub(crate) fn attempt_timeout(&self) -> &HeaderValue {
        &self.inner.attempt_timeout
    }

    /// In their order; the client's credentials are the last.
    pub(crate) fn interceptors(&self) -> &Chain {
        &self.inner.interceptors
    }

    /// Where it finds the service, and as whom; hashed.
    #[cfg(feature = "cache")]
    pub(crate) fn addresses(&self) -> &str {
        &self.inner.addresses
    }

    /// Of calls that get no proper answer.
    pub(crate) fn fallback(&self) -> Option<&ClientFallback> {
        self.inner.fallback.as_ref()
    }

    /// What becomes of its lines in the log.
    pub(crate) fn log(&self) -> &Log {
        &self.inner.log
    }

    /// What the service's clients share.
    pub(crate) fn state(&self) -> &Arc<ServiceState> {
        &self.inner.state
    }
}

/// Settings of a client under construction. Mistakes are kept for [`build`](Self::build).
#[derive(Debug, Clone)]
pub struct HandleBuilder {
    service: ServiceDescriptor,
    name: String,
    mesh: Option<Mesh>,
    urls: Vec<ServiceUrl>,
    config: ClientConfig,
    credentials: Vec<(&'static str, Credential)>,
    /// The `Authorization` of every call, where it has to be fetched.
    every_call: Option<Credential>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    fallback: Option<ClientFallback>,
    mistake: Option<String>,
}

impl HandleBuilder {
    /// Starts with a service and nothing else.
    pub fn new(service: &ServiceDescriptor) -> Self {
        Self::named(service, service.name)
    }

    pub(crate) fn named(service: &ServiceDescriptor, name: &str) -> Self {
        Self {
            service: *service,
            name: name.to_owned(),
            mesh: None,
            urls: Vec::new(),
            config: ClientConfig::default(),
            credentials: Vec::new(),
            every_call: None,
            interceptors: Vec::new(),
            fallback: None,
            mistake: None,
        }
    }

    /// See the generated builder.
    pub fn mesh(&mut self, mesh: &Mesh) {
        self.mesh = Some(mesh.clone());
    }

    /// See the generated builder.
    pub fn url(&mut self, url: &str) {
        match ServiceUrl::parse(url) {
            Ok(url) => self.urls.push(url),
            Err(error) => self.fail(format!("url: {error}")),
        }
    }

    /// See the generated builder.
    pub fn timeout(&mut self, limit: Option<Duration>) {
        self.no_zero("timeout", limit);
        self.config.timeout = Setting::from(limit);
    }

    /// See the generated builder.
    pub fn attempt_timeout(&mut self, limit: Option<Duration>) {
        self.no_zero("attempt_timeout", limit);
        self.config.attempt_timeout = Setting::from(limit);
    }

    /// See the generated builder.
    pub fn retries(&mut self, retries: u32) {
        self.config.retries = Some(retries);
    }

    /// See the generated builder.
    pub fn retry_delay(&mut self, base: Duration) {
        self.config.retry_delay = Some(base);
    }

    /// See the generated builder.
    pub fn max_body(&mut self, bytes: u64) {
        self.config.max_body = Setting::Set(bytes);
    }

    /// See the generated builder.
    pub fn authorization(&mut self, credential: &Credential) {
        self.every_call = credential.source().map(|_| credential.clone());
        if self.every_call.is_some() {
            self.config.default_headers.remove(header::AUTHORIZATION);
            return self.check(credential);
        }
        match credential.authorization() {
            Ok(value) => {
                self.config.default_headers.insert(header::AUTHORIZATION, value);
            }
            Err(what) => self.fail(what),
        }
    }

    /// See the generated builder.
    pub fn default_header(&mut self, name: &str, value: &str) {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(credentials::is_sensitive(&name));
                self.config.default_headers.append(name, value);
            }
            (Err(_), _) => self.fail(format!("default header `{name}`: not a valid header name")),
            (_, Err(_)) => self.fail(format!("default header `{name}`: not a valid header value")),
        }
    }

    /// Sets a credential that the document declares under this name.
    pub fn credential(&mut self, name: &'static str, credential: Credential) {
        self.check(&credential);
        self.credentials.push((name, credential));
    }

    fn check(&mut self, credential: &Credential) {
        if let Err(what) = credential.check() {
            self.fail(what);
        }
    }

    /// See the generated builder.
    pub fn breaker(&mut self, breaker: Option<Breaker>) {
        self.config.breaker = Setting::from(breaker);
    }

    /// See the generated builder.
    pub fn hedging(&mut self, hedging: Option<Hedging>) {
        self.config.hedging = Setting::from(hedging);
    }

    /// See the generated builder.
    #[cfg(feature = "cache")]
    pub fn cache(&mut self, ttl: Option<Duration>) {
        self.config.caching.ttl = Setting::from(ttl);
    }

    /// See the generated builder.
    #[cfg(feature = "cache")]
    pub fn stale_if_error(&mut self, max_age: Duration) {
        self.config.caching.stale_if_error = Setting::Set(max_age);
    }

    /// See the generated builder.
    pub fn interceptor(&mut self, interceptor: impl Interceptor) {
        self.interceptors.push(Arc::new(interceptor));
    }

    /// See the generated builder.
    pub fn fallback(&mut self, make: impl Fn(&str, &Error) -> Option<String> + Send + Sync + 'static) {
        self.fallback = Some(ClientFallback::new(make));
    }

    fn no_zero(&mut self, name: &str, limit: Option<Duration>) {
        if limit.is_some_and(|limit| limit.is_zero()) {
            self.fail(format!("{name}: zero would fail every call; for no limit use `no_{name}`"));
        }
    }

    fn fail(&mut self, what: String) {
        self.mistake.get_or_insert(what);
    }

    /// The handle.
    ///
    /// # Errors
    /// The first mistake in the settings.
    pub fn build(self) -> Result<Handle> {
        let Self {
            service,
            name,
            mesh,
            urls,
            config,
            credentials,
            every_call,
            interceptors,
            fallback,
            mistake,
        } = self;
        if let Some(mistake) = mistake {
            return Err(Error::config(mistake));
        }
        let name = ServiceName::new(&name).map_err(Error::config)?;
        let mesh = match mesh {
            Some(mesh) => mesh,
            None if urls.is_empty() => Mesh::from_env()?,
            None => Mesh::new(ClientConfig::default())?,
        };
        #[cfg(feature = "cache")]
        let addresses = {
            let map = mesh.config().services.get(&name).map_or(&[][..], Vec::as_slice);
            crate::cache::addresses(&urls, map)
        };
        // Addresses of its own are this client's affair: the mesh's other clients of the service do not see them.
        let state = if urls.is_empty() { mesh.service(&name)? } else { mesh.private_service(&name, urls)? };
        // Clients without settings of their own, such as those made per request, share the mesh's.
        let mut config = match config == ClientConfig::default() {
            true => mesh.resolved(),
            false => Arc::new(config.overlay(mesh.config().clone()).resolve(&Defaults::V1)),
        };
        if every_call.is_some() {
            Arc::make_mut(&mut config).default_headers.remove(header::AUTHORIZATION);
        }
        // Calls that can carry none are spared the question.
        let any = every_call.is_some() || !credentials.is_empty() || !service.credentials.is_empty();
        let credentials: Option<Arc<dyn Interceptor>> =
            any.then(|| Arc::new(Credentials { mesh: mesh.clone(), given: credentials, every_call }) as _);
        let own = interceptors.into_iter().chain(credentials);
        let interceptors = Chain::new(mesh.interceptors().iter().cloned().chain(own));
        let mut plain_headers = config.default_headers.clone();
        plain_headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static(PLAIN_ACCEPT));
        Ok(Handle {
            inner: Arc::new(Inner {
                plain_headers: PlainHeaders(Arc::new(plain_headers)),
                attempt_timeout: call::millis(config.attempt_timeout.unwrap_or_default()),
                mesh,
                log: Log::new(name.clone(), &config),
                name,
                service,
                config,
                interceptors,
                state,
                fallback,
                #[cfg(feature = "cache")]
                addresses,
            }),
        })
    }
}
