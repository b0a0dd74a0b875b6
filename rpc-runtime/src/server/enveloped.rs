//! A success in the envelope.

use axum::body::Body as HttpBody;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::Rejection;
use super::body::Body;
use crate::envelope::Code;

/// A handler's reply: `{"code":200,"message":"","data":…,"timestamp":…}` under HTTP 200, as clients of the standard envelope read it. The
/// timestamp is in seconds since 1970.
///
/// ```
/// use axum::http::StatusCode;
/// use rpc_runtime::server::{Enveloped, Rejection};
///
/// async fn order() -> Result<Enveloped<Vec<u8>>, Rejection> {
///     Ok(Enveloped(vec![1, 2]))
/// }
///
/// // Another HTTP status, or headers, in the way of axum.
/// async fn create() -> (StatusCode, Enveloped<&'static str>) {
///     (StatusCode::CREATED, Enveloped("made"))
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::get(order).post(create));
/// ```
///
/// Data that cannot be written as JSON is a [`Rejection`] with 500.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Enveloped<T>(
    /// The data.
    pub T,
);

impl<T: Serialize> IntoResponse for Enveloped<T> {
    fn into_response(self) -> Response {
        match Body::new(&Code::Int(200), "", &self.0).json() {
            Ok(bytes) => json(StatusCode::OK, bytes.into()),
            Err(error) => {
                tracing::error!(target: "rpc_runtime::server", %error, "the reply cannot be written as JSON");
                Rejection::new(StatusCode::INTERNAL_SERVER_ERROR, "the reply could not be written")
                    .into_response()
            }
        }
    }
}

pub(super) fn json(status: StatusCode, body: HttpBody) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
