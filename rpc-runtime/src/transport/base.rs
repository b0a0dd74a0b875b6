//! The base URL of an endpoint, parsed once: a call only puts its path in.

use std::sync::Arc;

use base64::Engine as _;
use http::HeaderValue;
use reqwest::Url;

use super::TransportError;
use crate::discovery::Endpoint;

/// Scheme, host and port of an endpoint, and its user information as what it is for. Clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Base(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    url: Url,
    authorization: Option<HeaderValue>,
}

impl Base {
    pub(super) fn new(endpoint: &Endpoint) -> Result<Self, TransportError> {
        let text = format!("{}://{}/", endpoint.scheme().on_the_wire(), endpoint.authority());
        let url = Url::parse(&text)
            .map_err(|error| TransportError::unsendable("no valid URL").with_source(error))?;
        Ok(Self(Arc::new(Inner { url, authorization: authorization(endpoint.url().as_url()) })))
    }

    /// The URL of a request: path and query are encoded already.
    pub(super) fn join(&self, base_path: &str, target: &str) -> Url {
        let mut url = self.0.url.clone();
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        if base_path.is_empty() {
            url.set_path(path);
        } else {
            url.set_path(&[base_path, path].concat());
        }
        if query.is_some() {
            url.set_query(query);
        }
        url
    }

    /// The user information of the endpoint's URL, as HTTP basic (RFC 7617).
    pub(super) fn authorization(&self) -> Option<&HeaderValue> {
        self.0.authorization.as_ref()
    }
}

fn authorization(url: &Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).collect::<Vec<u8>>();
    let mut pair = decoded(url.username());
    pair.push(b':');
    pair.extend(url.password().map(decoded).unwrap_or_default());
    let text = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ServiceUrl;

    fn base(url: &str) -> (Base, Endpoint) {
        let endpoint = Endpoint::new(ServiceUrl::parse(url).unwrap(), None);
        (Base::new(&endpoint).unwrap(), endpoint)
    }

    #[test]
    fn what_a_call_adds_is_what_parsing_the_whole_would_give() {
        for (url, targets) in [
            ("http://orders:8000", ["/", "/a/b", "/a%2Fb/%E4%BD%A0?q=a%20b&r=%23", "/a?", "/a?x=1?y"]),
            (
                "https://orders.example/api/v1/",
                ["/", "/a;v=1,2", "/@:~!$&'()*+", "/a?b[]=1", "/%7B%7D?a=b+c"],
            ),
            ("http://[::1]:81/x", ["/", "/a//b", "/a/", "/ü?ü", "/a?b=/c?d"]),
        ] {
            let (base, endpoint) = base(url);
            for target in targets {
                let whole = format!(
                    "{}://{}{}{target}",
                    endpoint.scheme().on_the_wire(),
                    endpoint.authority(),
                    endpoint.base_path()
                );
                let joined = base.join(endpoint.base_path(), target);
                assert_eq!(joined, Url::parse(&whole).unwrap(), "{whole}");
            }
        }
    }

    #[test]
    fn user_information_becomes_basic_authentication() {
        #[track_caller]
        fn check(url: &str, expected: Option<&str>) {
            let (base, _) = base(url);
            assert_eq!(base.authorization().map(|value| value.to_str().unwrap()), expected);
            let joined = base.join("", "/a");
            assert_eq!((joined.username(), joined.password()), ("", None));
        }
        check("http://orders", None);
        check("http://user:pass@orders", Some("Basic dXNlcjpwYXNz"));
        check("http://user@orders", Some("Basic dXNlcjo="));
        check("http://us%20er:p%40ss@orders", Some("Basic dXMgZXI6cEBzcw=="));
    }
}
