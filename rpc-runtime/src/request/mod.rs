//! A request under construction: what generated methods push their arguments into.

mod body;
mod field;
mod multipart;
mod param;
mod path;
mod query;

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;
use serde_with::ser::{SerializeAs, SerializeAsWrap};
use smallvec::SmallVec;

use crate::check::{Path, Validate};
use crate::client::Handle;
use crate::codegen::Style;
use crate::context::{self, Context};
use crate::credentials::Carries;
use crate::envelope::Envelope;
use crate::error::Error;
use crate::operation::Descriptor;
use crate::options::CallOptions;

pub(crate) use body::RequestBody;
pub use field::FieldStyle;
pub use multipart::Files;
pub use param::{JsonParam, JsonText, Param, ParamValue};
pub(crate) use path::render as render_path;
pub(crate) use query::{QueryString, percent_encode};

/// A request under construction. Mistakes in arguments are kept and come out of the call, so that methods return no `Result`.
pub struct Request {
    pub(crate) handle: Handle,
    pub(crate) descriptor: &'static Descriptor,
    pub(crate) path: SmallVec<[(&'static str, String); 2]>,
    /// The envelope to open; the descriptor's, or the service's own for a raw call.
    pub(crate) envelope: Option<&'static Envelope>,
    /// Which of the client's credentials go along.
    pub(crate) carries: Carries,
    /// That of the scope in which the call was made, wherever it is polled.
    pub(crate) context: Context,
    /// A raw call's path, in place of the template.
    pub(crate) raw_path: Option<String>,
    /// A raw call's method.
    pub(crate) method: http::Method,
    pub(crate) query: QueryString,
    pub(crate) headers: HeaderMap,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: RequestBody,
    pub(crate) options: CallOptions,
    pub(crate) error: Option<Error>,
}

impl Request {
    /// Starts a request for an operation.
    pub fn new(handle: &Handle, descriptor: &'static Descriptor) -> Self {
        let mut request = Self {
            handle: handle.clone(),
            descriptor,
            path: SmallVec::new(),
            envelope: descriptor.envelope,
            carries: Carries::Declared,
            context: context::current(),
            raw_path: None,
            method: descriptor.method.clone(),
            query: QueryString::default(),
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            body: RequestBody::Empty,
            options: CallOptions::default(),
            error: None,
        };
        if let Some(name) = descriptor.extension {
            match http::Method::from_bytes(name.as_bytes()) {
                Ok(method) => request.method = method,
                Err(_) => request.fail(format!("`{name}` is not an HTTP method")),
            }
        }
        request
    }

    /// Gives a path parameter its value (style `simple`). `.`, `..` and an empty value are refused: they would change the path's shape.
    pub fn path(&mut self, name: &'static str, value: &dyn Param) {
        self.path_styled(name, Style::Simple, false, false, value);
    }

    /// Gives a path parameter its value. With `segments`, `/` stays as it is.
    pub fn path_styled(
        &mut self,
        name: &'static str,
        style: Style,
        explode: bool,
        segments: bool,
        value: &dyn Param,
    ) {
        match path::encode(name, style, explode, segments, value.to_value()) {
            Ok(encoded) => self.path.push((name, encoded)),
            Err(what) => self.fail(what),
        }
    }

    /// Adds a query parameter (style `form`, exploded: lists repeat the name).
    pub fn query(&mut self, name: &'static str, value: &dyn Param) {
        self.query.set(name, Style::Form, true, false, &value.to_value());
    }

    /// Adds a query parameter.
    pub fn query_styled(
        &mut self,
        name: &'static str,
        style: Style,
        explode: bool,
        reserved: bool,
        value: &dyn Param,
    ) {
        self.query.set(name, style, explode, reserved, &value.to_value());
    }

    /// Adds a query parameter whose value is JSON text.
    pub fn query_json<T: Serialize>(&mut self, name: &'static str, value: &T) {
        match serde_json::to_string(value) {
            Ok(text) => self.query.set(name, Style::Form, true, false, &ParamValue::Scalar(text)),
            Err(error) => self.fail(format!("query parameter `{name}`: {error}")),
        }
    }

    /// Adds a header parameter (style `simple`).
    pub fn header(&mut self, name: &'static str, value: &dyn Param) {
        self.header_text(name, value.to_value().simple(false));
    }

    /// Adds a header parameter, the properties of an object as `name=value` (style `simple`, exploded).
    pub fn header_exploded(&mut self, name: &'static str, value: &dyn Param) {
        self.header_text(name, value.to_value().simple(true));
    }

    fn header_text(&mut self, name: &'static str, text: Option<String>) {
        let Some(text) = text else { return };
        let pair = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(&text).ok());
        match pair {
            Some((name, value)) => {
                self.headers.insert(name, value);
            }
            None => self.fail(format!("header parameter `{name}`: not a valid header value")),
        }
    }

    /// Adds a header parameter, a line for each item of a list.
    pub fn header_lines(&mut self, name: &'static str, value: &dyn Param) {
        let ParamValue::List(items) = value.to_value() else { return self.header(name, value) };
        let Ok(parsed) = HeaderName::from_bytes(name.as_bytes()) else {
            return self.fail(format!("header parameter `{name}`: not a valid header name"));
        };
        self.headers.remove(&parsed);
        for item in items {
            match HeaderValue::from_str(&item) {
                Ok(value) => {
                    self.headers.append(parsed.clone(), value);
                }
                Err(_) => return self.fail(format!("header parameter `{name}`: not a valid header value")),
            }
        }
    }

    /// Adds a cookie parameter (style `form`).
    pub fn cookie(&mut self, name: &'static str, value: &dyn Param) {
        if let Some(text) = value.to_value().simple(false) {
            self.set_cookie(name, &text);
        }
    }

    /// Adds a cookie for each property of an object (exploded, as OpenAPI 3.2's style `cookie` writes it).
    pub fn cookie_exploded(&mut self, name: &'static str, value: &dyn Param) {
        match value.to_value() {
            ParamValue::Object(fields) => fields.iter().for_each(|(name, text)| self.set_cookie(name, text)),
            _ => self.cookie(name, value),
        }
    }

    fn set_cookie(&mut self, name: &str, text: &str) {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && !b"=;,\"\\".contains(&byte))
        {
            return self.fail(format!("cookie parameter `{}`: not a valid name", name.escape_debug()));
        }
        // Setting one again replaces it, as everywhere.
        let start = format!("{name}=");
        self.cookies.retain(|known| !known.starts_with(&start));
        self.cookies.push(cookie(name, text));
    }

