//! The standard envelope as a reply.

use std::fmt;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::clock;

/// `{"code":200,"message":"","data":…,"timestamp":…}`, as the services of this project answer.
///
/// ```
/// use rpc_mock::Envelope;
///
/// let reply = Envelope::fail("NO_STOCK", "sold out").status(409).timestamp(1.5);
/// assert_eq!(
///     serde_json::to_string(&reply)?,
///     r#"{"code":"NO_STOCK","message":"sold out","data":null,"timestamp":1.5}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Envelope<T> {
    #[serde(skip)]
    status: StatusCode,
    code: Code,
    message: String,
    data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Value>,
    timestamp: f64,
}

impl<T> Envelope<T> {
    /// A success: HTTP 200, code 200, no message.
    pub fn ok(data: T) -> Self {
        Self::new(Code::Number(200), String::new(), data)
    }

    fn new(code: Code, message: String, data: T) -> Self {
        let timestamp = clock::unix_seconds();
        Self { status: StatusCode::OK, code, message, data, error_code: None, details: None, timestamp }
    }

    /// With this HTTP status; see [`IntoStatus`] for what is accepted.
    #[must_use]
    pub fn status(mut self, status: impl IntoStatus) -> Self {
        self.status = status.into_status();
        self
    }

    /// With a stable name of the failure, such as `ORDER_NOT_FOUND`.
    #[must_use]
    pub fn error_code(mut self, error_code: &str) -> Self {
        self.error_code = Some(error_code.to_owned());
        self
    }

    /// With details of the failure.
    #[must_use]
    pub fn details(mut self, details: impl Into<Value>) -> Self {
        self.details = Some(details.into());
        self
    }

    /// With this time instead of the present, in seconds since 1970.
    #[must_use]
    pub fn timestamp(mut self, seconds: f64) -> Self {
        self.timestamp = seconds;
        self
    }
}

impl Envelope<()> {
    /// A failure with this business code, `data` null; HTTP 200 unless [`status`](Self::status) says otherwise.
    pub fn fail(code: impl Into<Code>, message: impl Into<String>) -> Self {
        Self::new(code.into(), message.into(), ())
    }
}

impl<T: Serialize> IntoResponse for Envelope<T> {
    fn into_response(self) -> Response {
        (self.status, Json(self)).into_response()
    }
}

/// The business code of an envelope: a number or a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Code {
    /// Such as `200` or `40401`.
    Number(i64),
    /// Such as `"0000"` or `"ORDER_NOT_FOUND"`.
    Text(String),
}

impl fmt::Display for Code {
    /// A text that could be taken for a number is in quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) if text.starts_with('"') || text.is_empty() || text.parse::<i64>().is_ok() => {
                write!(f, "\"{text}\"")
            }
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<i64> for Code {
    fn from(code: i64) -> Self {
        Self::Number(code)
    }
}

impl From<i32> for Code {
    fn from(code: i32) -> Self {
        Self::Number(code.into())
    }
}

impl From<u16> for Code {
    fn from(code: u16) -> Self {
        Self::Number(code.into())
    }
}

impl From<&str> for Code {
    fn from(code: &str) -> Self {
        Self::Text(code.to_owned())
    }
}

impl From<String> for Code {
    fn from(code: String) -> Self {
        Self::Text(code)
    }
}

/// A [`StatusCode`] or a number. A number that is no final status (200 to 999) becomes 500.
pub trait IntoStatus {
    /// The status.
    fn into_status(self) -> StatusCode;
}

impl IntoStatus for StatusCode {
    fn into_status(self) -> StatusCode {
        if self.is_informational() { StatusCode::INTERNAL_SERVER_ERROR } else { self }
    }
}

impl IntoStatus for u16 {
    fn into_status(self) -> StatusCode {
        StatusCode::from_u16(self).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_status()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writes_the_fields_of_the_services() {
        let failure = Envelope::fail(40401, "no such order")
            .error_code("ORDER_NOT_FOUND")
            .details(json!({"id": 7}))
            .timestamp(0.25);
        assert_eq!(
            serde_json::to_string(&failure).unwrap(),
            r#"{"code":40401,"message":"no such order","data":null,"error_code":"ORDER_NOT_FOUND","details":{"id":7},"timestamp":0.25}"#
        );
        assert_eq!(failure.into_response().status(), 200);
        assert_eq!(Envelope::ok(1).status(201).into_response().status(), 201);
        assert!(Envelope::ok(1).timestamp > 1.6e9);
    }

    #[test]
    fn what_is_no_final_status_is_500() {
        for (number, status) in [(200, 200), (599, 599), (999, 999), (100, 500), (99, 500), (1000, 500)] {
            assert_eq!(IntoStatus::into_status(number as u16).as_u16(), status, "{number}");
        }
    }
}
