//! Names to addresses.

use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::either::{Either, ResolvingEither};
use super::name::ServiceName;
use crate::clock::{Clock, SystemClock};
use crate::config::{Defaults, ResolvedConfig};
use crate::metrics::{Event, Recorder};
use crate::rng::{Rng, SystemRng};

/// One place that a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Target {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Its group, as SRV records have it: lower ones are preferred.
    pub priority: u16,
    /// Its share of the calls in its group, as SRV records have it: 0 is "as few as possible".
    pub weight: u16,
}

impl Target {
    /// A target of the first group with a share of 1.
    pub fn new(addr: SocketAddr) -> Self {
        Target { addr, priority: 0, weight: 1 }
    }

    /// The same address with what an SRV record says of it.
    #[must_use]
    pub fn with_record(self, priority: u16, weight: u16) -> Self {
        Target { priority, weight, ..self }
    }
}

/// What a resolver found out. That it found out nothing (no reply, a failing server) is an error instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The name leads here.
    Found {
        /// At least one; an empty list is no answer.
        targets: Vec<Target>,
        /// How long it is good for, where the resolver tells.
        ttl: Option<Duration>,
    },
    /// Who knows the name says that it does not exist, or has no such records.
    Empty {
        /// How long that is good for, where the resolver tells.
        ttl: Option<Duration>,
    },
}

impl Answer {
    /// An answer with these targets.
    pub fn found(targets: impl IntoIterator<Item = Target>, ttl: Option<Duration>) -> Self {
        Answer::Found { targets: targets.into_iter().collect(), ttl }
    }
}

/// A pending lookup.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Answer>> + Send>>;

/// Looks names up.
///
/// An error is no answer: the last good one stays in use. [`Answer::Empty`] is an answer, and is believed when it stays
/// for a while.
pub trait Resolve: Send + Sync + Debug + 'static {
    /// The addresses of `host` (absolute if it ends in a dot), each with `port`.
    fn resolve(&self, host: &str, port: u16) -> Resolving;

    /// The addresses and ports that the SRV records of `name` lead to. A resolver that does not know such records
    /// leaves this out.
    fn resolve_srv(&self, name: &str) -> Resolving {
        let why = format!("{name:?} is a name of SRV records, which this resolver does not read");
        Box::pin(std::future::ready(Err(io::Error::new(io::ErrorKind::Unsupported, why))))
    }

    /// SRV records or addresses, for a resolver with a search list: it asks for both kinds of one name before it goes on to
    /// the next, which might be another service. `None`, the usual, has the two asked for in turn.
    fn resolve_either(&self, _question: &Either) -> Option<ResolvingEither> {
        None
    }
}

/// The resolver of the system: hosts file, search list, DNS. It hides the TTL and why there is no address, and knows no
/// SRV records.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetAddrInfo;

impl Resolve for GetAddrInfo {
    fn resolve(&self, host: &str, port: u16) -> Resolving {
        let host = host.to_owned();
        Box::pin(async move {
            let addrs = tokio::net::lookup_host((host, port)).await?;
            Ok(Answer::found(addrs.map(Target::new), None))
        })
    }
}

/// How sets of addresses are kept: who looks up, by which clock, with which jitter and which numbers.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// Looks names up.
    pub resolve: Arc<dyn Resolve>,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Spreads lookups of many processes.
    pub rng: Arc<dyn Rng>,
    /// The `resolve_…` numbers.
    pub defaults: Defaults,
    /// Hears of lookups that give nothing.
    pub recorder: Option<Arc<dyn Recorder>>,
}

impl Resolution {
    /// A lookup gave nothing. Not under a lock.
    pub(super) fn tell_failure(&self, service: Option<&ServiceName>) {
        if let Some(recorder) = &self.recorder {
            recorder.record(&Event::DiscoveryFailed { service: service.map(ServiceName::as_str) });
        }
    }
}

/// What a config asks for: its name servers, or the usual resolver.
pub(crate) fn resolver(config: &ResolvedConfig) -> Arc<dyn Resolve> {
    #[cfg(feature = "dns")]
    if let Some(servers) = &config.dns_servers {
        return Arc::new(super::DnsResolver::system_with(servers.clone()));
    }
    let _ = config;
    Resolution::default().resolve
}

/// With the feature `dns`, name servers are asked directly (`DnsResolver`), else the system is
/// ([`GetAddrInfo`]).
impl Default for Resolution {
    fn default() -> Self {
        Resolution {
            #[cfg(feature = "dns")]
            resolve: Arc::new(super::DnsResolver::system()),
            #[cfg(not(feature = "dns"))]
            resolve: Arc::new(GetAddrInfo),
            clock: Arc::new(SystemClock),
            rng: Arc::new(SystemRng),
            defaults: Defaults::V1,
            recorder: None,
        }
    }
}
