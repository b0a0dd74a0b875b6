//! The suite's own cargo: build without a warning, then run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;
use serde_json::Value;

use super::{Outcome, Places};
use crate::print;
use crate::process::{Deadline, run};

/// What the test runner counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tests(String);

impl Outcome for Tests {
    fn outcome(&self) -> &str {
        &self.0
    }
}

/// Builds all tests, and with them the generated crates. A warning in any of them is a failure.
pub(super) fn build(places: &Places, deadline: Deadline) -> anyhow::Result<String> {
    let mut command = cargo(places, "test");
    // `-D warnings` in RUSTFLAGS would be another build of every dependency; the messages tell as well.
    command.args(["--no-run", "--message-format", "json"]);
    let finished = run(&mut command, deadline, |_| {})?;
    let messages: Vec<Message> = finished.lines.iter().filter_map(|line| message(line)).collect();
    for message in &messages {
        print::note(&message.rendered);
    }
    if !finished.status.success() {
        bail!(
            "cargo ended with {}; if it asks for a new lock file: cargo update --workspace --manifest-path interop/Cargo.toml",
            finished.status
        );
    }
    if let Some(first) = messages.first() {
        bail!("{} warnings, the first in {}", messages.len(), first.package);
    }
    Ok("ok".to_owned())
}

/// Runs all tests; what they print is passed on.
pub(super) fn test(places: &Places, urls: &str, short: bool, deadline: Deadline) -> anyhow::Result<Tests> {
    let mut command = cargo(places, "test");
    command.arg("--no-fail-fast").env("INTEROP_SERVICES", urls).env_remove("INTEROP_SHORT");
    if short {
        command.env("INTEROP_SHORT", "1");
    }
    let finished = run(&mut command, deadline, print::note)?;
    let counted = count(&finished.lines);
    if !finished.status.success() {
        bail!("{}", if counted.is_empty() { "no test ran".to_owned() } else { counted });
    }
    Ok(Tests(counted))
}

/// A cargo command of the suite, with the target folder of the root: the dependencies are the same.
fn cargo(places: &Places, subcommand: &str) -> Command {
    let mut command = crate::cargo::cargo();
    command.args([subcommand, "--locked", "--manifest-path"]).arg(places.suite.join("Cargo.toml"));
    command.current_dir(&places.root).env("CARGO_TARGET_DIR", target(&places.root));
    // Settings of the process that called us are not the suite's; a proxy must not see calls to the loopback interface.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy().to_ascii_uppercase();
        if text.starts_with("RPC_CLIENT_") || text == "CARGO_MANIFEST_DIR" {
            command.env_remove(&name);
        }
    }
    command
}

fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path))
}

/// A warning or an error of rustc.
#[derive(Debug, PartialEq, Eq)]
struct Message {
    package: String,
    rendered: String,
}

fn message(line: &str) -> Option<Message> {
    let value: Value = serde_json::from_str(line).ok()?;
    if value.get("reason")? != "compiler-message" {
        return None;
    }
    let inner = value.get("message")?;
    let level = inner.get("level")?.as_str()?;
    if !level.starts_with("warning") && !level.starts_with("error") {
        return None;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().trim_end().to_owned();
    Some(Message {
        package: text(value.get("package_id")?),
        rendered: inner.get("rendered").map(text).unwrap_or_default(),
    })
}

/// `test result: ok. 3 passed; 0 failed; …` of every binary, added up.
fn count(lines: &[String]) -> String {
    let results: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("test result: ")).collect();
    if results.is_empty() {
        return String::new();
    }
    let sum = |what: &str| -> usize {
        let words = results.iter().flat_map(|line| line.split([';', '.']));
        words.filter_map(|part| part.trim().strip_suffix(what)?.trim().parse::<usize>().ok()).sum()
    };
    format!("{} passed, {} failed, {} ignored", sum(" passed"), sum(" failed"), sum(" ignored"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_over_binaries() {
        let lines = [
            "running 2 tests",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.31s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 3.00s",
        ];
        assert_eq!(count(&lines.map(str::to_owned)), "13 passed, 2 failed, 1 ignored");
        assert_eq!(count(&["nothing".to_owned()]), "");
    }

    #[test]
    fn finds_warnings_in_cargos_messages() {
        let line = |level: &str| {
            format!(
                r#"{{"reason":"compiler-message","package_id":"p","message":{{"level":"{level}","rendered":"text\n"}}}}"#
            )
        };
        let found = Message { package: "p".into(), rendered: "text".into() };
        assert_eq!(message(&line("warning")), Some(found));
        assert!(message(&line("error")).is_some());
        assert_eq!(message(&line("note")), None);
        assert_eq!(message(r#"{"reason":"compiler-artifact","message":{"level":"warning"}}"#), None);
        assert_eq!(message("running 3 tests"), None);
    }
}
