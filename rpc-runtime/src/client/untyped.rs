//! A client for a service without a document.

use http::Method;

use super::{Handle, HandleBuilder, Mesh, RawCall, ServiceDescriptor};
use crate::error::Result;

static UNTYPED: ServiceDescriptor = ServiceDescriptor::new("untyped");

/// A client for a service that no document describes.
///
/// ```no_run
/// # async fn run() -> rpc_runtime::Result<()> {
/// use rpc_runtime::{Client, Mesh, types::Value};
/// let jobs = Client::untyped(&Mesh::from_env()?, "job-service")?;
/// let job: Value = jobs.post("/api/v1/process").json(&serde_json::json!({"task_id": 7})).send_json().await?;
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
    pub fn raw(&self, method: Method, path: &str) -> RawCall {
        RawCall::new(&self.handle, method, path)
    }

    /// `GET path`.
    pub fn get(&self, path: &str) -> RawCall {
        self.raw(Method::GET, path)
    }

    /// `POST path`.
    pub fn post(&self, path: &str) -> RawCall {
        self.raw(Method::POST, path)
    }

    /// `PUT path`.
    pub fn put(&self, path: &str) -> RawCall {
        self.raw(Method::PUT, path)
    }

    /// `PATCH path`.
    pub fn patch(&self, path: &str) -> RawCall {
        self.raw(Method::PATCH, path)
    }

    /// `DELETE path`.
    pub fn delete(&self, path: &str) -> RawCall {
        self.raw(Method::DELETE, path)
    }
}

/// Settings of a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    inner: HandleBuilder,
}

impl ClientBuilder {
    crate::__client_options!();

    /// The client.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn build(self) -> Result<Client> {
        Ok(Client { handle: self.inner.build()? })
    }
}
