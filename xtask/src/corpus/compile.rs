//! Compiles generated crates, warnings as errors.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};

use super::measured;
use crate::new::errors;
use crate::print::Progress;
use crate::usage::Usage;

/// Where crates are compiled, and by what.
#[derive(Debug)]
pub(super) struct Compiler<'a> {
    /// The workspace, with the crates in `generated/`.
    pub(super) scratch: &'a Path,
    /// Kept from run to run.
    pub(super) target: PathBuf,
    /// This program.
    pub(super) program: &'a Path,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    /// The errors of each service whose crate does not compile.
    pub(super) broken: BTreeMap<String, Vec<String>>,
    /// CPU time of all, memory of the largest process.
    pub(super) usage: Usage,
}

impl Compiler<'_> {
    /// Compiles crates together, with the features that are chosen by `arguments`.
    pub(super) fn check(
        &self,
        services: &[&str],
        arguments: &[String],
        progress: &Progress,
    ) -> anyhow::Result<Compiled> {
        if services.is_empty() {
            return Ok(Compiled::default());
        }
        let log = self.scratch.join("build.txt");
        let mut child = measured::wrapped(self.program, "cargo")
            .args(["check", "--offline", "--keep-going", "--message-format=json", "--target-dir"])
            .arg(&self.target)
            .args(services.iter().flat_map(|service| ["-p", *service]))
            .args(arguments)
            .current_dir(self.scratch)
            .env("RUSTFLAGS", "-Dwarnings")
            // Nobody debugs or changes what is compiled here; both would take gigabytes.
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .context("running cargo")?;
        let mut messages = String::new();
        let mut compiled = Compiled::default();
        let mut built = 0;
        for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufReader::lines) {
            let line = line?;
            if line.contains("\"reason\":\"compiler-artifact\"") && line.contains("/generated/") {
                built += 1;
                progress.step("compiling", built, services.len());
            } else if line.contains("\"reason\":\"compiler-message\"") {
                messages.push_str(&line);
                messages.push('\n');
            } else if let Some(usage) = measured::read(&line) {
                compiled.usage = usage;
            }
        }
        let status = child.wait()?;
        for service in services {
            let folder = format!("/generated/{service}/Cargo.toml");
            let found = errors(&messages, &|manifest| manifest.ends_with(&folder));
            if !found.is_empty() {
                compiled.broken.insert((*service).to_owned(), found);
            }
        }
        // Whatever stops cargo (a full disk, a signal, a broken dependency) must not pass for crates that compile.
        let missing = services.len().saturating_sub(built + compiled.broken.len());
        if missing > 0 || (!status.success() && compiled.broken.is_empty()) {
            bail!("cargo check ended with {status} and {missing} crates not compiled; see {}", log.display());
        }
        Ok(compiled)
    }
}
