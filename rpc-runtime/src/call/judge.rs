//! What an exchange means: for the caller, and for policy.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::Success;
use super::exchange::Exchanged;
use super::prepare::Prepared;
use crate::breaker::CallOutcome;
use crate::classify::{Ending, Verdict, classify};
use crate::codegen::{Decode, Fault, Reply};
use crate::config::Defaults;
use crate::envelope::{Envelope, Head};
use crate::error::{Error, ErrorKind, RemoteReply, Sent, TimeoutScope, shorten};
use crate::response::Source;
use crate::retry::retry_after;
use crate::transport::TransportError;

/// How an attempt ended: for policy, and for the caller.
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// The service is busy (429), so the backoff starts higher.
    pub(super) throttled: bool,
    pub(super) result: Result<Success, Error>,
}

/// Reads, decodes and classifies. `last`: the limit of the attempt was the end of the call's time.
pub(super) fn judge(call: &Prepared, last: bool, exchanged: Exchanged, decoder: &mut dyn Decode) -> Judged {
    let (ending, result) = match exchanged {
        Exchanged::Reply { status, headers, body } => match expired(status, &headers) {
            true => (Ending::Expired { last }, understand(call, status, headers, body, decoder).1),
            false => understand(call, status, headers, body, decoder),
        },
        Exchanged::TooLarge(limit) => {
            let what = format!("the reply is larger than {limit} bytes (max_body)");
            (Ending::Undecodable, Err(Error::new(ErrorKind::Decode, what)))
        }
        Exchanged::Broken(error) => broken(error),
        Exchanged::TimedOut(limit) => timed_out(call, limit),
        // Not sent, and nobody's fault but this side's.
        Exchanged::Held(limit) => {
            let out_of_time = call.in_time(call.now()).err();
            let error = out_of_time.unwrap_or_else(|| Error::timeout(TimeoutScope::Attempt, limit));
            (Ending::Unprocessed, Err(error))
        }
        Exchanged::Refused(error) => (Ending::Unsendable, Err(error)),
    };
    let throttled = matches!(ending, Ending::Status { status: StatusCode::TOO_MANY_REQUESTS, .. });
    let verdict = classify(ending, call.outgoing.idempotency, call.outgoing.keyed);
    Judged { verdict, throttled, result }
}

/// What a call's end says to the service's breaker.
pub(super) fn of_call(call: &Prepared, error: Option<&Error>) -> CallOutcome {
    let Some(error) = error else { return CallOutcome::Answered };
    let fair = call.limit.is_none_or(|limit| limit >= Defaults::V1.fair_attempt);
    match error.kind() {
        ErrorKind::Connection | ErrorKind::Discovery | ErrorKind::Timeout(TimeoutScope::Attempt) => {
            CallOutcome::Failed
        }
        ErrorKind::Timeout(_) if fair => CallOutcome::Failed,
        // Its caller's time ended, and it answered.
        ErrorKind::Response
            if error
                .status()
                .zip(error.headers())
                .is_some_and(|(status, headers)| expired(status, headers)) =>
        {
            CallOutcome::Unknown
        }
        ErrorKind::Response if error.status().is_some_and(is_failure) => CallOutcome::Failed,
        ErrorKind::Response | ErrorKind::Decode => CallOutcome::Answered,
        ErrorKind::Timeout(_)
        | ErrorKind::Config
        | ErrorKind::Credential
        | ErrorKind::Overload
        | ErrorKind::InvalidRequest => CallOutcome::Unknown,
    }
}

/// Whether the service did not answer properly, so that something older or simpler is better than the error (RFC 5861 §4):
/// no connection, no endpoint, no time, refused by this side, 429, and 500 and above (but 501). Business codes are answers.
pub(super) fn is_outage(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connection | ErrorKind::Discovery | ErrorKind::Timeout(_) | ErrorKind::Overload => true,
        ErrorKind::Response => {
            error.status().is_some_and(|status| is_failure(status) || status == StatusCode::TOO_MANY_REQUESTS)
        }
        // Of who gives the tokens, not of the service; its caller sees no difference.
        ErrorKind::Credential => error.is_retryable(),
        ErrorKind::Decode | ErrorKind::Config | ErrorKind::InvalidRequest => false,
    }
}

