//! Phase 1: everything that is the same for all attempts.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tokio::time::Instant;

use crate::client::Handle;
use crate::codegen::{Descriptor, Idempotency, Request};
use crate::config::{Defaults, Setting};
use crate::credentials::{self, CredentialPlace, CredentialSpec};
use crate::envelope::Envelope;
use crate::error::{Error, Result};
use crate::request::{RequestBody, render_path};
use crate::retry::{Backoff, RetryPolicy};
use crate::trace::Outgoing;

pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A call that is ready to be sent, any number of times.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) handle: Handle,
    pub(super) method: Method,
    /// Path and query, encoded.
    pub(super) target: String,
    /// What stands in logs for the path: no values.
    pub(super) template: String,
    pub(super) headers: HeaderMap,
    pub(super) body: bytes::Bytes,
    pub(super) trace: Outgoing,
    pub(super) envelope: Option<&'static Envelope>,
    pub(super) idempotency: Idempotency,
    /// The call carries an idempotency key.
    pub(super) keyed: bool,
    pub(super) timeout: Option<Duration>,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) deadline: Option<Instant>,
    pub(super) max_body: Option<u64>,
    pub(super) retry: RetryPolicy,
}

/// Fixes a call.
///
/// # Errors
/// When an argument, an option or a credential is not what it must be: nothing is sent.
pub(super) fn prepare(request: Request, started: Instant) -> Result<Prepared> {
    let Request {
        handle,
        descriptor,
        path,
        envelope,
        any_credential,
        scope,
        raw_path,
        method,
        mut query,
        headers,
        mut cookies,
        body,
        options,
        error,
    } = request;
    if let Some(error) = error {
        return Err(error);
    }
    let raw = raw_path.is_some();
    let template = if raw { "(raw)" } else { descriptor.template }.to_owned();
    let path = match raw_path {
        Some(path) => path,
        None => render_path(descriptor.template, &path).map_err(Error::invalid_request)?,
    };

    let config = handle.config();
    let mut all = HeaderMap::new();
    for layer in [&config.default_headers, &headers, &options.headers] {
        for name in layer.keys() {
            all.remove(name);
        }
        all.extend(layer.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    if !descriptor.accept.is_empty() {
        all.entry(header::ACCEPT).or_insert(HeaderValue::from_static(descriptor.accept));
    }
    let bytes = match body {
        RequestBody::Empty => bytes::Bytes::new(),
        RequestBody::Bytes { media_type, bytes } => {
            all.entry(header::CONTENT_TYPE).or_insert(media_type);
            bytes
        }
    };
    let declared = handle.service().credentials;
    let any: Vec<[&str; 1]> = declared.iter().map(|spec| [spec.name]).collect();
    // A call without a description takes whatever the client has, and may go without.
    let any: Vec<&[&str]> = any.iter().map(<[_; 1]>::as_slice).chain([&[][..]]).collect();
    // A credential of this call goes before an `Authorization` that the client sends with every call.
    let of_call = |spec: &&CredentialSpec| options.credentials.iter().any(|(name, _)| *name == spec.name);
    let authorizes = |spec: &CredentialSpec| spec.place == CredentialPlace::Authorization;
    if declared.iter().filter(of_call).any(authorizes) && !options.headers.contains_key(header::AUTHORIZATION)
    {
        all.remove(header::AUTHORIZATION);
    }
    credentials::apply(
        if any_credential { &any } else { descriptor.security },
        handle.service().credentials,
        &[&options.credentials, handle.credentials()],
        &mut all,
        &mut query,
        &mut cookies,
    )
    .map_err(Error::invalid_request)?;
    if let Some((name, value)) = Request::cookie_header(&cookies) {
        all.append(name, value);
    }
    if let Some(key) = &options.idempotency_key {
        all.insert(IDEMPOTENCY_KEY, key_header(key, descriptor)?);
    }

    let timeout = options.timeout.overlay(Setting::from(config.timeout)).resolve(None);
    let attempt_timeout =
        options.attempt_timeout.overlay(Setting::from(config.attempt_timeout)).resolve(None);
    let idempotency = if raw { Idempotency::of(&method) } else { descriptor.idempotency };
    let defaults = Defaults::V1;
    Ok(Prepared {
        target: with_query(path, query.as_str()),
        template,
        keyed: all.contains_key(IDEMPOTENCY_KEY),
        trace: Outgoing::new(scope, options.trace_id, handle.mesh().rng()),
        headers: all,
        body: bytes,
        envelope,
        idempotency,
        method,
        deadline: timeout.and_then(|limit| started.checked_add(limit)),
        timeout,
        attempt_timeout,
        max_body: options.max_body.or(config.max_body),
        retry: RetryPolicy {
            retries: options.retries.unwrap_or(config.retries),
            backoff: Backoff { base: config.retry_delay, cap: config.retry_max_delay },
            throttle_base: defaults.throttle_delay,
            max_retry_after: defaults.max_retry_after,
            min_attempt: defaults.min_attempt,
        },
        handle,
    })
}

fn with_query(path: String, query: &str) -> String {
    match (query.is_empty(), path.contains('?')) {
        (true, _) => path,
        (false, true) => format!("{path}&{query}"),
        (false, false) => format!("{path}?{query}"),
    }
}

/// A structured-field string (RFC 8941 §3.3.3), or plain text where the document says so.
fn key_header(key: &str, descriptor: &Descriptor) -> Result<HeaderValue> {
    let text = if descriptor.plain_idempotency_key {
        key.to_owned()
    } else {
        format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
    };
    HeaderValue::from_str(&text)
        .map_err(|_| Error::invalid_request("idempotency key: not a valid header value"))
}
