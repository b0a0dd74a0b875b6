//! Document → raw IR: what the document says in Rust's terms, before names are settled and envelopes opened.
//!
//! ```text
//! operations ── what is called: templates, parameters, bodies, replies, security
//!     │ schemas, by reference or inline
//! schema ────── form (what kind of type) → content (fields, values, variants), through a queue: no deep recursion
//!     │ all types known
//! finish ────── unguarded cycles → how unions are told apart → defaults → document order
//! ```
//!
//! Only schemas that operations reach become types, so that a mistake in an unused component stops nobody.
//! Null is said by the use of a type ([`ir::Type::Nullable`](crate::ir::Type::Nullable)), never by the type: a nullable
//! component is a plain type, nullable wherever it is used.

mod builder;
mod finish;
mod operations;
mod schema;
mod schema_text;
mod service;
#[cfg(test)]
mod tests;
mod usage;

use crate::diagnostic::Diagnostics;
use crate::input::Input;
use crate::ir::Service;
use crate::load::{Document, OperationView};

/// Builds the IR of all operations and of the types that they reach.
///
/// `None` only if there is no document. With errors among the findings, the service is what could be understood:
/// good enough to look for more findings, not to generate from.
pub fn build(document: &Document, input: &Input, diagnostics: &mut Diagnostics) -> Option<Service> {
    build_selected(document, input, &|_| true, diagnostics)
}

/// As [`build`], for the operations that `keep` chooses. The others are not looked into at all.
pub fn build_selected(
    document: &Document,
    input: &Input,
    keep: &dyn Fn(&OperationView<'_>) -> bool,
    diagnostics: &mut Diagnostics,
) -> Option<Service> {
    document.root()?;
    Some(service::build(document, input, keep, diagnostics))
}
