//! Services by their name in DNS.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::error::DiscoveryError;
use super::host_set::HostSet;
use super::name::ServiceName;
use super::resolve::Resolution;
use super::site::Site;
use super::static_map::nearest_of;
use super::watch::{Discover, Watch};
use crate::config::{DnsRecords, InvalidUrl, Scheme, ServiceUrl};

/// Every name is a host name: `order-service` is looked up through the search list, `order-service.prod` (service and
/// namespace) as `order-service.prod.svc.<domain>.` where the cluster's domain is known, longer names as they are.
/// SRV records are those of `_http._tcp.` (`_https._tcp.`) before that name.
#[derive(Debug)]
pub struct DnsNames {
    scheme: Scheme,
    port: u16,
    domain: Option<String>,
    records: DnsRecords,
    known: Vec<ServiceName>,
    resolution: Resolution,
    /// Gone with the last watch.
    sets: Mutex<HashMap<ServiceName, Weak<HostSet>>>,
}

impl DnsNames {
    /// Names become `scheme://name:port`. Without a `domain`, names with a namespace are looked up as they are.
    pub fn new(scheme: Scheme, port: u16, domain: Option<String>, resolution: Resolution) -> Self {
        let records = DnsRecords::A;
        DnsNames { scheme, port, domain, records, known: Vec::new(), resolution, sets: Mutex::default() }
    }

    /// What is asked for; A and AAAA records unless this says otherwise. SRV records bring their own port.
    #[must_use]
    pub fn asking_for(mut self, records: DnsRecords) -> Self {
        self.records = records;
        self
    }

    /// Names to suggest when one does not resolve: most such names are typos of configured ones.
    #[must_use]
    pub fn suggesting(mut self, known: Vec<ServiceName>) -> Self {
        self.known = known;
        self
    }

    /// The host name of a service. There is no second try with the bare name: `orders.dev` must not end up at a
    /// stranger's host of that public domain when the cluster's service is missing.
    fn host(&self, service: &ServiceName) -> String {
        let name = service.as_str();
        let dots = name.matches('.').count();
        match &self.domain {
            Some(domain) if dots == 1 => format!("{name}.svc.{domain}."),
            Some(domain) if dots == 2 && name.ends_with(".svc") => format!("{name}.{domain}."),
            _ => name.to_owned(),
        }
    }

    fn site(&self, service: &ServiceName) -> Result<Site, InvalidUrl> {
        let host = self.host(service);
        let addresses = || ServiceUrl::from_parts(self.scheme, &host, self.port);
        let records = || ServiceUrl::of_records(self.scheme, &host);
        Ok(match self.records {
            DnsRecords::A => addresses()?.into(),
            DnsRecords::Srv => records()?.into(),
            DnsRecords::Auto => Site::either(records()?, addresses()?),
        })
    }
}

impl Discover for DnsNames {
    fn watch(&self, service: &ServiceName) -> Result<Watch, DiscoveryError> {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = sets.get(service).and_then(Weak::upgrade) {
            return Ok(Watch::new(shared));
        }
        let site = self.site(service).map_err(|error| DiscoveryError::InvalidHost {
            service: service.clone(),
            message: error.to_string().into(),
        })?;
        let nearest = nearest_of(service, &self.known);
        let shared = Arc::new(HostSet::new(service.clone(), nearest, vec![site], self.resolution.clone()));
        sets.retain(|_, set| set.strong_count() > 0);
        sets.insert(service.clone(), Arc::downgrade(&shared));
        Ok(Watch::new(shared))
    }
}

/// The cluster's domain by the text of a resolv.conf: `cluster.local` of `search ns.svc.cluster.local …`.
pub fn search_domain(resolv_conf: &str) -> Option<String> {
    let searched = |line: &str| {
        let mut words = line.split_ascii_whitespace();
        (words.next() == Some("search")).then(|| words.map(str::to_owned).collect::<Vec<_>>())
    };
    // The last such line counts.
    let list = resolv_conf.lines().filter_map(searched).next_back()?;
    list.iter().find_map(|entry| {
        let entry = entry.trim_end_matches('.');
        let after = entry.strip_prefix("svc.").or_else(|| entry.split_once('.')?.1.strip_prefix("svc."))?;
        (!after.is_empty()).then(|| after.to_owned())
    })
}

#[cfg(test)]
#[path = "dns_tests.rs"]
mod tests;
