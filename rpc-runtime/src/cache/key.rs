//! Keys of replies.

use std::fmt::Write as _;

use http::{HeaderMap, HeaderName, Method};
use sha2::{Digest as _, Sha256};

use crate::config::ServiceUrl;

/// Changes with what is hashed, and how.
const VERSION: u8 = 1;

/// Headers that only tell one call from another. (Baggage may be what a service goes by.)
const IDS: [&str; 4] = ["x-trace-id", "x-request-id", "traceparent", "tracestate"];

/// What a reply depends on.
pub(crate) struct KeyParts<'c> {
    pub(crate) service: &'c str,
    /// Where the client finds the service, and as whom; hashed.
    pub(crate) addresses: &'c str,
    pub(crate) method: &'c Method,
    /// Path and query.
    pub(crate) target: &'c str,
    /// Those of the call, credentials and cookies among them.
    pub(crate) headers: &'c HeaderMap,
    pub(crate) body: &'c [u8],
}

/// `rpc:1:<service>:<SHA-256>`. Secrets are in it only as a part of what is hashed.
pub(crate) fn key(parts: &KeyParts<'_>) -> String {
    let KeyParts { service, addresses, method, target, headers, body } = parts;
    let mut hash = Fields(Sha256::new());
    for field in [service, addresses, method.as_str(), target] {
        hash.field(field.as_bytes());
    }
    let mut names: Vec<&HeaderName> = headers.keys().filter(|name| !IDS.contains(&name.as_str())).collect();
    names.sort_unstable_by_key(|name| name.as_str());
    hash.count(names.len());
    for name in names {
        hash.field(name.as_str().as_bytes());
        let values = headers.get_all(name);
        hash.count(values.iter().count());
        values.iter().for_each(|value| hash.field(value.as_bytes()));
    }
    hash.field(body);
    format!("rpc:{VERSION}:{service}:{}", hash.hex())
}

/// The client's own URLs and the users that the map's URLs name, as a hash: user information is a secret.
pub(crate) fn addresses(own: &[ServiceUrl], map: &[ServiceUrl]) -> String {
    let mut hash = Fields(Sha256::new());
    hash.count(own.len());
    for url in own {
        hash.field(url.scheme().as_str().as_bytes());
        hash.field(url.as_url().as_str().as_bytes());
        hash.field(url.socket().map_or(&[][..], |path| path.as_os_str().as_encoded_bytes()));
        hash.count(usize::from(url.is_srv()));
    }
    let mut users: Vec<(&str, &str)> = map
        .iter()
        .map(|url| (url.as_url().username(), url.as_url().password().unwrap_or_default()))
        .collect();
    users.sort_unstable();
    users.dedup();
    for (user, password) in users {
        hash.field(user.as_bytes());
        hash.field(password.as_bytes());
    }
    hash.hex()
}

/// Fields with their lengths, so that none can run into the next.
struct Fields(Sha256);

impl Fields {
    fn hex(self) -> String {
        let mut hex = String::with_capacity(64);
        for byte in self.0.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_be_bytes());
    }

    fn field(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Call = (
        &'static str,
        &'static str,
        Method,
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static str,
    );

    fn key_of((service, addresses, method, target, headers, body): &Call) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in *headers {
            map.append(*name, value.parse().unwrap());
        }
        let body = body.as_bytes();
        key(&KeyParts { service, addresses, method, target, headers: &map, body })
    }

    const USUAL: Call = ("orders", "", Method::GET, "/a?b=c", &[], "");

    #[test]
    fn it_is_readable_for_operators_and_says_no_secret() {
        let found =
            key_of(&("orders", "", Method::GET, "/a?token=hunter2", &[("authorization", "hunter2")], ""));
        let hash = found.strip_prefix("rpc:1:orders:").unwrap();
        assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{found}");
    }

    /// The format stays: a shared store outlives a deployment.
    #[test]
    fn it_does_not_change() {
        let hash = "85c655fe89994d52a9e869c22b19841349dcbb84c83639fb4e03ddfaa64fa399";
        assert_eq!(key_of(&USUAL), format!("rpc:1:orders:{hash}"));
    }

    #[test]
    fn everything_that_matters_makes_another_key() {
        let calls: &[Call] = &[
            USUAL,
            ("users", "", Method::GET, "/a?b=c", &[], ""),
            ("orders", "http://staging", Method::GET, "/a?b=c", &[], ""),
            ("orders", "", Method::HEAD, "/a?b=c", &[], ""),
            ("orders", "", Method::GET, "/a?b=d", &[], ""),
            ("orders", "", Method::GET, "/a?b=c", &[("accept", "text/plain")], ""),
            ("orders", "", Method::GET, "/a?b=c", &[("authorization", "1")], ""),
            ("orders", "", Method::GET, "/a?b=c", &[("authorization", "2")], ""),
            ("orders", "", Method::GET, "/a?b=c", &[("x", "1"), ("y", "2")], ""),
            ("orders", "", Method::GET, "/a?b=c", &[("x", "2"), ("y", "1")], ""),
            ("orders", "", Method::GET, "/a?b=c", &[("x", "1"), ("x", "2")], ""),
            ("orders", "", Method::GET, "/a?b=c", &[("x", "12")], ""),
            ("orders", "", Method::GET, "/a?b=c", &[("baggage", "tenant=a")], ""),
            ("orders", "", Method::GET, "/a?b=c", &[], "body"),
            ("orders", "", Method::GET, "/a?b=", &[], "c"),
        ];
        let keys: std::collections::BTreeSet<String> = calls.iter().map(key_of).collect();
        assert_eq!(keys.len(), calls.len());
    }

    #[test]
    fn other_users_and_other_places_are_told_apart_and_not_shown() {
        let urls = |texts: &[&str]| -> Vec<ServiceUrl> {
            texts.iter().map(|text| ServiceUrl::parse(text).unwrap()).collect()
        };
        let own: &[&[&str]] = &[
            &[],
            &["http://orders"],
            &["https://orders"],
            &["http://orders/x@1"],
            &["http://staging/x@1"],
            &["http://alice:hunter2@orders"],
            &["http://bob:hunter2@orders"],
            &["http://a", "http://b"],
        ];
        let found: Vec<String> = own.iter().map(|own| addresses(&urls(own), &[])).collect();
        assert!(found.iter().all(|hash| hash.len() == 64 && !hash.contains("hunter2")));
        let all: std::collections::BTreeSet<&String> = found.iter().collect();
        assert_eq!(all.len(), own.len());
        let map = |text: &str| addresses(&[], &urls(&[text]));
        assert_ne!(map("http://alice@a"), map("http://bob@a"));
        assert_eq!(map("http://alice@a"), map("http://alice@b"));
    }

    #[test]
    fn what_does_not_matter_makes_the_same() {
        let calls: [&[(&str, &str)]; 3] = [
            &[("x", "1"), ("y", "2")],
            &[("y", "2"), ("x", "1")],
            &[("traceparent", "00"), ("y", "2"), ("x-trace-id", "t"), ("x", "1"), ("x-request-id", "t")],
        ];
        let keys: std::collections::BTreeSet<String> =
            calls.iter().map(|headers| key_of(&("orders", "", Method::GET, "/", headers, ""))).collect();
        assert_eq!(keys.len(), 1);
    }
}
