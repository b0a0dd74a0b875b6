//! A small HTTP/1.1 server on `127.0.0.1`, written by hand so that it can misbehave.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Writes these bytes and keeps the connection.
    Write(Vec<u8>),
    /// Writes these bytes and closes.
    WriteAndClose(Vec<u8>),
    /// Writes these bytes and resets the connection.
    WriteAndReset(Vec<u8>),
    /// Waits before it writes.
    Late(Duration, Vec<u8>),
    /// Writes byte by byte, and waits before each.
    Drip(Duration, Vec<u8>),
    /// Writes the first part, and the second when it is told to.
    Held(Vec<u8>, Arc<Notify>, Vec<u8>),
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// Which connection it came on, from 0.
    pub(crate) connection: usize,
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.trim())
    }

    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }
}

/// Ends with its test.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// The connections that ended, in order.
    ended: watch::Sender<Vec<usize>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers request number `n` (from 0) as the function says.
    pub(crate) async fn start(act: impl Fn(usize, &Seen) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (act, log) = (Arc::new(act), Arc::clone(&seen));
        let ended = watch::Sender::new(Vec::new());
        let ends = ended.clone();
        let task = tokio::spawn(async move {
            for connection in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (act, log, ends) = (Arc::clone(&act), Arc::clone(&log), ends.clone());
                tokio::spawn(async move {
                    serve(connection, stream, &*act, &log).await;
                    ends.send_modify(|ended| ended.push(connection));
                });
            }
        });
        Self { addr, seen, ended, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The connections that requests came on, in the order of the requests.
    pub(crate) fn connections(&self) -> Vec<usize> {
        self.seen().iter().map(|request| request.connection).collect()
    }

    /// Waits for so many requests.
    pub(crate) async fn until_seen(&self, requests: usize) {
        while self.seen().len() < requests {
            tokio::time::timeout(Duration::from_millis(1), std::future::pending::<()>()).await.unwrap_err();
        }
    }

    /// The connections that ended, known so far.
    pub(crate) fn ended(&self) -> Vec<usize> {
        self.ended.borrow().clone()
    }

    /// Waits for the end of a connection.
    pub(crate) async fn until_ended(&self, connection: usize) {
        let mut ended = self.ended.subscribe();
        let waiting = ended.wait_for(|ended| ended.contains(&connection));
        let end = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        end.unwrap_or_else(|_| panic!("connection {connection} stays open")).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Requests of one connection until it ends; `None` is the end.
async fn serve(
    connection: usize,
    mut stream: TcpStream,
    act: &(dyn Fn(usize, &Seen) -> Act + Send + Sync),
    log: &Mutex<Vec<Seen>>,
) -> Option<()> {
    let mut buffer = Vec::new();
    loop {
        let request = read(connection, &mut stream, &mut buffer).await?;
        let number = {
            let mut log = log.lock().unwrap();
            log.push(request.clone());
            log.len() - 1
        };
        match act(number, &request) {
            Act::Write(bytes) => stream.write_all(&bytes).await.ok()?,
            Act::Late(wait, bytes) => {
                tokio::time::timeout(wait, std::future::pending::<()>()).await.unwrap_err();
                stream.write_all(&bytes).await.ok()?;
            }
            Act::Drip(wait, bytes) => {
                for byte in bytes {
                    tokio::time::timeout(wait, std::future::pending::<()>()).await.unwrap_err();
                    stream.write_all(&[byte]).await.ok()?;
                }
            }
            Act::Held(first, told, second) => {
                stream.write_all(&first).await.ok()?;
                told.notified().await;
                stream.write_all(&second).await.ok()?;
            }
            Act::WriteAndClose(bytes) => {
                stream.write_all(&bytes).await.ok()?;
                stream.shutdown().await.ok()?;
                return None;
            }
            Act::WriteAndReset(bytes) => {
                stream.write_all(&bytes).await.ok()?;
                stream.flush().await.ok()?;
                // The bytes must be on their way before the reset overtakes them.
                tokio::time::timeout(Duration::from_millis(50), std::future::pending::<()>())
                    .await
                    .unwrap_err();
                stream.set_zero_linger().unwrap();
                return None;
            }
        }
    }
}

async fn read(connection: usize, stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Seen> {
    const LARGEST: usize = 1 << 20;
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        more(stream, buffer, LARGEST).await?;
    };
    let head = String::from_utf8(buffer[..end].to_vec()).ok()?;
    let mut seen = Seen { connection, head, body: Vec::new() };
    let length: usize = seen.header("content-length").parse().unwrap_or(0);
    while buffer.len() < end + length {
        more(stream, buffer, LARGEST).await?;
    }
    seen.body = buffer[end..end + length].to_vec();
    buffer.drain(..end + length);
    Some(seen)
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>, largest: usize) -> Option<()> {
    let read = stream.read_buf(buffer).await.ok()?;
    (read > 0 && buffer.len() < largest).then_some(())
}

/// A whole reply with its length.
pub(crate) fn reply(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len()).into_bytes()
}

pub(crate) fn json(body: &str) -> Vec<u8> {
    reply("200 OK", "content-type: application/json\r\n", body)
}
