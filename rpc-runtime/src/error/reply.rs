//! The reply that an error carries.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::envelope::Code;
use crate::types::RawJson;

/// A reply that was not a success, as far as it could be read.
#[derive(Debug, Clone)]
pub(crate) struct RemoteReply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) code: Option<Code>,
    pub(crate) message: Option<String>,
    pub(crate) error_code: Option<String>,
    pub(crate) details: Option<RawJson>,
    pub(crate) retry_after: Option<Duration>,
}

impl RemoteReply {
    /// The status that says what happened: HTTP's when it is a failure, else a business code that looks like one.
    pub(crate) fn effective_status(&self) -> Option<u16> {
        if self.status.as_u16() >= 400 {
            return Some(self.status.as_u16());
        }
        let code = self.code.as_ref()?.as_i64()?;
        u16::try_from(code).ok().filter(|code| (400..600).contains(code))
    }
}

/// What a message may quote of a reply: at most 512 bytes, however much the service sent.
pub(crate) fn shorten(text: &str) -> std::borrow::Cow<'_, str> {
    const LONGEST: usize = 512;
    if text.len() <= LONGEST {
        return text.into();
    }
    // Until `str::floor_char_boundary` (Rust 1.91) may be used.
    let fits = |end: &usize| text.is_char_boundary(*end);
    let end = (0..=LONGEST - '…'.len_utf8()).rev().find(fits).unwrap_or_default();
    format!("{}…", text.get(..end).unwrap_or_default()).into()
}
