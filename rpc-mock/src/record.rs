//! What arrived.

use std::time::Duration;

use axum::body::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;

/// One call as it arrived. Calls are recorded when their request has been read whole, faulted ones too.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Recorded {
    /// Index of the instance, from 0.
    pub instance: usize,
    /// Number of the connection, unique within the mock, from 0: calls with the same number shared a connection.
    pub connection: u64,
    /// Name of the operation; `None` where no operation matched.
    pub operation: Option<String>,
    /// Method as sent.
    pub method: Method,
    /// Path as sent: percent-encoded.
    pub path: String,
    /// Query as sent, without the question mark.
    pub query: Option<String>,
    /// Headers as sent.
    pub headers: HeaderMap,
    /// Body; the first 16 MiB of a larger one, which is answered with 413.
    pub body: Bytes,
    /// Status of the reply; `None` if no reply was sent, or not yet.
    pub status: Option<StatusCode>,
    /// The faults that struck, in their text form without place and time, joined by `+`: `delay:250ms+status:503`.
    pub fault: Option<String>,
    /// How long the call took, in tokio's time: from the whole request to the reply, or to the end of a reply that the
    /// handler or a fault streams, or to the end of the connection. Zero as long as the call goes on.
    pub elapsed: Duration,
}

impl Recorded {
    /// The first value of a header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body read as JSON.
    ///
    /// # Errors
    /// When the body is not JSON, or not of this shape.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }

    /// Names and values of the query, decoded, in order.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        let query = self.query.as_deref().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }
}
