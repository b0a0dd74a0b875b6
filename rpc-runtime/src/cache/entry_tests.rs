//! What was written is read again, and nothing else is.

use proptest::prelude::*;

use super::*;

fn entry() -> impl Strategy<Value = Entry> {
    let header = ("[a-z][a-z0-9-]{0,20}", proptest::collection::vec(0x20_u8..0x7f, 0..20));
    let headers = proptest::collection::vec(header, 0..5).prop_map(|headers| {
        let pair = |(name, value): (String, Vec<u8>)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(&value).unwrap())
        };
        HeaderMap::from_iter(headers.into_iter().map(pair))
    });
    let body = proptest::collection::vec(any::<u8>(), 0..50);
    (200_u16..300, headers, body, any::<(u64, u64, u64)>()).prop_map(|(status, headers, body, times)| Entry {
        status: StatusCode::from_u16(status).unwrap(),
        headers,
        body: body.into(),
        stored_at: times.0,
        fresh_for: Duration::from_millis(times.1),
        stale_for: Duration::from_millis(times.2),
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read(entry in entry()) {
        prop_assert_eq!(Entry::decode(entry.encode()), Some(entry));
    }

    #[test]
    fn what_is_cut_off_or_too_long_is_no_entry(entry in entry(), at in any::<prop::sample::Index>()) {
        let bytes = entry.encode();
        prop_assert_eq!(Entry::decode(bytes.slice(..at.index(bytes.len()))), None);
        prop_assert_eq!(Entry::decode([&bytes[..], b"x"].concat().into()), None);
    }

    #[test]
    fn any_bytes_may_come(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(Entry::decode(bytes.into()), None);
    }

    /// Also behind a right beginning, and with a wrong byte anywhere.
    #[test]
    fn damage_never_panics(entry in entry(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = entry.encode().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Some(read) = Entry::decode(bytes.into()) {
            prop_assert!(read.status.is_success());
        }
    }
}

#[test]
fn another_version_and_a_failure_are_no_entries() {
    let keep = Plan { ttl: Duration::MAX, stale: Duration::ZERO };
    let entry = Entry::new(StatusCode::OK, &HeaderMap::new(), Bytes::from_static(b"{}"), UNIX_EPOCH, keep);
    let mut bytes = entry.encode().to_vec();
    assert!(Entry::decode(bytes.clone().into()).is_some());
    bytes[3] = 2;
    assert_eq!(Entry::decode(bytes.into()), None);
    let failed = Entry { status: StatusCode::NOT_FOUND, ..entry };
    assert_eq!(Entry::decode(failed.encode()), None);
}

#[test]
fn headers_of_one_connection_or_client_are_left_out() {
    let mut headers = HeaderMap::new();
    for (name, value) in [("set-cookie", "a=b"), ("connection", "close"), ("x-total", "1"), ("x-total", "2")]
    {
        headers.append(name, value.parse().unwrap());
    }
    let keep = Plan { ttl: Duration::ZERO, stale: Duration::ZERO };
    let entry = Entry::new(StatusCode::OK, &headers, Bytes::new(), UNIX_EPOCH, keep);
    assert_eq!(entry.headers.get_all("x-total").iter().count(), 2);
    assert_eq!(entry.headers.len(), 2);
}

#[test]
fn a_clock_that_is_ahead_makes_nothing_old() {
    let keep = Plan { ttl: Duration::ZERO, stale: Duration::ZERO };
    let later = UNIX_EPOCH + Duration::from_secs(9);
    let entry = Entry::new(StatusCode::OK, &HeaderMap::new(), Bytes::new(), later, keep);
    assert_eq!(entry.age(UNIX_EPOCH), Duration::ZERO);
    assert_eq!(entry.age(later + Duration::from_secs(1)), Duration::from_secs(1));
}
