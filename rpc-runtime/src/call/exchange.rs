//! One request to one endpoint, and all of its reply: no judgement.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode, Version, header};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::error::Error;
use crate::transport::{ReplyStream, Transport, TransportError, TransportReply, TransportRequest};

/// What came of a request.
#[derive(Debug)]
pub(crate) enum Exchanged {
    /// A whole reply.
    Reply { status: StatusCode, headers: HeaderMap, body: Bytes },
    /// The reply is larger than this many bytes.
    TooLarge(u64),
    /// No whole reply.
    Broken(TransportError),
    /// Not within this time.
    TimedOut(Duration),
    /// An interceptor held it for this time, and it was not sent.
    Held(Duration),
    /// An interceptor did not let it go.
    Refused(Error),
}

/// What is known of a reply before its body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) version: Option<Version>,
}

/// Sends a request and reads the reply, up to `max_body` bytes of it. `answered` is what came of it when this is dropped.
pub(crate) async fn exchange(
    transport: &dyn Transport,
    request: TransportRequest<'_>,
    max_body: Option<u64>,
    answered: &mut Option<Answered>,
) -> Exchanged {
    let method = request.method;
    let TransportReply { status, headers, body, version } = match transport.send(request).await {
        Ok(reply) => reply,
        Err(error) => return Exchanged::Broken(error),
    };
    *answered = Some(Answered { status, version });
    match read(body, announced(method, &headers), max_body).await {
        Ok(body) => Exchanged::Reply { status, headers, body },
        // The status says what happened; a page about it that is too large is not worth another error.
        Err(Exchanged::TooLarge(_)) if !status.is_success() => {
            Exchanged::Reply { status, headers, body: Bytes::new() }
        }
        Err(broken) => broken,
    }
}

/// How long the body will be. A reply to `HEAD` says how long it would have been.
fn announced(method: &Method, headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH).filter(|_| *method != Method::HEAD)?;
    length.to_str().ok()?.parse().ok()
}

async fn read(mut body: ReplyStream, announced: Option<u64>, limit: Option<u64>) -> Result<Bytes, Exchanged> {
    let limit = limit.unwrap_or(u64::MAX);
    if announced.is_some_and(|announced| announced > limit) {
        return Err(Exchanged::TooLarge(limit));
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(chunk) = body.chunk().await {
        let chunk = chunk.map_err(Exchanged::Broken)?;
        if (first.len() + rest.len() + chunk.len()) as u64 > limit {
            return Err(Exchanged::TooLarge(limit));
        }
        // Most replies are one chunk, which needs no copy.
        if first.is_empty() && rest.is_empty() {
            first = chunk;
        } else {
            if rest.is_empty() {
                rest.extend_from_slice(&std::mem::take(&mut first));
            }
            rest.extend_from_slice(&chunk);
        }
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

/// Runs a future until this moment; `None` when it has passed. Pinned by the caller, so that it is not held twice.
pub(crate) fn within<'f, F: Future>(
    clock: &'f dyn Clock,
    until: Option<Instant>,
    mut future: Pin<&'f mut F>,
) -> impl Future<Output = Option<F::Output>> + 'f {
    let mut sleep = None;
    poll_fn(move |context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        let Some(until) = until else { return Poll::Pending };
        // What is done at once needs no timer.
        let sleep = sleep.get_or_insert_with(|| clock.sleep_until(until));
        sleep.as_mut().poll(context).map(|()| None)
    })
}
