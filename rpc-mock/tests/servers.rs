//! Routing, recording and instances, as a client sees them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::SocketAddr;

use axum::extract::Path;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use rpc_mock::{Fault, Instance, Mock, Service};
use serde_json::{Value, json};
use support::{get, http1, http2, io_kind, parameters, post, service, start};

#[tokio::test]
async fn typed_handlers_over_both_protocols() {
    let mock = start([]).await;
    for client in [http1(), http2()] {
        let data = async |path| get(&client, &mock, path).await.1["data"].clone();
        assert_eq!(data("/orders/7").await, json!({"id": 7}));
        assert_eq!(data("/orders?sku=a%20b").await, json!({"sku": "a b"}));
        let reply = post(&client, format!("{}/orders", mock.url()), &json!({"sku": 1})).send().await.unwrap();
        assert_eq!(reply.headers()["x-mock-instance"], "0");
        assert_eq!(reply.status(), 200);
    }
    assert_eq!(mock.name(), "orders");
    assert_eq!(mock.operations(), ["get_order", "list_orders", "create_order", "delete_order", "panics"]);
}

#[tokio::test]
async fn head_unknown_paths_and_methods() {
    let mock = start([]).await;
    for client in [http1(), http2()] {
        let reply = client.head(format!("{}/orders/7", mock.url())).send().await.unwrap();
        assert_eq!(reply.status(), 200);
        assert!(reply.headers().contains_key("content-length"));
        let reply = client.put(format!("{}/orders", mock.url())).send().await.unwrap();
        assert_eq!(reply.status(), 405);
        assert_eq!(reply.headers()["allow"], "GET, HEAD, POST");
        let (status, body) = get(&client, &mock, "/none?a=b").await;
        assert_eq!((status, &body["code"]), (404, &json!(404)));
        assert_eq!(body["message"], "no operation matches GET /none");
    }
    assert_eq!(mock.calls_to("get_order")[0].method, "HEAD");
    assert_eq!(mock.calls()[1].operation, None);
    assert_eq!(mock.calls()[1].status.unwrap(), 405);

    let own = service().fallback(async || "mine").start().await.unwrap();
    let reply = http1().get(format!("{}/none", own.url())).send().await.unwrap();
    assert_eq!(reply.text().await.unwrap(), "mine");
}

#[tokio::test]
async fn failures_are_written_as_the_service_says() {
    let own = service().failures(|_, code, message| {
        Json(json!({"status": code, "msg": message, "result": null})).into_response()
    });
    let mock = own.start().await.unwrap();
    let client = http1();
    let failure = |code: Value, message: &str| json!({"status": code, "msg": message, "result": null});
    for (fault, path, expected) in [
        (None, "/none", (404, failure(json!(404), "no operation matches GET /none"))),
        (None, "/panics", (500, failure(json!(500), "the handler panicked: on purpose"))),
        (Some(Fault::code(5001)), "/orders/7", (200, failure(json!(5001), "scripted fault"))),
        (Some(Fault::code("NO_STOCK").message("m")), "/orders/7", (200, failure(json!("NO_STOCK"), "m"))),
        (Some(Fault::status(503)), "/none", (503, failure(json!(503), "Service Unavailable"))),
    ] {
        fault.into_iter().for_each(|fault| mock.fault(fault.times(1)).unwrap());
        assert_eq!(get(&client, &mock, path).await, expected, "{path}");
    }
    for (method, size, status) in [("PUT", 0, 405), ("POST", 16 * 1024 * 1024 + 1, 413)] {
        let request = client.request(method.parse().unwrap(), format!("{}/orders", mock.url()));
        let reply = request.body(vec![b'x'; size]).send().await.unwrap();
        assert_eq!(reply.status(), status);
        assert_eq!(reply.headers().contains_key("allow"), status == 405);
        let body: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
        assert_eq!((&body["status"], &body["result"]), (&json!(status), &Value::Null));
    }
}

#[tokio::test]
async fn a_panic_is_a_500() {
    let mock = start([]).await;
    let client = http1();
    let (status, body) = get(&client, &mock, "/panics").await;
    assert_eq!((status, &body["message"]), (500, &json!("the handler panicked: on purpose")));
    assert_eq!(get(&client, &mock, "/orders/7").await.0, 200);
    assert_eq!(mock.calls()[0].connection, mock.calls()[1].connection, "the connection lives on");
}

