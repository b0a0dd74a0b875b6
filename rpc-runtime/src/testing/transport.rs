//! A transport without a network.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::clock::Clock;
use crate::discovery::Endpoint;
use crate::error::Sent;
use crate::transport::{
    BoxFuture, ReplyBody, ReplyStream, Transport, TransportError, TransportReply, TransportRequest,
};

/// What happens to one request.
#[derive(Debug, Clone)]
pub struct Script {
    delay: Duration,
    end: End,
}

#[derive(Debug, Clone)]
enum End {
    Reply { status: StatusCode, headers: HeaderMap, body: Bytes },
    Truncated { status: StatusCode, body: Bytes },
    Broken(Sent),
    Hangs,
}

impl Script {
    /// A JSON reply.
    ///
    /// # Panics
    /// When `status` is not an HTTP status: a mistake in the test.
    #[expect(clippy::expect_used, reason = "a test's own mistake")]
    pub fn reply(status: u16, body: impl Into<Bytes>) -> Self {
        let headers =
            HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        let status = StatusCode::from_u16(status).expect("an HTTP status");
        Self { delay: Duration::ZERO, end: End::Reply { status, headers, body: body.into() } }
    }

    /// A reply whose connection breaks after this much of the body.
    pub fn truncated(body: impl Into<Bytes>) -> Self {
        Self { delay: Duration::ZERO, end: End::Truncated { status: StatusCode::OK, body: body.into() } }
    }

    /// No connection: the request was never sent.
    pub fn refused() -> Self {
        Self { delay: Duration::ZERO, end: End::Broken(Sent::Never) }
    }

    /// The connection breaks before the reply: the request may have been processed.
    pub fn reset() -> Self {
        Self { delay: Duration::ZERO, end: End::Broken(Sent::Maybe) }
    }

    /// Nothing ever comes back.
    pub fn hangs() -> Self {
        Self { delay: Duration::ZERO, end: End::Hangs }
    }

    /// With a header in the reply.
    ///
    /// # Panics
    /// When it is not a header: a mistake in the test.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test's own mistake")]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let End::Reply { headers, .. } = &mut self.end {
            let name: HeaderName = name.parse().expect("a header name");
            headers.insert(name, value.parse().expect("a header value"));
        }
        self
    }

    /// After this time.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// A request that was sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SentRequest {
    /// `http://host:port`.
    pub endpoint: String,
    /// HTTP method.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl SentRequest {
    /// A header's value; empty when it is missing or no text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Answers requests from a script, or as a function says, and keeps what was sent. Clones are the same transport.
#[derive(Debug, Clone)]
pub struct ScriptedTransport {
    clock: Arc<dyn Clock>,
    answers: Arc<Mutex<Answers>>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    sent: Vec<SentRequest>,
    forgotten: Vec<String>,
}

enum Answers {
    InOrder(VecDeque<Script>),
    By(Box<dyn FnMut(&SentRequest) -> Script + Send>),
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Answers::InOrder(_) => "InOrder",
            Answers::By(_) => "By",
        })
    }
}

impl ScriptedTransport {
    /// A transport that answers with these, one request each. Requests beyond the script are refused.
    pub fn new(clock: impl Clock, script: impl IntoIterator<Item = Script>) -> Self {
        Self::with(clock, Answers::InOrder(script.into_iter().collect()))
    }

    /// A transport that asks `answer` for each request, one after the other, and so can be as many servers as one likes.
    pub fn answering(clock: impl Clock, answer: impl FnMut(&SentRequest) -> Script + Send + 'static) -> Self {
        Self::with(clock, Answers::By(Box::new(answer)))
    }

    fn with(clock: impl Clock, answers: Answers) -> Self {
        Self { clock: Arc::new(clock), answers: Arc::new(Mutex::new(answers)), state: Arc::default() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was sent so far.
    pub fn sent(&self) -> Vec<SentRequest> {
        self.state().sent.clone()
    }

    /// The endpoints that were given up so far, as in [`SentRequest::endpoint`].
    pub fn forgotten(&self) -> Vec<String> {
        self.state().forgotten.clone()
    }
}

impl Transport for ScriptedTransport {
    fn send<'c>(
        &'c self,
        request: TransportRequest<'c>,
    ) -> BoxFuture<'c, Result<TransportReply, TransportError>> {
        let script = {
            let sent = SentRequest {
                endpoint: request.endpoint.to_string(),
                method: request.method.clone(),
                target: request.target.to_string(),
                headers: request.headers,
                body: request.body,
            };
            self.state().sent.push(sent.clone());
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            match &mut *answers {
                Answers::InOrder(script) => script.pop_front(),
                Answers::By(answer) => Some(answer(&sent)),
            }
        };
        Box::pin(async move {
            let Script { delay, end } = script.unwrap_or_else(Script::refused);
            if !delay.is_zero() {
                self.clock.sleep(delay).await;
            }
            match end {
                End::Reply { status, headers, body } => {
                    Ok(TransportReply::new(status, headers, ReplyStream::full(body)))
                }
                End::Truncated { status, body } => {
                    Ok(TransportReply::new(status, HeaderMap::new(), ReplyStream::new(Truncated(Some(body)))))
                }
                End::Broken(sent) => Err(TransportError::new("scripted failure", sent)),
                End::Hangs => std::future::pending().await,
            }
        })
    }

    fn forget(&self, endpoint: &Endpoint) {
        self.state().forgotten.push(endpoint.to_string());
    }
}

struct Truncated(Option<Bytes>);

impl ReplyBody for Truncated {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let broken = || Err(TransportError::new("scripted truncation", Sent::Yes));
        Poll::Ready(Some(self.0.take().map_or_else(broken, Ok)))
    }
}
