//! `http+srv://NAME`: the hosts and ports of a service are in SRV records.

use super::ServiceUrl;

const SUFFIX: &str = "+srv";

/// The URL without `+srv`, where it has that.
pub(super) fn plain(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let at = scheme.len().checked_sub(SUFFIX.len())?;
    let (plain, suffix) = (scheme.get(..at)?, scheme.get(at..)?);
    suffix.eq_ignore_ascii_case(SUFFIX).then(|| format!("{plain}://{rest}"))
}

/// Makes the plain URL that was read from `text` one of SRV records, or says what is wrong with that.
pub(super) fn of_records(mut url: ServiceUrl, text: &str, dns: bool) -> Result<ServiceUrl, String> {
    if !dns {
        return Err("means SRV records, which need the feature `dns` of rpc-runtime; \
                    turn it on, or write a host and a port"
            .to_owned());
    }
    if url.ip().is_some() {
        return Err("has an address, where a name of SRV records must be".to_owned());
    }
    if has_port(text) {
        return Err("has a port, which comes from DNS; leave it out".to_owned());
    }
    let name = url.lookup_name();
    let host = host(&name).to_owned();
    if host.is_empty() || url.url.set_host(Some(&host)).is_err() {
        return Err("has no host after the labels that begin with \"_\"".to_owned());
    }
    url.absolute = false;
    url.srv = Some(name.into());
    Ok(url)
}

/// What instances are called: `orders.prod` of `_http._tcp.orders.prod.`.
fn host(name: &str) -> &str {
    let mut host = name.trim_end_matches('.');
    while host.starts_with('_') {
        host = host.split_once('.').map_or("", |(_, rest)| rest);
    }
    host
}

/// The parser of URLs drops a port that is the scheme's.
fn has_port(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().contains(':')
}

/// As it was written, but for secrets.
pub(super) fn shown(url: &ServiceUrl, name: &str) -> String {
    let user = match url.url.username().is_empty() && url.url.password().is_none() {
        true => "",
        false => "***@",
    };
    format!("{}{SUFFIX}://{user}{name}{}", url.scheme, url.url.path())
}

impl ServiceUrl {
    /// The URL of an instance at this port.
    pub(crate) fn at_port(&self, port: u16) -> Self {
        let mut url = ServiceUrl { port, srv: None, ..self.clone() };
        // Only URLs without a host refuse a port.
        let _ = url.url.set_port(Some(port));
        url
    }
}
