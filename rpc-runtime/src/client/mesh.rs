//! What clients share: discovery, health, connections, settings.

use std::path::Path;
use std::sync::Arc;

use super::services::Services;
use super::state::ServiceState;
use crate::balance::{Balancer, EndpointStatus, Held, Parts};
#[cfg(feature = "cache")]
use crate::cache::{Cache, CacheStore};
use crate::clock::{Clock, SystemClock};
use crate::config::{self, ClientConfig, Defaults, ResolvedConfig, ServiceUrl};
use crate::discovery::{self, Discover, Layered, Resolution, Resolve, ServiceName, StaticMap, Watch};
use crate::error::{Error, Result};
use crate::intercept::Interceptor;
use crate::metrics::{Levels, Look, Recorder, Recording, ServiceLevels};
use crate::rng::{Rng, SystemRng};
use crate::transport::{HttpTransport, Tls, Transport};

/// What the clients of a process share. Clones are the same mesh; there is no hidden global one.
///
/// A service's endpoints, their health and their connections are there from its first client on, and go with the last one, but
/// not within 90 s after a client of it was made: clients that live for one call only share them too.
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
    /// For clients with URLs of their own.
    resolution: Resolution,
    transport: Arc<dyn Transport>,
    held: Arc<Held>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    recording: Recording,
    #[cfg(feature = "cache")]
    cache: Cache,
    services: Services,
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
    /// TLS files that cannot be used, or a file of services that cannot be read; the message names the setting and the file.
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

    /// How the endpoints of a service are: where, how slow, in use or ejected. For operators and tests.
    ///
    /// Empty for a service that has no client here (one whose last client went lately may still be known), or whose names nobody
    /// looked up yet: nothing is looked up for this. Clients with URLs of their own are not among them.
    ///
    /// ```
    /// # fn main() -> rpc_runtime::Result<()> {
    /// let mesh = rpc_runtime::Mesh::builder().build()?;
    /// for status in mesh.endpoints("order-service") {
    ///     println!("{} {:?}, {} in flight", status.endpoint, status.health, status.in_flight);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn endpoints(&self, service: &str) -> Vec<EndpointStatus> {
        self.inner.services.get(service).map_or_else(Vec::new, |state| state.balancer().status())
    }

    /// The settings of clients that have none of their own.
    pub(crate) fn resolved(&self) -> Arc<ResolvedConfig> {
        Arc::clone(&self.inner.resolved)
    }

    /// Those of all clients.
    pub(crate) fn interceptors(&self) -> &[Arc<dyn Interceptor>] {
        &self.inner.interceptors
    }

    /// Who counts what happens.
    pub(crate) fn recording(&self) -> &Recording {
        &self.inner.recording
    }

    /// Replies that are kept, and flights.
    #[cfg(feature = "cache")]
    pub(crate) fn cache(&self) -> &Cache {
        &self.inner.cache
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
        let resolution = self.inner.resolution.clone();
        let map = StaticMap::new([(name.clone(), urls)].into(), &resolution);
        let endpoints = map.watch(name).map_err(Error::discovery)?;
        Ok(self.state(name, endpoints))
    }

    /// The shared state of a service, made for its first client and gone with its last.
    pub(crate) fn service(&self, name: &ServiceName) -> Result<Arc<ServiceState>> {
        self.inner.services.get_or_make(name, self.inner.clock.now(), || {
            let endpoints = self.inner.discover.watch(name).map_err(Error::discovery)?;
            Ok(self.state(name, endpoints))
        })
    }

    /// A client goes; its service too, if it was the last one.
    pub(crate) fn release(&self, state: &Arc<ServiceState>) {
        self.inner.services.release(state, self.inner.clock.now());
    }
}

impl Mesh {
    fn state(&self, service: &ServiceName, watch: Watch) -> Arc<ServiceState> {
        let Inner { held, clock, rng, resolved, recording, .. } = &*self.inner;
        let parts = Parts {
            service: service.clone(),
            watch,
            held: Arc::clone(held),
            clock: Arc::clone(clock),
            rng: Arc::clone(rng),
            recording: recording.clone(),
        };
        let balancer = Arc::new(Balancer::new(parts, resolved, &Defaults::V1));
        Arc::new(ServiceState::new(balancer, clock, &Defaults::V1))
    }
}

