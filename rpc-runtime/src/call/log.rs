//! The request log: one `debug` event at the start and one at the end of each call, `warn` on a retry, `error` on failure.
//! Paths are templates and queries are left out, so that no value reaches a log.

use std::time::Duration;

use super::Meta;
use super::prepare::Prepared;
use crate::error::{Error, Story};

pub(super) fn started(story: &Story, call: &Prepared) {
    tracing::debug!(
        target: "rpc_runtime::call",
        service = %story.service,
        operation = story.operation,
        method = %call.method,
        template = %call.template,
        trace_id = story.trace_id.as_deref(),
        "call started"
    );
}

pub(super) fn retrying(story: &Story, error: &Error, after: Duration) {
    tracing::warn!(
        target: "rpc_runtime::call",
        service = %story.service,
        operation = story.operation,
        endpoint = story.endpoint.as_deref(),
        attempt = story.attempts,
        after_ms = after.as_millis() as u64,
        trace_id = story.trace_id.as_deref(),
        %error,
        "attempt failed, trying again"
    );
}

pub(super) fn succeeded(story: &Story, meta: &Meta) {
    tracing::debug!(
        target: "rpc_runtime::call",
        service = %story.service,
        operation = story.operation,
        endpoint = %meta.endpoint,
        status = meta.status.as_u16(),
        code = meta.head.code().map(tracing::field::display),
        attempts = meta.attempts,
        elapsed_ms = meta.elapsed.as_secs_f64() * 1000.0,
        trace_id = %meta.trace_id,
        "call succeeded"
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
