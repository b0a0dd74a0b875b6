//! The one error of every call.
//!
//! [`Error`] is one pointer wide: a [kind](ErrorKind), a source and the story of the call. Ask it with predicates;
//! `Display` prints this level only, the rest is in [`source()`](std::error::Error::source). The types of sources are
//! not part of the API: inspect them for logs, do not match on them.

mod build;
mod kind;
mod reply;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub use kind::{ErrorKind, Sent, TimeoutScope};
pub(crate) use reply::{RemoteReply, shorten};

use crate::codegen::{ErrorReply, TypedError};
use crate::discovery::{Endpoint, ServiceName};
use crate::envelope::Code;
use crate::header::{Header, HeaderError};
use crate::metrics::Suppressed;
use crate::trace::TraceId;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call gave no value.
///
/// ```
/// # fn show(error: rpc_runtime::Error) {
/// if error.is_not_found() {
///     println!("no such thing: {}", error.message().unwrap_or_default());
/// } else if error.is_timeout() {
///     println!("{} was too slow, sent: {:?}", error.service(), error.sent());
/// }
/// # }
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    /// What happened, a lower-case fragment.
    what: String,
    /// Shared, since calls that wait for one flight share its failure.
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    story: Story,
    reply: Option<RemoteReply>,
    exhausted: Exhausted,
    /// The token endpoint is in trouble, and nothing is wrong with what it was asked.
    passing: bool,
}

/// Why a failure that may pass was not tried again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Exhausted {
    /// It would not have helped.
    #[default]
    No,
    /// It would not have been safe.
    Unsafe,
    /// No attempts were left.
    Attempts,
    /// No time was left.
    Deadline,
    /// The service asks for a wait that is too long.
    RetryAfter,
    /// The service's retry budget is spent.
    Budget,
    /// There was no endpoint for it.
    Endpoints,
}

impl Exhausted {
    /// The same for who counts; `None` where another attempt would not have helped.
    pub(crate) fn reason(self) -> Option<Suppressed> {
        match self {
            Self::No => None,
            Self::Unsafe => Some(Suppressed::NotRepeatable),
            Self::Attempts => Some(Suppressed::Attempts),
            Self::Deadline => Some(Suppressed::Deadline),
            Self::RetryAfter => Some(Suppressed::RetryAfter),
            Self::Budget => Some(Suppressed::Budget),
            Self::Endpoints => Some(Suppressed::Endpoints),
        }
    }
}

/// The call that an error belongs to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Story {
    /// `None`: the error came before any call.
    pub(crate) service: Option<ServiceName>,
    pub(crate) operation: &'static str,
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) sent: Sent,
}

impl Story {
    pub(crate) fn service(&self) -> &str {
        self.service.as_ref().map_or("", ServiceName::as_str)
    }

    pub(crate) fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_ref().map(Endpoint::as_str)
    }

    pub(crate) fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_ref().map(TraceId::as_str)
    }
}

impl Error {
    /// What went wrong, in one word.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The service that was called; empty when the error came before any call.
    pub fn service(&self) -> &str {
        self.inner.story.service()
    }

