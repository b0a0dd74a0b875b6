//! Headers of replies as their types, over a socket.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "../../rpc-runtime/tests/support/server.rs"]
#[allow(dead_code, reason = "shared with the runtime's tests, which use more of it")]
mod server;

use std::collections::BTreeMap;

use golden_headers::types::Size;
use golden_headers::{Client, headers};
use rpc_runtime::ErrorKind;
use server::{Act, Server};

fn reply(status: u16, headers: &[&str], body: &str) -> Act {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    Act::Write([head.as_bytes(), body.as_bytes()].concat())
}

#[tokio::test]
async fn of_a_success() {
    let lines = [
        "x-total: 12",
        "X-RateLimit-Remaining:\t 7 ",
        "X-Cached: true",
        "X-Cost: 12345678901234567.89",
        "X-Tags: a,b",
        "X-Tags: c",
        "X-Sizes: small, huge",
        "X-Window: limit,5,of,large",
        "X-Quota: limit=6",
        "X-Rule: {\"names\": [\"a, b\"]}",
        "X-Counts: a,1,b,2",
        "X-Expires-At: 2026-01-01T00:00:00Z",
        "Last-Modified: Wed, 21 Oct 2026 07:28:00 GMT",
        "Set-Cookie: a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
        "Set-Cookie: b=2",
        "ETag: \"x\"",
    ];
    let server = Server::start(move |_, _| reply(200, &lines, "[]")).await;
    let reply = Client::new(&server.url()).unwrap().list_items().send().await.unwrap();
    assert_eq!(reply.header(&headers::X_TOTAL), Ok(Some(12)));
    assert_eq!(reply.header(&headers::X_RATE_LIMIT_REMAINING), Ok(Some(7)));
    assert_eq!(reply.header(&headers::X_CACHED), Ok(Some(true)));
    assert_eq!(reply.header(&headers::X_COST), Ok(Some("12345678901234567.89".parse().unwrap())));
    assert_eq!(reply.header(&headers::X_TAGS), Ok(Some(["a", "b", "c"].map(str::to_owned).into())));
    assert_eq!(reply.header(&headers::X_SIZES), Ok(Some(vec![Size::Small, Size::from("huge")])));
    let window = reply.header(&headers::X_WINDOW).unwrap().unwrap();
    assert_eq!((window.limit, window.of), (5, Some(Size::Large)));
    let quota = reply.header(&headers::X_QUOTA).unwrap().unwrap();
    assert_eq!((quota.limit, quota.of), (6, None));
    let rule = reply.header(&headers::X_RULE).unwrap().unwrap();
    assert_eq!(rule.names, Some(vec!["a, b".to_owned()]));
    let counts = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    assert_eq!(reply.header(&headers::X_COUNTS), Ok(Some(counts)));
    assert_eq!(reply.header(&headers::X_EXPIRES_AT), Ok(Some("2026-01-01T00:00:00Z".parse().unwrap())));
    let modified = "Wed, 21 Oct 2026 07:28:00 GMT".to_owned();
    assert_eq!(reply.header(&headers::LAST_MODIFIED), Ok(Some(modified)));
    let cookies = ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"].map(str::to_owned);
    assert_eq!(reply.header(&headers::SET_COOKIE), Ok(Some(cookies.into())));
    assert_eq!(reply.header(&headers::ETAG), Ok(Some("\"x\"".to_owned())));
    assert_eq!(reply.header(&headers::X_EITHER), Ok(None));
}

#[tokio::test]
async fn of_a_failure() {
    let server =
        Server::start(|_, _| reply(429, &["Retry-After: 86400", "X-RateLimit-Remaining: 0"], "{}")).await;
    let error = Client::new(&server.url()).unwrap().get_item("1").await.unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    assert_eq!(error.header(&headers::RETRY_AFTER), Ok(Some(86400)));
    assert_eq!(error.header(&headers::X_RATE_LIMIT_REMAINING), Ok(Some(0)));
    assert_eq!(error.header(&headers::X_TOTAL), Ok(None));
    drop(server);
    let error = Client::new("http://127.0.0.1:1").unwrap().get_item("1").await.unwrap_err();
    assert_eq!(error.header(&headers::RETRY_AFTER), Ok(None), "there was no reply");
}

#[tokio::test]
async fn a_misfit_fails_whoever_asks_for_it() {
    let server = Server::start(|_, _| reply(200, &["X-Total: many"], "\"one\"")).await;
    let reply = Client::new(&server.url()).unwrap().get_item("1").send().await.unwrap();
    assert_eq!(reply.data, "one");
    assert_eq!(reply.header(&headers::X_TOTAL_STRING), Ok(Some("many".to_owned())));
    let misfit = reply.header(&headers::X_TOTAL).unwrap_err();
    assert_eq!(misfit.to_string(), "the header `X-Total` does not fit: expected i64");
    assert_eq!((misfit.name(), misfit.found()), ("X-Total", "many"));
    assert_eq!(rpc_runtime::Error::from(misfit).kind(), ErrorKind::Decode);
}
