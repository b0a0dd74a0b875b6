//! What a client holds, whoever generated it.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use super::Mesh;
use super::mesh::ServiceState;
use crate::config::{ClientConfig, Defaults, ResolvedConfig, ServiceUrl, Setting};
use crate::credentials::{Credential, CredentialSpec};
use crate::discovery::ServiceName;
use crate::envelope::Envelope;
use crate::error::{Error, Result};

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
    config: ResolvedConfig,
    credentials: Vec<(&'static str, Credential)>,
    state: Arc<ServiceState>,
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

    pub(crate) fn credentials(&self) -> &[(&'static str, Credential)] {
        &self.inner.credentials
    }

    pub(crate) fn state(&self) -> &ServiceState {
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
        self.config.timeout = Setting::from(limit);
    }

    /// See the generated builder.
    pub fn attempt_timeout(&mut self, limit: Option<Duration>) {
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
    pub fn default_header(&mut self, name: &str, value: &str) {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => {
                self.config.default_headers.append(name, value);
            }
            (Err(_), _) => self.fail(format!("default header `{name}`: not a valid header name")),
            (_, Err(_)) => self.fail(format!("default header `{name}`: not a valid header value")),
        }
    }

    /// Sets a credential that the document declares under this name.
    pub fn credential(&mut self, name: &'static str, credential: Credential) {
        self.credentials.push((name, credential));
    }

    fn fail(&mut self, what: String) {
        self.mistake.get_or_insert(what);
    }

    /// The handle.
    ///
    /// # Errors
    /// The first mistake in the settings.
    pub fn build(self) -> Result<Handle> {
        let Self { service, name, mesh, urls, mut config, credentials, mistake } = self;
        if let Some(mistake) = mistake {
            return Err(Error::config(mistake));
        }
        let name = ServiceName::new(&name).map_err(Error::config)?;
        // An address of its own is a mesh of its own: what one client calls `order-service` is its affair.
        let mesh = match (mesh, urls.is_empty()) {
            (Some(mesh), true) => mesh,
            (None, true) => Mesh::from_env()?,
            (Some(mesh), false) => mesh.at(&name, urls)?,
            (None, false) => {
                let mut base = ClientConfig::default();
                base.services.insert(name.clone(), urls);
                Mesh::new(base)?
            }
        };
        config = config.overlay(mesh.config().clone());
        let state = mesh.service(&name)?;
        let config = config.resolve(&Defaults::V1);
        Ok(Handle { inner: Arc::new(Inner { mesh, name, service, config, credentials, state }) })
    }
}