    /// Sends a value as JSON.
    pub fn json<T: Serialize>(&mut self, media_type: &'static str, body: &T) {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.body = RequestBody::bytes(media_type, bytes),
            Err(error) => self.fail(format!("request body: {error}")),
        }
    }

    /// Sends a value as JSON, written by a codec.
    pub fn json_as<C: SerializeAs<T>, T>(&mut self, media_type: &'static str, body: &T) {
        self.json(media_type, &SerializeAsWrap::<T, C>::new(body));
    }

    /// Sends the fields of a value as a form.
    pub fn form<T: Serialize>(&mut self, body: &T) {
        self.form_styled(body, &[]);
    }

    /// Sends the fields of a value as a form; `styles` has those that are not written in the usual way, by their names on the wire.
    pub fn form_styled<T: Serialize>(&mut self, body: &T, styles: &[(&str, FieldStyle)]) {
        match body::form(body, styles) {
            Ok(text) => self.body = RequestBody::bytes("application/x-www-form-urlencoded", text),
            Err(what) => self.fail(format!("request body: {what}")),
        }
    }

    /// Sends the fields of a value as `multipart/form-data`; `files` are those that hold files, by their names on the wire.
    pub fn multipart<T: Serialize>(&mut self, body: &T, files: &[(&str, &dyn Files)]) {
        self.multipart_styled(body, files, &[]);
    }

    /// As [`Request::multipart`]; `styles` has the fields that are not written in the usual way, by their names on the wire.
    pub fn multipart_styled<T: Serialize>(
        &mut self,
        body: &T,
        files: &[(&str, &dyn Files)],
        styles: &[(&str, FieldStyle)],
    ) {
        match multipart::encode(body, files, styles) {
            Ok((media_type, bytes)) => self.bytes(&media_type, bytes),
            Err(what) => self.fail(format!("request body: {what}")),
        }
    }

    /// Sends bytes as they are.
    pub fn bytes(&mut self, media_type: &str, body: impl Into<bytes::Bytes>) {
        match HeaderValue::from_str(media_type) {
            Ok(media_type) => self.body = RequestBody::Bytes { media_type, bytes: body.into() },
            Err(_) => self.fail(format!("request body: `{media_type}` is not a media type")),
        }
    }

    /// Checks a value against the document's rules before it is sent.
    pub fn validate(&mut self, name: &'static str, value: &dyn Validate) {
        if let Err(violation) = value.validate(&Path::root(name)) {
            self.fail(violation.to_string());
        }
    }

    /// Checks a parameter against the document's rules before it is sent.
    pub fn check(
        &mut self,
        name: &'static str,
        rules: &crate::check::Rules,
        value: &dyn crate::check::Check,
    ) {
        if let Err(violation) = rules.check(&Path::root(name), value) {
            self.fail(violation.to_string());
        }
    }

    /// Checks a list whose items have no rules of their own.
    pub fn check_list<T: PartialEq>(
        &mut self,
        name: &'static str,
        rules: &crate::check::Rules,
        items: std::slice::Iter<'_, T>,
    ) {
        if let Err(violation) = rules.check_list(&Path::root(name), Some(items.as_slice())) {
            self.fail(violation.to_string());
        }
    }

    /// Notes the first mistake.
    pub(crate) fn fail(&mut self, what: impl Into<String>) {
        self.error.get_or_insert_with(|| Error::invalid_request(what));
    }

    pub(crate) fn cookie_header(cookies: &[String]) -> Option<(HeaderName, HeaderValue)> {
        if cookies.is_empty() {
            return None;
        }
        HeaderValue::from_str(&cookies.join("; ")).ok().map(|value| (header::COOKIE, value))
    }
}

/// Only which operation it is: arguments, headers and credentials are nobody's business.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.descriptor.name).finish()
    }
}

/// A cookie pair, percent-encoded where RFC 6265 forbids a character.
pub(crate) fn cookie(name: &str, value: &str) -> String {
    let mut out = format!("{name}=");
    query::percent_encode(&mut out, value, |byte| {
        byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\' | b'%')
    });
    out
}
