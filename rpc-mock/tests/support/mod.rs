//! A small service and clients for it.
#![allow(dead_code, reason = "each test file uses a part")]

use std::error::Error;
use std::io;

use axum::Json;
use axum::extract::{Path, Query, Request};
use rpc_mock::{Envelope, Fault, Mock, PathParameters, Service};
use serde_json::{Value, json};

async fn get_order(Path(id): Path<u64>) -> Envelope<Value> {
    Envelope::ok(json!({"id": id}))
}

async fn list_orders(Query(filter): Query<Value>) -> Envelope<Value> {
    Envelope::ok(filter)
}

async fn create_order(Json(order): Json<Value>) -> Envelope<Value> {
    Envelope::ok(order)
}

async fn panics() -> Envelope<()> {
    panic!("on purpose")
}

/// The path parameters as JSON, from a request that a handler sees whole.
pub(crate) async fn parameters(request: Request) -> Json<Value> {
    let PathParameters(pairs) = request.extensions().get().cloned().unwrap();
    Json(json!({"pairs": pairs, "path": request.uri().path(), "query": request.uri().query()}))
}

pub(crate) fn service() -> Service {
    Service::new("orders")
        .get("get_order", "/orders/{order_id}", get_order)
        .get("list_orders", "/orders", list_orders)
        .post("create_order", "/orders", create_order)
        .delete("delete_order", "/orders/{id}", async || http::StatusCode::NO_CONTENT)
        .get("panics", "/panics", panics)
}

pub(crate) async fn start(faults: impl IntoIterator<Item = Fault>) -> Mock {
    faults.into_iter().fold(service(), Service::fault).start().await.unwrap()
}

pub(crate) fn http1() -> reqwest::Client {
    client().build().unwrap()
}

pub(crate) fn http2() -> reqwest::Client {
    client().http2_prior_knowledge().build().unwrap()
}

fn client() -> reqwest::ClientBuilder {
    // Whichever test comes first installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([])
}

/// A POST with JSON.
pub(crate) fn post(client: &reqwest::Client, url: String, body: &Value) -> reqwest::RequestBuilder {
    client.post(url).header("content-type", "application/json").body(body.to_string())
}

/// Status and body as JSON.
pub(crate) async fn get(client: &reqwest::Client, mock: &Mock, path: &str) -> (u16, Value) {
    let reply = client.get(format!("{}{path}", mock.url())).send().await.unwrap();
    let status = reply.status().as_u16();
    let mut body: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
    if let Some(envelope) = body.as_object_mut() {
        envelope.remove("timestamp");
    }
    (status, body)
}

/// The first I/O error among the causes.
pub(crate) fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        cause = error.source();
    }
    None
}
