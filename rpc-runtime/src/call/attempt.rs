//! Phase 2: one request to one endpoint, from headers to verdict.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::Success;
use super::prepare::Prepared;
use crate::balance::Lease;
use crate::classify::Ending;
use crate::codegen::{Decode, Fault, Reply};
use crate::config::Defaults;
use crate::envelope::{Envelope, Head};
use crate::error::{Error, ErrorKind, RemoteReply, Sent, TimeoutScope, shorten};
use crate::retry::retry_after;
use crate::transport::{TransportError, TransportReply, TransportRequest};

const ATTEMPT: HeaderName = HeaderName::from_static("x-request-attempt");
const TIMEOUT_MS: HeaderName = HeaderName::from_static("x-request-timeout-ms");

/// How an attempt ended: for the verdict, and for the caller.
pub(super) struct AttemptEnd {
    pub(super) ending: Ending,
    /// The service is busy (429), so the backoff starts higher.
    pub(super) throttled: bool,
    pub(super) result: Result<Success, Error>,
}

impl AttemptEnd {
    fn failed(ending: Ending, error: Error) -> Self {
        Self { ending, throttled: false, result: Err(error) }
    }
}

/// Sends one request and makes sense of what comes back.
pub(super) async fn send(
    call: &Prepared,
    lease: &Lease,
    attempt: u32,
    decoder: &mut dyn Decode,
) -> AttemptEnd {
    let limit = [call.attempt_timeout, call.remaining()].into_iter().flatten().min();
    let request = TransportRequest {
        endpoint: lease.endpoint().clone(),
        method: call.method.clone(),
        target: call.target.clone(),
        headers: headers(call, attempt, limit),
        body: call.body.clone(),
        alone: lease.is_alone(),
    };
    let exchange = async {
        let reply = call.handle.mesh().transport().send(request).await.map_err(Broken::Transport)?;
        let TransportReply { status, headers, body } = reply;
        let body = match read(body, announced(&call.method, &headers), call.max_body).await {
            // The status says what happened; a page about it that is too large is not worth another error.
            Err(Broken::TooLarge(_)) if !status.is_success() => Bytes::new(),
            body => body?,
        };
        Ok::<_, Broken>((status, headers, body))
    };
    match within(call, limit, exchange).await {
        None => timed_out(call, limit),
        Some(Err(Broken::TooLarge(limit))) => AttemptEnd::failed(
            Ending::Undecodable,
            Error::new(ErrorKind::Decode, format!("the reply is larger than {limit} bytes (max_body)")),
        ),
        Some(Err(Broken::Transport(error))) => broken(error),
        Some(Ok((status, headers, body))) => understand(call, status, headers, body, decoder),
    }
}

/// The headers of one attempt: those of the call, and what differs from attempt to attempt.
fn headers(call: &Prepared, attempt: u32, limit: Option<Duration>) -> HeaderMap {
    let mut headers = call.headers.clone();
    call.trace.write(&mut headers, call.handle.mesh().rng());
    headers.insert(ATTEMPT, HeaderValue::from(attempt));
    if let Some(limit) = limit {
        let millis = limit.as_nanos().div_ceil(1_000_000);
        headers.insert(TIMEOUT_MS, HeaderValue::from(u64::try_from(millis).unwrap_or(u64::MAX)));
    }
    headers
}

enum Broken {
    Transport(TransportError),
    TooLarge(u64),
}

/// How long the body will be. A reply to `HEAD` says how long it would have been.
fn announced(method: &Method, headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH).filter(|_| *method != Method::HEAD)?;
    length.to_str().ok()?.parse().ok()
}

