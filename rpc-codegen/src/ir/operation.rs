//! Operations.

use super::{Constraints, Default_, Header, Policy, Type};
use crate::location::Location;

/// HTTP methods that OpenAPI knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the methods")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
    Query,
    /// A method of `additionalOperations`, as it is sent: a token (RFC 9110 §9.1).
    Extension(String),
}

/// One operation: one method of the client.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Rust method name: `get_order`.
    pub name: String,
    /// Name of the marker type, upper camel case of the method name: `GetOrder`.
    pub type_name: String,
    /// Key in `names.lock`: `GET /api/v1/orders/{order_id}`.
    pub key: String,
    /// `operationId` as the document has it.
    pub operation_id: Option<String>,
    /// HTTP method.
    pub method: Method,
    /// Path template as the document has it, `servers` path in front, if that is not the root.
    pub template: String,
    /// Query pairs that every call sends: the document has them in the path.
    pub fixed_query: Vec<(String, String)>,
    /// First tag; decides the module ([`Service::tags`](super::Service::tags)). The names pass fills it in where there is none.
    pub tag: Option<String>,
    /// One line.
    pub summary: Option<String>,
    /// More.
    pub description: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// Where it stands.
    pub origin: Location,
    /// Parameters: path ones in template order, then the others in document order.
    pub parameters: Vec<Parameter>,
    /// The request's body.
    pub body: Option<Body>,
    /// Documented replies below 400, in status order.
    pub replies: Vec<Reply>,
    /// What the call gives; set by the replies pass.
    pub output: Output,
    /// Whether the service's envelope is around the output.
    pub enveloped: bool,
    /// Index into [`Service::error_sets`](super::Service::error_sets), if failures have documented bodies.
    pub errors: Option<usize>,
    /// Documented failures before they are grouped: (`404` | `4XX` | `default`, body, description).
    pub failures: Vec<Reply>,
    /// Whether it may be sent twice.
    pub idempotency: Idempotency,
    /// What the settings say of its calls.
    pub policy: Policy,
    /// Alternatives; each is a set of credential names that go together. Empty: none needed.
    pub security: Vec<Vec<String>>,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the places")]
pub enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a parameter's value is written (OpenAPI `style`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are OpenAPI's")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// `content: application/json`.
    Json,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Where it goes.
    pub place: Place,
    /// Name on the wire.
    pub wire: String,
    /// Rust name: an argument when required, a setter when not.
    pub name: String,
    /// Its type; [`Type::Nullable`] is taken off (leaving it out says the same).
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// How it is written.
    pub style: Style,
    /// OpenAPI `explode`. For a list in a header: one line per item, in place of one line for all.
    pub explode: bool,
    /// OpenAPI `allowReserved`.
    pub allow_reserved: bool,
    /// A path parameter that may span segments (`service.toml`).
    pub multi_segment: bool,
    /// Rules that are checked before sending.
    pub constraints: Constraints,
    /// The server's default, for the documentation.
    pub default: Option<Default_>,
    /// Description.
    pub doc: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// Set when the parameter is really a call option that the runtime owns: no setter of its own.
    pub merged: Option<Merge>,
    /// Where it stands.
    pub origin: Location,
}

/// A header that the runtime owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Merge {
    /// `Idempotency-Key`: the call's idempotency key, written as a plain string.
    IdempotencyKey,
    /// `X-Trace-ID`, `X-Request-ID`, `traceparent`, `tracestate`, `baggage`.
    Trace,
    /// `Authorization`.
    Authorization,
}

/// A request body.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Whether it must be given.
    pub required: bool,
    /// Media type as sent.
    pub media_type: String,
    /// How it is written.
    pub kind: BodyKind,
    /// Fields of a form that are not written in the usual way, by their names on the wire.
    pub fields: Vec<(String, FieldStyle)>,
    /// Description.
    pub doc: Option<String>,
}

/// How a field of a form is written, where that is not the usual way: a pair or part for each item of a list, objects as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldStyle {
    /// As a query parameter.
    Styled {
        /// How.
        style: Style,
        /// OpenAPI `explode`.
        explode: bool,
        /// OpenAPI `allowReserved`.
        reserved: bool,
    },
    /// As the JSON text, of this media type.
    Json(String),
    /// As text of this media type; a file is content of this media type if it has none of its own.
    Content(String),
}

/// How a body is written.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyKind {
    /// JSON (any `+json`).
    Json(Type),
    /// `application/x-www-form-urlencoded` from the fields of a struct.
    Form(Type),
    /// `multipart/form-data` from the fields of a struct, some of them files.
    Multipart(Type),
    /// Bytes as the caller gives them, with the document's media type (`octet-stream`, `xml`, …).
    Bytes,
    /// Bytes as the caller gives them, with a content type that the caller gives too (other multipart bodies, with their boundary).
    RawMultipart,
    /// `text/plain` and other text.
    Text,
}

/// A documented reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// `200`, `2XX` or `default`.
    pub status: String,
    /// Body.
    pub body: ReplyBody,
    /// Whether `body` is the envelope's data; set by the envelope pass, which also replaces the type.
    pub enveloped: bool,
    /// Headers, in document order.
    pub headers: Vec<Header>,
    /// Description.
    pub doc: Option<String>,
}

/// A reply's body.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplyBody {
    /// None.
    Empty,
    /// JSON.
    Json(Type),
    /// Text.
    Text,
    /// Bytes, with their media type.
    Bytes(String),
}

/// What a call gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// `()`.
    Unit,
    /// One type for every success.
    Json(Type),
    /// `String`.
    Text,
    /// `Bytes`.
    Bytes,
    /// An enum of this name, one variant per status.
    ByStatus {
        /// Name of the enum: `CreateOrderReply`.
        name: String,
        /// Status (`200`, `2XX`), variant name, body.
        variants: Vec<(String, String, ReplyBody)>,
    },
}

/// Whether an operation may be sent twice (RFC 9110 §9.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// Reads only.
    Safe,
    /// Twice is the same as once.
    Idempotent,
    /// Twice is once for requests with the same idempotency key, and every call has one.
    Keyed,
    /// Twice is twice, unless an idempotency key goes with it.
    Unsafe,
}

/// Failures that share one enum.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorSet {
    /// Name of the enum: `Status404Or422`.
    pub name: String,
    /// Variants in status order.
    pub variants: Vec<ErrorVariant>,
}

/// One documented failure.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorVariant {
    /// `404`, `4XX` or `default`.
    pub status: String,
    /// Variant name: `NotFound`.
    pub name: String,
    /// Its body; [`ReplyBody::Empty`] gives a unit variant.
    pub body: ReplyBody,
}

/// A credential that the document declares.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    /// Name in the document.
    pub name: String,
    /// Rust name of the builder's setter: `api_key_header`.
    pub setter: String,
    /// What it is.
    pub kind: CredentialKind,
    /// Description.
    pub doc: Option<String>,
}

/// What a credential is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialKind {
    /// A key in a header, the query or a cookie of this name.
    ApiKey(Place, String),
    /// HTTP basic.
    Basic,
    /// HTTP bearer.
    Bearer,
    /// OAuth2 or OpenID Connect: a bearer token that the caller brings, or has fetched.
    OAuth2,
}
