//! Typed bodies of failures.

use serde::de::DeserializeOwned;

/// A failure's reply, as [`TypedError`] reads it.
#[derive(Debug)]
pub struct ErrorReply<'a> {
    status: Option<u16>,
    body: &'a [u8],
}

impl<'a> ErrorReply<'a> {
    pub(crate) fn new(status: Option<u16>, body: &'a [u8]) -> Self {
        Self { status, body }
    }

    /// The status that says what happened: HTTP's, or the business code of a failure under HTTP 2xx. 0 when it is neither.
    pub fn status(&self) -> u16 {
        self.status.unwrap_or(0)
    }

    /// The body as JSON, if it fits.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(self.body).ok()
    }

    /// The body as text, if it is one.
    pub fn text(&self) -> Option<String> {
        std::str::from_utf8(self.body).ok().map(str::to_owned)
    }

    /// The body as it is.
    pub fn bytes(&self) -> bytes::Bytes {
        bytes::Bytes::copy_from_slice(self.body)
    }
}

/// The documented failures of an operation: one variant for each status with a body of its own.
pub trait TypedError: Sized {
    /// The variant for a reply; `None` when the status has none or the body does not fit.
    fn from_reply(reply: &ErrorReply<'_>) -> Option<Self>;
}
