//! `cargo xtask differential [DIR]`: our clients and stock progenitor's, the same calls, the same requests?
//!
//! The suite is a workspace of its own (`differential/`), with progenitor in it; it is built and run here.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use crate::cli;

/// The command: `false` when a difference is not explained.
pub(crate) fn command(root: &Path, options: &cli::Differential) -> anyhow::Result<bool> {
    let status = start(root, options)?.status().context("starting cargo for differential/")?;
    Ok(status.success())
}

/// The suite as a process.
fn start(root: &Path, options: &cli::Differential) -> anyhow::Result<Command> {
    let root = root.canonicalize().context("reading the repository")?;
    let folder = match &options.folder {
        Some(folder) if folder.is_dir() => folder.clone(),
        Some(folder) => return Err(cli::Usage(format!("{} is not a folder", folder.display())).into()),
        None => root.join("differential/documents"),
    };
    let mut run = crate::cargo::cargo();
    run.args(["run", "--quiet", "--locked", "--manifest-path"]).arg(root.join("differential/Cargo.toml"));
    let short = options.short || options.folder.is_none();
    run.arg("--").args([root, folder]);
    run.args([options.count.to_string(), options.seed.to_string()]);
    run.arg(if short { "short" } else { "full" });
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_there_or_the_command_is_wrong() {
        let root = tempfile::tempdir().unwrap();
        let shown = |folder: Option<std::path::PathBuf>| {
            let options = cli::Differential { folder, short: false, count: 7, seed: 3 };
            start(root.path(), &options).map(|run| {
                let tail = run.get_args().skip(5).map(|one| one.to_string_lossy().into_owned());
                tail.collect::<Vec<_>>().join(" ")
            })
        };
        let canonical = root.path().canonicalize().unwrap();
        let here = canonical.display();
        assert_eq!(shown(None).unwrap(), format!("-- {here} {here}/differential/documents 7 3 short"));
        assert_eq!(shown(Some(canonical.clone())).unwrap(), format!("-- {here} {here} 7 3 full"));
        assert!(shown(Some("nowhere".into())).unwrap_err().is::<cli::Usage>());
    }
}
