//! A client for a service without a document.

use super::{Handle, HandleBuilder, Mesh, RawCall, ServiceDescriptor};
use crate::error::Result;

static UNTYPED: ServiceDescriptor = ServiceDescriptor::new("untyped");

/// A client for a service that no document describes.
///
/// ```no_run
/// # async fn run() -> rpc_runtime::Result<()> {
/// use rpc_runtime::{Client, Mesh, Method, types::Value};
/// let jobs = Client::untyped(&Mesh::from_env()?, "job-service")?;
/// let job: Value = jobs.raw(Method::POST, "/api/v1/process").json(&serde_json::json!({"task_id": 7})).send_json().await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    handle: Handle,
}

impl Client {
    /// A client of a service by its name in discovery.
    ///
    /// # Errors
    /// When the name cannot be one.
    pub fn untyped(mesh: &Mesh, service: &str) -> Result<Self> {
        Self::builder(service).mesh(mesh).build()
    }

    /// A client with settings of its own.
    pub fn builder(service: &str) -> ClientBuilder {
        ClientBuilder { inner: HandleBuilder::named(&UNTYPED, service) }
    }

    /// A call by method and path.
    pub fn raw(&self, method: http::Method, path: &str) -> RawCall {
        RawCall::new(&self.handle, method, path)
    }
}

/// Settings of a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    inner: HandleBuilder,
}

impl ClientBuilder {
    /// Shares this mesh.
    pub fn mesh(mut self, mesh: &Mesh) -> Self {
        self.inner.mesh(mesh);
        self
    }

    /// Uses this address in place of discovery.
    pub fn url(mut self, url: &str) -> Self {
        self.inner.url(url);
        self
    }

    /// Time for a whole call.
    pub fn timeout(mut self, limit: std::time::Duration) -> Self {
        self.inner.timeout(Some(limit));
        self
    }

    /// How often a request may be sent again.
    pub fn retries(mut self, retries: u32) -> Self {
        self.inner.retries(retries);
        self
    }

    /// A header of every call.
    pub fn default_header(mut self, name: &str, value: &str) -> Self {
        self.inner.default_header(name, value);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn build(self) -> Result<Client> {
        Ok(Client { handle: self.inner.build()? })
    }
}
