//! What the suite is asked for. `cargo xtask differential` reads the command line and explains it.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

/// The request.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Documents.
    pub(crate) folder: PathBuf,
    /// How many documents that progenitor accepts.
    pub(crate) count: usize,
    /// Which sample.
    pub(crate) seed: u64,
    /// Not a whole run: rules that explain nothing are no finding.
    pub(crate) short: bool,
}

/// Reads `ROOT FOLDER COUNT SEED short|full`.
///
/// # Errors
/// When these are not the arguments.
pub(crate) fn arguments(given: &[String]) -> anyhow::Result<Arguments> {
    let [root, folder, count, seed, form] = given else {
        bail!(
            "usage: differential ROOT FOLDER COUNT SEED short|full; it is started by `cargo xtask differential`"
        );
    };
    Ok(Arguments {
        root: root.into(),
        folder: folder.into(),
        count: count.parse().context("COUNT")?,
        seed: seed.parse().context("SEED")?,
        short: form == "short",
    })
}
