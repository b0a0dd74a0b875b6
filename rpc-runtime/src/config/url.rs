//! The base URL of a service.

use std::fmt;
use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use reqwest::Url;

#[path = "url_srv.rs"]
mod srv;

/// How a service is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
    /// HTTP/2 without TLS and without asking first ("prior knowledge", RFC 9113 §3.3).
    H2c,
    /// Plain HTTP over a Unix domain socket.
    Unix,
}

impl Scheme {
    /// `http`, `https`, `h2c` or `unix`.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
            Scheme::H2c => "h2c",
            Scheme::Unix => "unix",
        }
    }

    /// The scheme of the requests themselves: `http` or `https`.
    pub fn on_the_wire(self) -> &'static str {
        match self {
            Scheme::Https => "https",
            Scheme::Http | Scheme::H2c | Scheme::Unix => "http",
        }
    }

    /// 443 with TLS, else 80. A Unix socket has no port; 80 keeps it out of the `Host` header.
    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Https => 443,
            Scheme::Http | Scheme::H2c | Scheme::Unix => 80,
        }
    }

    /// Reads a scheme, in any case.
    fn parse(text: &str) -> Option<Self> {
        let all = [Scheme::Http, Scheme::Https, Scheme::H2c, Scheme::Unix];
        all.into_iter().find(|scheme| text.eq_ignore_ascii_case(scheme.as_str()))
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The validated base URL of a service: `http`, `https` or `h2c`, a host, no query, no fragment; or `unix` and the path of a
/// socket.
///
/// `http+srv://NAME` and `https+srv://NAME` (feature `dns`) stand for the hosts and ports that NAME's SRV records list.
///
/// `Debug` and `Display` hide user information.
///
/// ```
/// use rpc_runtime::config::{Scheme, ServiceUrl};
/// let url: ServiceUrl = "h2c://orders:8000/api".parse()?;
/// assert_eq!((url.scheme(), url.host(), url.base_path()), (Scheme::H2c, "orders", "/api"));
/// # #[cfg(unix)]
/// let local: ServiceUrl = "unix:///run/orders.sock".parse()?;
/// # Ok::<_, rpc_runtime::config::InvalidUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceUrl {
    /// The URL on the wire, without a dot at the end of the host, which would go into the `Host` header.
    url: Url,
    scheme: Scheme,
    port: u16,
    /// The name as given ended in a dot: it is absolute, and the resolver's search list does not apply.
    absolute: bool,
    /// The path of a Unix socket.
    socket: Option<Arc<Path>>,
    /// The name whose SRV records tell hosts and ports, as given.
    srv: Option<Box<str>>,
}

impl ServiceUrl {
    /// Reads a base URL; the error says what was found and what to write.
    pub fn parse(text: &str) -> Result<Self, InvalidUrl> {
        Self::parse_with(text, cfg!(feature = "dns"))
    }

