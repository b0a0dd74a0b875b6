//! The real transport against real sockets on `127.0.0.1`, with generous margins.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod connections;
mod h2_server;
mod http1;
mod http2;
mod slow;
#[path = "../support/mod.rs"]
mod support;
mod tls;
#[cfg(unix)]
mod unix;
mod version;

use rpc_runtime::Method;
use support::server::{Act, Seen, Server, json};
use support::{Client, ORDER, millis, order, outcome, secs};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

fn client(url: &str) -> Client {
    Client::builder().url(url).retry_delay(millis(1)).timeout(secs(20)).build().unwrap()
}

fn good(_: usize, _: &Seen) -> Act {
    Act::Write(json(ORDER))
}

/// Answers requests without a body until the connection ends; their heads.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Vec<String> {
    let (mut heads, mut buffer) = (Vec::new(), Vec::new());
    while stream.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
        if buffer.ends_with(b"\r\n\r\n") {
            heads.push(String::from_utf8(std::mem::take(&mut buffer)).unwrap());
            stream.write_all(&json(ORDER)).await.unwrap();
            stream.flush().await.unwrap();
        }
    }
    heads
}

/// First this, then a good reply: whether GET and POST get there.
async fn check(first: Act, get: &str, post: &str) {
    // Only what never comes runs into the limit.
    let slow = matches!(&first, Act::Late(..) | Act::Write(_) | Act::Drip(..));
    let limit = if slow { secs(2) } else { secs(10) };
    for (method, expected) in [(Method::GET, get), (Method::POST, post)] {
        let act = first.clone();
        let server =
            Server::start(move |n, _| if n == 0 { act.clone() } else { Act::Write(json(ORDER)) }).await;
        let client = client(&server.url());
        let order = order();
        let result = match method {
            Method::GET => client.get(7).attempt_timeout(limit).await,
            _ => client.create(&order).attempt_timeout(limit).await,
        };
        assert_eq!(outcome(&result), expected, "{method} {first:?}");
        assert_eq!(server.seen().len(), if expected == "ok" { 2 } else { 1 }, "{method} {first:?}");
    }
}
