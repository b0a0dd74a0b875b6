//! The URL of a token endpoint.

use std::fmt;

use crate::config::{Scheme, ServiceUrl};
use crate::discovery::Endpoint;

/// Where tokens are: an origin, and a path there.
#[derive(Clone)]
pub(super) struct TokenUrl {
    pub(super) endpoint: Endpoint,
    /// Path and query.
    pub(super) target: String,
    /// Without the query, which may hold secrets.
    shown: String,
}

impl TokenUrl {
    /// Reads a token URL; the error says what to write.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (base, query) = text.split_once('?').map_or((text, None), |(base, query)| (base, Some(query)));
        let url = ServiceUrl::parse(base).map_err(|error| format!("oauth2: token URL {error}"))?;
        let wrong = |why: &str| Err(format!("oauth2: token URL \"{url}\" {why}"));
        if !matches!(url.scheme(), Scheme::Http | Scheme::Https) || url.is_srv() {
            return wrong("must begin with https:// or http://");
        }
        let whole = url.as_url();
        if !whole.username().is_empty() || whole.password().is_some() {
            return wrong("has a user in it; id and secret of the client stand beside the URL");
        }
        if query.is_some_and(|query| !query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')) {
            return wrong("has a query that cannot be sent");
        }
        let origin = ServiceUrl::parse(&format!("{}://{}", url.scheme(), url.authority()));
        let origin = origin.map_err(|error| format!("oauth2: token URL {error}"))?;
        let path = whole.path();
        let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        let shown = format!("{}://{}{path}", url.scheme(), url.authority());
        Ok(Self { endpoint: Endpoint::new(origin, None), target, shown })
    }
}

impl fmt::Display for TokenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for TokenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_urls() {
        #[track_caller]
        fn check(text: &str, expected: Result<(&str, &str, &str), &str>) {
            match (TokenUrl::parse(text), expected) {
                (Ok(url), Ok(expected)) => {
                    let endpoint = url.endpoint.to_string();
                    let found = (endpoint.as_str(), url.target.as_str(), url.shown.as_str());
                    assert_eq!(found, expected);
                }
                (Err(error), Err(part)) => {
                    assert!(error.contains(part) && !error.contains("hunter2"), "{error}");
                }
                (found, expected) => panic!("{found:?}, expected {expected:?}"),
            }
        }
        check("https://idp/token", Ok(("https://idp:443", "/token", "https://idp/token")));
        check("http://idp:8080", Ok(("http://idp:8080", "/", "http://idp:8080/")));
        check("https://idp/a/token/?t=1", Ok(("https://idp:443", "/a/token/?t=1", "https://idp/a/token/")));
        check("idp/token", Err("is not an http://"));
        check("h2c://idp/token", Err("must begin with https:// or http://"));
        check("unix:///run/idp.sock", Err("must begin with https:// or http://"));
        check("https://id:hunter2@idp/token", Err("has a user in it"));
        check("https://idp/token?hunter2 x", Err("has a query that cannot be sent"));
        check("https://idp/token?hunter2#x", Err("has a query that cannot be sent"));
    }
}