    /// `dns` is whether SRV records can be asked for.
    fn parse_with(text: &str, dns: bool) -> Result<Self, InvalidUrl> {
        let shown = redact(text);
        let invalid = |why: fmt::Arguments<'_>| InvalidUrl(format!("{shown:?} {why}"));
        let plain = srv::plain(text);
        let (text, is_srv) = (plain.as_deref().unwrap_or(text), plain.is_some());
        let split = text.split_once("://").and_then(|(scheme, rest)| Some((Scheme::parse(scheme)?, rest)));
        let Some((scheme, rest)) = split else {
            let (_, rest) = shown.split_once("://").unwrap_or(("", &shown));
            let instead = match rest.strip_prefix("unix:") {
                Some(path) => format!("unix:///{}", path.trim_start_matches('/')),
                None if rest.is_empty() => "http://order-service:8000".to_owned(),
                None => format!("http://{rest}"),
            };
            return Err(invalid(format_args!(
                "is not an http://, https://, h2c:// or unix:// URL; write {instead:?}"
            )));
        };
        if text.contains("${") {
            return Err(invalid(format_args!(
                "has a ${{…}}, and variables are not expanded here; write the host itself"
            )));
        }
        if scheme == Scheme::Unix {
            if is_srv {
                return Err(invalid(format_args!(
                    "is a socket, for which DNS has no records; write unix://"
                )));
            }
            return Self::local(rest).map_err(|why| invalid(format_args!("{why}")));
        }
        // The URL standard drops or rewrites these silently.
        if let Some(odd) = text.chars().find(|c| c.is_whitespace() || c.is_control() || *c == '\\') {
            return Err(invalid(format_args!("holds {odd:?}, which no URL may")));
        }
        let on_the_wire = format!("{}://{rest}", scheme.on_the_wire());
        let mut url =
            Url::parse(&on_the_wire).map_err(|error| invalid(format_args!("is not a URL: {error}")))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid(format_args!("has a query or a fragment; a base URL ends with its path")));
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        if let Err(why) = check_host(&host, text) {
            return Err(invalid(format_args!("{why}")));
        }
        if url.port() == Some(0) {
            return Err(invalid(format_args!("has port 0, which nothing can listen on")));
        }
        let absolute = host.ends_with('.');
        if absolute && url.set_host(Some(host.trim_end_matches('.'))).is_err() {
            return Err(invalid(format_args!("has no usable host")));
        }
        let port = url.port_or_known_default().unwrap_or_else(|| scheme.default_port());
        let found = ServiceUrl { url, scheme, port, absolute, socket: None, srv: None };
        if !is_srv {
            return Ok(found);
        }
        srv::of_records(found, text, dns).map_err(|why| invalid(format_args!("{why}")))
    }

    /// The service behind a socket of this machine; everything after `unix://` is the socket's path, as it is.
    fn local(path: &str) -> Result<Self, String> {
        if !path.starts_with('/') || path.ends_with('/') {
            return Err(
                "is not the absolute path of a socket; write three slashes, as in \"unix:///run/orders.sock\"".to_owned()
            );
        }
        #[cfg(not(unix))]
        return Err("is a Unix socket, which this platform does not have; write an http:// URL".to_owned());
        #[cfg(unix)]
        {
            std::os::unix::net::SocketAddr::from_pathname(path)
                .map_err(|error| format!("cannot be the path of a socket: {error}"))?;
            let url = Url::parse("http://localhost/").map_err(|error| format!("is not a URL: {error}"))?;
            let (scheme, socket) = (Scheme::Unix, Some(Path::new(path).into()));
            Ok(ServiceUrl { url, scheme, port: scheme.default_port(), absolute: false, socket, srv: None })
        }
    }

    /// How the service is spoken to.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host as it stands in a URL: a name without a dot at its end, or an address, IPv6 in brackets; `localhost` for a
    /// Unix socket.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The address, where the host is one.
    pub fn ip(&self) -> Option<IpAddr> {
        self.host().trim_start_matches('[').trim_end_matches(']').parse().ok()
    }

    /// The path of the Unix socket, where the URL names one.
    pub fn socket(&self) -> Option<&Path> {
        self.socket.as_deref()
    }

    /// Whether connections need an address that only a resolver has.
    pub fn needs_lookup(&self) -> bool {
        self.socket.is_none() && self.ip().is_none()
    }

    /// The name to ask the resolver for, with the dot that makes it absolute if it was given with one.
    pub fn lookup_name(&self) -> String {
        match &self.srv {
            Some(name) => name.to_string(),
            None if self.absolute => format!("{}.", self.host()),
            None => self.host().to_owned(),
        }
    }

    /// Whether [`lookup_name`](Self::lookup_name) is a name of SRV records, which tell the ports.
    pub fn is_srv(&self) -> bool {
        self.srv.is_some()
    }

    /// The port, given or the scheme's; without meaning where SRV records tell it.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What belongs into the `Host` header: the host, and the port unless it is the scheme's.
    pub fn authority(&self) -> String {
        match self.url.port() {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host().to_owned(),
        }
    }

    /// The path that every request path follows, without a slash at its end; empty for the root.
    pub fn base_path(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// The whole URL as it is on the wire (`http` or `https`), user information included.
    pub fn as_url(&self) -> &Url {
        &self.url
    }

    /// For names found by DNS: `name` may end in a dot.
    pub(crate) fn from_parts(scheme: Scheme, name: &str, port: u16) -> Result<Self, InvalidUrl> {
        Self::parse(&format!("{scheme}://{name}:{port}"))
    }

    /// The SRV records that RFC 2782 has for such a service at `name`, which may end in a dot. HTTP/2 without TLS is `_http` too:
    /// that is the name of the service, and `h2c` a version of it.
    pub(crate) fn of_records(scheme: Scheme, name: &str) -> Result<Self, InvalidUrl> {
        let service = scheme.on_the_wire();
        Self::parse(&format!("{scheme}+srv://_{service}._tcp.{name}"))
    }
}

/// The URL parser accepts far more than a host that anybody means: `1` is `0.0.0.1` to it, and `{x}` a name.
fn check_host(host: &str, text: &str) -> Result<(), String> {
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.is_empty() {
        return Err("has no host".to_owned());
    }
    if host.starts_with('[') {
        return Ok(());
    }
    if host.parse::<IpAddr>().is_ok() && !text.contains(host) {
        return Err(format!("would mean the address {host}; write that, or a name"));
    }
    if let Some(odd) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
        return Err(format!(
            "has {odd:?} in its host, where only letters, digits, \"-\", \"_\" and \".\" may be"
        ));
    }
    if name.len() > 253 || name.split('.').any(|label| label.is_empty() || label.len() > 63) {
        return Err("has a host with an empty or overlong part".to_owned());
    }
    Ok(())
}

/// What may be shown of a text that should be a URL: no user information, no query, no endless text.
pub(crate) fn redact(text: &str) -> String {
    const LONGEST: usize = 200;
    let (scheme, rest) = text.split_once("://").map_or(("", text), |(scheme, rest)| (scheme, rest));
    // The last `@` of the whole text, not of the authority: a password may hold a slash by mistake.
    let (user, rest) = rest.rsplit_once('@').map_or(("", rest), |(_, rest)| ("***@", rest));
    let cut = rest.find(['?', '#']);
    let (rest, tail) = cut.and_then(|at| rest.get(..at)).map_or((rest, ""), |rest| (rest, "?…"));
    let colon = if scheme.is_empty() && !text.starts_with("://") { "" } else { "://" };
    let mut shown = format!("{scheme}{colon}{user}{rest}{tail}");
    if let Some((at, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(at);
        shown.push('…');
    }
    shown
}

impl FromStr for ServiceUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        Self::parse(text)
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.socket() {
            return write!(f, "unix://{}", path.display());
        }
        if let Some(name) = &self.srv {
            return f.write_str(&srv::shown(self, name));
        }
        let shown = redact(self.url.as_str());
        let (_, rest) = shown.split_once("://").unwrap_or(("", &shown));
        write!(f, "{}://{rest}", self.scheme)
    }
}

impl fmt::Debug for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not the base URL of a service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidUrl(String);

#[cfg(test)]
#[path = "url_tests.rs"]
mod tests;
