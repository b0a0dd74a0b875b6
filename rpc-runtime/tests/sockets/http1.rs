//! HTTP/1.1 over TCP: what servers do to it, and what becomes of the call.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use rpc_runtime::discovery::{Answer, Resolve, Resolving, Target};
use rpc_runtime::{ClientConfig, ErrorKind, Mesh, Sent, TimeoutScope};
use tokio::net::TcpListener;

use crate::support::server::{Act, Seen, Server, json, reply};
use crate::support::{Client, ORDER, chain, millis, order, outcome, secs};
use crate::{check, client, good};

#[tokio::test]
async fn a_request_as_the_server_sees_it() {
    let server = Server::start(good).await;
    let client = client(&format!("{}/base/", server.url()));
    let reply = client.create(&order()).trace_id("t-1").header("X-More", "1").send().await.unwrap();
    assert_eq!(reply.data, order());
    assert_eq!(reply.endpoint(), server.url());
    client.get(7).note("a b").await.unwrap();
    let seen = server.seen();
    assert_eq!(
        [seen[0].line(), seen[1].line()],
        ["POST /base/orders HTTP/1.1", "GET /base/orders/7?note=a%20b HTTP/1.1"]
    );
    assert_eq!(seen[0].header("host"), server.addr.to_string());
    assert_eq!((seen[0].header("x-trace-id"), seen[0].header("x-request-id")), ("t-1", "t-1"));
    assert_eq!((seen[0].header("x-more"), seen[0].header("content-type")), ("1", "application/json"));
    assert_eq!((seen[0].header("x-request-attempt"), seen[0].header("x-request-timeout-ms")), ("1", "10000"));
    assert_eq!(seen[0].body, serde_json::to_vec(&order()).unwrap());
    assert_eq!((seen[1].header("content-length"), seen[1].body.len()), ("", 0));
}

#[tokio::test]
async fn a_trace_id_is_seen_and_comes_back() {
    let server = Server::start(|_, request| {
        Act::Write(reply("200 OK", &format!("x-trace-id: {}\r\n", request.header("x-trace-id")), ORDER))
    })
    .await;
    let reply = client(&server.url()).get(7).send().await.unwrap();
    assert_eq!(reply.headers()["x-trace-id"], *reply.trace_id());
    assert_eq!(server.seen()[0].header("x-trace-id"), reply.trace_id());
}

#[tokio::test]
async fn connections_are_kept_for_the_next_call() {
    let server = Server::start(good).await;
    let client = client(&server.url());
    for _ in 0..5 {
        client.get(7).await.unwrap();
        client.clone().create(&order()).await.unwrap();
    }
    assert!(server.seen().iter().all(|request| request.connection == 0));
}

#[tokio::test]
async fn a_port_that_nobody_listens_on() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let result = client(&format!("http://{closed}")).create(&order()).await;
    assert_eq!(outcome(&result), "connection after 3, sent never, exhausted");
    let chain = chain(&result.unwrap_err());
    assert_eq!(chain[..2], ["order-service.CreateOrder: no connection (after 3 attempts)", "no connection"]);
    assert!(chain.last().unwrap().to_lowercase().contains("refused"), "{chain:?}");
}

#[tokio::test]
async fn a_close_before_the_reply() {
    check(Act::WriteAndClose(Vec::new()), "ok", "connection after 1, sent maybe").await;
    check(
        Act::WriteAndClose(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
        "ok",
        "connection after 1, sent maybe",
    )
    .await;
}

#[tokio::test]
async fn a_body_that_ends_early() {
    let announced = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"code\":200,".to_vec();
    check(Act::WriteAndClose(announced.clone()), "ok", "connection after 1, sent yes").await;
    check(Act::WriteAndReset(announced), "ok", "connection after 1, sent yes").await;
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"cod\r\n".to_vec();
    check(Act::WriteAndClose(chunked), "ok", "connection after 1, sent yes").await;
}

#[tokio::test]
async fn a_reset_before_the_reply() {
    check(Act::WriteAndReset(Vec::new()), "ok", "connection after 1, sent maybe").await;
}

#[tokio::test]
async fn a_reply_that_takes_too_long() {
    check(Act::Late(secs(60), json(ORDER)), "ok", "attempt timeout after 1, sent maybe").await;
    // The head in time, the body not.
    check(
        Act::Write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{".to_vec()),
        "ok",
        "attempt timeout after 1, sent maybe",
    )
    .await;
}

#[tokio::test]
async fn what_is_no_http() {
    check(Act::WriteAndClose(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), "ok", "connection after 1, sent maybe")
        .await;
}

#[tokio::test]
async fn the_calls_limit_holds_against_a_server_that_never_answers() {
    let server = Server::start(|_, _| Act::Late(secs(60), Vec::new())).await;
    let error = client(&server.url()).get(7).timeout(millis(300)).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Timeout(TimeoutScope::Call), Sent::Maybe));
    assert!(error.elapsed() >= millis(300) && error.elapsed() < secs(10), "{:?}", error.elapsed());
}