#[tokio::test]
async fn templates_of_all_forms() {
    #[derive(serde::Deserialize)]
    struct Report {
        format: String,
        name: String,
    }
    let mock = Service::new("forms")
        .get("me", "/users/me", parameters)
        .get("user", "/users/{id}", parameters)
        .post("post_user", "/users/{id}", parameters)
        .get("file", "/files/{path:path}", async |Path(path): Path<String>| Json(json!(path)))
        .get("file_meta", "/files/{*path}/meta", parameters)
        .get("report", "/reports/{name}.{format}", async |Path(report): Path<Report>| {
            Json(json!([report.name, report.format]))
        })
        .post("cancel", "/orders/{order-id}:cancel", parameters)
        .start()
        .await
        .unwrap();
    let client = http1();
    let seen = |path: &str, pairs: Value| json!({"pairs": pairs, "path": path, "query": null});
    for (path, operation, expected) in [
        ("/users/me", "me", seen("/users/me", json!([]))),
        ("/users/you", "user", seen("/users/you", json!([["id", "you"]]))),
        ("/users/a%2Fb%20%C3%A4", "user", seen("/users/a%2Fb%20%C3%A4", json!([["id", "a/b ä"]]))),
        ("/files/a/b%20c", "file", json!("a/b c")),
        ("/files/a/b/meta", "file_meta", seen("/files/a/b/meta", json!([["path", "a/b"]]))),
        ("/reports/a.b.pdf", "report", json!(["a.b", "pdf"])),
    ] {
        assert_eq!(get(&client, &mock, path).await, (200, expected), "{path}");
        assert_eq!(mock.calls().last().unwrap().operation.as_deref(), Some(operation), "{path}");
    }
    let reply = client.post(format!("{}/orders/7:cancel?now=1", mock.url())).send().await.unwrap();
    let expected = json!({"pairs": [["order-id", "7"]], "path": "/orders/7:cancel", "query": "now=1"});
    assert_eq!(serde_json::from_slice::<Value>(&reply.bytes().await.unwrap()).unwrap(), expected);
    // A literal that only another method has does not hide the parameter.
    let reply = client.post(format!("{}/users/me", mock.url())).send().await.unwrap();
    assert_eq!((reply.status().as_u16(), mock.calls_to("post_user").len()), (200, 1));
}

#[tokio::test]
async fn mistakes_are_reported_at_the_start() {
    let same = async || "";
    let mistakes = Service::new("wrong")
        .get("a", "/a/{x", same)
        .get("b", "/b/{x}", same)
        .get("c", "/b/{y}", same)
        .post("d", "/b/{y}", same)
        .fault(Fault::close().on("e"))
        .fault(Fault::close().at(1));
    let error = mistakes.start_on(&[([127, 0, 0, 1], 0).into(); 2]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "service `wrong`: operation `a`, template `/a/{x`: the braces do not match; \
         operations `b` and `c` both answer GET /b/{y}; \
         2 addresses for 1 instances; \
         fault `e=close`: there is no operation `e`, only: b, c, d; \
         fault `@1=close`: instances have the numbers 0 to 0"
    );
}

/// Whatever a document holds, axum's router is never asked for a route that it panics at.
#[tokio::test]
async fn odd_parameter_names_are_no_panic() {
    for name in
        ["a-b", "a.b", "a b", ":a", "a:b", "a:int", "*a", "a*", "**a", "", "ä", "%7B", "_", "a\\", "a\0"]
    {
        let template = format!("/x/{{{name}}}/y");
        let first = async |Path(value): Path<u64>| Json(json!(value));
        let service = Service::new("odd").get("odd", &template, parameters).post("first", &template, first);
        let mock = service.start().await.unwrap();
        let (status, seen) = get(&http1(), &mock, "/x/1/y").await;
        let name = name.strip_prefix('*').unwrap_or(name);
        assert_eq!((status, &seen["pairs"]), (200, &json!([[name, "1"]])), "{template}");
        let reply = http1().post(format!("{}/x/1/y", mock.url())).send().await.unwrap();
        assert_eq!(reply.text().await.unwrap(), "1", "{template}");
    }
    for count in [25, 26, 30, 300] {
        let many: String = (0..count).map(|n| format!("/{{p{n}}}")).collect();
        let mock = Service::new("many").get("many", &many, parameters).start().await.unwrap();
        let (status, seen) = get(&http1(), &mock, &"/1".repeat(count)).await;
        assert_eq!((status, seen["pairs"].as_array().unwrap().len()), (200, count));
        assert_eq!(seen["path"], "/1".repeat(count));
    }
}

