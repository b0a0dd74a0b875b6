//! A whole service.

use std::collections::BTreeMap;

use crate::location::Location;

use super::{Credential, ErrorSet, HeaderKey, Operation, Types};

/// One service: one document, one crate.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Name in discovery: `order-service`.
    pub name: String,
    /// Package name of the crate; `-` becomes `_` in Rust.
    pub crate_name: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`, as the document says it.
    pub document_version: String,
    /// Version of the crate: what `service.toml` says, else the document's when it is semver, else `0.0.0`.
    pub crate_version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// Which document this is.
    pub source: SourceDocument,
    /// The reply envelope of the service, if it has one. Which operations use it is said by each operation.
    pub envelope: Option<Envelope>,
    /// Operations in document order.
    pub operations: Vec<Operation>,
    /// Operations of the document that the client does not have.
    pub left_out: Vec<LeftOut>,
    /// All named types, reachable or not.
    pub types: Types,
    /// Distinct status → body sets of failures; operations point here by index.
    pub error_sets: Vec<ErrorSet>,
    /// Distinct headers of replies; headers point here by index. Set by the headers pass.
    pub headers: Vec<HeaderKey>,
    /// Credentials that operations ask for, in document order.
    pub credentials: Vec<Credential>,
    /// Tags by name, with their descriptions. Only those that an operation has get a module.
    pub tags: BTreeMap<String, Tag>,
}

/// An operation that cannot be called as the document has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Method and path: `GET /api/v1/orders/{order_id}`.
    pub key: String,
    /// Where it stands.
    pub origin: Location,
    /// Why, a lower-case fragment without a full stop.
    pub reason: String,
}

/// Where the service came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDocument {
    /// Path as messages show it: `specs/order-service/openapi.json`.
    pub path: String,
    /// FNV-1a 64 of the document's bytes, 16 hex digits. Stands in one file of the crate.
    pub hash: String,
}

/// A tag of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tag {
    /// Module name under `operations`.
    pub module: String,
    /// The document's description.
    pub description: Option<String>,
}

/// Field names of the envelope and what its code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Field with the business code.
    pub code: String,
    /// Field with the message.
    pub message: String,
    /// Field with the payload.
    pub data: String,
    /// Field with the time of the reply, if there is one.
    pub timestamp: Option<String>,
    /// Codes that mean success; empty for the runtime's default set.
    pub success: Vec<String>,
}

impl Envelope {
    /// The codes of success where nothing else is said, as the runtime has them.
    pub const USUAL_SUCCESS: [&str; 4] = ["200", "0", "0000", "OK"];
}
