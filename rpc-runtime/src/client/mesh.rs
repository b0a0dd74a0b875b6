//! What clients share: discovery, health, connections, settings.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::balance::{Balance, RoundRobin};
use crate::clock::{Clock, SystemClock};
use crate::config::{ClientConfig, Defaults, ResolvedConfig, ServiceUrl};
use crate::discovery::{Discover, Layered, Resolution, ServiceName, StaticMap, Watch};
use crate::error::{Error, Result};
use crate::rng::{Rng, SystemRng};
use crate::transport::{HttpTransport, Transport};

/// What the clients of a process share. Clones are the same mesh; there is no hidden global one.
///
/// ```no_run
/// # fn main() -> rpc_runtime::Result<()> {
/// use rpc_runtime::{Client, Mesh};
/// let mesh = Mesh::from_env()?;
/// let orders = Client::untyped(&mesh, "order-service")?;
/// let users = Client::untyped(&mesh, "user-service")?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Mesh {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: ClientConfig,
    resolved: Arc<ResolvedConfig>,
    discover: Arc<dyn Discover>,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    services: Mutex<HashMap<ServiceName, Arc<ServiceState>>>,
}

/// What the clients of one service share.
#[derive(Debug)]
pub(crate) struct ServiceState {
    pub(crate) endpoints: Watch,
    pub(crate) balance: Box<dyn Balance>,
}

impl ServiceState {
    /// A call could not reach this many instances. From half of them on, the set is probably an old one: they are looked
    /// up again early.
    pub(crate) fn refused_by(&self, refused: usize) {
        let known = self.endpoints.current().map_or(0, |snapshot| snapshot.endpoints.len());
        if refused * 2 >= known {
            self.endpoints.suspect();
        }
    }
}

impl Mesh {
    /// A mesh configured by the environment (`RPC_CLIENT_…`).
    ///
    /// # Errors
    /// A variable that cannot be used; the message names it, the place in its value, and what was expected.
    pub fn from_env() -> Result<Self> {
        Self::new(ClientConfig::from_env().map_err(Error::setting)?)
    }

    /// The same with the variables of a `.env` file; the process's own variables win.
    ///
    /// # Errors
    /// When the file cannot be read, or as [`from_env`](Self::from_env).
    pub fn from_env_file(path: impl AsRef<Path>) -> Result<Self> {
        Self::new(ClientConfig::from_env_file(path).map_err(Error::setting)?)
    }

    /// A mesh with these settings.
    ///
    /// # Errors
    /// When the file of services cannot be read.
    pub fn new(config: ClientConfig) -> Result<Self> {
        Self::builder().config(config).build()
    }

    /// A mesh with parts of your own.
    pub fn builder() -> MeshBuilder {
        MeshBuilder::default()
    }

    /// The settings that its clients start from.
    pub fn config(&self) -> &ClientConfig {
        &self.inner.config
    }

    /// The settings of clients that have none of their own.
    pub(crate) fn resolved(&self) -> Arc<ResolvedConfig> {
        Arc::clone(&self.inner.resolved)
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.inner.transport
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        &*self.inner.rng
    }

    /// State of one client only: a service at these addresses, whatever discovery says.
    pub(crate) fn private_service(
        &self,
        name: &ServiceName,
        urls: Vec<ServiceUrl>,
    ) -> Result<Arc<ServiceState>> {
        let resolution = resolution(&self.inner.clock, &self.inner.rng);
        let map = StaticMap::new([(name.clone(), urls)].into(), &resolution);
        let endpoints = map.watch(name).map_err(Error::discovery)?;
        Ok(Arc::new(ServiceState { endpoints, balance: Box::new(RoundRobin::new(self.rng())) }))
    }

    /// The shared state of a service, made for its first client.
    pub(crate) fn service(&self, name: &ServiceName) -> Result<Arc<ServiceState>> {
        let mut services = self.inner.services.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = services.get(name) {
            return Ok(Arc::clone(state));
        }
        let endpoints = self.inner.discover.watch(name).map_err(Error::discovery)?;
        let state = Arc::new(ServiceState { endpoints, balance: Box::new(RoundRobin::new(self.rng())) });
        services.insert(name.clone(), Arc::clone(&state));
        Ok(state)
    }
}

fn resolution(clock: &Arc<dyn Clock>, rng: &Arc<dyn Rng>) -> Resolution {
    Resolution { clock: Arc::clone(clock), rng: Arc::clone(rng), ..Resolution::default() }
}

/// Parts of a [`Mesh`]; what is not given is the usual one.
#[derive(Debug, Default)]
#[must_use]
pub struct MeshBuilder {
    config: ClientConfig,
    discover: Option<Arc<dyn Discover>>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    rng: Option<Arc<dyn Rng>>,
}

impl MeshBuilder {
    /// Settings.
    pub fn config(mut self, config: ClientConfig) -> Self {
        self.config = config;
        self
    }

    /// Finds services; the usual one asks the map, then the file of services, then DNS.
    pub fn discover(mut self, discover: impl Discover) -> Self {
        self.discover = Some(Arc::new(discover));
        self
    }

    /// Sends requests; the usual one speaks HTTP.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Tells the time; the usual one is the machine's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Draws random numbers.
    pub fn rng(mut self, rng: impl Rng) -> Self {
        self.rng = Some(Arc::new(rng));
        self
    }

    /// The mesh.
    ///
    /// # Errors
    /// When the file of services cannot be read.
    pub fn build(self) -> Result<Mesh> {
        let Self { config, discover, transport, clock, rng } = self;
        for warning in config.warnings() {
            tracing::warn!(target: "rpc_runtime", "configuration: {warning}");
        }
        let resolved = Arc::new(config.clone().resolve(&Defaults::V1));
        let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
        let rng = rng.unwrap_or_else(|| Arc::new(SystemRng));
        let discover = match discover {
            Some(discover) => discover,
            None => {
                Arc::new(Layered::from_config(&resolved, &resolution(&clock, &rng)).map_err(Error::setting)?)
            }
        };
        let transport = transport.unwrap_or_else(|| Arc::new(HttpTransport::new(resolved.connect_timeout)));
        Ok(Mesh {
            inner: Arc::new(Inner {
                config,
                resolved,
                discover,
                transport,
                clock,
                rng,
                services: Mutex::default(),
            }),
        })
    }
}
