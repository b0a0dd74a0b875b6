//! DNS asked directly: SRV records, times to live, and the difference between "there is nothing" and "nobody answers".

mod addresses;
mod either;
mod memory;
mod names;
mod query;
mod services;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hickory_resolver::Hosts;
use hickory_resolver::proto::rr::Name;
use hickory_resolver::system_conf;

use super::either::{Either, ResolvingEither};
use super::resolve::{Answer, Resolve, Resolving};
use memory::Memory;
use query::Servers;

/// Asks the name servers of the system, or given ones. Feature `dns`.
///
/// - The system's are read from `/etc/resolv.conf` for each lookup, so a change of it counts, and asked in its order: the
///   next one when one fails or says nothing for 2 s (3 s for a whole lookup). Its search list and `ndots` count, the hosts
///   file goes before it. A configuration that cannot be read is an error; there is no other server to fall back to.
/// - Nothing is cached: whoever asks decides by the TTL when to ask again. Only the gap that one failed question leaves in an
///   answer (a target of SRV records, one of two families) is filled with what was known there before.
/// - A and AAAA records are asked for together. SRV records bring priority, weight and port; addresses of their targets come
///   with them or are looked up, eight at a time. A target without address is left out.
/// - The TTL of an answer is the least of all records in it.
/// - In a search list, a name that fails ends the lookup: the next one might be another service. For the same reason, where
///   SRV records or addresses will do, one name is asked for both before the next.
///
/// ```no_run
/// use rpc_runtime::discovery::{DnsResolver, Resolve};
///
/// # async fn example() -> std::io::Result<()> {
/// let consul = DnsResolver::with_servers(["127.0.0.1:8600".parse().unwrap()], &[], 1)?;
/// let answer = consul.resolve_srv("orders.service.consul.").await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct DnsResolver(Arc<Inner>);

struct Inner {
    origin: Origin,
    memory: Arc<Memory>,
}

#[derive(Debug)]
enum Origin {
    /// This resolv.conf, or what the system has in its place, and the hosts file. Given servers count in place of its own.
    System {
        path: PathBuf,
        servers: Option<Vec<SocketAddr>>,
    },
    Given(Settings),
}

/// What a resolv.conf says.
#[derive(Clone, Debug)]
struct Settings {
    servers: Vec<SocketAddr>,
    search: Vec<Name>,
    ndots: usize,
}

impl DnsResolver {
    /// Asks as the system is configured.
    pub fn system() -> Self {
        Self::from_resolv_conf("/etc/resolv.conf")
    }

    /// Asks as a file in the form of resolv.conf says. It is read for each lookup. (Windows, macOS and
    /// Android have none that counts: there it is the system's configuration.)
    pub fn from_resolv_conf(path: impl Into<PathBuf>) -> Self {
        Origin::System { path: path.into(), servers: None }.into()
    }

    /// Asks as the system is configured, but these servers.
    pub(crate) fn system_with(servers: Vec<SocketAddr>) -> Self {
        Origin::System { path: "/etc/resolv.conf".into(), servers: Some(servers) }.into()
    }

    /// Asks these servers, the first one first. A name with fewer than `ndots` dots is looked for in the domains of
    /// `search` before it is asked for as it is; a dot at its end keeps it as it is. The hosts file does not count.
    ///
    /// # Errors
    /// When there is no server, or an entry of `search` is no domain name.
    pub fn with_servers(
        servers: impl IntoIterator<Item = SocketAddr>,
        search: &[&str],
        ndots: usize,
    ) -> io::Result<Self> {
        let servers: Vec<SocketAddr> = servers.into_iter().collect();
        if servers.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no name server is given"));
        }
        let search = search.iter().map(|domain| names::absolute(domain)).collect::<io::Result<_>>()?;
        Ok(Origin::Given(Settings { servers, search, ndots }).into())
    }
}

impl From<Origin> for DnsResolver {
    fn from(origin: Origin) -> Self {
        DnsResolver(Arc::new(Inner { origin, memory: Arc::default() }))
    }
}

impl Inner {
    /// What one lookup needs. Nothing lives longer: a connection would die with its tokio runtime.
    async fn lookup(&self) -> io::Result<Lookup> {
        let memory = Arc::clone(&self.memory);
        let (path, servers) = match &self.origin {
            Origin::Given(settings) => return Lookup::new(settings, None, memory),
            Origin::System { path, servers } => (path.clone(), servers.clone()),
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return Err(io::Error::other("DNS can be asked in a tokio runtime only"));
        };
        let read = move || (system(&path, servers), Hosts::from_system().ok());
        let (settings, hosts) = runtime.spawn_blocking(read).await.map_err(io::Error::other)?;
        Lookup::new(&settings?, hosts, memory)
    }
}

