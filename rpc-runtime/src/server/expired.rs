//! The answer to a request whose deadline has passed.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

use super::body::Body;
use crate::envelope::Code;

/// Stands in a reply (with the value `1`) when the request's deadline passed before there was an answer, so that it can be told from a
/// 504 with another reason.
pub const DEADLINE_EXPIRED: HeaderName = crate::deadline::EXPIRED;

pub(super) const ERROR_CODE: &str = "DEADLINE_EXPIRED";
pub(super) const MESSAGE: &str = "the deadline of the request has passed";
/// Not 408, which blames the sender for a slow request, nor 503, which says that the service is in trouble.
pub(super) const STATUS: StatusCode = StatusCode::GATEWAY_TIMEOUT;

pub(super) fn response() -> Response<Bytes> {
    let code = Code::from(STATUS.as_u16());
    let body = Body { error_code: Some(ERROR_CODE), ..Body::new(&code, MESSAGE, ()) };
    // Texts and numbers can always be written.
    let mut response = Response::new(body.json().unwrap_or_default());
    *response.status_mut() = STATUS;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(DEADLINE_EXPIRED, HeaderValue::from_static("1"));
    response
}