#[tokio::test]
async fn records_calls_as_they_arrived() {
    let mock = start([]).await;
    let client = http1();
    let url = format!("{}/orders?b=2&a=%20x&b=", mock.url());
    post(&client, url, &json!({"sku": 1})).header("x-a", "1").send().await.unwrap().bytes().await.unwrap();
    get(&client, &mock, "/orders/7").await;
    get(&http2(), &mock, "/orders/8").await;

    let calls = mock.calls();
    assert_eq!(
        calls.iter().map(|call| call.path.as_str()).collect::<Vec<_>>(),
        ["/orders", "/orders/7", "/orders/8"]
    );
    assert_eq!(calls[0].connection, calls[1].connection);
    assert_ne!(calls[0].connection, calls[2].connection);
    let call = &mock.calls_to("create_order")[0];
    assert_eq!((call.method.as_str(), call.instance, call.status.unwrap().as_u16()), ("POST", 0, 200));
    assert_eq!(call.fault, None);
    assert_eq!((call.header("X-A"), call.header("x-b")), (Some("1"), None));
    assert_eq!(call.query.as_deref(), Some("b=2&a=%20x&b="));
    let pairs = [("b", "2"), ("a", " x"), ("b", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(call.query_pairs(), pairs);
    assert_eq!(call.json::<Value>().unwrap(), json!({"sku": 1}));
    mock.clear_calls();
    assert!(mock.calls().is_empty());
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_a_413() {
    let mock = start([]).await;
    let most = 16 * 1024 * 1024;
    // What fits reaches the handler, whose JSON it is not.
    for (size, status) in [(most, 400), (most + 1, 413)] {
        let request =
            http1().post(format!("{}/orders", mock.url())).header("content-type", "application/json");
        let reply = request.body(vec![b'x'; size]).send().await.unwrap();
        assert_eq!(reply.status(), status);
        assert_eq!(mock.calls().last().unwrap().body.len(), most);
        assert_eq!(mock.calls().last().unwrap().status, Some(reply.status()));
    }
}

async fn asked(mock: &Mock, index: usize) -> Result<String, reqwest::Error> {
    http1().get(format!("{}/who", mock.urls()[index])).send().await?.text().await
}

fn who(instances: usize) -> Service {
    Service::new("who")
        .get("who", "/who", async |Extension(Instance(index)): Extension<Instance>| index.to_string())
        .instances(instances)
}

#[tokio::test]
async fn instances_have_ports_and_faults_of_their_own() {
    let mock = who(3).fault(Fault::close().at(1)).start().await.unwrap();
    assert_eq!(mock.urls().iter().collect::<BTreeSet<_>>().len(), 3);
    assert_eq!(mock.urls()[0], mock.url());
    assert_eq!(asked(&mock, 0).await.unwrap(), "0");
    asked(&mock, 1).await.unwrap_err();
    assert_eq!(asked(&mock, 2).await.unwrap(), "2");
    assert_eq!(mock.calls().last().unwrap().instance, 2);
    assert_eq!(who(0).start().await.unwrap().urls().len(), 1);
}

#[tokio::test]
async fn a_stopped_instance_refuses_until_it_is_restarted() {
    let mock = who(2).start().await.unwrap();
    let (urls, client) = (mock.urls(), http1());
    let ask = async || client.get(format!("{}/who", urls[0])).send().await;
    ask().await.unwrap();
    for _ in 0..3 {
        mock.stop(0).await;
        mock.stop(0).await;
        assert_eq!(io_kind(&ask().await.unwrap_err()), Some(ErrorKind::ConnectionRefused));
        assert_eq!(asked(&mock, 1).await.unwrap(), "1");
        mock.restart(0).await.unwrap();
        mock.restart(0).await.unwrap();
        assert_eq!(ask().await.unwrap().text().await.unwrap(), "0");
    }
    assert_eq!(mock.urls(), urls);
    mock.stop(7).await;
    assert_eq!(mock.restart(7).await.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn stopping_ends_calls_under_way() {
    for client in [http1(), http2()] {
        let mock = who(1).fault(Fault::hang()).start().await.unwrap();
        let url = format!("{}/who", mock.url());
        let call = tokio::spawn(async move { client.get(url).send().await });
        while mock.calls().is_empty() {
            tokio::task::yield_now().await;
        }
        mock.stop(0).await;
        call.await.unwrap().unwrap_err();
    }
}

#[tokio::test]
async fn everything_ends_with_the_mock() {
    let mock = who(1).start().await.unwrap();
    let address: SocketAddr = mock.url().trim_start_matches("http://").parse().unwrap();
    let mut open = tokio::net::TcpStream::connect(address).await.unwrap();
    drop(mock);
    // The end of the open connection comes after the end of the listener.
    let _ = tokio::io::AsyncReadExt::read(&mut open, &mut [0]).await;
    assert_eq!(
        tokio::net::TcpStream::connect(address).await.unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
}

#[tokio::test]
async fn chosen_addresses() {
    // Somebody else may take a port between its choice and its use; not again and again.
    let mut tries = 0;
    let (port, mock) = loop {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        match who(2).start_on(&[port]).await {
            Ok(mock) => break (port, mock),
            Err(error) => assert_eq!(error.kind(), ErrorKind::AddrInUse),
        }
        tries += 1;
        assert!(tries < 20, "no port is free");
    };
    assert_eq!(mock.url(), format!("http://{port}"));
    assert!(mock.urls()[1].starts_with("http://127.0.0.1:"));
    let taken = who(1).start_on(&[port]).await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::AddrInUse);
    assert!(taken.to_string().starts_with(&format!("service `who` cannot listen on {port}: ")), "{taken}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once() {
    let mock = start([Fault::status(503).every(2)]).await;
    let client = http1();
    let mut calls = tokio::task::JoinSet::new();
    for id in 0..200 {
        let call = client.get(format!("{}/orders/{id}", mock.url())).send();
        calls.spawn(async move { call.await.unwrap().status().as_u16() });
    }
    let statuses = calls.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 503).count(), 100);
    let recorded: Vec<bool> = mock.calls().iter().map(|call| call.fault.is_some()).collect();
    assert_eq!(recorded, [false, true].repeat(100));
}
