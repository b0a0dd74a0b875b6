//! Replies of all kinds: envelopes, plain JSON, pages, nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::task::{Context, Poll};

use bytes::Bytes;
use rpc_runtime::codegen::Operation;
use rpc_runtime::testing::Script;
use rpc_runtime::transport::{
    BoxFuture, ReplyBody, ReplyStream, Transport, TransportError, TransportReply, TransportRequest,
};
use rpc_runtime::{HeaderMap, Mesh, Method, StatusCode};
use support::{
    Call, Client, DeleteOrder, FindOrder, GetOrder, GetOrderError, LONGEST, PlainOrder, Touch, client,
    config, outcome,
};

/// Calls the operation; what came out as text: the value, or `kind: message`.
async fn show<Op: Operation<Output: std::fmt::Debug>>(
    reply: Script,
    call: fn(&Client) -> Call<Op>,
) -> String {
    let (client, transport) = client([reply]);
    let result = call(&client).retries(0).await;
    assert_eq!(transport.sent().len(), 1);
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => {
            let text = error.to_string();
            let text = text.split_once(": ").unwrap().1;
            format!("{:?}: {text}", error.kind())
        }
    }
}

fn get(client: &Client) -> Call<GetOrder> {
    client.get(7)
}

fn find(client: &Client) -> Call<FindOrder> {
    client.find(7)
}

fn plain(client: &Client) -> Call<PlainOrder> {
    client.plain(7)
}

fn touch(client: &Client) -> Call<Touch> {
    client.touch()
}

fn delete(client: &Client) -> Call<DeleteOrder> {
    client.delete(7)
}

async fn check<Op: Operation<Output: std::fmt::Debug>>(
    call: fn(&Client) -> Call<Op>,
    status: u16,
    body: &[u8],
    expected: &str,
) {
    let reply = Script::reply(status, Bytes::copy_from_slice(body));
    assert_eq!(show(reply, call).await, expected, "HTTP {status} {}", String::from_utf8_lossy(body));
}

const SEVEN: &str = "Order { id: 7, items: [], total: None }";

#[tokio::test]
async fn a_value_in_any_order_with_anything_around_it() {
    for body in [
        r#"{"code":200,"message":"","data":{"id":7}}"#,
        r#"{"data":{"id":7},"code":200}"#,
        r#"  {"data":{"id":7,"new":[1,{}]},"message":null,"extra":{"data":1},"code":200,"timestamp":1.5}  "#,
        "{\"c\\u006fde\":200,\"data\":{\"id\":7}}",
        r#"{"code":0,"data":{"id":7}}"#,
        r#"{"code":"0","data":{"id":7}}"#,
        r#"{"code":"0000","data":{"id":7}}"#,
        r#"{"code":"OK","data":{"id":7}}"#,
        r#"{"code":"200","data":{"id":7}}"#,
    ] {
        check(get, 200, body.as_bytes(), SEVEN).await;
        check(get, 201, body.as_bytes(), SEVEN).await;
    }
}

#[tokio::test]
async fn what_came_around_the_value() {
    let body = r#"{"timestamp":"2026-01-01T00:00:00Z","message":"done","code":"0000","data":{"id":7}}"#;
    let (client, _) = client([Script::reply(201, body).header("x-more", "1")]);
    let reply = client.get(7).send().await.unwrap();
    assert_eq!(reply.code().map(ToString::to_string).as_deref(), Some("0000"));
    assert_eq!((reply.message(), reply.timestamp()), (Some("done"), Some("2026-01-01T00:00:00Z")));
    assert_eq!((reply.status(), reply.attempts()), (StatusCode::CREATED, 1));
    assert_eq!(reply.headers()["x-more"], "1");
    assert_eq!(reply.endpoint(), "http://10.0.0.1:8000");
}