/// Reads the system's configuration. With `servers`, it need not be there, or name any.
fn system(path: &Path, servers: Option<Vec<SocketAddr>>) -> io::Result<Settings> {
    #[cfg(all(unix, not(any(target_os = "android", target_vendor = "apple"))))]
    let read = (match std::fs::read(path) {
        Ok(mut text) if servers.is_some() => {
            // The reader insists on one, which is not asked.
            text.extend_from_slice(b"\nnameserver 127.0.0.1\n");
            Ok(text)
        }
        Err(error) if servers.is_some() && error.kind() == io::ErrorKind::NotFound => {
            Ok(b"nameserver 127.0.0.1\n".to_vec())
        }
        read => read,
    })
    .map_err(hickory_resolver::net::NetError::from)
    .and_then(system_conf::parse_resolv_conf);
    #[cfg(not(all(unix, not(any(target_os = "android", target_vendor = "apple")))))]
    let read = system_conf::read_system_conf();
    let unusable = |error| {
        let why = format!("the DNS configuration {} cannot be used: {error}", path.display());
        io::Error::other(why)
    };
    let (config, options) = read.map_err(unusable)?;
    let own = config.name_servers().iter().map(|server| {
        let port = server.connections.first().map_or(53, |connection| connection.port);
        SocketAddr::new(server.ip, port)
    });
    let search = config.search().iter().map(|domain| {
        let mut domain = domain.clone();
        domain.set_fqdn(true);
        domain
    });
    Ok(Settings {
        servers: servers.unwrap_or_else(|| own.collect()),
        search: search.collect(),
        ndots: options.ndots,
    })
}

/// One lookup: servers to ask, names to try.
struct Lookup {
    servers: Servers,
    search: Vec<Name>,
    ndots: usize,
    hosts: Option<Hosts>,
    memory: Arc<Memory>,
}

impl Lookup {
    fn new(settings: &Settings, hosts: Option<Hosts>, memory: Arc<Memory>) -> io::Result<Self> {
        let Settings { servers, search, ndots } = settings;
        Ok(Lookup { servers: Servers::new(servers)?, search: search.clone(), ndots: *ndots, hosts, memory })
    }

    fn names(&self, name: &str) -> io::Result<Vec<Name>> {
        names::candidates(name, &self.search, self.ndots)
    }
}

impl Resolve for DnsResolver {
    fn resolve(&self, host: &str, port: u16) -> Resolving {
        let (inner, host) = (Arc::clone(&self.0), host.to_owned());
        Box::pin(async move { inner.lookup().await?.addresses(&host, port).await })
    }

    fn resolve_srv(&self, name: &str) -> Resolving {
        let (inner, name) = (Arc::clone(&self.0), name.to_owned());
        Box::pin(async move { inner.lookup().await?.services(&name).await })
    }

    fn resolve_either(&self, question: &Either) -> Option<ResolvingEither> {
        let (inner, question) = (Arc::clone(&self.0), question.clone());
        Some(Box::pin(async move {
            match inner.lookup().await {
                Ok(lookup) => lookup.either(&question).await,
                Err(error) => question.failed(error),
            }
        }))
    }
}

impl fmt::Debug for DnsResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DnsResolver").field(&self.0.origin).finish()
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;

    /// A file with this text, gone with the guard.
    fn resolv_conf(name: &str, text: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("rpc-runtime-{name}-{}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn settings_of_a_resolv_conf() {
        let text = "nameserver 10.96.0.10\nnameserver fd00::a\nsearch prod.svc.cluster.local svc.cluster.local\noptions ndots:5";
        let path = resolv_conf("settings", text);
        let Settings { servers, search, ndots } = system(&path, None).unwrap();
        let given = vec!["127.0.0.1:8600".parse().unwrap()];
        let others = system(&path, Some(given.clone())).unwrap();
        assert_eq!((&others.servers, others.ndots, others.search.len()), (&given, 5, 2));
        std::fs::write(&path, "search lan").unwrap();
        let others = system(&path, Some(given.clone())).unwrap();
        assert_eq!((&others.servers, others.ndots, others.search.len()), (&given, 1, 1));
        std::fs::remove_file(&path).unwrap();
        let others = system(&path, Some(given.clone())).unwrap();
        assert_eq!((others.servers, others.ndots), (given, 1));
        assert_eq!(servers, ["10.96.0.10:53".parse().unwrap(), "[fd00::a]:53".parse().unwrap()]);
        let search: Vec<String> = search.iter().map(Name::to_string).collect();
        assert_eq!(search, ["prod.svc.cluster.local.", "svc.cluster.local."]);
        assert_eq!(ndots, 5);
    }

    /// No server is made up where none is configured.
    #[tokio::test]
    async fn a_configuration_that_cannot_be_used_is_an_error() {
        let empty = resolv_conf("empty", "# nothing\n");
        for path in [PathBuf::from("/no/such/resolv.conf"), empty.clone()] {
            let resolver = DnsResolver::from_resolv_conf(&path);
            let error = resolver.resolve("orders", 80).await.unwrap_err().to_string();
            let start = format!("the DNS configuration {} cannot be used: ", path.display());
            assert!(error.starts_with(&start), "{error}");
        }
        std::fs::remove_file(&empty).unwrap();
        assert!(DnsResolver::with_servers([], &[], 1).is_err());
    }
}
