//! Headers of a context with anything in them: no panic, no call that fails, and what is written reads the same again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use proptest::prelude::*;
use rpc_runtime::context::Context;
use rpc_runtime::trace::{self, Baggage};
use rpc_runtime::{HeaderMap, HeaderName, HeaderValue, deadline};
use support::{client, ok};

const NAMES: [&str; 8] = [
    "traceparent",
    "tracestate",
    "baggage",
    "x-trace-id",
    "x-request-id",
    "x-request-timeout-ms",
    "x-envoy-expected-rq-timeout-ms",
    "grpc-timeout",
];

/// Values that are almost right, and bytes.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![
        "(0[01]|ff|cc)-[0-9a-f]{31,32}-[0-9a-f]{16}-[0-9a-f]{2}(-[a-z]{0,4})?",
        "([a-c0][a-z@/*_-]{0,4}=[ -~]{0,12}[ \t]{0,2},?[ \t]?){0,40}",
        "([A-Za-z]{1,3}[ \t]?=[ \t]?[!-~é]{0,9}(;[a-z]{0,2}(=[a-z%é]{0,4})?){0,2}[ ,]{0,2}){0,80}",
        "[0-9]{0,22}[HMSmunx]?",
        "\\PC{0,40}",
    ];
    prop_oneof![4 => text.prop_map(String::into_bytes), 1 => prop::collection::vec(any::<u8>(), 0..60)]
}

fn all_headers() -> impl Strategy<Value = HeaderMap> {
    prop::collection::vec((prop::sample::select(&NAMES[..]), value()), 0..12).prop_map(|pairs| {
        let mut headers = HeaderMap::new();
        for (name, bytes) in pairs {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        headers
    })
}

fn written(context: &Context) -> HeaderMap {
    let mut headers = HeaderMap::new();
    context.write(&mut headers);
    headers
}

/// All but the parent id, which is another one each time, and the time left.
fn constant(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |name: &str, value: &HeaderValue| match (name, value.to_str().unwrap()) {
        ("traceparent", text) => format!("{}{}", &text[..36], &text[52..]),
        (_, text) => text.to_owned(),
    };
    let mut pairs: Vec<_> =
        headers.iter().map(|(name, value)| (name.to_string(), text(name.as_str(), value))).collect();
    pairs.retain(|(name, _)| name != "x-request-timeout-ms");
    pairs.sort();
    pairs
}

proptest! {
    #[test]
    fn what_is_written_reads_the_same(headers in all_headers()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let context = Context::from_headers(&headers);
            let once = written(&context);
            for (name, most) in [("traceparent", 55), ("tracestate", 512), ("baggage", 8192), ("x-trace-id", 256)] {
                let values: Vec<_> = once.get_all(name).iter().collect();
                prop_assert!(values.len() <= 1 && values.iter().all(|value| value.len() <= most), "{once:?}");
            }
            prop_assert!(once["traceparent"].as_bytes().starts_with(b"00-"));
            let twice = written(&Context::from_headers(&once));
            prop_assert_eq!(constant(&once), constant(&twice));
            prop_assert_ne!(&once["traceparent"], &twice["traceparent"]);
            prop_assert_eq!(context.deadline().is_some(), twice.contains_key("x-request-timeout-ms"));
            let mut baggage = Baggage::from_headers(&headers);
            if baggage.len() < 64 && baggage.to_string().len() < 8000 {
                baggage.insert("k", "v").unwrap();
                let found = baggage.get("k");
                prop_assert_eq!(found.as_deref(), Some("v"));
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_header_breaks_a_call(mut headers in all_headers()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            for name in &NAMES[5..] {
                headers.remove(*name);
            }
            let (client, transport) = client([ok()]);
            let reply = Context::from_headers(&headers).scope(async { client.get(7).await }).await;
            prop_assert!(reply.is_ok());
            prop_assert_eq!(transport.sent().len(), 1);
            Ok(())
        })?;
    }

    #[test]
    fn any_entry_survives(
        key in "[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,10}",
        value in "\\PC{0,30}|[ -~\n]{0,20}|(%[0-9A-Fa-f]{2}|[a-z ]){0,8}",
        properties in prop::collection::vec(("[a-z]{1,5}", proptest::option::of("\\PC{0,8}")), 0..3),
    ) {
        let pairs: Vec<_> = properties.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
        let mut baggage = Baggage::default();
        baggage.insert_with(&key, &value, &pairs).unwrap();
        let read = Baggage::from_headers(&HeaderMap::from_iter([(
            HeaderName::from_static("baggage"),
            baggage.to_string().parse().unwrap(),
        )]));
        prop_assert_eq!(&read, &baggage);
        let entry = read.iter().next().unwrap();
        prop_assert_eq!((entry.key(), &*entry.value()), (key.as_str(), value.as_str()));
        let seen: Vec<_> = entry.properties().map(|(name, value)| (name.to_owned(), value.map(Into::into))).collect();
        prop_assert_eq!(seen, properties);
    }
}

#[test]
fn ids_and_limits_are_told_from_garbage() {
    let headers =
        HeaderMap::from_iter([(HeaderName::from_static("x-trace-id"), HeaderValue::from_static("a b"))]);
    assert_ne!(trace::from_headers(&headers).id().as_str(), "a b");
    assert_eq!(deadline::from_headers(&headers), None);
}
