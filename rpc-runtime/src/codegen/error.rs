//! Typed bodies of failures.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_with::de::{DeserializeAs, DeserializeAsWrap};

/// A failure's reply, as [`TypedError`] reads it.
pub struct ErrorReply<'a> {
    status: Option<u16>,
    body: &'a [u8],
}

/// No body.
impl fmt::Debug for ErrorReply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorReply").field("status", &self.status).finish_non_exhaustive()
    }
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
    ///
    /// A type whose members are all optional reads any object, such as another failure's. It fits only when it makes use of
    /// something: when nothing of a body that says something would be written back, it does not.
    pub fn json<T: DeserializeOwned + Serialize>(&self) -> Option<T> {
        let value: T = serde_json::from_slice(self.body).ok()?;
        let says = |value: Value| value.as_object().is_none_or(|map| map.values().any(|one| !one.is_null()));
        let kept = serde_json::to_value(&value).is_ok_and(says);
        (kept || !serde_json::from_slice(self.body).is_ok_and(says)).then_some(value)
    }

    /// As [`json`](Self::json), read by a codec.
    pub fn json_as<C: for<'de> DeserializeAs<'de, T>, T>(&self) -> Option<T> {
        let value: DeserializeAsWrap<T, C> = serde_json::from_slice(self.body).ok()?;
        Some(value.into_inner())
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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Loose {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    }

    fn check<T: DeserializeOwned + Serialize>(body: &str, fits: bool) {
        let reply = ErrorReply::new(Some(422), body.as_bytes());
        assert_eq!(reply.json::<T>().is_some(), fits, "{body}");
    }

    #[test]
    fn a_type_without_required_members_does_not_fit_everything() {
        check::<Loose>(r#"{"detail":"x","more":1}"#, true);
        check::<Loose>(r#"{"detail":null}"#, true);
        check::<Loose>("{}", true);
        check::<Loose>(r#"{"code":422,"message":"invalid request"}"#, false);
        check::<Loose>("[1]", false);
        check::<Vec<i64>>("[]", true);
        check::<Value>(r#"{"a":1}"#, true);
    }
}
