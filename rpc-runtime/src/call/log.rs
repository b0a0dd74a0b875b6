//! The request log: one `debug` event at the start and one at the end of each call, `warn` on a retry, `error` on failure.
//! Paths are templates and queries are left out, so that no value reaches a log.

use std::time::Duration;

use super::Success;
use super::prepare::Prepared;
use crate::breaker::Turn;
use crate::discovery::Endpoint;
use crate::error::{Error, Story};
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

pub(super) fn retrying(story: &Story, error: &Error, after: Duration) {
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

pub(super) fn instead(error: &Error, source: Source) {
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

pub(super) fn failed(error: &Error) {
    tracing::error!(
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
