//! The network: a transport whose servers are the scenario's.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use rpc_runtime::Sent;
use rpc_runtime::clock::Clock;
use rpc_runtime::discovery::Endpoint;
use rpc_runtime::rng::Rng;
use rpc_runtime::testing::{ManualClock, SeededRng};
use rpc_runtime::transport::{
    BoxFuture, ReplyStream, Transport, TransportError, TransportReply, TransportRequest,
};

use crate::names::address;
use crate::observation::Attempt;
use crate::server::{Answer, Server};

const BODY: &str = r#"{"code":200,"message":"","data":1}"#;

/// Answers as the servers do, and writes every attempt down. Clones are the same network.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    clock: ManualClock,
    servers: Arc<[Server]>,
    rng: Arc<SeededRng>,
    attempts: Arc<Mutex<Vec<Attempt>>>,
}

/// Writes down when an attempt ended, also one that was given up.
struct Under<'w> {
    wire: &'w Wire,
    index: usize,
}

impl Drop for Under<'_> {
    fn drop(&mut self) {
        let now = self.wire.clock.elapsed();
        if let Some(attempt) = self.wire.attempts().get_mut(self.index) {
            attempt.until = now;
        }
    }
}

impl Wire {
    pub(crate) fn new(clock: &ManualClock, servers: &Arc<[Server]>, seed: u64) -> Self {
        let rng = Arc::new(SeededRng::new(seed));
        Wire { clock: clock.clone(), servers: Arc::clone(servers), rng, attempts: Arc::default() }
    }

    pub(crate) fn attempts(&self) -> MutexGuard<'_, Vec<Attempt>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, server: usize) -> Under<'_> {
        let at = self.clock.elapsed();
        let mut attempts = self.attempts();
        attempts.push(Attempt { at, until: Duration::MAX, server });
        Under { wire: self, index: attempts.len() - 1 }
    }
}

/// Which of so many servers has this endpoint.
pub(crate) fn server_at(servers: usize, endpoint: &Endpoint) -> Option<usize> {
    (0..servers).find(|server| endpoint.addr().is_some_and(|addr| addr.ip() == address(*server)))
}

impl Transport for Wire {
    fn send<'c>(
        &'c self,
        request: TransportRequest<'c>,
    ) -> BoxFuture<'c, Result<TransportReply, TransportError>> {
        Box::pin(async move {
            let refused = || Err(TransportError::new("connection refused", Sent::Never));
            let Some(index) = server_at(self.servers.len(), request.endpoint) else { return refused() };
            let Some(server) = self.servers.get(index) else { return refused() };
            let _under = self.begin(index);
            let (still, answer) = server.answer(self.clock.elapsed());
            let reply = |status| Ok(TransportReply::new(status, HeaderMap::new(), ReplyStream::full(BODY)));
            match answer {
                Answer::Refused => refused(),
                Answer::Silent => std::future::pending().await,
                Answer::Ok(latency) => {
                    let jitter = 0.8 + 0.4 * self.rng.unit();
                    let errs = server.errors > 0.0 && self.rng.unit() < server.errors;
                    // Drawn only where it is asked for: the numbers of other scenarios stay as they are.
                    let (part, times) = server.slow;
                    let times = if part > 0.0 && self.rng.unit() < part { times } else { 1.0 };
                    self.clock.sleep(still + latency.mul_f64(jitter * times)).await;
                    reply(if errs { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK })
                }
                Answer::Unavailable(latency) => {
                    self.clock.sleep(still + latency).await;
                    reply(StatusCode::SERVICE_UNAVAILABLE)
                }
            }
        })
    }
}
