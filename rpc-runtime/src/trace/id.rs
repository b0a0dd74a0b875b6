//! Trace ids.

use std::fmt;

use http::HeaderValue;

use super::w3c;

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

    /// 32 lower-case hex digits; the lowest bit is set, since all zero is no id.
    pub(crate) fn from_bits(high: u64, low: u64) -> Self {
        let mut digits = [0; 32];
        w3c::hex(high, &mut digits[..16]);
        w3c::hex(low | 1, &mut digits[16..]);
        // Digits are a header's value in any case.
        Self(HeaderValue::from_bytes(&digits).unwrap_or(HeaderValue::from_static("1")))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// Whether W3C's `traceparent` can carry it.
    pub(crate) fn is_w3c(&self) -> bool {
        super::w3c::is_id(self.as_str(), 32)
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