async fn read(
    mut body: crate::transport::ReplyStream,
    announced: Option<u64>,
    limit: Option<u64>,
) -> Result<Bytes, Broken> {
    let limit = limit.unwrap_or(u64::MAX);
    if announced.is_some_and(|announced| announced > limit) {
        return Err(Broken::TooLarge(limit));
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(chunk) = body.chunk().await {
        let chunk = chunk.map_err(Broken::Transport)?;
        if (first.len() + rest.len() + chunk.len()) as u64 > limit {
            return Err(Broken::TooLarge(limit));
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

/// Runs a future for at most this long; `None` when the time ran out.
async fn within<F: Future>(call: &Prepared, limit: Option<Duration>, future: F) -> Option<F::Output> {
    let Some(limit) = limit else { return Some(future.await) };
    let mut future = pin!(future);
    let mut sleep = call.handle.mesh().clock().sleep(limit);
    std::future::poll_fn(move |context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        sleep.as_mut().poll(context).map(|()| None)
    })
    .await
}

fn timed_out(call: &Prepared, limit: Option<Duration>) -> AttemptEnd {
    // Whether a byte left is unknown from here: the connection may have been made and the request written.
    let sent = Sent::Maybe;
    if call.remaining().is_some_and(|left| left.is_zero()) {
        let fair = limit.is_some_and(|limit| limit >= Defaults::V1.fair_attempt);
        return AttemptEnd::failed(Ending::OutOfTime { sent, fair }, call.out_of_time());
    }
    AttemptEnd::failed(
        Ending::TimedOut { sent },
        Error::timeout(TimeoutScope::Attempt, limit.unwrap_or_default()),
    )
}

fn broken(error: TransportError) -> AttemptEnd {
    let TransportError { timed_out, unsendable, unprocessed, sent, .. } = error;
    let ending = match (unsendable, unprocessed, timed_out) {
        (true, ..) => Ending::Unsendable,
        (_, true, _) => Ending::Unprocessed,
        (.., true) => Ending::TimedOut { sent },
        _ => Ending::Broken { sent },
    };
    let what = error.to_string();
    AttemptEnd::failed(ending, Error::new(ErrorKind::Connection, what).with_source(error))
}

fn understand(
    call: &Prepared,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    decoder: &mut dyn Decode,
) -> AttemptEnd {
    let after = retry_after(&headers, call.handle.mesh().clock().unix_time());
    let shape = call.envelope.or(call.handle.service().envelope).unwrap_or(&Envelope::STANDARD);
    if !status.is_success() {
        let head =
            std::str::from_utf8(&body).ok().and_then(|text| Head::read(shape, text)).unwrap_or_default();
        let what = failure(&format!("HTTP {status}"), &head);
        let error = Error::response(what, remote(status, headers, body, head, after));
        let throttled = status == StatusCode::TOO_MANY_REQUESTS;
        return AttemptEnd {
            ending: Ending::Status { status, retry_after: after },
            throttled,
            result: Err(error),
        };
    }
    let reply = Reply::new(status, &headers, &body, call.envelope);
    match decoder.decode(&reply) {
        Ok(()) => {
            let head = reply.into_head();
            AttemptEnd {
                ending: Ending::Success,
                throttled: false,
                result: Ok(Success { status, headers, head }),
            }
        }
        Err(error) => match error.fault {
            Fault::Business(head) => {
                let code = head.code().map(ToString::to_string).unwrap_or_default();
                let what = failure(&format!("business code {code} (HTTP {})", status.as_u16()), &head);
                let error = Error::response(what, remote(status, headers, body, head, after));
                AttemptEnd::failed(Ending::Business, error)
            }
            Fault::Foreign(what) => {
                let reply = remote(status, headers, body, Head::default(), after);
                AttemptEnd::failed(Ending::Undecodable, Error::response(what, reply))
            }
            Fault::Misfit(what) => {
                let reply = remote(status, headers, body, Head::default(), after);
                AttemptEnd::failed(Ending::Undecodable, Error::decode(what, reply))
            }
        },
    }
}

fn failure(what: &str, head: &Head) -> String {
    match head.message.as_deref().filter(|message| !message.is_empty()) {
        Some(message) => format!("{what}: {}", shorten(message)),
        None => what.to_owned(),
    }
}

fn remote(
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    head: Head,
    retry_after: Option<Duration>,
) -> RemoteReply {
    let Head { code, message, error_code, details, .. } = head;
    RemoteReply { status, headers, body, code, message, error_code, details, retry_after }
}