/// Whether the service answered that it does not do this: a status of 400 to 499 but 408 and 429, or a business code that is not
/// one of 500 and above. That is for the caller to understand, not for an operator.
pub(super) fn is_rejection(error: &Error) -> bool {
    error.kind() == ErrorKind::Response
        && match error.effective_status() {
            Some(status) => status.is_client_error() && !matches!(status.as_u16(), 408 | 429),
            None => error.code().is_some(),
        }
}

/// As for endpoints: "not implemented" is an answer.
fn is_failure(status: StatusCode) -> bool {
    status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
}

/// Whether the service ended the request at its deadline (`server::DEADLINE_EXPIRED`).
fn expired(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::GATEWAY_TIMEOUT && headers.contains_key(crate::deadline::EXPIRED)
}

fn timed_out(call: &Prepared, limit: Duration) -> (Ending, Result<Success, Error>) {
    // Whether a byte left is unknown from here: the connection may have been made and the request written.
    let sent = Sent::Maybe;
    if let Err(out_of_time) = call.in_time(call.now()) {
        let fair = limit >= Defaults::V1.fair_attempt;
        return (Ending::OutOfTime { sent, fair }, Err(out_of_time));
    }
    (Ending::TimedOut { sent }, Err(Error::timeout(TimeoutScope::Attempt, limit)))
}

fn broken(error: TransportError) -> (Ending, Result<Success, Error>) {
    let TransportError { timed_out, unsendable, unprocessed, sent, .. } = error;
    let ending = match (unsendable, unprocessed, timed_out) {
        (true, ..) => Ending::Unsendable,
        (_, true, _) => Ending::Unprocessed,
        (.., true) => Ending::TimedOut { sent },
        _ => Ending::Broken { sent },
    };
    let what = error.to_string();
    (ending, Err(Error::new(ErrorKind::Connection, what).with_source(error)))
}

/// A whole reply.
pub(super) fn understand(
    call: &Prepared,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    decoder: &mut dyn Decode,
) -> (Ending, Result<Success, Error>) {
    if !status.is_success() {
        let shape = call.envelope.or(call.handle.service().envelope).unwrap_or(&Envelope::STANDARD);
        let after = retry_after(&headers, call.handle.mesh().clock().unix_time());
        let head =
            std::str::from_utf8(&body).ok().and_then(|text| Head::read(shape, text)).unwrap_or_default();
        let what = failure(&format!("HTTP {status}"), &head);
        let error = Error::response(what, remote(status, headers, body, head, after));
        return (Ending::Status { status, retry_after: after }, Err(error));
    }
    let reply = Reply::new(status, &headers, &body, call.envelope);
    let error = match decoder.decode(&reply) {
        Ok(()) => {
            let head = reply.into_head();
            let source = Source::Service;
            return (Ending::Success, Ok(Success { status, headers, head, body, source }));
        }
        Err(error) => error,
    };
    let after = retry_after(&headers, call.handle.mesh().clock().unix_time());
    match error.fault {
        Fault::Business(head) => {
            let listed =
                call.retry_codes.iter().any(|listed| head.code().is_some_and(|code| code.is(listed)));
            let code = head.code().map(ToString::to_string).unwrap_or_default();
            let what = failure(&format!("business code {code} (HTTP {})", status.as_u16()), &head);
            let error = Error::response(what, remote(status, headers, body, head, after));
            (Ending::Business { listed, retry_after: after }, Err(error))
        }
        Fault::Foreign(what) => {
            let reply = remote(status, headers, body, Head::default(), after);
            (Ending::Undecodable, Err(Error::response(what, reply)))
        }
        Fault::Misfit(what) => {
            let reply = remote(status, headers, body, Head::default(), after);
            (Ending::Undecodable, Err(Error::decode(what, reply)))
        }
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
