//! A and AAAA records.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use futures_util::future::join;
use hickory_resolver::proto::op::Query;
use hickory_resolver::proto::rr::{Name, RData, RecordType};

use super::query::Reply;
use super::{Answer, Lookup};
use crate::discovery::Target;
use crate::discovery::either::shorter;

/// The addresses of one name, or that it has none; with the time that is good for.
pub(super) struct Addresses {
    pub(super) ips: Vec<IpAddr>,
    pub(super) ttl: Option<u32>,
}

impl Lookup {
    /// The addresses of the first name that has any.
    pub(super) async fn addresses(&self, host: &str, port: u16) -> io::Result<Answer> {
        let known = self.known_here(host)?;
        if !known.is_empty() {
            return Ok(found(known, port, None));
        }
        let mut least = None;
        for name in self.names(host)? {
            match self.addresses_of(&name, port).await? {
                Answer::Empty { ttl } => least = shorter(least, ttl),
                found => return Ok(found),
            }
        }
        Ok(Answer::Empty { ttl: least })
    }

    /// The addresses that are known without asking: those of the hosts file, and what `localhost` is.
    pub(super) fn known_here(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let known = self.in_hosts_file(host)?;
        Ok(match known.is_empty() && is_localhost(host) {
            true => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            false => known,
        })
    }

    /// The addresses of exactly this name.
    pub(super) async fn addresses_of(&self, name: &Name, port: u16) -> io::Result<Answer> {
        let before = self.memory.of(name, name);
        let Addresses { ips, ttl } = self.both_families(name, &before).await?;
        let known = (!ips.is_empty()).then(|| (name.clone(), ips.clone()));
        self.memory.keep(name.clone(), known.into_iter().collect());
        Ok(match ips.is_empty() {
            true => Answer::Empty { ttl: seconds(ttl) },
            false => found(ips, port, ttl),
        })
    }

    /// Both kinds of records at once. One of them is enough when the other cannot be had; of that one, what was known
    /// `before` stays.
    pub(super) async fn both_families(&self, name: &Name, before: &[IpAddr]) -> io::Result<Addresses> {
        let (v4, v6) = join(self.family(name, RecordType::A), self.family(name, RecordType::AAAA)).await;
        match (v4, v6) {
            (Ok(v4), Ok(v6)) => {
                // What is missing in one family says nothing about the other.
                let ttl = match (v4.ips.is_empty(), v6.ips.is_empty()) {
                    (false, true) => v4.ttl,
                    (true, false) => v6.ttl,
                    _ => shorter(v4.ttl, v6.ttl),
                };
                Ok(Addresses { ips: [v4.ips, v6.ips].concat(), ttl })
            }
            (Ok(mut one), Err(_)) if !one.ips.is_empty() => {
                one.ips.extend(before.iter().filter(|ip| ip.is_ipv6()));
                Ok(one)
            }
            (Err(_), Ok(mut one)) if !one.ips.is_empty() => {
                one.ips.extend(before.iter().filter(|ip| ip.is_ipv4()));
                Ok(one)
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    async fn family(&self, name: &Name, kind: RecordType) -> io::Result<Addresses> {
        Ok(match self.servers.ask(name, kind).await? {
            Reply::Nothing { ttl } => Addresses { ips: Vec::new(), ttl },
            Reply::Records { found, ttl, .. } => {
                Addresses { ips: found.iter().filter_map(RData::ip_addr).collect(), ttl: Some(ttl) }
            }
        })
    }

    /// What the hosts file has for exactly this name.
    fn in_hosts_file(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let Some(hosts) = &self.hosts else { return Ok(Vec::new()) };
        let name = super::names::absolute(host)?;
        let of = |kind| hosts.lookup_static_host(&Query::query(name.clone(), kind));
        let records = [RecordType::A, RecordType::AAAA].into_iter().filter_map(of);
        Ok(records
            .flat_map(|found| {
                found.answers().iter().filter_map(|record| record.data.ip_addr()).collect::<Vec<_>>()
            })
            .collect())
    }
}

/// Never asked of a server (RFC 6761).
fn is_localhost(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let last = name.rsplit('.').next().unwrap_or_default();
    last.eq_ignore_ascii_case("localhost")
}

pub(super) fn found(ips: Vec<IpAddr>, port: u16, ttl: Option<u32>) -> Answer {
    let target = |ip| Target::new(SocketAddr::new(ip, port));
    Answer::found(ips.into_iter().map(target), seconds(ttl))
}

pub(super) fn seconds(ttl: Option<u32>) -> Option<Duration> {
    ttl.map(|ttl| Duration::from_secs(ttl.into()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hickory_resolver::Hosts;
    use hickory_resolver::lookup::Lookup as Found;
    use hickory_resolver::proto::rr::rdata::A;

    use super::*;
    use crate::discovery::resolver::{Settings, names};

    #[tokio::test]
    async fn the_hosts_file_and_localhost_need_no_server() {
        let name = names::absolute("orders").unwrap();
        let mut hosts = Hosts::default();
        let found =
            Found::from_rdata(Query::query(name.clone(), RecordType::A), RData::A(A::new(10, 0, 0, 1)));
        hosts.insert(name, RecordType::A, found);
        // Nobody listens on port 9 of the test network (RFC 5737).
        let servers = vec!["192.0.2.1:9".parse().unwrap()];
        let settings = Settings { servers, search: Vec::new(), ndots: 1 };
        let lookup = Arc::new(Lookup::new(&settings, Some(hosts), Arc::default()).unwrap());
        let check = async |host: &str, expected: &[&str]| {
            let target = |addr: &&str| Target::new(addr.parse().unwrap());
            let expected = Answer::found(expected.iter().map(target), None);
            assert_eq!(lookup.addresses(host, 80).await.unwrap(), expected, "{host}");
        };
        check("orders", &["10.0.0.1:80"]).await;
        check("ORDERS.", &["10.0.0.1:80"]).await;
        check("localhost", &["127.0.0.1:80", "[::1]:80"]).await;
        check("a.LocalHost.", &["127.0.0.1:80", "[::1]:80"]).await;
    }
}
