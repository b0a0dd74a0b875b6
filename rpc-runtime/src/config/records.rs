//! Which DNS records tell where a service is.

use std::fmt;

/// What is asked of DNS for services that no map has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DnsRecords {
    /// A and AAAA records of the service's name; the port is the configured one.
    A,
    /// SRV records of `_http._tcp.NAME` (`_https._tcp.NAME` with that scheme), which hold the port. Needs the feature `dns`.
    Srv,
    /// SRV records, and where there are none, A and AAAA records. Needs the feature `dns`.
    Auto,
}

impl DnsRecords {
    /// Whether this build can ask for them; the error says what to turn on.
    pub(super) fn check(self) -> Result<Self, &'static str> {
        match self {
            DnsRecords::A => Ok(self),
            _ if cfg!(feature = "dns") => Ok(self),
            _ => Err("needs the feature `dns` of rpc-runtime; turn it on, or use \"a\""),
        }
    }
}

impl fmt::Display for DnsRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DnsRecords::A => "a",
            DnsRecords::Srv => "srv",
            DnsRecords::Auto => "auto",
        })
    }
}
