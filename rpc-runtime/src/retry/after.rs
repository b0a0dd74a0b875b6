//! The `Retry-After` header (RFC 9110 §10.2.3): seconds or a date.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};

/// How long the service asks to wait. A date in the past is zero; several values, a negative number and other text are
/// ignored. Absurdly long times are kept: whether to wait that long is for the policy to say.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let mut values = headers.get_all(header::RETRY_AFTER).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    let text = value.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str], expected: Option<u64>) {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::RETRY_AFTER, value.parse().unwrap());
        }
        assert_eq!(retry_after(&headers, now), expected.map(Duration::from_secs), "{values:?}");
    }

    #[test]
    fn reads_seconds_and_dates() {
        check(&["0"], Some(0));
        check(&[" 120 "], Some(120));
        check(&["99999999999999999999999"], Some(u64::MAX));
        check(&["Sun, 06 Nov 1994 08:50:07 GMT"], Some(30));
        check(&["Sun, 06 Nov 1994 08:00:00 GMT"], Some(0));
    }

    #[test]
    fn ignores_the_rest() {
        for values in [&["-1"][..], &["1.5"], &["soon"], &[""], &["1", "2"], &[]] {
            check(values, None);
        }
    }
}
