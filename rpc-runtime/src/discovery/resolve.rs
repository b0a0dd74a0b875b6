//! Host names to addresses.

use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::config::Defaults;
use crate::rng::{Rng, SystemRng};

/// A pending lookup.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Looks host names up.
pub trait Resolve: Send + Sync + Debug + 'static {
    /// The addresses of `host` (absolute if it ends in a dot), each with `port`.
    fn resolve(&self, host: &str, port: u16) -> Resolving;
}

/// The resolver of the system: hosts file, search list, DNS. It hides the TTL.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetAddrInfo;

impl Resolve for GetAddrInfo {
    fn resolve(&self, host: &str, port: u16) -> Resolving {
        let host = host.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
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
}

impl Default for Resolution {
    fn default() -> Self {
        Resolution {
            resolve: Arc::new(GetAddrInfo),
            clock: Arc::new(SystemClock),
            rng: Arc::new(SystemRng),
            defaults: Defaults::V1,
        }
    }
}
