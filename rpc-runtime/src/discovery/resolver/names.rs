//! Which names a name stands for.

use std::io;

use hickory_resolver::proto::rr::Name;

/// The absolute name of a text, with a dot at its end or without.
pub(super) fn absolute(text: &str) -> io::Result<Name> {
    let invalid =
        |error| io::Error::new(io::ErrorKind::InvalidInput, format!("{text:?} is no name of DNS: {error}"));
    let mut name = Name::from_ascii(text).map_err(invalid)?;
    name.set_fqdn(true);
    Ok(name)
}

/// The names to ask for, in order. As resolv.conf(5) has it: a name that ends in a dot is asked for alone; one with at
/// least `ndots` dots first as it is and then in the domains of `search`, one with fewer the other way round. The labels
/// `_service._proto.` of SRV records count for nothing, so that both kinds of records are asked for in the same domains.
pub(super) fn candidates(text: &str, search: &[Name], ndots: usize) -> io::Result<Vec<Name>> {
    let name = absolute(text)?;
    if text.ends_with('.') {
        return Ok(vec![name]);
    }
    let labels = text.split('.').skip_while(|label| label.starts_with('_')).count();
    let as_it_is_first = labels > ndots;
    let mut relative = name.clone();
    relative.set_fqdn(false);
    // A name that gets too long in a domain is not there.
    let searched = search.iter().filter_map(|domain| relative.clone().append_domain(domain).ok());
    let mut names: Vec<Name> = searched.collect();
    names.insert(if as_it_is_first { 0 } else { names.len() }, name);
    let mut unique: Vec<Name> = Vec::new();
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    Ok(unique)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_search_lists() {
        #[track_caller]
        fn check(text: &str, search: &[&str], ndots: usize, expected: &[&str]) {
            let search: Vec<Name> = search.iter().map(|domain| absolute(domain).unwrap()).collect();
            let names = candidates(text, &search, ndots).unwrap();
            assert_eq!(names.iter().map(Name::to_string).collect::<Vec<_>>(), expected);
        }
        let pod = ["prod.svc.c.local", "svc.c.local.", "c.local"];
        check("a.", &pod, 5, &["a."]);
        check("a", &pod, 5, &["a.prod.svc.c.local.", "a.svc.c.local.", "a.c.local.", "a."]);
        check("a.b.example", &pod[2..], 5, &["a.b.example.c.local.", "a.b.example."]);
        check("a.b.example", &pod[2..], 1, &["a.b.example.", "a.b.example.c.local."]);
        check("a", &["x"], 1, &["a.x.", "a."]);
        check("a.b", &["x"], 1, &["a.b.", "a.b.x."]);
        check("_http._tcp.a", &["x"], 1, &["_http._tcp.a.x.", "_http._tcp.a."]);
        check("_http._tcp.a.b", &["x"], 1, &["_http._tcp.a.b.", "_http._tcp.a.b.x."]);
        check("a", &["x", "x."], 1, &["a.x.", "a."]);
        check("a", &[], 5, &["a."]);
        check("a", &[&["b".repeat(63).as_str(); 4].join(".")[..253]], 1, &["a."]);
        check("order_service", &["x"], 1, &["order_service.x.", "order_service."]);
    }

    #[test]
    fn no_names() {
        for text in ["", ".", "a..b", &"a".repeat(64)] {
            let found = candidates(text, &[], 1);
            assert!(found.is_err() || text.len() < 2, "{text:?}: {found:?}");
        }
    }
}
