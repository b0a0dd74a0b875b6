//! Where a send goes, as the fields of its span.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;

use tracing::field::{DisplayValue, display};

use crate::call::OutgoingCall;
use crate::discovery::Endpoint;
use crate::semconv::REDACTED;

/// `url.full`: the URL that is sent, without user information. The names of query parameters stay, their values do not.
///
/// A path stays as it is, values included: the convention wants the URL, and paths stand in the access logs of every proxy.
pub(super) struct FullUrl<'u> {
    pub(super) endpoint: &'u Endpoint,
    pub(super) target: &'u str,
}

impl fmt::Display for FullUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { endpoint, target } = self;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let scheme = endpoint.scheme();
        write!(f, "{}://{}", scheme.on_the_wire(), endpoint.host())?;
        if endpoint.port() != scheme.default_port() {
            write!(f, ":{}", endpoint.port())?;
        }
        f.write_str(endpoint.base_path())?;
        f.write_str(path)?;
        for (index, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            f.write_str(if index == 0 { "?" } else { "&" })?;
            // Without a name, it is a value.
            if let Some((name, _)) = pair.split_once('=') {
                write!(f, "{name}=")?;
            }
            f.write_str(REDACTED)?;
        }
        Ok(())
    }
}

/// `url.template`; a raw call has none.
pub(super) fn url_template(call: &OutgoingCall) -> Option<&'static str> {
    Some(call.template).filter(|template| *template != OutgoingCall::RAW)
}

/// `server.address`: the name, the address, or the path of the socket.
pub(super) fn host(endpoint: &Endpoint) -> Option<Cow<'_, str>> {
    Some(match endpoint.url().socket() {
        Some(socket) => socket.to_string_lossy(),
        None => Cow::Borrowed(endpoint.host().trim_start_matches('[').trim_end_matches(']')),
    })
}

/// `server.port`; a Unix socket has none.
pub(super) fn port(endpoint: &Endpoint) -> Option<i64> {
    endpoint.url().socket().is_none().then(|| i64::from(endpoint.port()))
}

/// `network.peer.address`, where connections go to a known one.
pub(super) fn peer_address(endpoint: &Endpoint) -> Option<DisplayValue<std::net::IpAddr>> {
    peer(endpoint).map(|addr| display(addr.ip()))
}

/// `network.peer.port`.
pub(super) fn peer_port(endpoint: &Endpoint) -> Option<i64> {
    peer(endpoint).map(|addr| i64::from(addr.port()))
}

fn peer(endpoint: &Endpoint) -> Option<SocketAddr> {
    let literal = || Some(SocketAddr::new(endpoint.url().ip()?, endpoint.port()));
    endpoint.addr().or_else(literal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ServiceUrl;

    #[track_caller]
    fn check(url: &str, target: &str, expected: &str) {
        let endpoint = Endpoint::new(ServiceUrl::parse(url).unwrap(), None);
        assert_eq!(FullUrl { endpoint: &endpoint, target }.to_string(), expected);
    }

    #[test]
    fn the_full_url_tells_no_secret() {
        check("http://a", "/orders/7", "http://a/orders/7");
        check("http://a:8000/base", "/x?q=1&page=2", "http://a:8000/base/x?q=REDACTED&page=REDACTED");
        check("https://user:hunter2@a:443", "/x?hunter2", "https://a/x?REDACTED");
        check("h2c://[::1]:80", "/?=hunter2&&a=b=c", "http://[::1]/?=REDACTED&a=REDACTED");
        check("http://a", "/?", "http://a/");
        #[cfg(unix)]
        check("unix:///run/a.sock", "/x", "http://localhost/x");
    }

    #[test]
    fn address_port_and_peer() {
        #[track_caller]
        fn check(url: &str, addr: Option<&str>, server: (&str, Option<i64>), expected: Option<(&str, i64)>) {
            let addr = addr.map(|addr| addr.parse().unwrap());
            let endpoint = Endpoint::new(ServiceUrl::parse(url).unwrap(), addr);
            assert_eq!((host(&endpoint).as_deref(), port(&endpoint)), (Some(server.0), server.1), "{url}");
            let peer = peer(&endpoint).map(|addr| (addr.ip().to_string(), i64::from(addr.port())));
            assert_eq!(peer, expected.map(|(ip, port)| (ip.to_owned(), port)), "{url}");
        }
        check("http://a:8000", None, ("a", Some(8000)), None);
        check("https://a", Some("10.0.0.7:443"), ("a", Some(443)), Some(("10.0.0.7", 443)));
        check("http://[::1]:81", None, ("::1", Some(81)), Some(("::1", 81)));
        #[cfg(unix)]
        check("unix:///run/a.sock", None, ("/run/a.sock", None), None);
    }
}
