//! SRV records.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};

use futures_util::stream::{self, StreamExt};
use hickory_resolver::proto::rr::rdata::SRV;
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

use super::addresses::{Addresses, seconds};
use super::query::Reply;
use super::{Answer, Lookup};
use crate::discovery::Target;
use crate::discovery::either::shorter;

/// How many targets are looked up at the same time.
const AT_A_TIME: usize = 8;

impl Lookup {
    /// The targets of the first name that has SRV records.
    pub(super) async fn services(&self, name: &str) -> io::Result<Answer> {
        let mut least = None;
        for name in self.names(name)? {
            match self.services_of(&name).await? {
                Answer::Empty { ttl } => least = shorter(least, ttl),
                found => return Ok(found),
            }
        }
        Ok(Answer::Empty { ttl: least })
    }

    /// The targets of exactly this name.
    pub(super) async fn services_of(&self, name: &Name) -> io::Result<Answer> {
        match self.servers.ask(name, RecordType::SRV).await? {
            Reply::Records { found, additional, ttl } => self.targets(name, &found, &additional, ttl).await,
            Reply::Nothing { ttl } => {
                self.memory.keep(name.clone(), BTreeMap::new());
                Ok(Answer::Empty { ttl: seconds(ttl) })
            }
        }
    }

    async fn targets(
        &self,
        name: &Name,
        found: &[RData],
        additional: &[Record],
        ttl: u32,
    ) -> io::Result<Answer> {
        // A target "." says that the service is not there (RFC 2782).
        let records = found.iter().filter_map(|data| match data {
            // And nothing listens on port 0, which Consul gives a service without one.
            RData::SRV(srv) if !srv.target.is_root() && srv.port != 0 => Some(srv),
            _ => None,
        });
        let records: Vec<&SRV> = records.collect();
        let mut known: BTreeMap<Name, Addresses> = BTreeMap::new();
        for record in additional {
            let Some(ip) = record.data.ip_addr() else { continue };
            let none = || Addresses { ips: Vec::new(), ttl: None };
            let addresses = known.entry(record.name.clone()).or_insert_with(none);
            addresses.ips.push(ip);
            addresses.ttl = shorter(addresses.ttl, Some(record.ttl));
        }
        let mut missing: Vec<Name> = records.iter().map(|srv| srv.target.clone()).collect();
        missing.sort();
        missing.dedup();
        missing.retain(|target| !known.contains_key(target));
        let lookup = async |target: Name| {
            let before = self.memory.of(name, &target);
            (self.both_families(&target, &before).await, before, target)
        };
        let looked_up: Vec<_> = stream::iter(missing).map(lookup).buffer_unordered(AT_A_TIME).collect().await;
        let mut failure = None;
        for (addresses, before, target) in looked_up {
            let addresses = addresses.unwrap_or_else(|error| {
                // The records still have it, so where it was is the best guess.
                tracing::warn!(%name, %target, %error, known = before.len(), "target of SRV records cannot be resolved");
                failure = Some(error);
                Addresses { ips: before, ttl: None }
            });
            known.insert(target, addresses);
        }
        let named =
            records.iter().filter_map(|srv| Some((srv.target.clone(), known.get(&srv.target)?.ips.clone())));
        self.memory.keep(name.clone(), named.filter(|(_, ips)| !ips.is_empty()).collect());
        let mut ttl = Some(ttl);
        let mut targets = Vec::new();
        for srv in records {
            let Some(Addresses { ips, ttl: age }) = known.get(&srv.target) else { continue };
            ttl = shorter(ttl, *age);
            let target = |ip: &IpAddr| {
                Target::new(SocketAddr::new(*ip, srv.port)).with_record(srv.priority, srv.weight)
            };
            targets.extend(ips.iter().map(target));
        }
        match (targets.is_empty(), failure) {
            (true, Some(error)) => Err(error),
            (true, None) => Ok(Answer::Empty { ttl: seconds(ttl) }),
            (false, _) => Ok(Answer::Found { targets, ttl: seconds(ttl) }),
        }
    }
}
