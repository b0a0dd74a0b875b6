//! Headers as a log may show them.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

/// What a header's name holds whose value is nobody's business. Baggage, links and locations hold queries and data of others.
const SECRET: [&str; 22] = [
    "auth",
    "baggage",
    "cookie",
    "credential",
    "csrf",
    "jwt",
    "key",
    "link",
    "location",
    "pass",
    "private",
    "referer",
    "refresh",
    "secret",
    "session",
    "signature",
    "sso",
    "ticket",
    "token",
    "uri",
    "url",
    "xsrf",
];

/// Headers without the values that are secret, by their name or by a mark of whoever set them.
pub(crate) struct Shown<'h> {
    pub(super) headers: &'h HeaderMap,
    /// Names to hide beside the usual ones.
    pub(super) redact: &'h [HeaderName],
}

impl<'h> Shown<'h> {
    /// Without those that are usually secret.
    pub(crate) fn usual(headers: &'h HeaderMap) -> Self {
        Self { headers, redact: &[] }
    }

    fn hides(&self, name: &HeaderName, value: &HeaderValue) -> bool {
        let usual = || SECRET.iter().any(|part| name.as_str().contains(part));
        value.is_sensitive() || usual() || self.redact.contains(name)
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_map();
        for (name, value) in self.headers {
            match self.hides(name, value) {
                true => out.entry(&name.as_str(), &format_args!("***")),
                false => out.entry(&name.as_str(), value),
            };
        }
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden() {
        #[track_caller]
        fn check(name: &'static str, hidden: bool) {
            let redact = [HeaderName::from_static("x-tenant")];
            let headers =
                HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static("hunter2"))]);
            let shown = format!("{:?}", Shown { headers: &headers, redact: &redact });
            let expected = if hidden { "***" } else { "\"hunter2\"" };
            assert_eq!(shown, format!("{{\"{name}\": {expected}}}"));
        }
        for name in [
            "authorization",
            "proxy-authorization",
            "www-authenticate",
            "cookie",
            "set-cookie",
            "x-api-key",
            "api-key",
            "x-auth-token",
            "x-amz-security-token",
            "idempotency-key",
            "x-csrf-token",
            "baggage",
            "location",
            "referer",
            "x-client-secret",
            "x-tenant",
        ] {
            check(name, true);
        }
        for name in ["accept", "content-type", "x-trace-id", "traceparent", "x-request-attempt", "date"] {
            check(name, false);
        }
    }

    #[test]
    fn so_is_what_is_marked() {
        let mut value = HeaderValue::from_static("hunter2");
        value.set_sensitive(true);
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-other"), value)]);
        assert_eq!(format!("{:?}", Shown { headers: &headers, redact: &[] }), r#"{"x-other": ***}"#);
    }
}
