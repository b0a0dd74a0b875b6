//! Cargo in the scratch workspace.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::Value;

/// The compiler's errors.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    /// By package: line and message.
    pub(crate) by_package: BTreeMap<String, Vec<(usize, String)>>,
}

/// Compiles packages as far as possible, without the network unless something has to be downloaded first.
///
/// # Errors
/// When cargo fails and no package is the reason.
pub(crate) fn compile(folder: &Path, packages: &[String]) -> anyhow::Result<Errors> {
    let build = |offline: &[&str]| {
        let output = cargo(folder)
            .args(["build", "--keep-going", "--message-format=json", "--package", "program"])
            .args(offline)
            .args(packages.iter().flat_map(|package| ["--package", package.as_str()]))
            .stdin(Stdio::null())
            .output()
            .context("running cargo")?;
        let errors = read(&String::from_utf8_lossy(&output.stdout));
        if !output.status.success() && errors.by_package.is_empty() {
            bail!(
                "cargo build failed, and no crate is the reason:\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(errors)
    };
    build(&["--offline"]).or_else(|_| build(&[]))
}

/// Runs the program and returns what it printed.
///
/// # Errors
/// When it fails.
pub(crate) fn run(folder: &Path) -> anyhow::Result<String> {
    let output = cargo(folder)
        .args(["run", "--offline", "--quiet", "--package", "program"])
        .stdin(Stdio::null())
        .output()
        .context("running cargo")?;
    if !output.status.success() {
        bail!("the calls ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // As `cargo xtask` does: what cargo says of this program makes build scripts run again.
    let own = |name: &OsStr| {
        name.to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| own(name)) {
        command.env_remove(name);
    }
    command.current_dir(folder).env("CARGO_INCREMENTAL", "0");
    command
}

fn read(messages: &str) -> Errors {
    let mut errors = Errors::default();
    for line in messages.lines().filter(|line| line.contains("\"compiler-message\"")) {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        if message.pointer("/message/level").and_then(Value::as_str) != Some("error") {
            continue;
        }
        let text =
            |pointer: &str| message.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let line = message.pointer("/message/spans").and_then(Value::as_array).into_iter().flatten();
        let line = line.filter(|span| span.get("is_primary") == Some(&Value::Bool(true)));
        let line = line.filter_map(|span| span.get("line_start")?.as_u64()).next().unwrap_or_default();
        let said = text("/message/message");
        if said.starts_with("aborting due to") {
            continue;
        }
        let line = usize::try_from(line).unwrap_or_default();
        errors.by_package.entry(text("/target/name")).or_default().push((line, said));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_by_package_and_line() {
        let messages = concat!(
            r#"{"reason":"compiler-message","target":{"name":"calls_3"},"message":{"level":"error","message":"no","spans":[{"is_primary":true,"line_start":7}]}}"#,
            "\n",
            r#"{"reason":"compiler-message","target":{"name":"calls_3"},"message":{"level":"warning","message":"hm","spans":[]}}"#,
            "\n",
            r#"{"reason":"compiler-message","target":{"name":"calls_3"},"message":{"level":"error","message":"aborting due to 1 previous error","spans":[]}}"#,
        );
        assert_eq!(read(messages).by_package["calls_3"], [(7, "no".to_owned())]);
    }
}
