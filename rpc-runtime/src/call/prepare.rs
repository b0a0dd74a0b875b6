//! Phase 1: everything that is the same for all attempts.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio::time::Instant;

use super::outgoing::OutgoingCall;
use crate::client::{Handle, Mesh, PLAIN_ACCEPT};
use crate::codegen::{Descriptor, Idempotency, Request};
use crate::config::Defaults;
use crate::credentials::{Carries, Wanted};
use crate::envelope::Envelope;
use crate::error::{Error, Result, TimeoutScope};
use crate::metrics::Event;
#[cfg(feature = "cache")]
use crate::policy::CallPolicy;
use crate::policy::ResolvedPolicy;
use crate::request::{RequestBody, render_path};
use crate::retry::{Backoff, RetryPolicy};
use crate::trace::Outgoing;

pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A call that is ready to be sent, any number of times.
pub(super) struct Prepared {
    pub(super) handle: Handle,
    pub(super) outgoing: OutgoingCall,
    /// Path and query, encoded, where there is a query; once the call is [sealed](Self::seal).
    target: Option<String>,
    pub(super) trace: Outgoing,
    pub(super) envelope: Option<&'static Envelope>,
    pub(super) policy: ResolvedPolicy,
    pub(super) retry: RetryPolicy,
    /// Business codes that are worth another attempt.
    pub(super) retry_codes: &'static [&'static str],
    /// The operation has a breaker of its own.
    own_breaker: bool,
    /// What there was of the call's time at its start.
    pub(super) limit: Option<Duration>,
    pub(super) deadline: Option<Instant>,
    /// Whose deadline it is.
    scope: TimeoutScope,
}

/// Fixes a call.
///
/// # Errors
/// When an argument or an option is not what it must be: nothing is sent.
pub(super) fn prepare(request: Request, started: Instant, trace: Outgoing) -> Result<Prepared> {
    let Request {
        handle,
        descriptor,
        path,
        envelope,
        carries,
        context,
        raw_path,
        method,
        query,
        headers,
        cookies,
        body,
        options,
        error,
    } = request;
    if let Some(error) = error {
        return Err(error);
    }
    let raw = raw_path.is_some();
    let path = match raw_path {
        Some(path) => path,
        None => render_path(descriptor.template, &path).map_err(Error::invalid_request)?,
    };

    let config = handle.config();
    // Most calls that send nothing add nothing to what the client sends with every call.
    let mut all = if headers.is_empty() && options.headers.is_empty() && descriptor.accept == PLAIN_ACCEPT {
        Arc::clone(handle.plain_headers())
    } else {
        let mut all = merged([&config.default_headers, &headers, &options.headers]);
        if !descriptor.accept.is_empty() {
            all.entry(header::ACCEPT).or_insert(HeaderValue::from_static(descriptor.accept));
        }
        Arc::new(all)
    };
    let authorization = options.headers.contains_key(header::AUTHORIZATION);
    if carries == Carries::Own && !authorization {
        Arc::make_mut(&mut all).remove(header::AUTHORIZATION);
    }
    let body = match body {
        RequestBody::Empty => bytes::Bytes::new(),
        RequestBody::Bytes { media_type, bytes } => {
            Arc::make_mut(&mut all).entry(header::CONTENT_TYPE).or_insert(media_type);
            bytes
        }
    };
    let idempotency = if raw { Idempotency::of(&method) } else { descriptor.idempotency };
    let key = match options.idempotency_key {
        None if idempotency == Idempotency::Keyed && !all.contains_key(IDEMPOTENCY_KEY) => {
            Some(new_key(handle.mesh()))
        }
        given => given,
    };
    if let Some(key) = &key {
        Arc::make_mut(&mut all).insert(IDEMPOTENCY_KEY, key_header(key, descriptor)?);
    }

    let own_breaker = options.policy.breaker.is_unset() && !descriptor.policy.breaker.is_unset();
    let asked = options.policy.overlay(&descriptor.policy);
    let policy = asked.resolve(config);
    #[cfg(feature = "cache")]
    let policy = match cacheable(&method, idempotency, &body, asked)? {
        true => policy,
        false => ResolvedPolicy { cache: None, ..policy },
    };
    let own = policy.timeout.and_then(|limit| started.checked_add(limit));
    let inherited = context.deadline.or_else(crate::deadline::current);
    let (deadline, scope_of_time) = match (own, inherited) {
        (own, Some(inherited)) if own.is_none_or(|own| inherited < own) => {
            (Some(inherited), TimeoutScope::Inherited)
        }
        (own, _) => (own, TimeoutScope::Call),
    };
    let wanted = Wanted {
        carries,
        security: descriptor.security,
        declared: handle.service().credentials,
        authorization,
        given: options.credentials,
        deadline,
        tokens: Vec::new(),
    };
    let defaults = Defaults::V1;
    Ok(Prepared {
        target: None,
        trace,
        envelope,
        policy,
        retry: RetryPolicy {
            retries: policy.retries,
            backoff: Backoff { base: config.retry_delay, cap: config.retry_max_delay },
            throttle_base: defaults.throttle_delay,
            max_retry_after: defaults.max_retry_after,
            min_attempt: defaults.min_attempt,
        },
        retry_codes: descriptor.retry_codes,
        own_breaker,
        limit: deadline.map(|deadline| deadline.saturating_duration_since(started)),
        deadline,
        scope: scope_of_time,
        outgoing: OutgoingCall {
            service: handle.name().clone(),
            operation: descriptor.name,
            template: if raw { OutgoingCall::RAW } else { descriptor.template },
            idempotency,
            keyed: all.contains_key(IDEMPOTENCY_KEY),
            method,
            path,
            query,
            headers: all,
            cookies,
            body,
            wanted,
        },
        handle,
    })
}

