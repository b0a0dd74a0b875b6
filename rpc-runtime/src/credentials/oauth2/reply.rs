//! What a token endpoint says (RFC 6749 §5), judged without waiting or state.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;

use super::Secret;
use super::mask::Mask;
use crate::call::Exchanged;
use crate::config::Defaults;
use crate::error::{Error, ErrorKind, shorten};
use crate::transport::TransportError;

/// A token, and how long it is good for.
#[derive(Debug)]
pub(crate) struct Token {
    /// `Bearer …`.
    pub(in crate::credentials) text: Secret,
    pub(super) arrived: Instant,
    /// From here on another one is asked for.
    pub(super) refresh: Instant,
    /// From here on the service would refuse it.
    pub(super) expires: Instant,
}

/// Why there is no token. What is known once is told to all calls for a while.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) what: String,
    /// It may pass by itself.
    pub(super) passing: bool,
    /// How long a reply was waited for that did not come.
    pub(super) waited: Option<Duration>,
    pub(super) cause: Option<Arc<TransportError>>,
}

impl Failure {
    pub(super) fn lasting(what: impl Into<String>) -> Self {
        Self { what: what.into(), passing: false, waited: None, cause: None }
    }

    pub(super) fn into_error(self) -> Error {
        let error = Error::new(ErrorKind::Credential, format!("no access token: {}", self.what));
        let error = error.with_passing(self.passing);
        match self.cause {
            Some(cause) => error.with_source(cause),
            None => error,
        }
    }
}

/// What came of a token request that was sent at `asked`.
pub(super) fn read(
    exchanged: Exchanged,
    asked: Instant,
    now: Instant,
    defaults: &Defaults,
    mask: &Mask,
) -> Result<Token, Failure> {
    match exchanged {
        Exchanged::Reply { status, body, .. } if status.is_success() => {
            success(&body, asked, now, defaults, mask).map_err(Failure::lasting)
        }
        Exchanged::Reply { status, body, .. } => Err(refusal(status, &body, mask)),
        Exchanged::TooLarge(limit) => {
            Err(Failure::lasting(format!("its reply is larger than {limit} bytes")))
        }
        Exchanged::TimedOut(limit) | Exchanged::Held(limit) => {
            let failure = Failure::lasting(format!("no reply within {limit:?}"));
            Err(Failure { passing: true, waited: Some(limit), ..failure })
        }
        Exchanged::Broken(error) => {
            let failure = Failure::lasting(mask.hide(&error.to_string()));
            Err(Failure { passing: !error.unsendable, cause: Some(Arc::new(error)), ..failure })
        }
        Exchanged::Refused(error) => Err(Failure::lasting(mask.hide(&error.to_string()))),
    }
}

#[derive(Deserialize)]
struct Success {
    access_token: String,
    token_type: Option<String>,
    expires_in: Option<Value>,
}

/// §5.1. What a parser says is left out of the texts: it quotes.
fn success(
    body: &Bytes,
    asked: Instant,
    now: Instant,
    defaults: &Defaults,
    mask: &Mask,
) -> Result<Token, String> {
    let Ok(Success { access_token, token_type, expires_in }) = serde_json::from_slice(body) else {
        return Err("its reply is no JSON object with an `access_token`".to_owned());
    };
    if let Some(other) = token_type.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(format!("it gives tokens of the type \"{}\", not bearer", quoted(&other, mask)));
    }
    let text = format!("Bearer {access_token}");
    if access_token.is_empty() || HeaderValue::from_str(&text).is_err() {
        return Err("its `access_token` cannot stand in a header".to_owned());
    }
    let lifetime = expires_in.as_ref().and_then(seconds).unwrap_or(defaults.token_lifetime);
    let skew = defaults.token_skew.min(lifetime.mul_f64(defaults.token_skew_ratio));
    // However short it lives, it is not asked for at every call.
    let least = now + defaults.token_backoff;
    let refresh = (asked + lifetime.saturating_sub(skew)).max(least);
    Ok(Token { text: text.into(), arrived: now, refresh, expires: (asked + lifetime).max(least) })
}

/// A number, or one in quotes, as some servers write it; a year at most.
fn seconds(value: &Value) -> Option<Duration> {
    const LONGEST: f64 = 365.0 * 24.0 * 3600.0;
    let seconds = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    if !seconds.is_finite() {
        return None;
    }
    Duration::try_from_secs_f64(seconds.min(LONGEST)).ok()
}

/// Somebody else's words. The mask goes first: half a secret, or one with other quotes, it would not find.
fn quoted(text: &str, mask: &Mask) -> String {
    shorten(&mask.hide(text)).escape_debug().to_string()
}