#[tokio::test]
async fn no_data_is_a_value_of_option_and_unit_only() {
    for body in [r#"{"code":200,"data":null}"#, r#"{"code":200,"message":"done"}"#] {
        check(find, 200, body.as_bytes(), "None").await;
        check(touch, 200, body.as_bytes(), "()").await;
        check(delete, 200, body.as_bytes(), "()").await;
    }
    check(get, 200, br#"{"code":200}"#, "Decode: the envelope has no `data`").await;
    check(
        get,
        200,
        br#"{"code":200,"data":null}"#,
        "Decode: `data`: invalid type: null, expected struct Order",
    )
    .await;
    check(find, 200, br#"{"code":200,"data":{"id":7}}"#, &format!("Some({SEVEN})")).await;
    check(delete, 200, br#"{"code":200,"data":{"gone":true}}"#, "()").await;
}

#[tokio::test]
async fn an_empty_reply() {
    for status in [200, 204] {
        check(find, status, b"", "None").await;
        check(touch, status, b"", "()").await;
        check(delete, status, b"", "()").await;
        check(get, status, b"", "Decode: the reply has no body").await;
        check(plain, status, b"", "Decode: the reply has no body").await;
    }
}

#[tokio::test]
async fn a_failed_code_is_a_failure_whatever_the_data() {
    for data in ["null", "{}", r#"{"id":"x"}"#, "[1]", r#"{"id":7}"#] {
        let body = format!(r#"{{"data":{data},"message":"no stock","code":4001}}"#);
        for status in [200, 201] {
            let expected = format!("Response: business code 4001 (HTTP {status}): no stock");
            check(get, status, body.as_bytes(), &expected).await;
            check(find, status, body.as_bytes(), &expected).await;
            check(touch, status, body.as_bytes(), &expected).await;
            check(delete, status, body.as_bytes(), &expected).await;
        }
    }
    check(get, 200, br#"{"code":"E_STOCK","data":null}"#, "Response: business code E_STOCK (HTTP 200)").await;
    check(get, 200, br#"{"code":-1,"data":{"id":7}}"#, "Response: business code -1 (HTTP 200)").await;
    check(get, 200, br#"{"code":"0001","data":{"id":7}}"#, "Response: business code 0001 (HTTP 200)").await;
}

#[tokio::test]
async fn code_404_under_200_is_not_found() {
    let body = r#"{"code":404,"message":"no such order","error_code":"ORDER_NOT_FOUND","details":{"id":7.10},"data":null}"#;
    for (status, code) in [(200, 404), (404, 404), (404, 40401)] {
        let body = body.replace("404,", &format!("{code},"));
        let (client, _) = client([Script::reply(status, body.clone())]);
        let error = client.get(7).await.unwrap_err();
        assert!(
            error.is_response() && error.is_not_found() && !error.is_conflict() && !error.is_unauthorized()
        );
        assert!(!error.is_retryable());
        assert!(error.code().is_some_and(|found| *found == code));
        assert_eq!(error.message(), Some("no such order"));
        assert_eq!(error.error_code(), Some("ORDER_NOT_FOUND"));
        assert_eq!(error.details().map(|details| details.get()), Some(r#"{"id":7.10}"#));
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.body().map(|body| &body[..]), Some(body.as_bytes()));
        let GetOrderError::NotFound(failure) = error.typed().unwrap();
        assert_eq!(failure.message, "no such order");
    }
    let (client, _) =
        client([Script::reply(200, r#"{"code":409,"message":"x"}"#), Script::reply(404, "gone")]);
    let error = client.get(7).await.unwrap_err();
    assert!(error.is_conflict() && !error.is_not_found());
    assert_eq!(error.typed::<GetOrderError>(), None);
    let error = client.get(7).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!((error.typed::<GetOrderError>(), error.code(), error.message()), (None, None, None));
}

#[tokio::test]
async fn the_http_status_decides_first() {
    let fine = br#"{"code":200,"message":"fine","data":{"id":7}}"#;
    check(get, 400, fine, "Response: HTTP 400 Bad Request: fine").await;
    check(get, 500, fine, "Response: HTTP 500 Internal Server Error: fine").await;
    check(get, 302, fine, "Response: HTTP 302 Found: fine").await;
    check(plain, 404, br#"{"code":"X","message":"no"}"#, "Response: HTTP 404 Not Found: no").await;
    check(get, 422, br#"{"detail":[{"loc":["body"]}]}"#, "Response: HTTP 422 Unprocessable Entity").await;
    check(get, 500, b"\xff\xfe", "Response: HTTP 500 Internal Server Error").await;
    check(get, 500, b"", "Response: HTTP 500 Internal Server Error").await;
}

#[tokio::test]
async fn a_page_is_a_response_not_a_decode_error() {
    let page = || {
        Script::reply(200, "<!doctype html><h1>log in</h1>")
            .header("content-type", "text/html; charset=utf-8")
    };
    let expected = "Response: HTTP 200 with text/html; charset=utf-8 in place of JSON";
    assert_eq!(show(page(), get).await, expected);
    assert_eq!(show(page(), find).await, expected);
    assert_eq!(show(page(), plain).await, expected);
    assert_eq!(show(page(), touch).await, expected);
    // What the body says matters here too: nobody deleted anything.
    assert_eq!(show(page(), delete).await, expected);
    // By its text, by its type alone, in another encoding.
    check(get, 200, b"\n <html>", "Response: HTTP 200 with application/json in place of JSON").await;
    let typed = Script::reply(200, "sorry").header("content-type", "Text/HTML");
    assert_eq!(show(typed, get).await, "Response: HTTP 200 with Text/HTML in place of JSON");
    let latin = Script::reply(200, &b"<html>Stra\xdfe"[..]).header("content-type", "text/html");
    assert_eq!(show(latin, get).await, "Response: HTTP 200 with text/html in place of JSON");
    let bad_gateway = Script::reply(502, "<html>").header("content-type", "text/html");
    assert_eq!(show(bad_gateway, get).await, "Response: HTTP 502 Bad Gateway");
}

#[tokio::test]
async fn a_decode_error_names_the_place() {
    let cases: &[(&str, &str)] = &[
        (
            r#"{"code":200,"data":{"id":7,"items":[{"sku":"a","quantity":1},{"sku":"b","quantity":"two"}]}}"#,
            "`data.items[1].quantity`: invalid type: string, expected u8",
        ),
        (
            r#"{"data":{"items":[{"quantity":1,"sku":"a"},{"quantity":300,"sku":"b"}],"id":7},"code":200}"#,
            "`data.items[1].quantity`: invalid value: integer, expected u8",
        ),
        (
            r#"{"code":200,"data":{"id":7,"items":[{"sku":"a"}]}}"#,
            "`data.items[0]`: missing field `quantity`",
        ),
        (r#"{"code":200,"data":{"items":[]}}"#, "`data`: missing field `id`"),
        (r#"{"code":200,"data":[]}"#, "`data`: invalid length 0, expected struct Order with 3 elements"),
        (r#"{"message":"x","data":{"id":7}}"#, "the reply is no envelope: it has no `code`"),
        (r#"{"code":null,"data":{"id":7}}"#, "the reply is no envelope: it has no `code`"),
        (r#"{"code":200,"data":{"id":7}"#, "`data`: EOF while parsing an object"),
        (r#"{"code":200,"data":{"id":7}} x"#, "trailing characters"),
        (r#"{"id":7}"#, "the reply is no envelope: it has no `code`"),
        ("7", "invalid type: integer, expected an envelope object"),
        ("not json", "expected ident"),
    ];
    for (body, expected) in cases {
        check(get, 200, body.as_bytes(), &format!("Decode: {expected}")).await;
    }
    check(
        get,
        200,
        b"{\"code\":200,\"data\":{\"id\":\"\xff\"}}",
        "Decode: the reply is not UTF-8 from byte 26 on",
    )
    .await;
    let pretty = "{\n  \"code\": 200,\n  \"data\": {\n    \"id\": true\n  }\n}";
    check(get, 200, pretty.as_bytes(), "Decode: `data.id`: invalid type: boolean, expected i64").await;
    check(
        plain,
        200,
        br#"{"id":7,"items":[{"sku":1}]}"#,
        "Decode: `items[0].sku`: invalid type: integer, expected a string",
    )
    .await;
    check(plain, 200, br#"{"id":7}"#, SEVEN).await;
}

#[tokio::test]
async fn messages_quote_little_of_the_reply() {
    let long = "ß".repeat(100_000);
    let (client, _) = client([
        Script::reply(200, format!(r#"{{"code":200,"data":{{"id":"{long}"}}}}"#)),
        Script::reply(200, format!(r#"{{"code":1,"message":"{long}"}}"#)),
        Script::reply(500, format!(r#"{{"code":1,"message":"{long}"}}"#)),
    ]);
    for kept in [None, Some(&long), Some(&long)] {
        let error = client.get(7).await.unwrap_err();
        let text = error.to_string();
        assert!(text.len() < 640, "{} bytes", text.len());
        assert_eq!(text.contains("ßß"), kept.is_some(), "a value of the data is never quoted, a message is");
        assert_eq!(error.message(), kept.map(String::as_str));
    }
}

#[tokio::test]
async fn decimals_keep_every_digit() {
    for digits in ["12345678901234567890.12345678", "0.10", "1.000", "-7", "79228162514264337593543950335"] {
        let (client, _) =
            client([Script::reply(200, format!(r#"{{"code":200,"data":{{"id":7,"total":{digits}}}}}"#))]);
        let order = client.get(7).await.unwrap();
        assert_eq!(order.total.unwrap().to_string(), digits);
        assert!(serde_json::to_string(&order).unwrap().contains(&format!(r#""total":{digits}}}"#)));
    }
}

/// Announces a length, or not, and then sends pieces.
#[derive(Debug)]
struct Pieces {
    status: u16,
    announced: Option<u64>,
    pieces: usize,
}

struct Body(usize);

impl ReplyBody for Body {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let left = self.0;
        self.0 = left.saturating_sub(1);
        Poll::Ready((left > 0).then(|| Ok(Bytes::from_static(b"          "))))
    }
}

impl Transport for Pieces {
    fn send<'c>(&'c self, _: TransportRequest<'c>) -> BoxFuture<'c, Result<TransportReply, TransportError>> {
        let mut headers = HeaderMap::new();
        if let Some(length) = self.announced {
            headers.insert("content-length", length.into());
        }
        let status = StatusCode::from_u16(self.status).unwrap();
        Box::pin(std::future::ready(Ok(TransportReply::new(
            status,
            headers,
            ReplyStream::new(Body(self.pieces)),
        ))))
    }
}

/// A reply of so many pieces of 10 bytes; the length of what was accepted, or the error.
async fn check_size(method: Method, transport: Pieces, limit: Option<u64>, expected: Result<usize, &str>) {
    let what = format!("{method} {transport:?} {limit:?}");
    let mesh = Mesh::builder().config(config(1)).transport(transport).rng(LONGEST).build().unwrap();
    let mut call = Client::with_mesh(&mesh).unwrap().raw(method, "/x").retries(0);
    if let Some(limit) = limit {
        call = call.max_body(limit);
    }
    match (call.send().await, expected) {
        (Ok(reply), Ok(length)) => assert_eq!(reply.data.len(), length, "{what}"),
        (Err(error), Err(text)) => assert!(error.to_string().contains(text), "{what}: {error}"),
        (result, _) => panic!("{what}: {result:?}"),
    }
}

#[tokio::test]
async fn a_body_has_a_largest_size() {
    let pieces = |announced: Option<u64>, pieces: usize| Pieces { status: 200, announced, pieces };
    let too_large = Err("the reply is larger than 20 bytes (max_body)");
    check_size(Method::GET, pieces(Some(20), 2), Some(20), Ok(20)).await;
    check_size(Method::GET, pieces(None, 2), Some(20), Ok(20)).await;
    check_size(Method::GET, pieces(Some(21), 0), Some(20), too_large).await;
    check_size(Method::GET, pieces(None, 3), Some(20), too_large).await;
    // A lie, and a body without an end.
    check_size(Method::GET, pieces(Some(1), usize::MAX), Some(20), too_large).await;
    // What a HEAD announces does not come.
    check_size(Method::HEAD, pieces(Some(1 << 40), 0), Some(20), Ok(0)).await;
    // The default is 16 MiB.
    const DEFAULT: u64 = 16 * 1024 * 1024;
    check_size(Method::GET, pieces(Some(DEFAULT), 1), None, Ok(10)).await;
    check_size(Method::GET, pieces(Some(DEFAULT + 1), 1), None, Err("larger than 16777216 bytes")).await;
    // A failure stays what it is.
    for announced in [Some(1 << 40), None] {
        let failed = Pieces { status: 503, announced, pieces: 100 };
        check_size(Method::GET, failed, Some(20), Err("HTTP 503 Service Unavailable")).await;
    }
}

#[tokio::test]
async fn a_large_reply_is_a_decode_error_that_nobody_repeats() {
    let (client, transport) = client([support::ok(), support::ok()]);
    let result = client.get(7).max_body(5).await;
    assert_eq!(outcome(&result), "decode after 1, sent yes");
    assert_eq!(transport.sent().len(), 1);
}
