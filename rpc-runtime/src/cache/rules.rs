//! What a reply says about being kept (RFC 9111 §5.2.2, RFC 5861 §4). Pure.

use std::time::Duration;

use http::{HeaderMap, HeaderName, header};

use super::Plan;

/// How long to keep a reply: fresh, and after that for errors. `None`: not at all.
pub(crate) fn keep(headers: &HeaderMap, plan: Plan, shared: bool) -> Option<Plan> {
    if items(headers, header::VARY).any(|name| name == "*") {
        return None;
    }
    let Plan { mut ttl, mut stale } = plan;
    let (mut max_age, mut s_maxage) = (None, None);
    for item in items(headers, header::CACHE_CONTROL) {
        let (name, value) = item.split_once('=').map_or((item, ""), |(name, value)| (name.trim(), value));
        let time = || seconds(value);
        match name.to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return None,
            "private" if shared => return None,
            "must-revalidate" => stale = Duration::ZERO,
            "proxy-revalidate" if shared => stale = Duration::ZERO,
            "max-age" => max_age = least(max_age, time()),
            "s-maxage" if shared => s_maxage = least(s_maxage, time()),
            "stale-if-error" => stale = stale.min(time()),
            _ => {}
        }
    }
    if let Some(limit) = s_maxage.or(max_age) {
        let age = items(headers, header::AGE).next().map_or(Duration::ZERO, seconds);
        ttl = ttl.min(limit.saturating_sub(age));
    }
    (!ttl.is_zero() || !stale.is_zero()).then_some(Plan { ttl, stale })
}

fn least(known: Option<Duration>, other: Duration) -> Option<Duration> {
    Some(known.map_or(other, |known| known.min(other)))
}

/// The items of a list, over all lines of a header; what is no text says nothing.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|item| !item.is_empty())
}

/// A number of seconds; more than fits is 2^31 (RFC 9111 §1.2.2), what is no number is none.
fn seconds(text: &str) -> Duration {
    let digits = text.trim().trim_matches('"');
    let many = || !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    Duration::from_secs(digits.parse().unwrap_or(if many() { 1 << 31 } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reply with these headers, asked to be kept 60 s, and 600 s for errors: what comes of it, in seconds.
    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], own: Option<(u64, u64)>, shared: Option<(u64, u64)>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let plan = Plan { ttl: Duration::from_secs(60), stale: Duration::from_secs(600) };
        let seconds = |found: Option<Plan>| found.map(|plan| (plan.ttl.as_secs(), plan.stale.as_secs()));
        assert_eq!(seconds(keep(&map, plan, false)), own, "{headers:?}");
        assert_eq!(seconds(keep(&map, plan, true)), shared, "{headers:?}, shared");
    }

    #[test]
    fn what_replies_say() {
        let both = |headers: &[(&'static str, &'static str)], kept| check(headers, kept, kept);
        let control = |value, kept| both(&[("cache-control", value)], kept);
        both(&[], Some((60, 600)));
        control("public", Some((60, 600)));
        control("no-store", None);
        control("max-age=5, No-Store", None);
        control("no-cache", None);
        control("max-age=5", Some((5, 600)));
        control("max-age=3600", Some((60, 600)));
        control("max-age=\"5\"", Some((5, 600)));
        control("max-age=5, max-age=4", Some((4, 600)));
        control("max-age=99999999999999999999999", Some((60, 600)));
        control("max-age=soon", Some((0, 600)));
        control("max-age=0, must-revalidate", None);
        control("must-revalidate", Some((60, 0)));
        control("stale-if-error=7", Some((60, 7)));
        control("stale-if-error=7000", Some((60, 600)));
        both(&[("cache-control", "max-age=9"), ("age", "4")], Some((5, 600)));
        both(&[("cache-control", "max-age=9"), ("age", "44")], Some((0, 600)));
        both(&[("vary", "accept"), ("vary", "x, *")], None);
        both(&[("vary", "accept")], Some((60, 600)));
        both(&[("cache-control", "public"), ("cache-control", "no-store")], None);
    }

    #[test]
    fn what_only_shared_stores_mind() {
        let check = |value, own, shared| check(&[("cache-control", value)], Some(own), shared);
        check("private", (60, 600), None);
        check("private=\"set-cookie\"", (60, 600), None);
        check("s-maxage=5", (60, 600), Some((5, 600)));
        check("s-maxage=50, max-age=5", (5, 600), Some((50, 600)));
        check("proxy-revalidate", (60, 600), Some((60, 0)));
    }
}
