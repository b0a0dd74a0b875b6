//! A failure in the envelope.

use std::fmt;
use std::time::Duration;

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

use super::body::Body;
use super::enveloped::json;
use super::expired::{self, DEADLINE_EXPIRED};
use crate::envelope::Code;

/// A handler's failure: an HTTP status, and `{"code":…,"message":…,"data":null,"timestamp":…}`, with `error_code` and `details` where there
/// are any.
///
/// ```
/// use axum::http::StatusCode;
/// use rpc_runtime::server::{Enveloped, Rejection};
///
/// async fn sold_out() -> Result<Enveloped<()>, Rejection> {
///     Err(Rejection::new(StatusCode::CONFLICT, "sold out").code(40901).error_code("NO_STOCK"))
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::get(sold_out));
/// ```
///
/// `?` makes one of the [error](crate::Error) of a call that a handler makes, by what it means to the handler's own caller:
///
/// | the call ended with | status | `error_code` |
/// |---|---|---|
/// | the request's own deadline | 504 | `DEADLINE_EXPIRED`, and the header [`DEADLINE_EXPIRED`] |
/// | another limit, or 504 | 504 | `UPSTREAM_TIMEOUT` |
/// | no address, a refusal of this side (breaker, limits), 503, 429, a token endpoint in trouble | 503, with `Retry-After` where it was given | `UPSTREAM_UNAVAILABLE` |
/// | no or a broken connection, any other status or business code, a reply that does not fit | 502 | `UPSTREAM_FAILED` |
/// | a call that could not be made as it was meant: configuration, request, credentials | 500 | `INTERNAL` |
///
/// A 404 of another service is 502 too: what this request asks for may well exist. Where the other one's answer is the answer,
/// [`Rejection::relay`] passes it on. The message names service and operation; what the other service said stays in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    status: StatusCode,
    code: Code,
    message: String,
    error_code: Option<String>,
    details: Option<Value>,
    retry_after: Option<Duration>,
}

impl Rejection {
    /// A failure with this HTTP status, which is the business code too.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let code = Code::from(status.as_u16());
        Self { status, code, message: message.into(), error_code: None, details: None, retry_after: None }
    }

    /// 404.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 400.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// With this business code.
    #[must_use]
    pub fn code(self, code: impl Into<Code>) -> Self {
        Self { code: code.into(), ..self }
    }

    /// With a stable name of the failure, such as `ORDER_NOT_FOUND`.
    #[must_use]
    pub fn error_code(self, error_code: impl Into<String>) -> Self {
        Self { error_code: Some(error_code.into()), ..self }
    }

    /// With details, as JSON.
    #[must_use]
    pub fn details(self, details: impl Into<Value>) -> Self {
        Self { details: Some(details.into()), ..self }
    }

    /// With `Retry-After`, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn expired() -> Self {
        Self::new(expired::STATUS, expired::MESSAGE).error_code(expired::ERROR_CODE)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (code {}): {}", self.status, self.code, self.message)
    }
}

impl std::error::Error for Rejection {}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let Self { status, code, message, error_code, details, retry_after } = self;
        let body = Body {
            error_code: error_code.as_deref(),
            details: details.as_ref(),
            ..Body::new(&code, &message, ())
        };
        // Texts, numbers and JSON can always be written.
        let mut response = json(status, body.json().unwrap_or_default().into());
        if let Some(wait) = retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if error_code.as_deref() == Some(expired::ERROR_CODE) {
            response.headers_mut().insert(DEADLINE_EXPIRED, HeaderValue::from_static("1"));
        }
        response
    }
}

macro_rules! from_extractors {
    ($($rejection:ty),*) => {
        $(impl From<$rejection> for Rejection {
            fn from(rejection: $rejection) -> Self {
                Self::new(rejection.status(), rejection.body_text())
            }
        })*
    };
}

from_extractors!(JsonRejection, PathRejection, QueryRejection);
