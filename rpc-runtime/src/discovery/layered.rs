//! Sources in order.

use std::sync::Arc;

use super::dns::{DnsNames, search_domain};
use super::error::DiscoveryError;
use super::name::ServiceName;
use super::resolve::Resolution;
use super::static_map::{StaticMap, unknown};
use super::watch::{Discover, Watch};
use crate::config::ResolvedConfig;

/// Asks its layers in order; the first that knows the name has it, also when it is down there.
#[derive(Debug)]
pub struct Layered(Vec<Arc<dyn Discover>>);

impl Layered {
    /// The first layer is asked first.
    pub fn new(layers: Vec<Arc<dyn Discover>>) -> Self {
        Layered(layers)
    }

    /// What a config asks for: its map, then DNS if that is allowed. The cluster's domain comes from the config, else
    /// from `/etc/resolv.conf`.
    pub fn from_config(config: &ResolvedConfig, resolution: &Resolution) -> Self {
        let map = StaticMap::new(config.services.clone(), resolution);
        let known = map.known();
        let mut layers: Vec<Arc<dyn Discover>> = vec![Arc::new(map)];
        if config.dns_fallback {
            // No such file, no cluster: names are then looked up as they are.
            let from_system = || search_domain(&std::fs::read_to_string("/etc/resolv.conf").ok()?);
            let domain = config.dns_domain.clone().or_else(from_system);
            let dns = DnsNames::new(config.dns_scheme, config.dns_port, domain, resolution.clone());
            layers.push(Arc::new(dns.suggesting(known)));
        }
        Layered(layers)
    }
}

impl Discover for Layered {
    fn watch(&self, service: &ServiceName) -> Result<Watch, DiscoveryError> {
        for layer in &self.0 {
            match layer.watch(service) {
                Err(DiscoveryError::Unknown { .. }) => {}
                found => return found,
            }
        }
        Err(unknown(service, self.known()))
    }

    fn known(&self) -> Vec<ServiceName> {
        let mut known: Vec<ServiceName> = self.0.iter().flat_map(|layer| layer.known()).collect();
        known.sort();
        known.dedup();
        known
    }
}
