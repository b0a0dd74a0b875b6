//! Calls that no document describes.

use std::fmt;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Handle;
use crate::codegen::{Descriptor, ParamValue, Request, ResponseFuture, Style, ValueFuture};
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

/// `Accept` is left to the server, the envelope is opened by the method that wants it opened.
static PLAIN: Descriptor = Descriptor::new("raw", Method::GET, "").accept("");
static JSON: Descriptor = Descriptor::new("raw", Method::GET, "");

impl RawCall {
    crate::__call_options!();

    /// A call to a path such as `/api/v1/orders/123`, already encoded.
    pub fn new(handle: &Handle, method: Method, path: &str) -> Self {
        let mut request = Request::new(handle, &PLAIN);
        request.method = method;
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

    /// Sends the request and gives the body as it is, with what came around it. A status of 400 or more is an error.
    pub fn send(self) -> ResponseFuture<Bytes> {
        ResponseFuture::new(self.request, |reply| reply.bytes())
    }

    /// Sends the request and gives the value: the data of the service's envelope (`{"code", "message", "data"}` for a client
    /// without a document), whose failures are errors.
    pub fn send_json<T: DeserializeOwned + Send + 'static>(self) -> ValueFuture<T> {
        self.opened().into_value()
    }

    /// As [`send_json`](Self::send_json), with what came around the value.
    pub fn send_response<T: DeserializeOwned + Send + 'static>(self) -> ResponseFuture<T> {
        self.opened()
    }

    /// Sends the request and gives the whole body as JSON, without looking for an envelope.
    pub fn send_plain<T: DeserializeOwned + Send + 'static>(mut self) -> ValueFuture<T> {
        self.request.descriptor = &JSON;
        ResponseFuture::new(self.request, |reply| reply.json()).into_value()
    }

    fn opened<T: DeserializeOwned + Send + 'static>(mut self) -> ResponseFuture<T> {
        self.request.descriptor = &JSON;
        self.request.envelope = self.request.handle.service().envelope.or(Some(&Envelope::STANDARD));
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
