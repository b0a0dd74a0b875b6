//! Headers of replies.

use super::Type;
use crate::location::Location;

/// A header that a reply is documented to have.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Name as the document has it; case does not matter.
    pub wire: String,
    /// Its type. Null is taken off: leaving the header out says the same.
    pub ty: Type,
    /// How it is written.
    pub style: HeaderStyle,
    /// Description.
    pub doc: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// Where it stands.
    pub origin: Location,
    /// Index into [`Service::headers`](super::Service::headers), set by the headers pass.
    pub key: usize,
}

/// How a header's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeaderStyle {
    /// OpenAPI's `simple`: `a`, `a,b`, `name,value`.
    Simple,
    /// With `explode`, which makes a difference for objects: `name=value`.
    Exploded,
    /// A list with a line for each item.
    Lines,
    /// `content: application/json`.
    Json,
}

/// A header as one type: one constant for all replies that have it so.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderKey {
    /// Name of the constant: `X_RATE_LIMIT_REMAINING`.
    pub name: String,
    /// The first declaration, deprecated if all are.
    pub header: Header,
}
