//! `cargo xtask planted`: bugs that the tests must catch.
//!
//! Each bug of `planted/*.toml` replaces one passage in a copy of the repository; then a test must fail that passes without it. A
//! test that cannot fail is found here, and so is a check that looks at nothing.

mod bug;
mod copy;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;

use crate::cli;
use crate::print::{self, Progress};
use crate::process::{self, Deadline};
use bug::Bug;

/// For one test, and what it compiles.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// What became of a bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Caught,
    /// The tests pass with it.
    Missed,
    /// It does not compile, so nothing was tested.
    Broken,
}

impl Fate {
    fn as_str(self) -> &'static str {
        match self {
            Fate::Caught => "caught",
            Fate::Missed => "MISSED",
            Fate::Broken => "DOES NOT COMPILE",
        }
    }
}

/// The command: `false` when a bug is not caught.
pub(crate) fn command(root: &Path, options: &cli::Planted) -> anyhow::Result<bool> {
    let all = bug::read(&root.join("planted"))?;
    let wanted = |bug: &Bug| options.filter.as_deref().is_none_or(|part| bug.name.contains(part));
    let bugs: Vec<Bug> = all.into_iter().filter(wanted).collect();
    if bugs.is_empty() {
        return Err(cli::Usage("no planted bug has that in its name".to_owned()).into());
    }
    let tree = root.join("target/planted/tree");
    copy::tracked(root, &tree)?;
    let suites: BTreeSet<&Vec<String>> = bugs.iter().map(|bug| &bug.caught_by).collect();
    let (progress, total, mut done) = (Progress::new(), suites.len() + bugs.len(), 0);
    // Without a bug they pass: a suite that fails for a reason of its own would seem to catch everything.
    for suite in suites {
        progress.step(&suite.join(" "), done, total);
        let passes = cargo(root, &tree, suite, false)?;
        anyhow::ensure!(passes, "cargo test {} fails without any bug", suite.join(" "));
        done += 1;
    }
    let mut rows = Vec::new();
    for bug in &bugs {
        progress.step(&bug.name, done, total);
        let planted = bug.plant(&tree)?;
        let fate = match cargo(root, &tree, &bug.caught_by, true)? {
            false => Fate::Broken,
            true if cargo(root, &tree, &bug.caught_by, false)? => Fate::Missed,
            true => Fate::Caught,
        };
        drop(planted);
        done += 1;
        rows.push((bug, fate));
    }
    progress.finish();
    let shown: Vec<Vec<String>> = rows
        .iter()
        .map(|(bug, fate)| vec![bug.name.clone(), bug.caught_by.join(" "), fate.as_str().to_owned()])
        .collect();
    print::table(&["bug", "tests", ""], &shown, false);
    Ok(rows.iter().all(|(_, fate)| *fate == Fate::Caught))
}

/// `cargo test` of one suite in the copy; whether it went well.
fn cargo(root: &Path, tree: &Path, suite: &[String], only_build: bool) -> anyhow::Result<bool> {
    let mut test = crate::cargo::cargo();
    test.args(["test", "--quiet", "--locked"]).args(suite).current_dir(tree);
    // A bug may leave something unused behind it; that is no reason to call it one that does not compile.
    test.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    test.env("CARGO_TARGET_DIR", root.join("target/planted/build")).stdin(Stdio::null());
    if only_build {
        test.arg("--no-run");
    }
    let finished =
        process::quietly(&mut test, Deadline::after(LIMIT)).context("cargo test of a planted bug")?;
    Ok(finished.status.success())
}
