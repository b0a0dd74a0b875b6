//! A success as an operation's decoder sees it.

use std::cell::RefCell;
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_with::de::{DeserializeAs, DeserializeAsWrap};

use crate::envelope::{self, Code, Envelope, Head};
use crate::error::shorten;

/// A reply with a status of success (2xx).
pub struct Reply<'a> {
    status: StatusCode,
    headers: &'a HeaderMap,
    body: &'a Bytes,
    envelope: Option<&'static Envelope>,
    head: RefCell<Head>,
}

/// Neither headers nor body.
impl fmt::Debug for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Why a reply gave no value.
#[derive(Debug)]
pub struct DecodeError {
    pub(crate) fault: Fault,
}

#[derive(Debug)]
pub(crate) enum Fault {
    /// The envelope says failure.
    Business(Head),
    /// Not JSON at all, such as a proxy's page.
    Foreign(String),
    /// JSON that does not fit the document.
    Misfit(String),
}

impl DecodeError {
    fn misfit(what: impl Into<String>) -> Self {
        Self { fault: Fault::Misfit(what.into()) }
    }
}

impl<'a> Reply<'a> {
    pub(crate) fn new(
        status: StatusCode,
        headers: &'a HeaderMap,
        body: &'a Bytes,
        envelope: Option<&'static Envelope>,
    ) -> Self {
        Self { status, headers, body, envelope, head: RefCell::default() }
    }

    /// What the decoder found around the data.
    pub(crate) fn into_head(self) -> Head {
        self.head.into_inner()
    }

    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The payload: the envelope's data, or the whole body where the operation has no envelope.
    ///
    /// # Errors
    /// When the envelope says failure, or the payload does not fit `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        match self.envelope {
            Some(shape) => self.data(shape),
            None => self.plain(),
        }
    }

    /// As [`json`](Self::json), read by a codec.
    ///
    /// # Errors
    /// As there.
    pub fn json_as<C: for<'de> DeserializeAs<'de, T>, T>(&self) -> Result<T, DecodeError> {
        self.json::<DeserializeAsWrap<T, C>>().map(DeserializeAsWrap::into_inner)
    }

    /// Nothing: the body is ignored, but an envelope may still say failure.
    ///
    /// # Errors
    /// When the envelope says failure.
    pub fn empty(&self) -> Result<(), DecodeError> {
        let Some(shape) = self.envelope else { return Ok(()) };
        match std::str::from_utf8(self.body).ok().and_then(|text| Head::read(shape, text)) {
            Some(head) => self.accept(shape, head),
            // Another's page says nothing about what the service did.
            None if self.is_foreign() => Err(self.foreign()),
            None => Ok(()),
        }
    }

    /// The body as text.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn text(&self) -> Result<String, DecodeError> {
        self.utf8().map(str::to_owned)
    }

    /// The body as it is.
    ///
    /// # Errors
    /// Never; the signature is that of its siblings.
    pub fn bytes(&self) -> Result<Bytes, DecodeError> {
        Ok(self.body.clone())
    }

    /// A status that the document does not know.
    pub fn undocumented(&self) -> DecodeError {
        DecodeError::misfit(format!("HTTP {} is not documented for this operation", self.status.as_u16()))
    }

    fn data<T: DeserializeOwned>(&self, shape: &'static Envelope) -> Result<T, DecodeError> {
        if self.body.is_empty() {
            return self.missing("the reply has no body");
        }
        let text = self.utf8()?;
        match envelope::open::<T>(shape, text) {
            Ok(opened) => {
                let code = opened.code.ok_or_else(|| self.no_code(shape))?;
                let head = Head {
                    code: Some(code),
                    message: opened.message,
                    timestamp: opened.timestamp,
                    ..Head::default()
                };
                let failed = head.code.as_ref().is_some_and(|code| !shape.is_success(code));
                if failed {
                    return Err(self.failure(shape, text, head));
                }
                self.head.replace(head);
                match opened.data {
                    Some(data) => Ok(data),
                    None => self.missing(&format!("the envelope has no `{}`", shape.data)),
                }
            }
            Err(error) => Err(self.why(shape, text, &error)),
        }
    }

    /// What is missing is still a value of `Option` and `()`.
    fn missing<T: DeserializeOwned>(&self, what: &str) -> Result<T, DecodeError> {
        T::deserialize(serde_json::Value::Null).map_err(|_| DecodeError::misfit(what))
    }

    /// The data did not fit. A failure's data need not: the head decides.
    fn why(&self, shape: &Envelope, text: &str, error: &serde_json::Error) -> DecodeError {
        match Head::read(shape, text) {
            Some(head) => match &head.code {
                Some(code) if !shape.is_success(code) => DecodeError { fault: Fault::Business(head) },
                Some(_) => self.misfit(text, error),
                None => self.no_code(shape),
            },
            None => self.misfit(text, error),
        }
    }

    fn failure(&self, shape: &Envelope, text: &str, head: Head) -> DecodeError {
        DecodeError { fault: Fault::Business(Head::read(shape, text).unwrap_or(head)) }
    }

    fn accept(&self, shape: &Envelope, head: Head) -> Result<(), DecodeError> {
        match &head.code {
            Some(code) if !shape.is_success(code) => Err(DecodeError { fault: Fault::Business(head) }),
            _ => {
                self.head.replace(head);
                Ok(())
            }
        }
    }

    fn no_code(&self, shape: &Envelope) -> DecodeError {
        DecodeError::misfit(format!("the reply is no envelope: it has no `{}`", shape.code))
    }

    fn plain<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        if self.body.is_empty() {
            return self.missing("the reply has no body");
        }
        let text = self.utf8()?;
        serde_json::from_str(text).map_err(|error| self.misfit(text, &error))
    }

    fn utf8(&self) -> Result<&str, DecodeError> {
        std::str::from_utf8(self.body).map_err(|error| match self.is_foreign() {
            true => self.foreign(),
            false => {
                DecodeError::misfit(format!("the reply is not UTF-8 from byte {} on", error.valid_up_to()))
            }
        })
    }

    fn misfit(&self, text: &str, error: &serde_json::Error) -> DecodeError {
        if self.is_foreign() {
            return self.foreign();
        }
        let place = envelope::place_of(text, error.line(), error.column());
        let place = if place.is_empty() { String::new() } else { format!("`{place}`: ") };
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        DecodeError::misfit(shorten(&format!("{place}{}", without_value(message))))
    }

    /// Whether somebody else answered, such as a proxy with a page.
    fn is_foreign(&self) -> bool {
        let markup = self.body.trim_ascii_start().starts_with(b"<");
        let media_type = self.media_type().unwrap_or_default();
        markup || media_type.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("text/html"))
    }

    fn foreign(&self) -> DecodeError {
        let found = self.media_type().unwrap_or("no JSON");
        DecodeError { fault: Fault::Foreign(format!("HTTP {} with {found} in place of JSON", self.status())) }
    }

    fn media_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }
}