    /// The operation that was called: the method's name, or `raw`.
    pub fn operation(&self) -> &'static str {
        self.inner.story.operation
    }

    /// The endpoint of the last attempt: `http://10.0.0.7:8000`.
    pub fn endpoint(&self) -> Option<&str> {
        self.inner.story.endpoint()
    }

    /// How many attempts were made; 0 when nothing was tried.
    pub fn attempts(&self) -> u32 {
        self.inner.story.attempts
    }

    /// Time from the start of the call.
    pub fn elapsed(&self) -> Duration {
        self.inner.story.elapsed
    }

    /// Whether any attempt may have reached the service.
    pub fn sent(&self) -> Sent {
        self.inner.story.sent
    }

    /// The trace id of the call: what it carried, or would have, had anything been sent.
    pub fn trace_id(&self) -> Option<&str> {
        self.inner.story.trace_id()
    }

    /// Whether the last attempt would have been repeated, had there been attempts, time or budget left.
    pub fn retry_exhausted(&self) -> bool {
        !matches!(self.inner.exhausted, Exhausted::No | Exhausted::Unsafe)
    }

    /// Whether the last attempt would have been repeated, had the service's retry budget not been spent: many other calls to it
    /// fail at the moment, too.
    pub fn budget_exhausted(&self) -> bool {
        self.inner.exhausted == Exhausted::Budget
    }

    /// The status that says what happened: HTTP's when it is a failure, else a business code between 400 and 599. This is what
    /// [`is_not_found`](Self::is_not_found) and its siblings look at.
    pub fn effective_status(&self) -> Option<StatusCode> {
        StatusCode::from_u16(self.inner.reply.as_ref()?.effective_status()?).ok()
    }

    /// HTTP status of the reply, if there was one: 200 where a failure travels in the envelope of an HTTP success. See
    /// [`effective_status`](Self::effective_status).
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.reply.as_ref().map(|reply| reply.status)
    }

    /// Business code of the envelope, if there was one.
    pub fn code(&self) -> Option<&Code> {
        self.inner.reply.as_ref()?.code.as_ref()
    }

    /// Message of the envelope, if there was one.
    pub fn message(&self) -> Option<&str> {
        self.inner.reply.as_ref()?.message.as_deref()
    }

    /// `error_code` of the envelope: a stable name of the failure such as `ORDER_NOT_FOUND`.
    pub fn error_code(&self) -> Option<&str> {
        self.inner.reply.as_ref()?.error_code.as_deref()
    }

    /// `details` of the envelope, as the service sent them.
    pub fn details(&self) -> Option<&crate::types::RawJson> {
        self.inner.reply.as_ref()?.details.as_ref()
    }

    /// A header of the reply as a value of its type; `None` when there was no reply, or it has no such header.
    ///
    /// # Errors
    /// When its text does not fit the type.
    pub fn header<T>(&self, header: &Header<T>) -> Result<Option<T>, HeaderError> {
        self.headers().map_or(Ok(None), |headers| header.read(headers))
    }

    /// Headers of the reply, if there was one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.inner.reply.as_ref().map(|reply| &reply.headers)
    }

    /// Body of the reply as received (at most the body limit), if there was one.
    pub fn body(&self) -> Option<&Bytes> {
        self.inner.reply.as_ref().map(|reply| &reply.body)
    }

    /// How long the service asked to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.reply.as_ref()?.retry_after
    }

    /// The documented body of this failure, if the reply fits one.
    ///
    /// The status that chooses the variant is the HTTP status, or the business code where a failure travels under
    /// HTTP 2xx. A body that does not fit gives `None`; [`body`](Self::body) still has the bytes.
    pub fn typed<T: TypedError>(&self) -> Option<T> {
        let reply = self.inner.reply.as_ref()?;
        T::from_reply(&ErrorReply::new(reply.effective_status(), &reply.body))
    }

    /// The body of the failure as a type of your own; `None` when there is none or it does not fit.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.inner.reply.as_ref()?.body).ok()
    }

    /// The call or an attempt ran out of time.
    pub fn is_timeout(&self) -> bool {
        matches!(self.inner.kind, ErrorKind::Timeout(_))
    }

    /// No connection could be made or it broke before a reply.
    pub fn is_connection(&self) -> bool {
        self.inner.kind == ErrorKind::Connection
    }

    /// The service replied with a failure: an HTTP status or a business code.
    pub fn is_response(&self) -> bool {
        self.inner.kind == ErrorKind::Response
    }

    /// HTTP 404, or business code 404 under HTTP 2xx.
    pub fn is_not_found(&self) -> bool {
        self.has_status(404)
    }

    /// HTTP 409, or business code 409 under HTTP 2xx.
    pub fn is_conflict(&self) -> bool {
        self.has_status(409)
    }

    /// HTTP 401, or business code 401 under HTTP 2xx: no credential, or a wrong one.
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(401)
    }

    /// HTTP 403, or business code 403 under HTTP 2xx: the credential does not allow this.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(403)
    }

    /// HTTP 429, or business code 429 under HTTP 2xx.
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(429)
    }

    /// The service could not be reached or is not there: no address, no connection, 502, 503, 504.
    pub fn is_unavailable(&self) -> bool {
        matches!(self.inner.kind, ErrorKind::Discovery | ErrorKind::Connection)
            || [502, 503, 504].into_iter().any(|status| self.has_status(status))
    }

    /// The request breaks a rule of the document (or lacks a credential) and was not sent.
    pub fn is_invalid_request(&self) -> bool {
        self.inner.kind == ErrorKind::InvalidRequest
    }

    /// The service's success could not be understood.
    pub fn is_decode(&self) -> bool {
        self.inner.kind == ErrorKind::Decode
    }

    /// Whether the same call may succeed later: timeouts, connection failures, overload, 429, 502, 503, 504, a token
    /// endpoint in trouble.
    ///
    /// Says nothing about whether repeating it is *safe*: see [`sent`](Self::sent).
    pub fn is_retryable(&self) -> bool {
        match self.inner.kind {
            ErrorKind::Timeout(_) | ErrorKind::Connection | ErrorKind::Overload | ErrorKind::Discovery => {
                true
            }
            ErrorKind::Response => [429, 502, 503, 504].into_iter().any(|status| self.has_status(status)),
            ErrorKind::Credential => self.inner.passing,
            ErrorKind::Config | ErrorKind::Decode | ErrorKind::InvalidRequest => false,
        }
    }

    fn has_status(&self, status: u16) -> bool {
        self.inner.reply.as_ref().is_some_and(|reply| reply.effective_status() == Some(status))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { what, story, .. } = &*self.inner;
        let Some(service) = &story.service else { return f.write_str(what) };
        write!(f, "{service}.{}: {what}", story.operation)?;
        if story.attempts > 1 {
            write!(f, " (after {} attempts)", story.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, what, source, story, reply, exhausted, .. } = &*self.inner;
        let mut out = f.debug_struct("Error");
        out.field("kind", kind).field("what", what).field("story", story);
        if let Some(reply) = reply {
            out.field("status", &reply.status.as_u16())
                .field("code", &reply.code)
                .field("message", &reply.message);
        }
        if self.retry_exhausted() {
            out.field("exhausted", exhausted);
        }
        if let Some(source) = source {
            out.field("source", source);
        }
        out.finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