/// §5.2.
fn refusal(status: StatusCode, body: &Bytes, mask: &Mask) -> Failure {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
        error_description: Option<String>,
    }
    let mut what = format!("HTTP {status}");
    if let Ok(Refusal { error, error_description }) = serde_json::from_slice(body) {
        let text = error_description.map_or(error.clone(), |described| format!("{error} ({described})"));
        what = format!("{what}: {}", quoted(&text, mask));
    }
    let passing = status.is_server_error() || [408, 429].contains(&status.as_u16());
    Failure { passing, ..Failure::lasting(what) }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::clock::{Clock as _, ManualClock};
    use crate::error::Sent;

    fn reply(status: u16, body: &'static str) -> Exchanged {
        let status = StatusCode::from_u16(status).unwrap();
        Exchanged::Reply { status, headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) }
    }

    /// What is known of the reply 100 ms after it was asked for.
    fn judged(exchanged: Exchanged) -> (Instant, Result<Token, Failure>) {
        let asked = ManualClock::new().now();
        let now = asked + Duration::from_millis(100);
        (asked, read(exchanged, asked, now, &Defaults::V1, &Mask::new(["hunter2", "sec\"ret"])))
    }

    #[test]
    fn lifetimes() {
        #[track_caller]
        fn check(expires_in: &str, refresh: u64, expires: u64) {
            let body = format!(r#"{{"access_token":"t","token_type":"bEARER"{expires_in}}}"#);
            let (asked, token) = judged(reply(200, body.leak()));
            let token = token.unwrap();
            assert_eq!(token.text.0, "Bearer t");
            let millis = |moment: Instant| u64::try_from((moment - asked).as_millis()).unwrap();
            assert_eq!((millis(token.refresh), millis(token.expires)), (refresh, expires), "{expires_in}");
        }
        // 30 s before the end, a tenth where that is less.
        check(r#","expires_in":3600"#, 3_570_000, 3_600_000);
        check(r#","expires_in":"3600""#, 3_570_000, 3_600_000);
        check(r#","expires_in":60.5"#, 54_450, 60_500);
        // Not said, or nonsense.
        check("", 270_000, 300_000);
        check(r#","expires_in":null"#, 270_000, 300_000);
        check(r#","expires_in":"soon""#, 270_000, 300_000);
        check(r#","expires_in":-1"#, 270_000, 300_000);
        for endless in ["NaN", "inf", "-inf", "infinity", "1e400"] {
            check(&format!(r#","expires_in":"{endless}""#), 270_000, 300_000);
        }
        // Never more than one request a second, and no overflow.
        check(r#","expires_in":0"#, 1_100, 1_100);
        check(r#","expires_in":1e300"#, 31_535_970_000, 31_536_000_000);
    }

    #[test]
    fn failures() {
        #[track_caller]
        fn check(exchanged: Exchanged, part: &str, passing: bool) {
            let failure = judged(exchanged).1.unwrap_err();
            assert!(failure.what.contains(part), "{}", failure.what);
            assert!(!failure.what.contains("hun") && !failure.what.contains("ret"), "{}", failure.what);
            assert_eq!(failure.passing, passing);
            let error = failure.into_error();
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Credential, passing));
        }
        check(reply(200, "hunter2"), "no JSON object with an `access_token`", false);
        check(reply(200, r#"{"access_token":{"hunter2":1}}"#), "no JSON object", false);
        check(reply(200, r#"{"access_token":"hunter2\n"}"#), "cannot stand in a header", false);
        check(reply(200, r#"{"access_token":""}"#), "cannot stand in a header", false);
        check(reply(200, r#"{"access_token":"hunter2","token_type":"mac"}"#), "\"mac\", not bearer", false);
        check(
            reply(401, r#"{"error":"invalid_client","error_description":"who\nare you?"}"#),
            r"HTTP 401 Unauthorized: invalid_client (who\nare you?)",
            false,
        );
        check(reply(401, r#"{"error":"not sec\"ret"}"#), "HTTP 401 Unauthorized: not ***", false);
        check(reply(200, r#"{"access_token":"t","token_type":"sec\"ret"}"#), "type \"***\", not", false);
        // Where the text is cut, too: 506 bytes, then the secret.
        let long = format!(r#"{{"error":"{}hunter2 and more"}}"#, "x".repeat(506));
        check(reply(400, long.leak()), "xx***…", false);
        check(Exchanged::Broken(TransportError::new("not hunter2", Sent::Maybe)), "not ***", true);
        check(reply(400, r#"{"error":"invalid_scope"}"#), "HTTP 400 Bad Request: invalid_scope", false);
        check(reply(302, "hunter2"), "HTTP 302 Found", false);
        check(reply(503, "hunter2"), "HTTP 503 Service Unavailable", true);
        check(reply(429, ""), "HTTP 429", true);
        check(Exchanged::TooLarge(9), "larger than 9 bytes", false);
        check(Exchanged::TimedOut(Duration::from_secs(5)), "no reply within 5s", true);
        check(Exchanged::Broken(TransportError::new("gone", Sent::Maybe)), "gone", true);
        check(Exchanged::Broken(TransportError::unsendable("no")), "no", false);
    }
}
