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

/// The addresses of one name, or that it has none; with the time that is good for.
pub(super) struct Addresses {
    pub(super) ips: Vec<IpAddr>,
    pub(super) ttl: Option<u32>,
}

impl Lookup {
    /// The addresses of the first name that has any.
    pub(super) async fn addresses(&self, host: &str, port: u16) -> io::Result<Answer> {
        let found = |ips: Vec<IpAddr>, ttl: Option<u32>| {
            let target = |ip| Target::new(SocketAddr::new(ip, port));
            Ok(Answer::found(ips.into_iter().map(target), seconds(ttl)))
        };
        let known = self.in_hosts_file(host)?;
        if !known.is_empty() {
            return found(known, None);
        }
        if is_localhost(host) {
            return found(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()], None);
        }
        let mut least = None;
        for name in self.names(host)? {
            let Addresses { ips, ttl } = self.both_families(&name).await?;
            if !ips.is_empty() {
                return found(ips, ttl);
            }
            least = shorter(least, ttl);
        }
        Ok(Answer::Empty { ttl: seconds(least) })
    }

    /// Both kinds of records at once. One of them is enough when the other cannot be had.
    pub(super) async fn both_families(&self, name: &Name) -> io::Result<Addresses> {
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
            (Ok(one), Err(_)) | (Err(_), Ok(one)) if !one.ips.is_empty() => Ok(one),
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

pub(super) fn shorter(one: Option<u32>, two: Option<u32>) -> Option<u32> {
    one.into_iter().chain(two).min()
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
        let lookup = Arc::new(Lookup::new(&settings, Some(hosts)).unwrap());
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
