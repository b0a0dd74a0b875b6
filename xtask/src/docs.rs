//! `cargo xtask docs`: what the documents say is so.
//!
//! Always: every `cargo xtask X` names a subcommand, every quotation in README.md stands in the file it names, and every fence of
//! `docs/*.md` is of a kind that can be run. With `--run`: the documents are executed from top to bottom.
//!
//! ```text
//! sh                     commands; one bash session per document, in a new empty folder
//! LANGUAGE title="PATH"  a file, written into the session's current folder
//! text                   lines that the commands right above must print, in this order; … stands for anything
//! ```

mod expect;
mod fences;
mod mentions;
mod session;
mod steps;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, bail};

use crate::fsops::RunLock;
use crate::interop::python;
use crate::process::Deadline;
use crate::{cli, print};
use steps::{Kind, Step};

/// One document that can be run.
#[derive(Debug)]
struct Document {
    /// From the repository's root, with `/`.
    path: String,
    steps: Vec<Step>,
}

/// The command; `Ok(false)` when a document says what is not so.
pub(crate) fn command(root: &Path, options: &cli::Docs) -> anyhow::Result<bool> {
    let (documents, mut problems) = read(root, &options.files)?;
    problems.extend(mentions::check(root)?);
    for problem in &problems {
        print::note(problem);
    }
    if !problems.is_empty() {
        return Ok(false);
    }
    if options.run {
        return run(root, &documents);
    }
    for document in &documents {
        let commands = document.steps.iter().map(Step::commands).sum::<usize>();
        print::text(&format!("{}: {} blocks, {commands} commands\n", document.path, document.steps.len()));
    }
    Ok(true)
}

/// The documents, and what is wrong with their fences.
fn read(root: &Path, named: &[PathBuf]) -> anyhow::Result<(Vec<Document>, Vec<String>)> {
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    for (path, text) in texts(root, named)? {
        match steps::of(&fences::of(&text)) {
            Ok(steps) => documents.push(Document { path, steps }),
            Err(found) => problems.extend(found.iter().map(|(line, what)| format!("{path}:{line}: {what}"))),
        }
    }
    Ok((documents, problems))
}

/// Path and text of every document of `docs/`, or of those that are named.
fn texts(root: &Path, named: &[PathBuf]) -> anyhow::Result<Vec<(String, String)>> {
    let mut paths = named.to_vec();
    if named.is_empty() {
        let folder = root.join("docs");
        for entry in std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                paths.push(path);
            }
        }
        paths.sort();
    }
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let shown = path.strip_prefix(root).unwrap_or(path).display().to_string();
        Ok((shown.replace('\\', "/"), text))
    };
    paths.iter().map(read).collect()
}

fn run(root: &Path, documents: &[Document]) -> anyhow::Result<bool> {
    warn_of_changes(root)?;
    if documents.iter().flat_map(|document| &document.steps).any(|step| step.mentions("python3")) {
        python::check_python3(Deadline::after(session::LIMIT))?;
    }
    let target = target(root);
    std::fs::create_dir_all(&target).with_context(|| format!("making {}", target.display()))?;
    let _lock = RunLock::take(&target).context("locking the documents' target folder")?;
    let (mut passed, mut failed) = (0, 0);
    for document in documents {
        let start = Instant::now();
        let outcome = session::run(root, &target, document)?;
        for problem in &outcome.problems {
            print::note(&format!("{}:{problem}", document.path));
        }
        if let Some(folder) = &outcome.kept {
            print::note(&format!("what it made is in {}", folder.display()));
        }
        passed += outcome.passed;
        failed += document.steps.len() - outcome.passed;
        print::text(&format!(
            "{}: {} of {} blocks in {}s\n",
            document.path,
            outcome.passed,
            document.steps.len(),
            start.elapsed().as_secs()
        ));
    }
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    print::text(&format!("test result: {verdict}. {passed} passed; {failed} failed\n"));
    if passed + failed == 0 {
        bail!("docs/ has no block that can be run");
    }
    Ok(failed == 0)
}

/// A target folder of its own: a clone has the same packages as this tree, but not the same files, and cargo tells
/// them apart by time alone. It is kept, so that dependencies are compiled once.
fn target(root: &Path) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path));
    target.join("docs")
}

fn warn_of_changes(root: &Path) -> anyhow::Result<()> {
    let output = Command::new("git").args(["status", "--porcelain"]).current_dir(root).output();
    let output = output.context("running git")?;
    if !output.status.success() {
        bail!("git status: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let changed = String::from_utf8_lossy(&output.stdout).lines().count();
    if changed > 0 {
        print::note(&format!(
            "warning: the documents run in a clone, which has what is committed; {changed} files are changed here"
        ));
    }
    Ok(())
}
