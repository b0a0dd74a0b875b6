//! Sources in order.

use std::sync::Arc;

use super::dns::{DnsNames, search_domain};
use super::error::DiscoveryError;
use super::file_map::FileMap;
use super::name::ServiceName;
use super::resolve::Resolution;
use super::static_map::{StaticMap, unknown};
use super::watch::{Discover, Watch};
use crate::config::{ConfigError, ResolvedConfig};

/// Asks its layers in order; the first that knows the name has it, also when it is down there.
#[derive(Debug)]
pub struct Layered(Vec<Arc<dyn Discover>>);

impl Layered {
    /// The first layer is asked first.
    pub fn new(layers: Vec<Arc<dyn Discover>>) -> Self {
        Layered(layers)
    }

    /// What a config asks for: its map, then its file, then DNS if that is allowed. The cluster's domain comes from the
    /// config, else from `/etc/resolv.conf`.
    ///
    /// # Errors
    /// When the file cannot be read. (Later, what was last read from it stays in use.)
    pub fn from_config(config: &ResolvedConfig, resolution: &Resolution) -> Result<Self, ConfigError> {
        let map = StaticMap::new(config.services.clone(), resolution);
        let file =
            config.services_file.as_ref().map(|path| FileMap::open(path, resolution.clone())).transpose()?;
        let mut known = map.known();
        known.extend(file.iter().flat_map(FileMap::known));
        let dns = config.dns_fallback.then(|| {
            // No such file, no cluster: names are then looked up as they are.
            let from_system = || search_domain(&std::fs::read_to_string("/etc/resolv.conf").ok()?);
            let domain = config.dns_domain.clone().or_else(from_system);
            let dns = DnsNames::new(config.dns_scheme, config.dns_port, domain, resolution.clone());
            dns.asking_for(config.dns_records).suggesting(known.clone())
        });
        let mut layers: Vec<Arc<dyn Discover>> = vec![Arc::new(map)];
        match (file, dns) {
            // The file goes over DNS and not before it: a name may move between the two while it is watched.
            (Some(file), Some(dns)) => layers.push(Arc::new(file.over(dns))),
            (Some(file), None) => layers.push(Arc::new(file.suggesting(known))),
            (None, Some(dns)) => layers.push(Arc::new(dns)),
            (None, None) => {}
        }
        Ok(Layered(layers))
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
