//! Whether a request is what the document asks for. When in doubt it is: nothing valid is refused.

mod body;
mod form;
mod make;
mod multipart;
mod parameter;
mod place;
mod security;
mod styled;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;

use crate::model::{Model, Operation};

pub(crate) use body::{form_pairs, sent};
pub(crate) use make::make;
pub use place::Place;
pub(crate) use place::places;
pub(crate) use security::shown;
pub(crate) use text::guess;

/// A request as handlers see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// Parameters of the path by name, decoded.
    pub path: Vec<(String, String)>,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of a name, which is written in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The cookie of a name.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let headers = self.headers.iter().filter(|(key, _)| key == "cookie");
        let pairs =
            headers.flat_map(|(_, value)| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reason {
    /// `["query", "page"]`, `["body", "items", "0", "price"]`.
    pub place: Vec<String>,
    /// For people.
    pub message: String,
    /// The rule that is broken: `missing`, or a keyword of JSON Schema such as `maximum`.
    pub rule: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place.join("."), self.message)
    }
}

/// What keeps a request from being handled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// 401: a credential is missing.
    Unauthorized,
    /// 415: the body's media type is not documented.
    UnsupportedMediaType(String),
    /// 422.
    Invalid(Vec<Reason>),
}

/// Checks a request against an operation.
pub(crate) fn check(model: &Model, operation: &Operation, request: &Request) -> Result<(), Refusal> {
    if !shown(&operation.security, request) {
        return Err(Refusal::Unauthorized);
    }
    let mut reasons = Vec::new();
    for parameter in &operation.parameters {
        parameter::check(&model.requests, parameter, request, &mut reasons);
    }
    body::check(model, operation, request, &mut reasons)?;
    if reasons.is_empty() { Ok(()) } else { Err(Refusal::Invalid(reasons)) }
}
