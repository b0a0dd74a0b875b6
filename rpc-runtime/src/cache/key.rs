//! Keys of replies.

use std::fmt::Write as _;

use http::{HeaderMap, HeaderName, Method};
use sha2::{Digest as _, Sha256};

/// Changes with what is hashed, and how.
const VERSION: u8 = 1;

/// Headers that say for which trace a call is made, not what it asks for.
const TRACE: [&str; 5] = ["x-trace-id", "x-request-id", "traceparent", "tracestate", "baggage"];

/// What a reply depends on.
pub(crate) struct KeyParts<'c> {
    pub(crate) service: &'c str,
    /// The client's own URLs, in place of discovery.
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
    let mut names: Vec<&HeaderName> = headers.keys().filter(|name| !TRACE.contains(&name.as_str())).collect();
    names.sort_unstable_by_key(|name| name.as_str());
    hash.count(names.len());
    for name in names {
        hash.field(name.as_str().as_bytes());
        let values = headers.get_all(name);
        hash.count(values.iter().count());
        values.iter().for_each(|value| hash.field(value.as_bytes()));
    }
    hash.field(body);
    let mut key = format!("rpc:{VERSION}:{service}:");
    for byte in hash.0.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
    key
}

/// Fields with their lengths, so that none can run into the next.
struct Fields(Sha256);

impl Fields {
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
            ("orders", "", Method::GET, "/a?b=c", &[], "body"),
            ("orders", "", Method::GET, "/a?b=", &[], "c"),
        ];
        let keys: std::collections::BTreeSet<String> = calls.iter().map(key_of).collect();
        assert_eq!(keys.len(), calls.len());
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
