//! `tracestate` of W3C Trace Context, level 2 (<https://www.w3.org/TR/trace-context-2/>, §3.3).

use http::HeaderValue;

/// "There can be a maximum of 32 list-members in a list."
const MAX_MEMBERS: usize = 32;
/// What the text asks everybody to pass on ("tracestate Limits"); nobody can count on more.
const MAX_LENGTH: usize = 512;
/// Entries longer than this go first when something has to go.
const LONG: usize = 128;
/// Keys and values have at most so many characters.
const MAX_PART: usize = 256;
pub(super) const OWS: [char; 2] = [' ', '\t'];

/// Reads the headers of a request, in their order, as the one that is sent on. `None` when there is nothing in them, or anything
/// breaks a rule.
pub(crate) fn read<'h>(headers: impl Iterator<Item = &'h HeaderValue>) -> Option<HeaderValue> {
    let mut members: Vec<(&str, &str)> = Vec::new();
    for header in headers {
        // Empty members are allowed: they come of combining headers.
        let all = header.to_str().ok()?.split(',').map(|member| member.trim_matches(OWS));
        for member in all.filter(|member| !member.is_empty()) {
            let (key, value) = member.split_once('=')?;
            let known = members.iter().any(|(other, _)| *other == key);
            if !is_key(key) || !is_value(value) || known || members.len() == MAX_MEMBERS {
                return None;
            }
            members.push((key, member));
        }
    }
    cut(&mut members);
    let members: Vec<&str> = members.into_iter().map(|(_, member)| member).collect();
    HeaderValue::try_from(members.join(",")).ok().filter(|header| !header.is_empty())
}

/// Drops whole entries until the rest is short enough: long ones first, then those at the end.
fn cut(members: &mut Vec<(&str, &str)>) {
    let mut length = members.iter().map(|(_, member)| member.len() + 1).sum::<usize>();
    while length > MAX_LENGTH + 1 {
        let long = members.iter().rposition(|(_, member)| member.len() > LONG);
        let (_, gone) = members.remove(long.unwrap_or(members.len() - 1));
        length -= gone.len() + 1;
    }
}

fn is_key(key: &str) -> bool {
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    key.len() <= MAX_PART
        && key.bytes().next().is_some_and(small)
        && key.bytes().all(|byte| small(byte) || b"_-*/@".contains(&byte))
}

/// The spaces at its end are already gone; those at its beginning belong to it.
fn is_value(value: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, 0x20..=0x7e) && !b",=".contains(&byte);
    (1..=MAX_PART).contains(&value.len()) && value.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[&str], expected: Option<&str>) {
        let headers: Vec<HeaderValue> = headers.iter().map(|text| text.parse().unwrap()).collect();
        let read = read(headers.iter());
        assert_eq!(read.as_ref().map(|header| header.to_str().unwrap()), expected, "{headers:?}");
    }

    #[test]
    fn headers_combine_in_their_order() {
        check(
            &["rojo=00f067aa0ba902b7", "congo=t61rcWkgMzE"],
            Some("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        );
        check(&["a=1 ,\t b=2\t", "", " , ,", "c=3"], Some("a=1,b=2,c=3"));
        check(&[], None);
        check(&["", ",", " "], None);
    }

    #[test]
    fn keys_and_values_of_level_2() {
        check(&["1a@b/c*d-e_f= v 1;2"], Some("1a@b/c*d-e_f= v 1;2"));
        let (key, value) = ("k".repeat(256), "v".repeat(240));
        check(&[&format!("{key}={value}")], Some(&format!("{key}={value}")));
        for bad in ["a", "a=", "=1", "A=1", "_a=1", "a b=1", "a =1", "a=1=2", "a=\u{7f}", "a=1,b"] {
            if let Ok(header) = HeaderValue::from_str(bad) {
                assert_eq!(read([&header].into_iter()), None, "{bad}");
            }
        }
        check(&[&format!("{key}k=1")], None);
        check(&[&format!("a={}", "v".repeat(257))], None);
        check(&["a=1,b=2,a=3"], None);
        check(&["a=1", "a=1"], None);
        assert_eq!(read([&HeaderValue::from_bytes(b"a=\xff").unwrap()].into_iter()), None);
    }

    #[test]
    fn thirty_two_members_and_no_more() {
        let members: Vec<String> = (0..33).map(|n| format!("k{n}=v")).collect();
        let most = members[..32].join(",");
        check(&[&most], Some(&most));
        check(&[&members.join(",")], None);
    }

    #[test]
    fn too_much_goes_by_whole_entries() {
        let entry = |key: &str, length: usize| format!("{key}={}", "x".repeat(length - key.len() - 1));
        // 128 + 1 + 128 + 1 + 128 + 1 + 125 = 512
        let fits = [entry("a", 128), entry("b", 128), entry("c", 128), entry("d", 125)];
        check(&[&fits.join(",")], Some(&fits.join(",")));
        let one_more = [entry("a", 128), entry("b", 128), entry("c", 128), entry("d", 126)];
        check(&[&one_more.join(",")], Some(&one_more[..3].join(",")));
        // The last of the long ones is enough.
        let long = [entry("a", 129), entry("b", 100), entry("c", 200), entry("d", 120)];
        check(&[&long.join(",")], Some(&[&*long[0], &long[1], &long[3]].join(",")));
    }
}
