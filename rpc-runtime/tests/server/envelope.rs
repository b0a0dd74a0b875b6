//! What handlers answer, as a client reads it.

use std::time::Duration;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Json, Query};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Router, response::IntoResponse as _};
use rpc_runtime::server::{Enveloped, Rejection, ServerLayer};
use rpc_runtime::testing::{Script, ScriptedTransport};
use rpc_runtime::{Client, Code, Error, ErrorKind, Mesh, clock::SystemClock, deadline};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Hop;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    id: i64,
    note: Option<String>,
}

async fn fails() -> Result<Enveloped<()>, Rejection> {
    let rejection = Rejection::new(StatusCode::CONFLICT, "sold \"out\"").code("E-7").error_code("NO_STOCK");
    Err(rejection.details(json!({"sku": "a", "left": 0})).retry_after(Duration::from_millis(1500)))
}

async fn create(
    order: Result<Json<Order>, JsonRejection>,
) -> Result<(StatusCode, Enveloped<Order>), Rejection> {
    let Json(order) = order?;
    Ok((StatusCode::CREATED, Enveloped(order)))
}

async fn find(query: Result<Query<Order>, QueryRejection>) -> Result<Enveloped<Order>, Rejection> {
    Ok(Enveloped(query?.0))
}

#[tokio::test]
async fn clients_read_what_handlers_say() {
    let order = get(async || Ok::<_, Rejection>(Enveloped(Order { id: 7, note: Some("é\"".to_owned()) })));
    let missing = get(async || Err::<Enveloped<()>, _>(Rejection::not_found("no such order").code(40401)));
    let router = Router::new()
        .route("/order", order)
        .route("/missing", missing)
        .route("/none", get(async || Enveloped(())));
    let router =
        router.route("/fails", get(fails)).route("/orders", post(create).get(find)).layer(ServerLayer::new());
    let hop = Hop::start(router).await;
    let client = hop.client();

    let order = client.get("/order").send_json::<Order>().await.unwrap();
    assert_eq!(order, Order { id: 7, note: Some("é\"".to_owned()) });
    client.get("/none").send_json::<()>().await.unwrap();
    let made = client.post("/orders").json(&order).send_json::<Order>().await.unwrap();
    assert_eq!(made, order);

    let error = client.get("/missing").send().await.unwrap_err();
    assert!(error.is_not_found() && error.trace_id().is_some());
    assert_eq!((error.message(), error.code()), (Some("no such order"), Some(&Code::Int(40401))));
    let error = client.get("/fails").send().await.unwrap_err();
    assert!(error.is_conflict());
    assert_eq!((error.message(), error.error_code()), (Some("sold \"out\""), Some("NO_STOCK")));
    assert_eq!(error.code().unwrap(), "E-7");
    assert_eq!(
        error.details().unwrap().decode::<serde_json::Value>().unwrap(),
        json!({"sku": "a", "left": 0})
    );
    assert_eq!(error.headers().unwrap()["retry-after"], "2");
    let error = client.post("/orders").json(&json!({"id": "x"})).send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 422);
    assert!(error.message().unwrap().contains("invalid type"), "{error}");
    let error = client.get("/orders").query("id", "x").send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 400);
}

#[tokio::test]
async fn what_cannot_be_written_is_a_failure() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no"))
        }
    }
    let response = Enveloped(Broken).into_response();
    assert_eq!(response.status(), 500);
    let text = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!((&body["code"], &body["data"]), (&json!(500), &json!(null)));
}

/// The error of a call that is answered so.
async fn error(script: Script) -> Error {
    let transport = ScriptedTransport::new(SystemClock, [script]);
    let mesh = Mesh::builder().transport(transport).build().unwrap();
    let client = Client::builder("stock").mesh(&mesh).url("http://10.0.0.1:80").retries(0).build().unwrap();
    client
        .get("/")
        .timeout(Duration::from_secs(30))
        .attempt_timeout(Duration::from_secs(2))
        .send_json::<u8>()
        .await
        .unwrap_err()
}

async fn shown(rejection: Rejection) -> String {
    let response = rejection.into_response();
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (status, wait, expired) =
        (response.status().as_u16(), header("retry-after"), header("x-deadline-expired").is_some());
    let body = axum::body::to_bytes(response.into_body(), 9999).await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert!(!body["message"].as_str().unwrap().contains("secret"), "{body}");
    let wait = wait.map(|wait| format!(", again in {wait}")).unwrap_or_default();
    let expired = if expired { ", expired" } else { "" };
    format!("{status} {}{wait}{expired}", body["error_code"].as_str().unwrap_or("-"))
}

async fn check(script: Script, expected: &str) {
    assert_eq!(shown(error(script).await.into()).await, expected);
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_call_inside() {
    let reply = |status| Script::reply(status, r#"{"code":1,"message":"secret"}"#);
    check(Script::hangs(), "504 UPSTREAM_TIMEOUT").await;
    check(reply(504), "504 UPSTREAM_TIMEOUT").await;
    check(reply(503).header("Retry-After", "7"), "503 UPSTREAM_UNAVAILABLE, again in 7").await;
    check(reply(429), "503 UPSTREAM_UNAVAILABLE").await;
    check(Script::reset(), "502 UPSTREAM_FAILED").await;
    for status in [200, 400, 401, 404, 409, 500, 502] {
        check(reply(status), "502 UPSTREAM_FAILED").await;
    }
    check(Script::reply(200, "<html>"), "502 UPSTREAM_FAILED").await;
    let late = deadline::within(Duration::ZERO, error(reply(200))).await;
    assert_eq!(shown(late.into()).await, "504 DEADLINE_EXPIRED, expired");

    let nowhere = Client::builder("stock").url("http://10.0.0.1:80").build().unwrap();
    let invalid = nowhere.get("no-slash").send().await.unwrap_err();
    assert_eq!(invalid.kind(), ErrorKind::InvalidRequest);
    assert_eq!(shown(invalid.into()).await, "500 INTERNAL");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_passed_on() {
    let body =
        r#"{"code":40401,"message":"no such order","error_code":"ORDER_NOT_FOUND","details":{"id":7}}"#;
    let relayed = |status, statuses: &'static [u16]| async move {
        Rejection::relay(&error(Script::reply(status, body)).await, statuses)
    };
    let expected = Rejection::not_found("no such order").code(40401).error_code("ORDER_NOT_FOUND");
    assert_eq!(relayed(404, &[404, 409]).await, expected.details(json!({"id": 7})));
    assert_eq!(shown(relayed(404, &[409]).await).await, "502 UPSTREAM_FAILED");
    let business = error(Script::reply(200, r#"{"code":404,"message":"gone"}"#)).await;
    assert_eq!(Rejection::relay(&business, &[404]), Rejection::not_found("gone"));
    let broken = error(Script::reset()).await;
    assert_eq!(shown(Rejection::relay(&broken, &[404])).await, "502 UPSTREAM_FAILED");
}
