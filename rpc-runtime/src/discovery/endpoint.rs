//! One instance, and the set of them.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::sync::Arc;

use crate::config::{Scheme, ServiceUrl};

/// One instance of a service. Cheap to clone; equal if URL and address are.
#[derive(Clone)]
pub struct Endpoint(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    url: ServiceUrl,
    addr: Option<SocketAddr>,
    /// As it is shown; every call says it.
    text: Arc<str>,
    /// Whom it is asked for (the host without brackets, or the path of the socket), and the address as text; every span of a send says both.
    server: Arc<str>,
    peer: Option<Arc<str>>,
    /// Of URL and address; every call looks its connections up.
    hash: u64,
    weight: u32,
    priority: u16,
}

impl Endpoint {
    /// An instance at `url`. Connections go to `addr`; without one, whatever connects resolves the host itself.
    pub fn new(url: ServiceUrl, addr: Option<SocketAddr>) -> Self {
        let mut hasher = DefaultHasher::new();
        (&url, addr).hash(&mut hasher);
        let (text, hash) = (shown(&url).into(), hasher.finish());
        let peer = addr.map(|addr| addr.ip()).or_else(|| url.ip()).map(|ip| ip.to_string().into());
        let server = match url.socket() {
            Some(socket) => socket.to_string_lossy().into(),
            None => url.host().trim_start_matches('[').trim_end_matches(']').into(),
        };
        Endpoint(Arc::new(Inner { url, addr, text, server, peer, hash, weight: 1, priority: 0 }))
    }

    /// The same instance with a share of the calls in proportion to `weight`.
    #[must_use]
    pub fn with_weight(self, weight: u32) -> Self {
        Endpoint(Arc::new(Inner { weight, ..Inner::clone(&self.0) }))
    }

    /// The same instance in another group; a group is used when every lower one is out.
    #[must_use]
    pub fn with_priority(self, priority: u16) -> Self {
        Endpoint(Arc::new(Inner { priority, ..Inner::clone(&self.0) }))
    }

    /// The host's name or address, or the path of the socket.
    pub(crate) fn server(&self) -> &Arc<str> {
        &self.0.server
    }

    /// The address that connections go to, as text, where it is known.
    pub(crate) fn peer(&self) -> Option<&Arc<str>> {
        self.0.peer.as_ref()
    }

    /// `http://host:port` or `unix:///path`.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// How the instance is spoken to.
    pub fn scheme(&self) -> Scheme {
        self.0.url.scheme()
    }

    /// The host as it stands in the URL: for SNI, without a dot at its end, IPv6 in brackets.
    pub fn host(&self) -> &str {
        self.0.url.host()
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.0.url.port()
    }

    /// What belongs into the `Host` header.
    pub fn authority(&self) -> String {
        self.0.url.authority()
    }

    /// The path before every request path, without a slash at its end.
    pub fn base_path(&self) -> &str {
        self.0.url.base_path()
    }

    /// The base URL, which instances behind one host name share.
    pub fn url(&self) -> &ServiceUrl {
        &self.0.url
    }

    /// Where connections go, if it is known.
    pub fn addr(&self) -> Option<SocketAddr> {
        self.0.addr
    }

    /// Its share of the calls among its siblings; 1 unless the source says otherwise.
    pub fn weight(&self) -> u32 {
        self.0.weight
    }

    /// Its group; lower ones are preferred.
    pub fn priority(&self) -> u16 {
        self.0.priority
    }
}

impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.hash == other.0.hash && self.0.addr == other.0.addr && self.0.url == other.0.url)
    }
}

impl Eq for Endpoint {}

impl Hash for Endpoint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash.hash(state);
    }
}

fn shown(url: &ServiceUrl) -> String {
    match url.socket() {
        Some(_) => url.to_string(),
        None => format!("{}://{}:{}", url.scheme(), url.host(), url.port()),
    }
}

/// `http://host:port` or `unix:///path`.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

/// As `Display`, and the address where a name stands for several.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.addr() {
            Some(addr) if self.url().ip().is_none() => write!(f, "{self} ({addr})"),
            _ => fmt::Display::fmt(self, f),
        }
    }
}

/// The instances of a service at one moment. Cheap to clone.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Snapshot {
    /// The instances, in an order that changes only with the set.
    pub endpoints: Arc<[Endpoint]>,
    /// Counts the changes of this watch's set, from 1.
    pub generation: u64,
    /// The instances were written down one by one, not found behind a name.
    pub listed: bool,
}

impl Snapshot {
    /// A set.
    pub fn new(endpoints: impl Into<Arc<[Endpoint]>>, generation: u64) -> Self {
        Snapshot { endpoints: endpoints.into(), generation, listed: false }
    }

    /// A set that somebody wrote down one by one.
    #[must_use]
    pub fn listed(mut self) -> Self {
        self.listed = true;
        self
    }
}

/// Whether two sets are the same in all that matters to those who choose from them.
pub(super) fn same(one: &[Endpoint], two: &[Endpoint]) -> bool {
    let all = |endpoint: &Endpoint| (endpoint.priority(), endpoint.weight());
    one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one == two && all(one) == all(two))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_is_url_and_address() {
        let endpoint = |url: &str, addr: &str| {
            let addr = (!addr.is_empty()).then(|| addr.parse().unwrap());
            Endpoint::new(ServiceUrl::parse(url).unwrap(), addr)
        };
        let one = endpoint("http://a", "10.0.0.1:80");
        assert_eq!(one, endpoint("http://a/", "10.0.0.1:80").with_weight(5).with_priority(1));
        assert_ne!(one, endpoint("http://a", "10.0.0.2:80"));
        assert_ne!(one, endpoint("http://a", ""));
        assert_ne!(one, endpoint("http://b", "10.0.0.1:80"));
        assert_eq!(
            (one.to_string(), format!("{one:?}")),
            ("http://a:80".into(), "http://a:80 (10.0.0.1:80)".into())
        );
        let weighted = one.with_weight(3).with_priority(2);
        assert_eq!((weighted.weight(), weighted.priority()), (3, 2));
    }
}
