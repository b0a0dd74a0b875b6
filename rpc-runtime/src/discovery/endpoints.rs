//! What a resolver found, as endpoints.

use std::collections::BTreeSet;

use super::endpoint::Endpoint;
use super::resolve::Target;
use crate::config::ServiceUrl;

/// The instances behind one URL, in the order of `targets`.
pub(super) fn endpoints<'t>(
    url: &'t ServiceUrl,
    targets: &'t [Target],
) -> impl Iterator<Item = Endpoint> + 't {
    let groups = groups(targets);
    let scale = scale(targets);
    targets.iter().zip(groups).map(move |(target, group)| {
        let url = if url.is_srv() { url.at_port(target.addr.port()) } else { url.clone() };
        let weight = (u32::from(target.weight) * scale).max(1);
        Endpoint::new(url, Some(target.addr)).with_priority(group).with_weight(weight)
    })
}

/// The group of each target, numbered from 0 without gaps.
///
/// A name with both families usually means each instance twice, and often (`localhost`) one family that nobody listens
/// on. So of two families in a group IPv4 is first, and IPv6 the group after it, instead of half of the calls each.
fn groups(targets: &[Target]) -> Vec<u16> {
    let v4: BTreeSet<u16> = targets.iter().filter(|t| t.addr.is_ipv4()).map(|t| t.priority).collect();
    let rank = |target: &Target| (target.priority, target.addr.is_ipv6() && v4.contains(&target.priority));
    let ranks: BTreeSet<(u16, bool)> = targets.iter().map(rank).collect();
    let number = |target: &Target| ranks.iter().take_while(|known| **known < rank(target)).count();
    targets.iter().map(|target| u16::try_from(number(target)).unwrap_or(u16::MAX)).collect()
}

/// By how much weights are multiplied, so that 0 ("a very small chance", RFC 2782) can be 1 beside them.
fn scale(targets: &[Target]) -> u32 {
    let (mut zero, mut more) = (false, false);
    for target in targets {
        zero |= target.weight == 0;
        more |= target.weight > 0;
    }
    if zero && more { 100 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `address priority weight`, comma separated, to `authority@address group weight`.
    #[track_caller]
    fn check(url: &str, targets: &str, expected: &str) {
        let target = |text: &str| {
            let mut words = text.split_whitespace();
            let target = Target::new(words.next().unwrap().parse().unwrap());
            let mut number = |default: u16| words.next().map_or(default, |word| word.parse().unwrap());
            target.with_record(number(0), number(1))
        };
        let targets: Vec<Target> = targets.split(", ").map(target).collect();
        let url = ServiceUrl::parse(url).unwrap();
        let shown: Vec<String> = endpoints(&url, &targets)
            .map(|e| format!("{}@{} {} {}", e.authority(), e.addr().unwrap(), e.priority(), e.weight()))
            .collect();
        assert_eq!(shown.join(", "), expected);
    }

    #[test]
    fn of_addresses() {
        check("http://a", "1.1.1.1:80", "a@1.1.1.1:80 0 1");
        check("http://a:81", "1.1.1.1:81, [::1]:81", "a:81@1.1.1.1:81 0 1, a:81@[::1]:81 1 1");
        check("http://a", "[::1]:80, [::2]:80", "a@[::1]:80 0 1, a@[::2]:80 0 1");
    }

    #[cfg(feature = "dns")]
    #[test]
    fn of_records() {
        let url = "http+srv://_http._tcp.a";
        check(url, "1.1.1.1:80 10 5, 1.1.1.2:81 20 7", "a@1.1.1.1:80 0 5, a:81@1.1.1.2:81 1 7");
        check(url, "1.1.1.1:1 0 0, 1.1.1.2:1 0 3", "a:1@1.1.1.1:1 0 1, a:1@1.1.1.2:1 0 300");
        check(url, "1.1.1.1:1 0 0, 1.1.1.2:1 0 0", "a:1@1.1.1.1:1 0 1, a:1@1.1.1.2:1 0 1");
        check(url, "1.1.1.1:1 9 65535, 1.1.1.2:1 9 0", "a:1@1.1.1.1:1 0 6553500, a:1@1.1.1.2:1 0 1");
        check(
            url,
            "1.1.1.1:1 1 1, [::1]:1 1 1, [::2]:1 2 1, 1.1.1.2:1 3 1",
            "a:1@1.1.1.1:1 0 1, a:1@[::1]:1 1 1, a:1@[::2]:1 2 1, a:1@1.1.1.2:1 3 1",
        );
    }
}
