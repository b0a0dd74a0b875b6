//! `cargo check` for the new crate, which also brings `Cargo.lock` up to date.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context as _;

/// Errors that are shown.
const SHOWN: usize = 3;

/// How the build ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Build {
    Good,
    /// The new crate does not compile: the compiler's first errors.
    Broken(Vec<String>),
    /// Something else does not: what cargo said, empty if it has said so on the terminal.
    Elsewhere(String),
}

/// Builds the crate; cargo's progress is shown when `visible`.
pub(crate) fn check(root: &Path, service: &str, visible: bool) -> anyhow::Result<Build> {
    let output = crate::cargo::cargo()
        .args(["check", "--message-format=json", "-p", service])
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(if visible { Stdio::inherit() } else { Stdio::piped() })
        .output()
        .context("running cargo")?;
    if output.status.success() {
        return Ok(Build::Good);
    }
    let folder = format!("generated/{service}/Cargo.toml");
    let errors = errors(&String::from_utf8_lossy(&output.stdout), &|manifest| manifest.ends_with(&folder));
    if !errors.is_empty() {
        return Ok(Build::Broken(errors.into_iter().take(SHOWN).collect()));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().collect();
    Ok(Build::Elsewhere(lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n")))
}

/// The rendered errors in cargo's messages about packages whose manifest is meant.
pub(crate) fn errors(messages: &str, meant: &dyn Fn(&str) -> bool) -> Vec<String> {
    let parsed = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    parsed
        .filter(|message| {
            let text = |at: &str| message.pointer(at).and_then(|it| it.as_str()).unwrap_or_default();
            text("/reason") == "compiler-message"
                && text("/message/level") == "error"
                && meant(&text("/manifest_path").replace('\\', "/"))
        })
        .filter_map(|message| Some(message.pointer("/message/rendered")?.as_str()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::errors;

    #[test]
    fn only_errors_of_the_crate() {
        let line = |manifest: &str, level: &str| {
            format!(
                r#"{{"reason":"compiler-message","manifest_path":"{manifest}","message":{{"level":"{level}","rendered":"{level} in {manifest}"}}}}"#
            )
        };
        let messages = [
            line("/r/generated/a/Cargo.toml", "warning"),
            line("/r/generated/a/Cargo.toml", "error"),
            line("/r/rpc-runtime/Cargo.toml", "error"),
            "no json".to_owned(),
            r#"{"reason":"build-finished","success":false}"#.to_owned(),
        ]
        .join("\n");
        let found = errors(&messages, &|manifest| manifest.ends_with("generated/a/Cargo.toml"));
        assert_eq!(found, ["error in /r/generated/a/Cargo.toml"]);
    }
}
