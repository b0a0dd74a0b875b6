//! Compiles everything that came out, warnings as errors.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::new::errors;
use crate::print::Progress;

/// The errors of each service whose crate does not compile.
pub(super) fn check(
    scratch: &Path,
    services: &[&str],
    progress: &Progress,
) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let mut broken = BTreeMap::new();
    if services.is_empty() {
        return Ok(broken);
    }
    let log = scratch.join("build.txt");
    let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--workspace", "--offline", "--keep-going", "--message-format=json", "--target-dir"])
        .arg(scratch.join("target"))
        .current_dir(scratch)
        .env("RUSTFLAGS", "-Dwarnings")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::create(&log)?)
        .spawn()
        .context("running cargo")?;
    let mut messages = String::new();
    let mut built = 0;
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufReader::lines) {
        let line = line?;
        if line.contains("\"reason\":\"compiler-artifact\"") && line.contains("/generated/") {
            built += 1;
            progress.step("compiling", built, services.len());
        }
        if line.contains("\"reason\":\"compiler-message\"") {
            messages.push_str(&line);
            messages.push('\n');
        }
    }
    let status = child.wait()?;
    for service in services {
        let folder = format!("/generated/{service}/Cargo.toml");
        let found = errors(&messages, &|manifest| manifest.ends_with(&folder));
        if !found.is_empty() {
            broken.insert((*service).to_owned(), found);
        }
    }
    if !status.success() && broken.is_empty() {
        bail!("cargo check failed, and no crate is the reason; see {}", log.display());
    }
    Ok(broken)
}
