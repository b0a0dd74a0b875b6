//! Runs a command in a process of its own whose children are the command's alone, so that their cost can be told apart
//! from what ran before.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::cli::Passed;
use crate::usage::Usage;
use crate::{print, usage};

/// What stands in the line, so that it is one of cargo's messages among others.
const REASON: &str = "xtask-usage";

/// The hidden command: runs what it is given and prints a line of JSON about it in the end. `false` when that failed.
pub(crate) fn command(passed: &Passed) -> anyhow::Result<bool> {
    let (program, arguments) = passed.arguments.split_first().context("no command")?;
    let status = Command::new(program).args(arguments).status().context("running the command")?;
    let Usage { cpu, peak } = usage::children()?;
    print::text(&format!("{}\n", json!({"reason": REASON, "cpu": cpu, "peak": peak})));
    Ok(status.success())
}

/// A command that is run through the hidden one.
pub(super) fn wrapped(program: &Path, command: &str) -> Command {
    let given = std::env::var_os(command.to_uppercase()).unwrap_or_else(|| command.into());
    let mut wrapped = Command::new(program);
    wrapped.arg("corpus-measured").arg(given);
    wrapped
}

/// Reads the line.
pub(super) fn read(line: &str) -> Option<Usage> {
    let value: Value = serde_json::from_str(line).ok()?;
    let ours = value.get("reason").is_some_and(|reason| reason == REASON);
    ours.then_some(Usage { cpu: value.get("cpu")?.as_f64()?, peak: value.get("peak")?.as_u64()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_line() {
        assert_eq!(read(r#"{"reason":"xtask-usage","cpu":1.5,"peak":7}"#), Some(Usage { cpu: 1.5, peak: 7 }));
        for other in ["", "{}", r#"{"reason":"build-finished","cpu":1.5,"peak":7}"#] {
            assert_eq!(read(other), None);
        }
    }
}