/// serde's message without the value that was found, which may be anybody's data: errors go to logs.
///
/// `invalid type: string "ann", expected i64` → `invalid type: string, expected i64`; `` `12.x` is not a decimal`` → `the value is
/// not a decimal`.
pub(crate) fn without_value(message: &str) -> String {
    if let Some((_, rest)) = message.strip_prefix('`').and_then(|rest| rest.split_once("` ")) {
        return format!("the value {rest}");
    }
    let Some((kind, rest)) = ["invalid type: ", "invalid value: "].iter().find_map(|start| {
        let (found, expected) = message.strip_prefix(start)?.rsplit_once(", expected ")?;
        let kind = found.split([' ', '`']).next().filter(|kind| !kind.is_empty()).unwrap_or("value");
        let kind = if found.starts_with("floating") { "number" } else { kind };
        Some((format!("{start}{kind}"), expected))
    }) else {
        return message.to_owned();
    };
    format!("{kind}, expected {rest}")
}

impl Head {
    /// The code, where there is one.
    pub(crate) fn code(&self) -> Option<&Code> {
        self.code.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::without_value;

    #[test]
    fn messages_hold_no_values() {
        for (message, shown) in [
            ("invalid type: string \"ann, expected x\", expected i64", "invalid type: string, expected i64"),
            ("invalid value: integer `300`, expected u8", "invalid value: integer, expected u8"),
            ("invalid type: floating point `1.5`, expected i64", "invalid type: number, expected i64"),
            ("invalid type: null, expected struct Order", "invalid type: null, expected struct Order"),
            ("missing field `id`", "missing field `id`"),
            ("`12.x` is not a decimal", "the value is not a decimal"),
            ("expected `,` or `}`", "expected `,` or `}`"),
        ] {
            assert_eq!(without_value(message), shown);
        }
    }
}
