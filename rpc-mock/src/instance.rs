//! One instance: its listener, its connections, their end.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::select;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use crate::answer::answer;
use crate::clock;
use crate::mock::Shared;

const BACKLOG: u32 = 1024;
/// Before the next attempt to accept, when the system is out of something.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(crate) struct Running {
    index: usize,
    address: SocketAddr,
    shared: Arc<Shared>,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    /// The server ends when the sender is dropped.
    Up(oneshot::Sender<Infallible>, JoinHandle<()>),
    /// The port is bound, if that worked, but nobody listens: connections are refused and nobody else takes it.
    Down(Option<TcpSocket>),
}

impl Running {
    pub(crate) async fn start(index: usize, address: SocketAddr, shared: Arc<Shared>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let state = Mutex::new(up(listener, Arc::clone(&shared), index));
        Ok(Self { index, address, shared, state })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn stop(&self) {
        let mut state = self.state.lock().await;
        match std::mem::replace(&mut *state, State::Down(None)) {
            State::Up(running, server) => {
                drop(running);
                // It never panics; an aborted one has ended as well.
                let _ = server.await;
                *state = State::Down(reserve(self.address).ok());
            }
            down => *state = down,
        }
    }

    pub(crate) async fn restart(&self) -> io::Result<()> {
        let mut state = self.state.lock().await;
        let listener = match &mut *state {
            State::Up(..) => return Ok(()),
            State::Down(reserved) => match reserved.take() {
                Some(socket) => socket.listen(BACKLOG)?,
                None => TcpListener::bind(self.address).await?,
            },
        };
        *state = up(listener, Arc::clone(&self.shared), self.index);
        Ok(())
    }
}

fn reserve(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections that have just ended hold the port otherwise; on Windows the option means something else.
    if cfg!(not(windows)) {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(address)?;
    Ok(socket)
}

fn up(listener: TcpListener, shared: Arc<Shared>, instance: usize) -> State {
    let (running, end) = oneshot::channel();
    State::Up(running, tokio::spawn(serve(listener, shared, instance, end)))
}

async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    index: usize,
    mut end: oneshot::Receiver<Infallible>,
) {
    let mut connections = JoinSet::new();
    loop {
        select! {
            _ = &mut end => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&shared), index));
                }
                Err(_) => clock::sleep(PAUSE).await,
            },
        }
    }
    drop(listener);
    connections.shutdown().await;
}

/// How a call ends its connection.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    Close,
    Reset,
}

/// What a call knows of its connection.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) instance: usize,
    pub(crate) number: u64,
    ends: mpsc::UnboundedSender<End>,
}

impl Connection {
    /// Ends the connection, and the call with it.
    pub(crate) async fn end<T>(&self, end: End) -> T {
        // Nobody listens when the connection has ended already.
        let _ = self.ends.send(end);
        pending().await
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>, instance: usize) {
    let Ok((stream, socket)) = twin(stream) else { return };
    let (ends, mut ended) = mpsc::unbounded_channel();
    let connection =
        Connection { instance, number: shared.connections.fetch_add(1, Ordering::Relaxed), ends };
    let service = service_fn(move |request| answer(Arc::clone(&shared), connection.clone(), request));
    let builder = Builder::new(TokioExecutor::new());
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service));
    select! {
        // How it ended is the client's affair.
        _ = serving.as_mut() => {}
        Some(end) = ended.recv() => if let End::Reset = end {
            // The socket is closed when both handles are dropped. A failure here makes the reset a plain end.
            let _ = SockRef::from(&socket).set_linger(Some(Duration::ZERO));
        },
    }
}

/// A second handle for the socket: hyper keeps the first one to itself.
fn twin(stream: TcpStream) -> io::Result<(TcpStream, std::net::TcpStream)> {
    stream.set_nodelay(true)?;
    let stream = stream.into_std()?;
    let socket = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, socket))
}
