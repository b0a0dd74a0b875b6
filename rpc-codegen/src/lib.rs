//! Documents in, files out: turns an OpenAPI document into the files of a typed client crate.
//!
//! ```text
//! load ── build ── passes ─┬─ types: lower → progenitor → refine, or own ─┐
//!                          └─ emit: client, operations, errors, manifest ─┴─ render → FileSet
//! ```
//!
//! No I/O: the caller reads and writes. The same input gives the same bytes.

pub mod build;
pub mod detect;
pub mod diagnostic;
mod emit;
mod fileset;
mod input;
pub mod ir;
pub mod load;
pub mod location;
pub mod passes;
mod pipeline;
mod render;
pub mod settings;
pub mod types;
mod visible;

pub use diagnostic::{Diagnostic, Severity};
pub use fileset::FileSet;
pub use input::{Input, Options, RuntimeDependency};
pub use pipeline::{Resolved, generate, resolve, resolve_document};
pub use visible::visible;

/// What a run gives.
#[derive(Debug, Clone)]
pub struct Output {
    /// The crate's files.
    pub files: FileSet,
    /// The contents of `names.lock`: every name that was given, so that later runs keep it.
    pub names_lock: String,
    /// Notes and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// How many operations the client has.
    pub operations: usize,
    /// Operations of the document that the client does not have, each with its reason. Those that `service.toml` excludes are not among them.
    pub left_out: Vec<ir::LeftOut>,
    /// How many public types the crate has.
    pub types: usize,
}

/// Nothing was generated; why, in input order. At least one diagnostic is an error.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{} diagnostics, first: {}", diagnostics.len(), diagnostics.first().map(ToString::to_string).unwrap_or_default())]
pub struct Failure {
    /// All findings, warnings included.
    pub diagnostics: Vec<Diagnostic>,
}

/// One document without a folder's prefix.
#[cfg(test)]
pub(crate) fn testing_input(document: &str) -> Input {
    Input {
        service: "test-service".into(),
        document: "openapi.json".into(),
        files: [("openapi.json".to_owned(), document.as_bytes().to_vec())].into(),
        prefix: String::new(),
    }
}
