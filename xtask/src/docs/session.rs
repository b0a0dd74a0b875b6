//! One document as one bash session.

use std::cell::{Cell, RefCell};
use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use super::expect::missing;
use super::{Document, Kind, Step};
use crate::print;
use crate::process::{self, Deadline};

/// For one document, a cold build on a slow machine included.
pub(super) const LIMIT: Duration = Duration::from_secs(30 * 60);
/// Begins a line that tells which step begins; no program prints it.
const MARK: char = '\u{1e}';
/// Lines of output that a problem shows.
const SHOWN: usize = 60;

/// How a document went.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Steps that did what they say.
    pub(super) passed: usize,
    /// `line: what`, with the output of the commands.
    pub(super) problems: Vec<String>,
    /// The session's folder, when something went wrong.
    pub(super) kept: Option<PathBuf>,
}

/// Runs all steps, or those before the first that fails. All children have ended when this returns.
pub(super) fn run(root: &Path, target: &Path, document: &Document) -> anyhow::Result<Outcome> {
    let folder = empty_folder(root, &document.path)?;
    let script = script(&folder, document)?;
    let mut bash = Command::new("bash");
    bash.arg(&script).current_dir(folder.join("session")).stdin(Stdio::piped());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["RPC_CLIENT_", "CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| text.starts_with(prefix)) {
            bash.env_remove(&name);
        }
    }
    bash.env("REPOSITORY", root).env("CARGO_TARGET_DIR", target);
    bash.env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_PROGRESS_WHEN", "never").env("NO_COLOR", "1");
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut bash, 0);

    let progress = print::Progress::new();
    let (lines, at) = (RefCell::new(Vec::new()), Cell::new(0));
    let finished = process::run_fed(&mut bash, Deadline::after(LIMIT), |line| {
        if let Some(index) = line.strip_prefix(MARK).and_then(|text| text.parse().ok()) {
            at.set(index);
            let shown = document.steps.get(index).map_or_else(String::new, Step::shown);
            progress.step(&shown, index, document.steps.len());
        }
        lines.borrow_mut().push(line.to_owned());
    });
    progress.finish();
    let end = match &finished {
        Ok(finished) => End::Itself(finished.status),
        Err(error) => End::Stopped(format!("{error:#}")),
    };
    let mut outcome = judge(&document.steps, &lines.into_inner(), &end);
    if outcome.problems.is_empty() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
    } else {
        outcome.kept = Some(folder.join("session"));
    }
    Ok(outcome)
}

/// Always the same one for a document of this repository: paths are part of what cargo keeps in the target folder.
/// Outside of the repository, where cargo would find its workspace.
fn empty_folder(root: &Path, document: &str) -> anyhow::Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    (root, document).hash(&mut hasher);
    let folder = std::env::temp_dir().join(format!("xtask-docs-{:016x}", hasher.finish()));
    if folder.symlink_metadata().is_ok() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    std::fs::create_dir(&folder).with_context(|| format!("making {}", folder.display()))?;
    std::fs::create_dir(folder.join("session")).context("making the session's folder")?;
    Ok(folder)
}

/// Writes every block to a file, and the script that uses them.
///
/// Standard input is a pipe that nobody writes to. It ends when its owner is done or gone, for whatever reason; then a
/// watching process ends the whole group, background jobs included. The commands have an empty standard input.
fn script(folder: &Path, document: &Document) -> anyhow::Result<PathBuf> {
    let name = Path::new(&document.path).file_name().context("a document without a name")?;
    let mut script = "set -euo pipefail\n\
        exec 9<&0 </dev/null 2>&1\n\
        (read -r <&9 || true; kill -KILL -- -$$) >/dev/null &\n\
        disown\n\
        exec 9<&-\n"
        .to_owned();
    for (index, step) in document.steps.iter().enumerate() {
        let place = folder.join(index.to_string());
        std::fs::create_dir(&place).with_context(|| format!("making {}", place.display()))?;
        let file = place.join(name);
        let quoted = quote(&file);
        let _ = writeln!(script, "printf '\\n\\036%s\\n' {index}");
        let text = match &step.kind {
            // Line numbers in bash's messages are then those of the document.
            Kind::Run { commands, .. } => {
                let _ = writeln!(script, ". {quoted}");
                "\n".repeat(step.line) + commands
            }
            Kind::Write { path, text } => {
                let _ = writeln!(script, "mkdir -p \"$(dirname '{path}')\"\ncp {quoted} '{path}'");
                text.clone()
            }
        };
        std::fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    }
    let _ = writeln!(script, "printf '\\n\\036%s\\n' {}", document.steps.len());
    let file = folder.join("session.sh");
    std::fs::write(&file, script).with_context(|| format!("writing {}", file.display()))?;
    Ok(file)
}

fn quote(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

/// How the session ended.
#[derive(Debug)]
enum End {
    Itself(ExitStatus),
    /// It was ended, and why.
    Stopped(String),
}

fn judge(steps: &[Step], lines: &[String], end: &End) -> Outcome {
    let outputs = split(lines);
    let mut outcome = Outcome::default();
    for (index, step) in steps.iter().enumerate() {
        let Some(output) = outputs.get(index) else { break };
        let last = index + 1 == outputs.len();
        let what = match (&step.kind, end) {
            (_, End::Itself(status)) if last && status.success() => {
                Some("the session ended here, before the end of the document".to_owned())
            }
            (_, End::Itself(status)) if last => Some(format!("failed with {status}")),
            (_, End::Stopped(why)) if last => Some(why.clone()),
            (Kind::Run { expected, .. }, _) => missing(expected, output)
                .map(|line| format!("the output lacks this line of the sample: {line}")),
            (Kind::Write { .. }, _) => None,
        };
        match what {
            None => outcome.passed += 1,
            Some(what) => {
                let tail = output.get(output.len().saturating_sub(SHOWN)..).unwrap_or_default();
                outcome.problems.push(format!("{}: {what}\n{}", step.line, tail.join("\n")));
            }
        }
    }
    if outputs.is_empty() {
        outcome.problems.push(format!("0: the session did not begin: {end:?}\n{}", lines.join("\n")));
    }
    outcome
}

/// What each step printed; the last part is of the end mark when the session came to it.
fn split(lines: &[String]) -> Vec<Vec<String>> {
    let mut outputs: Vec<Vec<String>> = Vec::new();
    for line in lines {
        if line.starts_with(MARK) {
            outputs.push(Vec::new());
        } else if let Some(output) = outputs.last_mut() {
            output.push(line.clone());
        }
    }
    outputs
}
