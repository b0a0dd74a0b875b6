//! The intermediate representation: what Rust needs and nothing of OpenAPI.
//!
//! `build` makes it from a document with tentative names; `passes` settle names, fold
//! twins, open envelopes, box cycles; emission only reads it. Every name here is a plain string without `r#`; emission
//! escapes keywords.

mod derived;
mod header;
mod media;
mod operation;
mod policy;
mod service;
mod ty;

pub use header::{Header, HeaderKey, HeaderStyle};
pub use media::{essence, is_json};
pub use operation::{
    Body, BodyKind, Credential, CredentialKind, ErrorSet, ErrorVariant, FieldStyle, Idempotency, Merge,
    Method, Operation, Output, Parameter, Place, Reply, ReplyBody, Style,
};
pub use policy::{Breaker, Choice, Hedging, Policy};
pub use service::{Envelope, LeftOut, Service, SourceDocument, Tag};
pub use ty::{
    Additional, Bound, Constraints, DecimalWire, Default_, Direction, Dispatch, EnumValue, Field, FloatKind,
    IntKind, Presence, Scalar, Shape, Struct, Type, TypeDef, TypeId, Types, Union, ValueEnum, Variant,
};
