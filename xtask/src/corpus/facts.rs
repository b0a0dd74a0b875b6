//! What a process that generates one document says about it: one line of JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::counting::Counted;

/// The line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) result: Generated,
    /// CPU time of the generator, in milliseconds.
    pub(super) ms: u64,
    /// Largest memory of the process, in KiB.
    pub(super) peak: u64,
    /// Findings by code, whatever their severity.
    pub(super) diagnostics: BTreeMap<String, usize>,
    /// What stands in the document, or why that could not be counted.
    pub(super) counted: Result<Counted, String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Generated {
    Crate(Made),
    Error(Refusal),
}

/// A crate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Made {
    /// Operations of the client.
    pub(super) operations: usize,
    /// Operations that could not be generated, and are listed.
    pub(super) left_out: usize,
    pub(super) types: usize,
    pub(super) lines: usize,
    /// SHA-1 of all paths and bytes.
    pub(super) digest: String,
}

/// The first error.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Refusal {
    /// Of the rule; `-` when there is none.
    pub(super) code: String,
    pub(super) message: String,
    /// File, line, column and JSON pointer.
    pub(super) place: String,
}
