//! `cargo xtask corpus [DIR]`: what becomes of documents that nobody here has written.
//!
//! ```text
//! 1 generate   each document in a process of its own, bounded in time and memory: a panic is a line of the table, not the end
//! 2 judge      operations are counted in the document itself; a separate program looks for degraded schemas
//! 3 compile    a sample, under this repository's lints, warnings as errors (--check)
//! 4 compare    with the floor, which a run neither falls below nor leaves behind
//! ```
//!
//! `--examples` reads the examples of the documents into the generated types instead.
//! `--new N` sends a sample through `cargo xtask new` instead, and compiles what it gave.

mod check;
mod compile;
mod counting;
mod degraded;
mod documents;
pub(crate) mod examples;
mod facts;
mod floor;
mod full;
mod judge;
pub(crate) mod measured;
mod new;
pub(crate) mod one;
mod package;
mod pool;
mod release;
mod runner;
mod sample;
mod scratch;
mod table;
mod totals;
mod tsv;
mod turn;

use std::path::Path;
use std::time::Duration;

use crate::cli;
use documents::Document;

/// CPU time of a document's process: one that needs more is taken for a hang, however busy the machine is.
const SECONDS: u64 = 60;
/// For one that waits without end.
const LIMIT: Duration = Duration::from_secs(5 * SECONDS);
/// Address space of a document's process.
const MIB: u64 = 4096;

/// The command: `false` when something is not as it must be, and it was said.
pub(crate) fn command(root: &Path, options: &cli::Corpus) -> anyhow::Result<bool> {
    let documents = documents(root, options)?;
    match options.new {
        Some(count) => new::run(root, documents, count, options.seed),
        None if options.examples => {
            examples::run(root, documents::filtered(documents, options.filter.as_deref())?, options)
        }
        None => full::run(root, documents, options),
    }
}

/// How many documents are worked on at a time.
fn jobs(options: &cli::Corpus) -> usize {
    options.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// All documents that the command line means, before any filter.
fn documents(root: &Path, options: &cli::Corpus) -> anyhow::Result<Vec<Document>> {
    match &options.folder {
        _ if options.short => documents::checked_in(root),
        Some(folder) => documents::list(
            &folder.canonicalize().map_err(|error| cli::Usage(format!("{}: {error}", folder.display())))?,
        ),
        None => documents::list(&package::filled(root)?),
    }
}
