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

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::docs::{fences, steps};

    /// Runs a document; the number of steps that passed, and its problems.
    fn run_text(name: &str, markdown: &str) -> (usize, Vec<String>) {
        let root = tempfile::tempdir().unwrap();
        let steps = steps::of(&fences::of(markdown)).unwrap();
        let document = Document { path: format!("docs/{name}.md"), steps };
        let outcome = run(root.path(), root.path(), &document).unwrap();
        if let Some(kept) = &outcome.kept {
            std::fs::remove_dir_all(kept.parent().unwrap()).unwrap();
        }
        (outcome.passed, outcome.problems)
    }

    fn check(name: &str, markdown: &str, passed: usize, problem: Option<&str>) {
        let (found, problems) = run_text(name, markdown);
        match problem {
            None => assert!(problems.is_empty(), "{problems:?}"),
            Some(part) => assert!(problems.len() == 1 && problems[0].contains(part), "{part}: {problems:?}"),
        }
        assert_eq!(found, passed, "{name}");
    }

    #[test]
    fn one_session_per_document() {
        let markdown = "```sh\nmkdir a\ncd a\nx=1\n```\n```toml title=\"b/c.toml\"\nk = 1\n```\n\
            ```sh\ncat b/c.toml\necho \"x is $x\"\nread -r line || echo no input\n```\n```text\nk = 1\nx is…\nno input\n```\n\
            ```sh\nsleep 60 &\nkill %1\nsleep 60 &\nkill $!\nsleep 60 &\n```\n";
        check("session", markdown, 4, None);
    }

    #[test]
    fn what_goes_wrong_is_told_with_its_line() {
        let document =
            |commands: &str| format!("# A\n\n```sh\n{commands}\n```\n```text\nb\n```\n\n```sh\n:\n```\n");
        check("fails", &document("echo b\nls no-such-file"), 0, Some("3: failed with exit status: 2\nb\n"));
        check("lacks", &document("echo a"), 1, Some("3: the output lacks this line of the sample: b\n"));
        check("unset", &document("echo $nothing"), 0, Some("unset.md: line 4: nothing: unbound variable"));
        check("exits", &document("echo b\nexit 0"), 0, Some("3: the session ended here"));
        check("syntax", &document("if"), 0, Some("syntax.md: line"));
    }

    #[test]
    fn nothing_outlives_a_session() {
        let pid = std::env::temp_dir().join(format!("xtask-docs-test-{}", std::process::id()));
        let markdown = format!("```sh\n(exec sleep 600) &\necho $! > {}\n```\n", pid.display());
        check("outlives", &markdown, 1, None);
        let id = std::fs::read_to_string(&pid).unwrap().trim().to_owned();
        std::fs::remove_file(&pid).unwrap();
        let alive = || {
            let status = Command::new("bash").args(["-c", &format!("kill -0 {id} 2>/dev/null")]).status();
            status.unwrap().success()
        };
        // A killed process stays known until its new parent has noticed.
        let deadline = Deadline::after(Duration::from_secs(20));
        while alive() && !deadline.left().is_zero() {
            std::thread::sleep(process::TICK);
        }
        assert!(!alive());
    }
}