#[tokio::test]
async fn a_proxys_page() {
    let page = |status: &'static str| {
        move |_: usize, _: &Seen| Act::Write(reply(status, "content-type: text/html\r\n", "<html>"))
    };
    let server = Server::start(page("200 OK")).await;
    let error = client(&server.url()).get(7).await.unwrap_err();
    assert!(error.is_response(), "{error}");
    assert_eq!(error.body().map(|body| &body[..]), Some(&b"<html>"[..]));
    let server = Server::start(page("502 Bad Gateway")).await;
    let result = client(&server.url()).get(7).await;
    assert_eq!(outcome(&result), "HTTP 502 after 3, sent yes, exhausted");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let server = Server::start(|_, _| Act::Write(reply("302 Found", "location: /elsewhere\r\n", ""))).await;
    let result = client(&server.url()).get(7).await;
    assert_eq!((outcome(&result).as_str(), server.seen().len()), ("HTTP 302 after 1, sent yes", 1));
}

#[tokio::test]
async fn a_body_in_pieces() {
    let body = ORDER.as_bytes();
    let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for piece in body.chunks(7) {
        bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        bytes.extend_from_slice(piece);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    let server = Server::start(move |_, _| Act::Write(bytes.clone())).await;
    let client = client(&server.url());
    assert_eq!(client.get(7).await.unwrap(), order());
    assert_eq!(client.get(7).await.unwrap(), order());
    let error = client.get(7).max_body(20).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_dead_instance_costs_no_call() {
    let (one, two) = (Server::start(good).await, Server::start(good).await);
    let dead = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = Client::builder().url(&one.url()).url(&two.url()).build().unwrap();
    for _ in 0..6 {
        client.create(&order()).await.unwrap();
    }
    assert_eq!((one.seen().len(), two.seen().len()), (3, 3));
    let client = Client::builder().url(&one.url()).url(&format!("http://{dead}")).build().unwrap();
    let mut attempts = Vec::new();
    for _ in 0..6 {
        attempts.push(client.create(&order()).send().await.unwrap().attempts());
    }
    assert_eq!(one.seen().len(), 9);
    assert_eq!(attempts.iter().sum::<u32>(), 9, "every second call starts at the dead one: {attempts:?}");
}

#[tokio::test]
async fn a_name_is_resolved_and_stays_in_the_host_header() {
    let server = Server::start(good).await;
    let port = server.addr.port();
    client(&format!("http://localhost:{port}")).get(7).await.unwrap();
    assert_eq!(server.seen()[0].header("host"), format!("localhost:{port}"));
}

/// A name of both families at a host where only one of them is served, as `localhost` often is.
#[derive(Debug)]
struct BothFamilies;

impl Resolve for BothFamilies {
    fn resolve(&self, _: &str, port: u16) -> Resolving {
        let targets = [
            Target::new((Ipv6Addr::LOCALHOST, port).into()),
            Target::new((Ipv4Addr::LOCALHOST, port).into()),
        ];
        Box::pin(async move { Ok(Answer::found(targets, None)) })
    }
}

#[tokio::test]
async fn a_refused_ipv6_costs_no_call() {
    let server = Server::start(good).await;
    let url = format!("http://orders:{}", server.addr.port());
    let config = ClientConfig::builder().service("order-service", &url).retries(0).ejection(false);
    let mesh = Mesh::builder().config(config.build().unwrap()).resolver(BothFamilies).build().unwrap();
    let client = Client::with_mesh(&mesh).unwrap();
    for _ in 0..20 {
        client.get(7).await.unwrap();
    }
    assert_eq!(mesh.endpoints("order-service").len(), 2);
}

#[tokio::test]
async fn user_information_of_the_url_is_basic_authentication() {
    let server = Server::start(good).await;
    let client = client(&format!("http://us%65r:p%40ss@{}", server.addr));
    client.get(7).await.unwrap();
    client.get(7).header("Authorization", "Bearer own").await.unwrap();
    let seen = server.seen();
    // Base64 of `user:p@ss`.
    assert_eq!(seen[0].header("authorization"), "Basic dXNlcjpwQHNz");
    assert_eq!(seen[1].header("authorization"), "Bearer own");
    assert_eq!(seen[1].head.to_lowercase().matches("authorization:").count(), 1);
}

#[tokio::test]
async fn tls_to_a_plain_port_is_a_connection_error() {
    // What it takes for a request never has an end, so the server would wait for ever: it must close.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let plain = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut hello = [0; 16];
            let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut hello).await;
            let answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await;
        }
    });
    let result = client(&format!("https://{addr}")).create(&order()).retries(0).await;
    assert_eq!(outcome(&result), "connection after 1, sent never, exhausted");
    plain.abort();
}

#[tokio::test]
async fn an_idle_connection_that_the_server_closed_is_not_used_again() {
    let server = Server::start(|_, _| Act::WriteAndClose(json(ORDER))).await;
    let client = client(&server.url());
    for connection in 0..3 {
        client.create(&order()).await.unwrap();
        // Time for the end of the connection to arrive.
        tokio::time::timeout(Duration::from_millis(100), std::future::pending::<()>()).await.unwrap_err();
        assert_eq!(server.seen()[connection].connection, connection);
    }
}
