//! Request bodies: bytes with a media type, so that every attempt sends the same.

use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;

use super::{ParamValue, QueryString};
use crate::codegen::Style;

/// A body.
#[derive(Debug, Clone, Default)]
pub(crate) enum RequestBody {
    /// None.
    #[default]
    Empty,
    /// Bytes.
    Bytes {
        /// `Content-Type`.
        media_type: HeaderValue,
        /// The body.
        bytes: Bytes,
    },
}

impl RequestBody {
    pub(super) fn bytes(media_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self::Bytes { media_type: HeaderValue::from_static(media_type), bytes: bytes.into() }
    }
}

/// `application/x-www-form-urlencoded`: fields in order, lists repeat the name, null is left out.
pub(super) fn form<T: Serialize>(body: &T) -> Result<String, String> {
    let serde_json::Value::Object(fields) = serde_json::to_value(body).map_err(|error| error.to_string())?
    else {
        return Err("a form is made from the fields of a struct".to_owned());
    };
    let mut out = QueryString::default();
    for (name, value) in &fields {
        out.push(name, Style::Form, true, false, &ParamValue::of(value));
    }
    Ok(out.as_str().to_owned())
}
