//! A server on a socket that misbehaves, and counts what it reads.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::testing::SeededRng;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::calls::{chance, id_of};
use crate::report::Report;

/// What happens to a request that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    None,
    CloseWithoutReply,
    ResetWithoutReply,
    ResetInReply,
    Truncated,
    Status(u16),
    /// 429 with `Retry-After: 0`: was not processed.
    LeftOut,
    Late,
    CloseAfterReply,
}

/// How often each one comes, in percent; the rest is answered well.
const FAULTS: [(Fault, u64); 13] = [
    (Fault::CloseWithoutReply, 4),
    (Fault::ResetWithoutReply, 3),
    (Fault::ResetInReply, 3),
    (Fault::Truncated, 3),
    (Fault::Status(500), 3),
    (Fault::Status(502), 3),
    (Fault::Status(503), 4),
    (Fault::Status(504), 3),
    (Fault::Status(429), 3),
    (Fault::LeftOut, 6),
    (Fault::Late, 2),
    (Fault::CloseAfterReply, 8),
    (Fault::None, 55),
];

/// Part of the connections' turns in which it closes before it reads.
const UNREAD: f64 = 0.03;

impl Fault {
    /// The same for the same attempt of the same call.
    fn draw(seed: u64, id: usize, attempt: u64) -> Self {
        let rng = SeededRng::new(seed ^ (id as u64) << 16 ^ attempt);
        let mut left = crate::calls::below(&rng, 100);
        for (fault, percent) in FAULTS {
            match left.checked_sub(percent) {
                None => return fault,
                Some(rest) => left = rest,
            }
        }
        Fault::None
    }

    fn name(self) -> String {
        match self {
            Self::None => "no fault".to_owned(),
            Self::CloseWithoutReply => "read, then closed".to_owned(),
            Self::ResetWithoutReply => "read, then reset".to_owned(),
            Self::ResetInReply => "reset in the reply".to_owned(),
            Self::Truncated => "reply cut off".to_owned(),
            Self::Status(status) => format!("HTTP {status}"),
            Self::LeftOut => "HTTP 429, Retry-After: 0".to_owned(),
            Self::Late => "reply after the attempt's time".to_owned(),
            Self::CloseAfterReply => "closed after the reply, unannounced".to_owned(),
        }
    }
}

/// What all servers of a run saw of one call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    /// Requests that were read to their ends.
    pub(crate) read: u32,
    /// Of these, those that were left out: answered by 429 with `Retry-After`.
    pub(crate) left_out: u32,
}

/// The books of all servers of a run.
#[derive(Debug)]
pub(crate) struct Books {
    pub(crate) seed: u64,
    late: Duration,
    seen: Mutex<Vec<Seen>>,
    faults: Mutex<BTreeMap<String, u64>>,
}

impl Books {
    /// `late`: longer than an attempt may take.
    pub(crate) fn new(calls: usize, seed: u64, late: Duration) -> Arc<Self> {
        let seen = Mutex::new(vec![Seen::default(); calls]);
        Arc::new(Self { seed, late, seen, faults: Mutex::default() })
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn faults(&self) -> BTreeMap<String, u64> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn injected(&self, fault: String) {
        Report::count(&mut self.faults.lock().unwrap_or_else(PoisonError::into_inner), fault);
    }

    fn read(&self, id: usize, fault: Fault) {
        if let Some(seen) = self.seen.lock().unwrap_or_else(PoisonError::into_inner).get_mut(id) {
            seen.read += 1;
            seen.left_out += u32::from(fault == Fault::LeftOut);
        }
        self.injected(fault.name());
    }
}

/// Serves until it is [stopped](Self::stop).
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(books: &Arc<Books>) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let (stop, mut stopped) = watch::channel(false);
        let books = Arc::clone(books);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            let mut number = u64::from(addr.port()) << 32;
            loop {
                tokio::select! {
                    accepted = listener.accept() => {
                        let Ok((stream, _)) = accepted else { continue };
                        number += 1;
                        let books = Arc::clone(&books);
                        connections.spawn(async move { serve(stream, number, &books).await });
                        while connections.try_join_next().is_some() {}
                    }
                    _ = stopped.changed() => break,
                }
            }
            drop(listener);
            // Clients are gone, so that these end.
            connections.join_all().await;
        });
        Ok(Self { addr, stop, task })
    }

    /// Takes no more connections, and waits for the end of those that there are: then nothing more is counted.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        let _ = self.task.await;
    }
}

/// Requests of one connection until it ends; `None` is the end.
async fn serve(mut stream: TcpStream, number: u64, books: &Books) -> Option<()> {
    let rng = SeededRng::new(books.seed ^ number);
    let mut buffer = Vec::new();
    loop {
        if stream.peek(&mut [0]).await.ok()? == 0 {
            return None;
        }
        if chance(&rng, UNREAD) {
            books.injected("closed before the request was read".to_owned());
            return None;
        }
        let (id, attempt) = read(&mut stream, &mut buffer).await?;
        let fault = Fault::draw(books.seed, id, attempt);
        books.read(id, fault);
        const BODY: &str = r#"{"code":200,"message":"","data":1}"#;
        let good = reply("200 OK", "content-type: application/json\r\n", BODY);
        match fault {
            Fault::None => stream.write_all(&good).await.ok()?,
            Fault::CloseWithoutReply => return None,
            Fault::ResetWithoutReply => return stream.set_zero_linger().ok(),
            Fault::ResetInReply | Fault::Truncated => {
                stream.write_all(good.get(..good.len() - 9)?).await.ok()?;
                if fault == Fault::ResetInReply {
                    stream.set_zero_linger().ok()?;
                }
                return None;
            }
            Fault::Status(status) => {
                stream.write_all(&reply(&format!("{status} Odd"), "", "")).await.ok()?;
            }
            Fault::LeftOut => {
                stream.write_all(&reply("429 Too Many Requests", "retry-after: 0\r\n", "")).await.ok()?;
            }
            Fault::Late => {
                SystemClock.sleep(books.late).await;
                stream.write_all(&good).await.ok()?;
            }
            Fault::CloseAfterReply => {
                stream.write_all(&good).await.ok()?;
                return None;
            }
        }
    }
}

/// A whole request: the call's number and the attempt's.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<(usize, u64)> {
    let end = loop {
        match buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            Some(at) => break at + 4,
            None => more(stream, buffer).await?,
        }
    };
    let head = String::from_utf8_lossy(buffer.get(..end)?).to_ascii_lowercase();
    let number = |name: &str| -> Option<u64> {
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")?.trim().parse().ok())
    };
    let length = end + usize::try_from(number("content-length").unwrap_or_default()).ok()?;
    while buffer.len() < length {
        more(stream, buffer).await?;
    }
    let call = (id_of(head.split(' ').nth(1)?)?, number("x-request-attempt").unwrap_or_default());
    buffer.drain(..length);
    Some(call)
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    (stream.read_buf(buffer).await.ok()? > 0).then_some(())
}

fn reply(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len()).into_bytes()
}
