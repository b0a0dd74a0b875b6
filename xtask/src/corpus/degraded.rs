//! Schemas that the crate has no proper type for, found by a program that reads document and crate for itself.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::documents::Document;
use super::runner;

/// The program; `None` when this repository has none.
pub(super) fn program(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    let manifest = root.join("corpus/Cargo.toml");
    if !manifest.exists() {
        return Ok(None);
    }
    super::release::build(&manifest, &root.join("target/corpus-judge"), "degraded").map(Some)
}

/// The degraded schemas of a document, a line each: where, and why. `Err`: what kept the program from judging.
pub(super) fn judge(
    program: &Path,
    document: &Document,
    crate_folder: &Path,
    limit: Duration,
) -> anyhow::Result<Result<Vec<String>, String>> {
    let ended = runner::run(Command::new(program).arg(&document.path).arg(crate_folder), limit)?;
    let lines = || ended.out.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Ok(match ended.status {
        Some(status) if status.success() => Ok(lines()),
        None => Err("it did not end".to_owned()),
        Some(status) => {
            let line = ended.err.lines().find(|line| !line.is_empty()).unwrap_or("no message");
            Err(format!("{status}: {line}"))
        }
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn lines_or_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        let document =
            Document { name: "a".into(), service: "d0-a".into(), path: folder.path().join("a.json") };
        // The shell takes the document for its script, and the crate's folder for the first argument.
        let judged = |script: &str| {
            std::fs::write(&document.path, script).unwrap();
            judge(Path::new("sh"), &document, Path::new("/crate"), Duration::from_secs(20)).unwrap()
        };
        assert_eq!(judged("exit 0"), Ok(vec![]));
        let here = document.path.display();
        let lines = Ok(vec![format!("{here}\tx"), "/crate\ty".into()]);
        assert_eq!(judged(r#"printf '%s\tx\n%s\ty\n' "$0" "$1""#), lines);
        assert_eq!(judged("echo no >&2; exit 2"), Err("exit status: 2: no".into()));
    }
}
