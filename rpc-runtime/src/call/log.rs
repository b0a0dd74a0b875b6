//! The request log: one `debug` event at the start and one at the end of each call, `warn` on a retry. Of failures, `error`, but
//! `info` where the service says no, and `warn` where it does not let this client in. Paths are templates and queries are left
//! out, so that no value reaches a log. Equal lines about failures are said a few times only, then counted ([`crate::log`]).

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tokio::time::Instant;
use tracing::Level;

use super::exchange::Exchanged;
use super::prepare::Prepared;
use super::{Success, judge};
use crate::breaker::Turn;
use crate::client::Handle;
use crate::discovery::Endpoint;
use crate::error::{Error, Story};
use crate::log::{Line, What, at_level};
use crate::metrics::Failure;
use crate::response::Source;

pub(super) fn started(story: &Story, call: &Prepared) {
    tracing::debug!(
        target: "rpc_runtime::call",
        service = %story.service(),
        operation = story.operation,
        method = %call.outgoing.method,
        template = %call.outgoing.template,
        trace_id = story.trace_id(),
        "call started"
    );
}

pub(super) fn retrying(call: &Prepared, story: &Story, error: &Error, after: Duration) {
    let line = Line {
        level: Level::WARN,
        what: What::Retry,
        operation: story.operation,
        failure: Failure::of(error),
    };
    if !call.handle.log().admits(line, call.now()) {
        return;
    }
    tracing::warn!(
        target: "rpc_runtime::call",
        service = %story.service(),
        operation = story.operation,
        endpoint = story.endpoint(),
        attempt = story.attempts,
        after_ms = after.as_millis() as u64,
        trace_id = story.trace_id(),
        %error,
        "attempt failed, trying again"
    );
}

pub(super) fn succeeded(story: &Story, success: &Success) {
    tracing::debug!(
        target: "rpc_runtime::call",
        service = %story.service(),
        operation = story.operation,
        endpoint = story.endpoint(),
        source = %success.source,
        status = success.status.as_u16(),
        code = success.head.code().map(tracing::field::display),
        attempts = story.attempts,
        elapsed_ms = story.elapsed.as_secs_f64() * 1000.0,
        trace_id = story.trace_id(),
        "call succeeded"
    );
}

pub(super) fn hedging(story: &Story, endpoint: &Endpoint, after: Duration) {
    tracing::debug!(
        target: "rpc_runtime::call",
        service = %story.service(),
        operation = story.operation,
        %endpoint,
        after_ms = after.as_millis() as u64,
        trace_id = story.trace_id(),
        "no reply yet, sending a second request"
    );
}

pub(super) fn dropped(story: &Story) {
    tracing::debug!(
        target: "rpc_runtime::call",
        service = %story.service(),
        operation = story.operation,
        endpoint = story.endpoint(),
        attempts = story.attempts,
        elapsed_ms = story.elapsed.as_secs_f64() * 1000.0,
        trace_id = story.trace_id(),
        "call dropped by its caller"
    );
}

pub(super) fn breaker(story: &Story, turn: Turn) {
    let (service, operation) = (story.service(), story.operation);
    match turn {
        Turn::Opened => {
            tracing::warn!(target: "rpc_runtime::call", service, operation, "breaker opened: calls are refused")
        }
        Turn::Closed => {
            tracing::info!(target: "rpc_runtime::call", service, operation, "breaker closed: the service answers again")
        }
    }
}

pub(super) fn instead(handle: &Handle, error: &Error, source: Source) {
    let line = Line {
        level: Level::WARN,
        what: What::Instead,
        operation: error.operation(),
        failure: Failure::of(error),
    };
    if !handle.log().admits(line, handle.mesh().clock().now()) {
        return;
    }
    tracing::warn!(
        target: "rpc_runtime::call",
        service = error.service(),
        operation = error.operation(),
        attempts = error.attempts(),
        trace_id = error.trace_id(),
        %source,
        %error,
        "call failed, something else is the answer"
    );
}

pub(super) fn bad_fallback(error: &Error, whose: &str, why: &str) {
    tracing::warn!(
        target: "rpc_runtime::call",
        service = error.service(),
        operation = error.operation(),
        trace_id = error.trace_id(),
        "the fallback of the {whose} does not fit: {why}"
    );
}

pub(super) fn failed(handle: &Handle, error: &Error, now: Instant) {
    let level = level(error);
    let line = Line { level, what: What::Failed, operation: error.operation(), failure: Failure::of(error) };
    if !handle.log().admits(line, now) {
        return;
    }
    at_level!(
        level,
        target: "rpc_runtime::call",
        service = error.service(),
        operation = error.operation(),
        endpoint = error.endpoint(),
        status = error.status().map(|status| status.as_u16()),
        code = error.code().map(tracing::field::display),
        attempts = error.attempts(),
        elapsed_ms = error.elapsed().as_secs_f64() * 1000.0,
        trace_id = error.trace_id(),
        %error,
        "call failed"
    );
}

/// A service that says no has understood its caller, who knows what that means: a 404 is often an answer like any other. Only
/// where this client is not let in, somebody has to do something.
fn level(error: &Error) -> Level {
    match error.effective_status() {
        Some(
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED,
        ) => Level::WARN,
        _ if judge::is_rejection(error) => Level::INFO,
        _ => Level::ERROR,
    }
}

/// What is sent, if somebody asked for it.
pub(super) fn request_headers(call: &Prepared, attempt: u32, headers: &HeaderMap) {
    if let Some(headers) = call.handle.log().headers(headers) {
        let (service, operation) = (call.outgoing.service(), call.outgoing.operation);
        tracing::trace!(target: "rpc_runtime::headers", service, operation, attempt, ?headers, "request");
    }
}

/// What came back, if somebody asked for it.
pub(super) fn reply_headers(call: &Prepared, attempt: u32, exchanged: &Exchanged) {
    let Exchanged::Reply { headers, status, .. } = exchanged else { return };
    if let Some(headers) = call.handle.log().headers(headers) {
        let (service, operation, status) =
            (call.outgoing.service(), call.outgoing.operation, status.as_u16());
        tracing::trace!(target: "rpc_runtime::headers", service, operation, attempt, status, ?headers, "reply");
    }
}
