//! The configured map.

use std::collections::BTreeMap;

use super::error::DiscoveryError;
use super::host_set::HostSet;
use super::name::ServiceName;
use super::resolve::Resolution;
use super::site::Site;
use super::watch::{Discover, Watch};
use crate::config::ServiceUrl;
use crate::config::nearest::nearest;

/// The configured map: a URL with an address or a socket is one endpoint, one with a host name has an endpoint per address.
#[derive(Debug)]
pub struct StaticMap {
    services: BTreeMap<ServiceName, Watch>,
}

impl StaticMap {
    /// Looks nothing up yet.
    pub fn new(services: BTreeMap<ServiceName, Vec<ServiceUrl>>, resolution: &Resolution) -> Self {
        let watch = |(service, urls): (ServiceName, Vec<ServiceUrl>)| {
            let sites = urls.into_iter().map(Site::from).collect();
            let set = HostSet::new(service.clone(), None, sites, resolution.clone());
            (service, Watch::new(std::sync::Arc::new(set)))
        };
        StaticMap { services: services.into_iter().map(watch).collect() }
    }
}

impl Discover for StaticMap {
    fn watch(&self, service: &ServiceName) -> Result<Watch, DiscoveryError> {
        self.services.get(service).cloned().ok_or_else(|| unknown(service, self.known()))
    }

    fn known(&self) -> Vec<ServiceName> {
        self.services.keys().cloned().collect()
    }
}

/// The error of a name that is not among the known.
pub(super) fn unknown(service: &ServiceName, known: Vec<ServiceName>) -> DiscoveryError {
    DiscoveryError::Unknown {
        service: service.clone(),
        nearest: nearest_of(service, &known),
        known: known.into(),
    }
}

/// The known name that looks like `service`.
pub(super) fn nearest_of(service: &ServiceName, known: &[ServiceName]) -> Option<ServiceName> {
    let near = nearest(service.as_str(), known.iter().map(ServiceName::as_str))?;
    known.iter().find(|name| name.as_str() == near).cloned()
}
