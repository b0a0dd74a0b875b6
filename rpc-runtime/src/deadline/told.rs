//! How long the sender of a request says that it waits.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

/// What clients of this runtime send: whole milliseconds.
pub(crate) const TIMEOUT_MS: HeaderName = HeaderName::from_static("x-request-timeout-ms");
/// Stands in a 504 when the service ended the request at its deadline.
pub(crate) const EXPIRED: HeaderName = HeaderName::from_static("x-deadline-expired");
/// Set by Envoy on requests that it passes on: whole milliseconds.
const ENVOY: HeaderName = HeaderName::from_static("x-envoy-expected-rq-timeout-ms");
/// gRPC over HTTP/2, "Timeout": 1 to 8 digits and a unit.
const GRPC: HeaderName = HeaderName::from_static("grpc-timeout");

/// How long the caller of a request waits, by what its headers say: `X-Request-Timeout-Ms`, `X-Envoy-Expected-Rq-Timeout-Ms`,
/// `grpc-timeout`; the least of them. Malformed ones count as missing.
pub fn from_headers(headers: &HeaderMap) -> Option<Duration> {
    let all = |name: HeaderName, read: fn(&str) -> Option<Duration>| {
        let text = |value: &HeaderValue| value.to_str().ok().and_then(read);
        headers.get_all(name).iter().filter_map(text).min()
    };
    [all(TIMEOUT_MS, millis), all(ENVOY, millis), all(GRPC, grpc)].into_iter().flatten().min()
}

fn millis(text: &str) -> Option<Duration> {
    digits(text).map(Duration::from_millis)
}

fn grpc(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number = digits(number).filter(|_| number.len() <= 8)?;
    Some(match unit {
        "H" => Duration::from_secs(number * 3600),
        "M" => Duration::from_secs(number * 60),
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => return None,
    })
}

/// No sign, no space, which `parse` would let pass or not, depending on the type.
fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pairs: &[(HeaderName, &str)], expected: Option<Duration>) {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value.parse().unwrap());
        }
        assert_eq!(from_headers(&headers), expected, "{pairs:?}");
    }

    #[test]
    fn each_header_has_its_units() {
        let millis = |millis| Some(Duration::from_millis(millis));
        check(&[], None);
        check(&[(TIMEOUT_MS, "1500")], millis(1500));
        check(&[(TIMEOUT_MS, "0")], millis(0));
        check(&[(ENVOY, "250")], millis(250));
        check(&[(TIMEOUT_MS, "18446744073709551615")], millis(u64::MAX));
        for (text, expected) in
            [("99999999H", 359_999_996_400_000), ("1M", 60_000), ("7S", 7000), ("00000020m", 20)]
        {
            check(&[(GRPC, text)], millis(expected));
        }
        check(&[(GRPC, "1500u")], Some(Duration::from_micros(1500)));
        check(&[(GRPC, "3n")], Some(Duration::from_nanos(3)));
    }

    #[test]
    fn malformed_is_missing() {
        for text in ["", "-1", "+1", "1.5", "1e3", "1s", " 1", "0x1", "18446744073709551616", "é"] {
            check(&[(TIMEOUT_MS, text), (ENVOY, text)], None);
        }
        for text in ["", "S", "1", "1s", "123456789S", "-1S", "+1S", " 1S", "1 S", "1SS", "é", "1é"] {
            check(&[(GRPC, text)], None);
        }
    }

    #[test]
    fn the_least_of_several_holds() {
        let expected = Some(Duration::from_millis(20));
        check(&[(TIMEOUT_MS, "30"), (ENVOY, "20"), (GRPC, "1S")], expected);
        check(&[(TIMEOUT_MS, "30"), (ENVOY, "40"), (GRPC, "20000u")], expected);
        check(&[(TIMEOUT_MS, "20"), (ENVOY, "nonsense"), (GRPC, "1S")], expected);
        check(&[(TIMEOUT_MS, "50"), (TIMEOUT_MS, "20"), (TIMEOUT_MS, "x")], expected);
    }
}
