//! Calls that no document describes.

use std::fmt;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Handle;
use crate::codegen::{Descriptor, ParamValue, Request, ResponseFuture, Style, ValueFuture};
use crate::credentials::Carries;
use crate::envelope::Envelope;

/// A call by method and path. Nothing is checked against a document; discovery, retries, deadlines, traces and errors are
/// those of every call.
///
/// ```no_run
/// # async fn run(orders: rpc_runtime::Client) -> rpc_runtime::Result<()> {
/// use rpc_runtime::{Method, types::Value};
/// let order: Value = orders.raw(Method::GET, "/api/v1/orders/123").query("expand", "lines").send_json().await?;
/// # Ok(()) }
/// ```
#[must_use = "a call does nothing unless awaited"]
pub struct RawCall {
    pub(crate) request: Request,
}

/// `Accept` is left to the server.
static BYTES: Descriptor = Descriptor::new("raw", Method::GET, "").accept("");
static JSON: Descriptor = Descriptor::new("raw", Method::GET, "");

impl RawCall {
    crate::__call_options!();

    /// See `raw` of a client. A call to a path such as `/api/v1/orders/123`, already encoded.
    #[doc(hidden)]
    pub fn new(handle: &Handle, method: Method, path: &str) -> Self {
        let mut request = Request::new(handle, &JSON);
        request.method = method;
        request.carries = Carries::Any;
        request.envelope = handle.service().envelope.or(Some(&Envelope::STANDARD));
        // Without the query, which may hold secrets.
        let shown = path.split_once('?').map_or(path, |(path, _)| path);
        let odd = |c: char| c == '#' || c == '\\' || c.is_control();
        if !shown.starts_with('/') || shown.split('/').any(is_dots) || path.contains(odd) {
            request.fail(format!(
                "path `{shown}`: it must start with `/` and be free of `.` and `..` segments, `#`, `\\` and control characters"
            ));
        }
        request.raw_path = Some(path.to_owned());
        Self { request }
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: impl ToString) -> Self {
        let value = ParamValue::Scalar(value.to_string());
        self.request.query.push(name, Style::Form, true, false, &value);
        self
    }

    /// Sends a value as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        self.request.json("application/json", &body);
        self
    }

    /// Sends the fields of a value as a form.
    pub fn form<T: Serialize>(mut self, body: &T) -> Self {
        self.request.form(body);
        self
    }

    /// Sends bytes with a media type.
    pub fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.request.bytes(media_type, body);
        self
    }

    /// Looks for no envelope: the body is the value, and no `code` in it is a failure.
    pub fn without_envelope(mut self) -> Self {
        self.request.envelope = None;
        self
    }

    /// Sends no credential of the client, the `Authorization` of all its calls included. Those given to this call are sent.
    pub fn without_credentials(mut self) -> Self {
        self.request.carries = Carries::Own;
        self
    }

    /// Sends the request and gives the whole body as it is, with what came around it. A status of 400 or more, and an
    /// envelope that says failure, is an error.
    pub fn send(mut self) -> ResponseFuture<Bytes> {
        self.request.descriptor = &BYTES;
        ResponseFuture::new(self.request, |reply| reply.empty().and_then(|()| reply.bytes()))
    }

    /// Sends the request and gives the value: the data of the service's envelope (`{"code", "message", "data"}` for a client
    /// without a document).
    pub fn send_json<T: DeserializeOwned + Send + 'static>(self) -> ValueFuture<T> {
        self.send_response().into_value()
    }

    /// As [`send_json`](Self::send_json), with what came around the value.
    pub fn send_response<T: DeserializeOwned + Send + 'static>(self) -> ResponseFuture<T> {
        ResponseFuture::new(self.request, |reply| reply.json())
    }
}

/// Whether a URL parser resolves the segment away: `.`, `..`, also with the dots percent-encoded.
fn is_dots(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

/// Neither query nor headers nor body: they hold secrets.
impl fmt::Debug for RawCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.request.raw_path.as_deref().unwrap_or_default();
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        f.debug_tuple("RawCall").field(&self.request.method).field(&path).finish()
    }
}
