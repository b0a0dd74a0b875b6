//! Where a send goes, as the fields of its span.

use crate::call::OutgoingCall;
use crate::config::Scheme;
use crate::discovery::Endpoint;
use crate::semconv;

/// `url.full`: the URL that is sent, without user information. The names of query parameters stay, their values do not.
///
/// A path stays as it is, values included: the convention wants the URL, and paths stand in the access logs of every proxy.
pub(super) fn full_url(endpoint: &Endpoint, target: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (scheme, place) = match endpoint.scheme() {
        Scheme::Http | Scheme::Https => ("", endpoint.as_str()),
        Scheme::H2c => (Scheme::H2c.on_the_wire(), endpoint.as_str().trim_start_matches("h2c")),
        Scheme::Unix => ("http://", endpoint.host()),
    };
    // Not `format!`: this is done for every send, and takes a third of the time so.
    let mut url = [scheme, place, endpoint.base_path(), path].concat();
    let query = semconv::redacted(query);
    if !query.is_empty() {
        url.push('?');
        url.push_str(&query);
    }
    url
}

/// `url.template`; a raw call has none.
pub(super) fn url_template(call: &OutgoingCall) -> Option<&'static str> {
    Some(call.template).filter(|template| *template != OutgoingCall::RAW)
}

/// `network.peer.port`, where connections go to a known address.
pub(super) fn peer_port(endpoint: &Endpoint) -> Option<i64> {
    let port = || endpoint.addr().map_or(endpoint.port(), |addr| addr.port());
    endpoint.peer().map(|_| i64::from(port()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ServiceUrl;

    #[track_caller]
    fn check(url: &str, target: &str, expected: &str) {
        let endpoint = Endpoint::new(ServiceUrl::parse(url).unwrap(), None);
        assert_eq!(full_url(&endpoint, target), expected);
    }

    #[test]
    fn the_full_url_tells_no_secret() {
        check("http://a", "/orders/7", "http://a:80/orders/7");
        check("http://a:8000/base", "/x?q=1&page=2", "http://a:8000/base/x?q=REDACTED&page=REDACTED");
        check("https://user:hunter2@a:443", "/x?hunter2", "https://a:443/x?REDACTED");
        check("h2c://[::1]:80", "/?=hunter2&&a=b=c", "http://[::1]:80/?=REDACTED&a=REDACTED");
        check("http://a", "/?", "http://a:80/");
        #[cfg(unix)]
        check("unix:///run/a.sock", "/x", "http://localhost/x");
    }

    #[test]
    fn address_port_and_peer() {
        #[track_caller]
        fn check(url: &str, addr: Option<&str>, server: (&str, Option<i64>), expected: Option<(&str, i64)>) {
            let addr = addr.map(|addr| addr.parse().unwrap());
            let endpoint = Endpoint::new(ServiceUrl::parse(url).unwrap(), addr);
            let address = endpoint.server();
            assert_eq!((&**address, semconv::server_port(&endpoint)), server, "{url}");
            assert_eq!(endpoint.peer().map(|peer| &**peer).zip(peer_port(&endpoint)), expected, "{url}");
        }
        check("http://a:8000", None, ("a", Some(8000)), None);
        check("https://a", Some("10.0.0.7:443"), ("a", Some(443)), Some(("10.0.0.7", 443)));
        check("http://[::1]:81", None, ("::1", Some(81)), Some(("::1", 81)));
        #[cfg(unix)]
        check("unix:///run/a.sock", None, ("/run/a.sock", None), None);
    }
}
