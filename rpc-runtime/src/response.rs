//! A successful reply.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::call::Meta;
use crate::envelope::Code;
use crate::header::{Header, HeaderError};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The service, asked by this call.
    Service,
    /// A reply that was kept, or that an equal call got at the same moment.
    Cache {
        /// Time since the service gave it.
        age: Duration,
    },
    /// A reply that was kept and is too old, since the service does not answer properly (`stale_if_error`).
    Stale {
        /// Time since the service gave it.
        age: Duration,
    },
    /// A fallback: of the call, of the client, or of the operation.
    Fallback,
}

impl Source {
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Cache { .. } => "cache",
            Self::Stale { .. } => "stale",
            Self::Fallback => "fallback",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value with what came around it.
///
/// ```
/// # fn show(reply: rpc_runtime::Response<String>) {
/// println!("{} after {} attempts in {:?}", reply.data, reply.attempts(), reply.elapsed());
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The value: the envelope's data, or the body where there is no envelope.
    pub data: T,
    meta: Box<Meta>,
}

impl<T> Response<T> {
    pub(crate) fn new(data: T, meta: Box<Meta>) -> Self {
        Self { data, meta }
    }

    /// Only the value.
    pub fn into_data(self) -> T {
        self.data
    }

    /// The same reply with another value.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Response<U> {
        Response { data: map(self.data), meta: self.meta }
    }

    /// Where the value comes from: the service, the cache, a fallback.
    pub fn source(&self) -> Source {
        self.meta.source
    }

    /// HTTP status. 200 for a fallback.
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// A header as a value of its type; `None` when the reply has none.
    ///
    /// # Errors
    /// When its text does not fit the type.
    pub fn header<H>(&self, header: &Header<H>) -> Result<Option<H>, HeaderError> {
        header.read(self.headers())
    }

    /// Headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// Business code of the envelope, if there was one.
    pub fn code(&self) -> Option<&Code> {
        self.meta.head.code()
    }

    /// Message of the envelope, if there was one.
    pub fn message(&self) -> Option<&str> {
        self.meta.head.message.as_deref()
    }

    /// Timestamp of the envelope as the service wrote it, if there was one.
    pub fn timestamp(&self) -> Option<&str> {
        self.meta.head.timestamp.as_deref()
    }

    /// The trace id that the call carried.
    pub fn trace_id(&self) -> &str {
        self.meta.story.trace_id().unwrap_or_default()
    }

    /// How many attempts it took; 1 is the first, 0 when the [cache](Source::Cache) had the reply.
    pub fn attempts(&self) -> u32 {
        self.meta.story.attempts
    }

    /// Time from the start of the call to its end, retries and waits included.
    pub fn elapsed(&self) -> Duration {
        self.meta.story.elapsed
    }

    /// The endpoint that answered: `http://10.0.0.7:8000`; empty when none was asked.
    pub fn endpoint(&self) -> &str {
        self.meta.story.endpoint().unwrap_or_default()
    }
}