/// Not the target: its query may hold secrets.
impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("call", &self.outgoing)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl Prepared {
    /// What interceptors have added becomes part of the request. After this, nothing changes.
    pub(super) fn seal(&mut self) {
        let call = &mut self.outgoing;
        if let Some((name, value)) = Request::cookie_header(&call.cookies) {
            call.headers_mut().append(name, value);
        }
        call.keyed = call.headers.contains_key(IDEMPOTENCY_KEY);
        self.target = match call.target() {
            Cow::Owned(target) => Some(target),
            Cow::Borrowed(_) => None,
        };
    }

    /// Path and query, encoded.
    pub(super) fn target(&self) -> &str {
        self.target.as_deref().unwrap_or(&self.outgoing.path)
    }

    /// Tells whoever counts.
    pub(super) fn tell<'e>(&self, event: impl FnOnce() -> Event<'e>) {
        self.handle.mesh().recording().tell(event);
    }

    pub(super) fn now(&self) -> Instant {
        self.handle.mesh().clock().now()
    }

    /// What is left of the call's time.
    pub(super) fn remaining(&self, now: Instant) -> Option<Duration> {
        Some(self.deadline?.saturating_duration_since(now))
    }

    /// The operation's name, where its settings give it a breaker of its own.
    pub(super) fn own_breaker(&self) -> Option<&'static str> {
        self.own_breaker.then_some(self.outgoing.operation)
    }

    /// # Errors
    /// When the call has no time left.
    pub(super) fn in_time(&self, now: Instant) -> Result<()> {
        match self.deadline {
            Some(deadline) if now >= deadline => Err(self.out_of_time()),
            _ => Ok(()),
        }
    }

    pub(super) fn out_of_time(&self) -> Error {
        Error::timeout(self.scope, self.policy.timeout.unwrap_or_default())
    }
}

/// Whether the reply may be kept: the operation reads only, and its request is all in the key.
///
/// # Errors
/// When it may not, although the call or the operation asks for it. (A client's setting is for those that it fits.)
#[cfg(feature = "cache")]
fn cacheable(
    method: &http::Method,
    idempotency: Idempotency,
    body: &[u8],
    asked: CallPolicy,
) -> Result<bool> {
    if idempotency == Idempotency::Safe && (body.is_empty() || method == http::Method::QUERY) {
        return Ok(true);
    }
    match asked.caching.plan() {
        None => Ok(false),
        Some(_) => {
            Err(Error::invalid_request("cache: only replies of safe operations without a body are kept"))
        }
    }
}

/// The headers of several places; of a name, those of the last place that has it. With room for those that every attempt adds.
fn merged(layers: [&HeaderMap; 3]) -> HeaderMap {
    let mut all = HeaderMap::with_capacity(layers.iter().map(|layer| layer.len()).sum::<usize>() + 8);
    for layer in layers {
        if !all.is_empty() {
            for name in layer.keys() {
                all.remove(name);
            }
        }
        for (name, value) in layer {
            all.append(name, value.clone());
        }
    }
    all
}

/// A UUIDv7, which databases index well: it begins with the time.
fn new_key(mesh: &Mesh) -> String {
    let now = mesh.clock().unix_time().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
    let bits = u128::from(mesh.rng().next_u64()) << 64 | u128::from(mesh.rng().next_u64());
    let [random @ .., _, _, _, _, _, _] = bits.to_be_bytes();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
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
