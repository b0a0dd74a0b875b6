//! Servers that take their time, and those that never do anything.

use rpc_runtime::{ClientConfig, Mesh};
use tokio::net::TcpListener;

use crate::support::server::{Act, Server, json};
use crate::support::{Client, ORDER, chain, millis, order, outcome, secs};
use crate::{check, client};

/// A client of one instance whose handshakes may take this long.
fn impatient(url: &str, connect_timeout: std::time::Duration) -> Client {
    let config =
        ClientConfig::builder().service("order-service", url).connect_timeout(connect_timeout).retries(1);
    let config = config.retry_delay(millis(1)).timeout(secs(20)).build().unwrap();
    Client::with_mesh(&Mesh::new(config).unwrap()).unwrap()
}

#[tokio::test]
async fn a_black_hole_behind_a_connection() {
    // The system accepts for it, and it reads nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("http://{}", silent.local_addr().unwrap()));
    let result = client.get(7).attempt_timeout(millis(200)).retries(1).await;
    assert_eq!(outcome(&result), "attempt timeout after 2, sent maybe, exhausted");
    let order = order();
    let result = client.create(&order).attempt_timeout(millis(200)).await;
    assert_eq!(outcome(&result), "attempt timeout after 1, sent maybe");
}

/// Nothing was sent, so that any operation goes on.
async fn check_handshake(url: &str) {
    let client = impatient(url, millis(300));
    let order = order();
    for result in [client.get(7).await, client.create(&order).await] {
        assert_eq!(outcome(&result), "connection after 2, sent never, exhausted", "{url}");
        let error = result.unwrap_err();
        assert_eq!(chain(&error)[1], "no connection in time", "{:?}", chain(&error));
        assert!(error.elapsed() >= millis(600), "two handshakes");
    }
}

#[tokio::test]
async fn a_tls_handshake_that_is_never_answered() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    check_handshake(&format!("https://{}", silent.local_addr().unwrap())).await;
}

/// Linux drops handshakes while the queue of a listener is full.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_tcp_handshake_that_is_never_answered() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(1).unwrap();
    let addr = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = tokio::time::timeout(secs(1), tokio::net::TcpStream::connect(addr)).await {
        waiting.push(stream.unwrap());
        assert!(waiting.len() < 100, "the queue never gets full");
    }
    check_handshake(&format!("http://{addr}")).await;
}

#[tokio::test]
async fn a_drip_that_takes_too_long() {
    let act = Act::Drip(millis(50), [json(ORDER), vec![b' '; 1000]].concat());
    check(act, "ok", "attempt timeout after 1, sent maybe").await;
    // The length of the whole is known early, and each byte comes soon: only the limit of the attempt ends it.
    let endless = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n".to_vec();
    check(
        Act::Drip(millis(10), [endless, vec![b' '; 1000]].concat()),
        "ok",
        "attempt timeout after 1, sent maybe",
    )
    .await;
}

#[tokio::test]
async fn a_drip_that_ends_in_time() {
    let server = Server::start(|_, _| Act::Drip(millis(1), json(ORDER))).await;
    let client = client(&server.url());
    let reply = client.create(&order()).attempt_timeout(secs(15)).send().await.unwrap();
    assert_eq!((reply.attempts(), server.seen().len()), (1, 1));
}