impl Look for Inner {
    fn levels(&self) -> Vec<ServiceLevels> {
        let now = self.clock.now();
        let level = |(service, state): (ServiceName, Arc<ServiceState>)| ServiceLevels {
            service,
            retry_budget: state.budget().left(now),
            endpoints: state.balancer().status(),
            breakers: state.breakers().levels(),
        };
        self.services.all().into_iter().map(level).collect()
    }
}

/// Parts of a [`Mesh`]; what is not given is the usual one.
#[derive(Debug, Default)]
#[must_use]
pub struct MeshBuilder {
    config: ClientConfig,
    discover: Option<Arc<dyn Discover>>,
    resolver: Option<Arc<dyn Resolve>>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    rng: Option<Arc<dyn Rng>>,
    tls: Option<Tls>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    recorder: Option<Arc<dyn Recorder>>,
    #[cfg(feature = "cache")]
    cache_store: Option<Arc<dyn CacheStore>>,
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

    /// Looks host names up, those of the map, of the file and of DNS, and those of clients with URLs of their own; the usual one
    /// asks the system, or with the feature `dns` the name servers of the system.
    pub fn resolver(mut self, resolver: impl Resolve) -> Self {
        self.resolver = Some(Arc::new(resolver));
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

    /// TLS options of the usual transport, in place of the files that the settings name.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Sees the calls of all clients. Several calls give several, in this order.
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Counts what happens, in all clients; the usual one counts nothing. The last one that is given counts.
    pub fn recorder(mut self, recorder: impl Recorder) -> Self {
        self.recorder = Some(Arc::new(recorder));
        self
    }

    /// Keeps replies; the usual one has 32 MiB of memory. Nothing is kept unless a call, an operation or a client asks for it.
    #[cfg(feature = "cache")]
    pub fn cache_store(mut self, store: impl CacheStore) -> Self {
        self.cache_store = Some(Arc::new(store));
        self
    }

    /// The mesh.
    ///
    /// # Errors
    /// TLS files or options that cannot be used, or a file of services that cannot be read; the message names the setting and
    /// the file.
    pub fn build(self) -> Result<Mesh> {
        #[cfg(feature = "cache")]
        let cache = Cache::new(self.cache_store, &Defaults::V1);
        let Self { config, discover, resolver, transport, clock, rng, tls, interceptors, recorder, .. } =
            self;
        for warning in config.warnings() {
            tracing::warn!(target: "rpc_runtime", "configuration: {warning}");
        }
        let resolved = Arc::new(config.clone().resolve(&Defaults::V1));
        let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
        let rng = rng.unwrap_or_else(|| Arc::new(SystemRng));
        let resolution = Resolution {
            resolve: resolver.unwrap_or_else(|| discovery::resolver(&resolved)),
            clock: Arc::clone(&clock),
            rng: Arc::clone(&rng),
            defaults: Defaults::V1,
            recorder: recorder.clone(),
        };
        let discover = match discover {
            Some(discover) => discover,
            None => Arc::new(Layered::from_config(&resolved, &resolution).map_err(Error::setting)?),
        };
        let transport = match transport {
            Some(transport) => transport,
            None => {
                let tls = tls.map_or_else(|| config::tls::load(&resolved).map_err(Error::setting), Ok)?;
                tls.check().map_err(|error| Error::config(format!("tls: {error}")))?;
                let usual = HttpTransport::new(resolved.connect_timeout).with_tls(tls);
                Arc::new(usual.with_clock(Arc::clone(&clock)).with_rng(Arc::clone(&rng)))
            }
        };
        let recording = Recording::new(recorder);
        let mesh = Mesh {
            inner: Arc::new(Inner {
                recording: recording.clone(),
                config,
                resolved,
                discover,
                resolution,
                held: Arc::new(Held::new(Arc::clone(&transport))),
                transport,
                clock,
                rng,
                interceptors,
                #[cfg(feature = "cache")]
                cache,
                // By then its set would be too old to be used, and its connections closed for being idle.
                services: Services::new(Defaults::V1.resolve_stale_after),
            }),
        };
        recording.observe(|| {
            let inner = Arc::downgrade(&mesh.inner);
            Levels::new(inner)
        });
        Ok(mesh)
    }
}
