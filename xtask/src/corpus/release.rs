//! Optimised programs: documents of the world have megabytes.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};

/// Builds a program of another workspace with optimisation, in a target folder of its own.
pub(super) fn build(manifest: &Path, target: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let status = crate::cargo::cargo()
        .args(["build", "--release", "--locked", "--bin", name, "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(target)
        .stdin(Stdio::null())
        .status()
        .context("running cargo")?;
    if !status.success() {
        bail!("{} could not be built", manifest.display());
    }
    Ok(target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}
