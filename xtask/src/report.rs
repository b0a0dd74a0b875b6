//! What a `gen` run did, as data.

use std::collections::BTreeMap;
use std::time::Duration;

use rpc_codegen::Diagnostic;

use crate::files::Change;

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) service: String,
    pub(crate) status: Status,
    pub(crate) operations: usize,
    pub(crate) types: usize,
    pub(crate) files: usize,
    pub(crate) changes: Vec<Change>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Why nothing was generated, beside the diagnostics.
    pub(crate) error: Option<String>,
    /// The spec's files by the path that diagnostics name, for quoting the line.
    pub(crate) sources: BTreeMap<String, Vec<u8>>,
    pub(crate) elapsed: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// All bytes are as they should be.
    Fresh,
    Updated,
    New,
    /// The crate's spec is gone.
    Removed,
    /// Untouched, because of errors.
    Failed,
}

impl Row {
    pub(crate) fn new(service: &str, status: Status) -> Self {
        Self {
            service: service.into(),
            status,
            operations: 0,
            types: 0,
            files: 0,
            changes: Vec::new(),
            diagnostics: Vec::new(),
            error: None,
            sources: BTreeMap::new(),
            elapsed: Duration::ZERO,
        }
    }

    /// A failed row with a reason.
    pub(crate) fn failed(service: &str, error: &anyhow::Error) -> Self {
        Self { error: Some(format!("{error:#}")), ..Self::new(service, Status::Failed) }
    }

    pub(crate) fn added(&self) -> usize {
        self.changes.iter().map(|c| c.added).sum()
    }

    pub(crate) fn removed(&self) -> usize {
        self.changes.iter().map(|c| c.removed).sum()
    }
}

/// A whole run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    /// Nothing was written; differences are findings.
    pub(crate) check: bool,
    /// The command that writes what `--check` misses, when it is not `cargo xtask gen` with the services' names.
    pub(crate) command: Option<String>,
    /// Folders in `generated/` that belong to nobody and were left alone.
    pub(crate) foreign: Vec<String>,
}

impl Report {
    /// Whether the run's exit code is 0.
    pub(crate) fn is_clean(&self) -> bool {
        self.rows
            .iter()
            .all(|row| row.status == Status::Fresh || (!self.check && row.status != Status::Failed))
    }
}
