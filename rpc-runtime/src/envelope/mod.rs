//! The envelope around replies: `{"code": 200, "message": "", "data": …, "timestamp": …}`.
//!
//! The HTTP status decides first; then the envelope's `code`. A success is decoded in one pass over the text: head and
//! data together, no intermediate value. Only when that fails is the head read again, alone, to tell a business failure
//! (whose data may have any shape) from a reply that does not fit the document.

mod code;
mod head;
mod place;
mod success;

pub use code::Code;
pub(crate) use head::Head;
pub(crate) use place::place_of;
pub(crate) use success::open;

/// Names of the envelope's fields, and which codes mean success. One `static` per service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Envelope {
    /// Field with the business code.
    pub code: &'static str,
    /// Field with the message.
    pub message: &'static str,
    /// Field with the payload.
    pub data: &'static str,
    /// Field with the time of the reply.
    pub timestamp: &'static str,
    /// Codes that mean success, as text.
    pub success: &'static [&'static str],
}

impl Envelope {
    /// `code`, `message`, `data`, `timestamp`; success is 200, 0, "0000" or "OK".
    pub const STANDARD: Self = Self {
        code: "code",
        message: "message",
        data: "data",
        timestamp: "timestamp",
        success: &["200", "0", "0000", "OK"],
    };

    /// The same with other field names.
    #[must_use]
    pub const fn named(
        code: &'static str,
        message: &'static str,
        data: &'static str,
        timestamp: &'static str,
    ) -> Self {
        Self { code, message, data, timestamp, ..Self::STANDARD }
    }

    /// The same with other success codes.
    #[must_use]
    pub const fn success(self, success: &'static [&'static str]) -> Self {
        Self { success, ..self }
    }

    pub(crate) fn is_success(&self, code: &Code) -> bool {
        self.success.iter().any(|success| code.is(success))
    }
}
