//! Trace ids.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;

use super::traceparent::{self, Digits};

/// An id that can stand in a header: 1 to 256 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TraceId(HeaderValue);

/// An id that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("trace id: {0}")]
pub struct InvalidTraceId(&'static str);

impl InvalidTraceId {
    pub(super) fn no_scope() -> Self {
        Self("no scope is open in this task; open one with `trace::with_id` or `trace::scope`")
    }
}

impl TraceId {
    /// Checks an id.
    ///
    /// # Errors
    /// When it is empty, longer than 256 characters, or holds anything but visible ASCII.
    pub fn new(id: &str) -> Result<Self, InvalidTraceId> {
        if id.is_empty() {
            return Err(InvalidTraceId("it is empty"));
        }
        if id.len() > 256 {
            return Err(InvalidTraceId("it is longer than 256 characters"));
        }
        if !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidTraceId("only visible ASCII characters can stand in a header"));
        }
        HeaderValue::from_str(id).map(Self).map_err(|_| InvalidTraceId("it cannot stand in a header"))
    }

    /// The id of a trace that `traceparent` carries.
    pub(crate) fn from_digits(digits: &Digits) -> Self {
        // Digits are a header's value in any case.
        Self(HeaderValue::from_bytes(digits).unwrap_or(HeaderValue::from_static("1")))
    }

    /// The trace id that stands in a `traceparent`, in the same buffer.
    pub(super) fn within(traceparent: &Bytes) -> Self {
        Self(traceparent::header(traceparent.slice(traceparent::TRACE)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// Its digits, where W3C's `traceparent` can carry it.
    pub(crate) fn digits(&self) -> Option<Digits> {
        traceparent::digits(self.as_str())
    }

    pub(crate) fn header(&self) -> &HeaderValue {
        &self.0
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
