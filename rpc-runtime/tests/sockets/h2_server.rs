//! A small HTTP/2 server without TLS, frame by frame (RFC 9113), so that it can misbehave.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::support::ORDER;

pub(crate) const NO_ERROR: u32 = 0;
pub(crate) const INTERNAL_ERROR: u32 = 2;
pub(crate) const REFUSED_STREAM: u32 = 7;
pub(crate) const ENHANCE_YOUR_CALM: u32 = 11;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;

const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// One step of what the server does when a request is complete.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Do {
    /// Answers this stream.
    Reply(u32),
    /// Resets this stream with this code.
    Reset(u32, u32),
    /// Says which stream is the last to be processed, and why.
    GoAway(u32, u32),
    /// Ends the connection.
    Close,
}

/// A request: its connection, from 0, and its stream.
pub(crate) type Seen = (usize, u32);

/// Ends with its test.
#[derive(Debug)]
pub(crate) struct H2Server {
    addr: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl H2Server {
    /// Does what the function says when request number `n` (from 0) is there, on its stream.
    pub(crate) async fn start(act: impl Fn(usize, u32) -> Vec<Do> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (act, log) = (Arc::new(act), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            for connection in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (act, log) = (Arc::clone(&act), Arc::clone(&log));
                tokio::spawn(async move { serve(connection, stream, &*act, &log).await });
            }
        });
        Self { addr, seen, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("h2c://{}", self.addr)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for H2Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Requests of one connection until it ends.
pub(crate) async fn serve(
    connection: usize,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    act: &(dyn Fn(usize, u32) -> Vec<Do> + Send + Sync),
    log: &Mutex<Vec<Seen>>,
) -> std::io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    write(&mut stream, SETTINGS, 0, 0, &[]).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [long, middle, short, kind, flags, id @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, long, middle, short]) as usize];
        stream.read_exact(&mut payload).await?;
        match kind {
            SETTINGS if flags & ACK == 0 => write(&mut stream, SETTINGS, ACK, 0, &[]).await?,
            PING if flags & ACK == 0 => write(&mut stream, PING, ACK, 0, &payload).await?,
            HEADERS | DATA if flags & END_STREAM != 0 => {
                let id = u32::from_be_bytes(id);
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push((connection, id));
                    log.len() - 1
                };
                for step in act(number, id) {
                    match step {
                        Do::Reply(id) => reply(&mut stream, id).await?,
                        Do::Reset(id, code) => {
                            write(&mut stream, RST_STREAM, 0, id, &code.to_be_bytes()).await?;
                        }
                        Do::GoAway(last, code) => {
                            let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
                            write(&mut stream, GOAWAY, 0, 0, &payload).await?;
                        }
                        Do::Close => return stream.shutdown().await,
                    }
                }
            }
            _ => {}
        }
    }
}

async fn reply(stream: &mut (impl AsyncWrite + Unpin), id: u32) -> std::io::Result<()> {
    // `:status: 200` of the static table, and `content-type` (31 there) with its value.
    let mut headers = vec![0x88, 0x0f, 16, 16];
    headers.extend_from_slice(b"application/json");
    write(stream, HEADERS, END_HEADERS, id, &headers).await?;
    write(stream, DATA, END_STREAM, id, ORDER.as_bytes()).await
}

async fn write(
    stream: &mut (impl AsyncWrite + Unpin),
    kind: u8,
    flags: u8,
    id: u32,
    payload: &[u8],
) -> std::io::Result<()> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend_from_slice(&id.to_be_bytes());
    frame.extend_from_slice(payload);
    stream.write_all(&frame).await?;
    stream.flush().await
}
