//! The envelope as it is written.

use std::time::UNIX_EPOCH;

use bytes::Bytes;
use serde::Serialize;

use crate::clock::{Clock as _, SystemClock};
use crate::envelope::Code;

/// `{"code":200,"message":"","data":…,"timestamp":…}`.
#[derive(Debug, Serialize)]
pub(super) struct Body<'a, T> {
    pub(super) code: &'a Code,
    pub(super) message: &'a str,
    pub(super) data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) details: Option<&'a serde_json::Value>,
    /// Seconds since 1970, as Python's `time.time()` gives them.
    pub(super) timestamp: f64,
}

impl<'a, T: Serialize> Body<'a, T> {
    pub(super) fn new(code: &'a Code, message: &'a str, data: T) -> Self {
        let timestamp = SystemClock.unix_time().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        Self { code, message, data, error_code: None, details: None, timestamp }
    }

    /// # Errors
    /// When the data cannot be written as JSON: a map with keys that are no strings, a `Serialize` that fails.
    pub(super) fn json(&self) -> Result<Bytes, serde_json::Error> {
        serde_json::to_vec(self).map(Bytes::from)
    }
}
