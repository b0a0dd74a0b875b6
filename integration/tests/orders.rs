//! `order-service` over a socket: what is sent, byte for byte, and what is made of the reply.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "../../rpc-runtime/tests/support/server.rs"]
#[allow(dead_code, reason = "shared with the runtime's tests, which use more of it")]
mod server;

use order_service::Client;
use order_service::errors::{GetOrderError, ListOrdersError};
use order_service::types::{CardPayment, OrderCreate, OrderLine, OrderPatch, OrderPayment, OrderStatus};
use rpc_runtime::types::{Decimal, Maybe, Value};
use rpc_runtime::{ErrorKind, Method, Sent, trace};
use server::{Act, Seen, Server};

fn json(status: u16, body: &str) -> Act {
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    Act::Write([head.as_bytes(), body.as_bytes()].concat())
}

fn envelope(data: &str) -> String {
    format!(r#"{{"timestamp":"2026-01-01T00:00:00Z","data":{data},"code":200,"message":"ok"}}"#)
}

const ORDER: &str = r#"{"id":124,"user_id":"u1","amount":"12345678901234567.89","status":"on-hold","items":[],"note":null,
    "created_at":"2025-01-16T08:30:00.123456Z","payment":{"kind":"card","last4":"4242","exp_month":12,"exp_year":2030},
    "tags":["vip"],"metadata":{},"added_later":true}"#;

