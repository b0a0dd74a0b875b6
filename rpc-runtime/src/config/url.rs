//! The base URL of a service.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

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
}

impl Scheme {
    /// `http` or `https`.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// 80 or 443.
    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The validated base URL of a service: `http` or `https`, a host, no query, no fragment.
///
/// `http+srv://NAME` and `https+srv://NAME` (feature `dns`) stand for the hosts and ports that NAME's SRV records list.
///
/// `Debug` and `Display` hide user information.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceUrl {
    /// Without a dot at the end of the host, which would go into the `Host` header.
    url: Url,
    scheme: Scheme,
    port: u16,
    /// The name as given ended in a dot: it is absolute, and the resolver's search list does not apply.
    absolute: bool,
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
        let scheme = match text.split_once("://") {
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => Scheme::Http,
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => Scheme::Https,
            split => {
                let rest =
                    split.map_or(shown.as_str(), |_| shown.split_once("://").map_or("", |(_, rest)| rest));
                let rest = if rest.is_empty() { "order-service:8000" } else { rest };
                return Err(invalid(format_args!(
                    "is not an http:// or https:// URL; write \"http://{rest}\""
                )));
            }
        };
        if text.contains("${") {
            return Err(invalid(format_args!(
                "has a ${{…}}, and variables are not expanded here; write the host itself"
            )));
        }
        // The URL standard drops or rewrites these silently.
        if let Some(odd) = text.chars().find(|c| c.is_whitespace() || c.is_control() || *c == '\\') {
            return Err(invalid(format_args!("holds {odd:?}, which no URL may")));
        }
        let mut url = Url::parse(text).map_err(|error| invalid(format_args!("is not a URL: {error}")))?;
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
        let found = ServiceUrl { url, scheme, port, absolute, srv: None };
        if !is_srv {
            return Ok(found);
        }
        srv::of_records(found, text, dns).map_err(|why| invalid(format_args!("{why}")))
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host as it stands in a URL: a name without a dot at its end, or an address, IPv6 in brackets.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The address, where the host is one.
    pub fn ip(&self) -> Option<IpAddr> {
        self.host().trim_start_matches('[').trim_end_matches(']').parse().ok()
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

    /// The whole URL, user information included.
    pub fn as_url(&self) -> &Url {
        &self.url
    }

    /// For names found by DNS: `name` may end in a dot.
    pub(crate) fn from_parts(scheme: Scheme, name: &str, port: u16) -> Result<Self, InvalidUrl> {
        Self::parse(&format!("{scheme}://{name}:{port}"))
    }

    /// The SRV records that RFC 2782 has for such a service at `name`, which may end in a dot.
    pub(crate) fn of_records(scheme: Scheme, name: &str) -> Result<Self, InvalidUrl> {
        Self::parse(&format!("{scheme}+srv://_{scheme}._tcp.{name}"))
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
        match &self.srv {
            None => f.write_str(&redact(self.url.as_str())),
            Some(name) => f.write_str(&srv::shown(self, name)),
        }
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