async fn orders(act: impl Fn(usize, &Seen) -> Act + Send + Sync + 'static) -> (Client, Server) {
    let server = Server::start(act).await;
    (Client::new(&server.url()).unwrap(), server)
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_value_with_everything_around_it() {
    let (client, server) = orders(|_, _| json(200, &envelope(ORDER))).await;
    let reply = client.get_order(124).send().await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/orders/124 HTTP/1.1");
    assert_eq!(reply.data.amount, decimal("12345678901234567.89"));
    assert_eq!(reply.data.status, OrderStatus::Unknown("on-hold".into()));
    assert_eq!(reply.data.created_at.to_string(), "2025-01-16T08:30:00.123456Z");
    let Some(OrderPayment::Card(card)) = reply.data.payment.value() else {
        panic!("{:?}", reply.data.payment)
    };
    assert_eq!((card.last4.as_str(), card.exp_year), ("4242", 2030));
    assert_eq!((reply.status().as_u16(), reply.attempts(), reply.message()), (200, 1, Some("ok")));
    assert!(
        reply.code().is_some_and(|code| code == &200) && reply.timestamp() == Some("2026-01-01T00:00:00Z")
    );
    assert_eq!(reply.endpoint(), server.url());
}

#[tokio::test]
async fn arguments_on_the_wire() {
    let page = format!(r#"{{"total":1,"items":[{ORDER}],"page":2,"size":10}}"#);
    let (client, server) = orders(move |_, _| json(200, &envelope(&page))).await;
    let call = client.list_orders().page(2).size(10).status(OrderStatus::Pending).tag(&["a b", "c&d"]);
    let found = call.created_after("2025-01-15T16:30:00+08:00".parse().unwrap()).await.unwrap();
    assert_eq!((found.total, found.items.len()), (1, 1));
    assert_eq!(
        server.seen()[0].line(),
        "GET /api/v1/orders?page=2&size=10&status=pending&tag=a%20b&tag=c%26d&created_after=2025-01-15T16%3A30%3A00%2B08%3A00 HTTP/1.1"
    );

    let error = client.list_orders().page(0).await.unwrap_err();
    assert_eq!(error.to_string(), "order-service.list_orders: `page` is 0, it must be at least 1");
    assert_eq!((error.kind(), error.sent()), (ErrorKind::InvalidRequest, Sent::Never));
    let error = client.list_user_orders("..").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "order-service.list_user_orders: path parameter `user_id`: `..` would change the path"
    );
    assert_eq!(server.seen().len(), 1, "neither was sent");
}

#[tokio::test]
async fn a_body_and_an_idempotency_key() {
    let (client, server) = orders(|_, _| json(201, &envelope(ORDER))).await;
    let line = OrderLine::new("TEA-1", decimal("49.95"));
    let body = OrderCreate::new("u1", decimal("99.90"))
        .with_items(vec![line])
        .with_payment(OrderPayment::from(CardPayment::new("4242", 12, 2030)));
    client.create_order(body.clone()).idempotency_key("k-1").await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!((seen.header("idempotency-key"), seen.header("content-type")), ("k-1", "application/json"));
    let sent: Value = serde_json::from_slice(&seen.body).unwrap();
    let expected = serde_json::json!({
        "user_id": "u1", "amount": "99.90",
        "items": [{"sku": "TEA-1", "unit_price": "49.95", "quantity": 1}],
        "payment": {"kind": "card", "last4": "4242", "exp_month": 12, "exp_year": 2030},
    });
    assert_eq!(sent, expected);

    let error =
        client.create_order(body.with_items(vec![OrderLine::new("tea", decimal("1"))])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "order-service.create_order: `body.items[0].sku` does not match the pattern `^[A-Z0-9-]+$`"
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn patch_says_null_and_leaves_alone() {
    let (client, server) = orders(|_, _| json(200, &envelope(ORDER))).await;
    for (patch, sent) in [
        (OrderPatch::new(), "{}"),
        (OrderPatch::new().with_note(Maybe::Null), r#"{"note":null}"#),
        (OrderPatch::new().with_note("x").with_status(OrderStatus::Paid), r#"{"status":"paid","note":"x"}"#),
    ] {
        client.patch_order(124, patch).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&server.seen().last().unwrap().body), sent);
    }
}

#[tokio::test]
async fn failures_of_every_kind() {
    const MISSING: &str = r#"{"code":404,"message":"order 9 not found","data":null,"timestamp":"2026-01-01T00:00:00Z",
        "error_code":"ORDER_NOT_FOUND","details":{"order_id":9}}"#;
    let (client, _server) = orders(|_, seen| match seen.line().split(' ').nth(1).unwrap() {
        "/api/v1/orders/1" => json(404, MISSING),
        "/api/v1/orders/2" => json(200, MISSING),
        "/api/v1/orders/3" => json(201, r#"{"code":4001,"message":"out of stock","data":{"left":0}}"#),
        "/api/v1/orders/4" => json(200, &envelope(r#"{"id":"x"}"#)),
        _ => Act::Write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>".to_vec(),
        ),
    })
    .await;

    for id in [1, 2] {
        let error = client.get_order(id).await.unwrap_err();
        assert!(error.is_not_found() && error.kind() == ErrorKind::Response, "{error:?}");
        assert_eq!(
            (error.message(), error.error_code()),
            (Some("order 9 not found"), Some("ORDER_NOT_FOUND"))
        );
        let Some(GetOrderError::NotFound(body)) = error.typed() else { panic!("{error:?}") };
        assert_eq!(body.error_code, "ORDER_NOT_FOUND");
        assert!(error.typed::<ListOrdersError>().is_none());
    }
    let error = client.get_order(3).await.unwrap_err();
    assert!(error.code().is_some_and(|code| code == &4001) && error.status().unwrap() == 201, "{error:?}");
    let error = client.get_order(4).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("`data.id`: invalid type: string, expected i64"), "{error}");
    let error = client.get_order(5).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Response);
    assert!(error.to_string().contains("text/html in place of JSON"), "{error}");
}

#[tokio::test]
async fn retries_are_safe() {
    let busy = || json(503, r#"{"code":503,"message":"try again"}"#);
    let (client, server) = orders(move |n, _| if n < 2 { busy() } else { json(200, &envelope(ORDER)) }).await;
    let reply = client.get_order(124).send().await.unwrap();
    let attempts: Vec<String> =
        server.seen().iter().map(|seen| seen.header("x-request-attempt").to_owned()).collect();
    assert_eq!((reply.attempts(), attempts.join(" ")), (3, "1 2 3".to_owned()));

    let (client, server) = orders(move |_, _| busy()).await;
    let error = client.post_flaky("k").await.unwrap_err();
    assert_eq!((error.attempts(), error.sent(), server.seen().len()), (1, Sent::Yes, 1));
    // This one takes an idempotency key, so it has one, the same for all attempts.
    let error = client.create_order(OrderCreate::new("u1", decimal("1"))).await.unwrap_err();
    let seen = server.seen().split_off(1);
    assert_eq!((error.attempts(), seen.len()), (3, 3));
    let key = seen[0].header("idempotency-key");
    assert!(key.len() == 36 && seen.iter().all(|seen| seen.header("idempotency-key") == key), "{key}");
}

#[tokio::test]
async fn the_trace_goes_along() {
    let (client, server) = orders(|_, _| json(200, &envelope(ORDER))).await;
    trace::with_id("task-42", async { client.get_order(1).await }).unwrap().await.unwrap();
    let reply = client.get_order(1).trace_id("call-7").send().await.unwrap();
    let seen = server.seen();
    assert_eq!((seen[0].header("x-trace-id"), seen[0].header("x-request-id")), ("task-42", "task-42"));
    assert_eq!((seen[1].header("x-trace-id"), reply.trace_id()), ("call-7", "call-7"));
    assert!(seen.iter().all(|seen| seen.header("traceparent").len() == 55));
}

#[tokio::test]
async fn a_raw_call_opens_the_envelope_too() {
    let (client, server) = orders(|_, _| json(200, &envelope(r#"{"a":1}"#))).await;
    let value: Value =
        client.raw(Method::GET, "/api/v1/orders/123").query("expand", "lines").send_json().await.unwrap();
    assert_eq!(
        (value["a"].as_i64(), server.seen()[0].line()),
        (Some(1), "GET /api/v1/orders/123?expand=lines HTTP/1.1")
    );
}
