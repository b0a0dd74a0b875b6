//! A crate to be measured, and how progenitor's crate is made.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, bail};

use super::{RUNS, cpu, lower};
use crate::files;

/// A crate on disk.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) folder: PathBuf,
    /// Not a member of the root workspace: keeps its build in `target/measure/`.
    pub(super) own_workspace: bool,
    pub(super) features: Features,
}

/// Which of its features are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Features {
    /// Those that are on by default: all operations.
    Usual,
    /// `--all-features`
    All,
    /// One, and no default.
    Only(String),
}

/// What it costs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub(super) cpu: f64,
    pub(super) lines: usize,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// `cargo check`
    Check,
    /// `cargo build --release`
    Release,
}

impl Subject {
    /// The cost of a check: the median of [`RUNS`].
    pub(super) fn measure(&self, root: &Path) -> anyhow::Result<Cost> {
        let cost = costs(root, &[self], Build::Check, RUNS)?;
        let cpu = cost.first().map(|all| cpu::median(all.clone())).unwrap_or_default();
        Ok(Cost { cpu, lines: lines(&self.folder)? })
    }

    /// Compiles it with all that it depends on.
    pub(super) fn compile(&self, root: &Path, build: Build) -> anyhow::Result<()> {
        cpu::of(&mut self.command(root, build)).map(drop)
    }

    fn command(&self, root: &Path, build: Build) -> Command {
        let mut command = crate::cargo::cargo();
        command.args(match build {
            Build::Check => &["check", "--quiet"][..],
            Build::Release => &["build", "--release", "--quiet"],
        });
        command.arg("--manifest-path").arg(self.folder.join("Cargo.toml"));
        match &self.features {
            Features::Usual => {}
            Features::All => drop(command.arg("--all-features")),
            Features::Only(feature) => drop(command.args(["--no-default-features", "--features", feature])),
        }
        command.env("CARGO_INCREMENTAL", "0").current_dir(root);
        if self.own_workspace {
            command.env("CARGO_TARGET_DIR", root.join("target/measure/build"));
        }
        command
    }
}

/// A run of this many CPU seconds is not repeated.
const LONG: f64 = 30.0;

/// CPU seconds that compiling each crate alone takes, run by run; in turns, so that what else the machine does meets all.
pub(super) fn costs(
    root: &Path,
    subjects: &[&Subject],
    build: Build,
    runs: usize,
) -> anyhow::Result<Vec<Vec<f64>>> {
    for subject in subjects {
        if !lib(subject).is_file() {
            bail!("{} is not there; run `cargo xtask gen` first", lib(subject).display());
        }
        subject.compile(root, build)?;
    }
    let mut all = vec![Vec::new(); subjects.len()];
    for _ in 0..runs {
        for (subject, costs) in subjects.iter().zip(&mut all) {
            if costs.iter().any(|cost| *cost > LONG) {
                continue;
            }
            let idle = cpu::of(&mut subject.command(root, build))?;
            let file =
                std::fs::File::options().write(true).open(lib(subject)).context("touching src/lib.rs")?;
            file.set_modified(SystemTime::now())?;
            let busy = cpu::of(&mut subject.command(root, build))?;
            costs.push((busy - idle).max(0.0));
        }
    }
    Ok(all)
}

fn lib(subject: &Subject) -> PathBuf {
    subject.folder.join("src/lib.rs")
}

/// Physical lines of all Rust files.
fn lines(folder: &Path) -> anyhow::Result<usize> {
    let files = files::read_folder(&folder.join("src"))?;
    let rust = files.iter().filter(|(path, _)| path.ends_with(".rs"));
    Ok(rust
        .filter_map(|(_, file)| file.contents.as_deref())
        .map(|text| text.iter().filter(|b| **b == b'\n').count())
        .sum())
}

/// progenitor's crate for a service's document, lowered, made in `target/measure/`.
pub(super) fn baseline(root: &Path, service: &str, document: &[u8], style: &str) -> anyhow::Result<Subject> {
    let document: serde_json::Value = serde_json::from_slice(document)
        .context("the baseline needs a JSON document (YAML is not lowered)")?;
    let work = root.join("target/measure").join(service);
    std::fs::create_dir_all(&work)?;
    let lowered = work.join("lowered.json");
    std::fs::write(&lowered, serde_json::to_vec_pretty(&lower::to_progenitor(&document))?)?;
    progenitor(root, &lowered, work.join(style), style)
}

/// progenitor's crate for a document as it is, made by `bench/progenitor-baseline`.
///
/// # Errors
/// Also when progenitor does not accept the document.
pub(super) fn progenitor(
    root: &Path,
    document: &Path,
    folder: PathBuf,
    style: &str,
) -> anyhow::Result<Subject> {
    let output = crate::cargo::cargo()
        .args(["run", "--quiet", "--manifest-path"])
        .arg(root.join("bench/progenitor-baseline/Cargo.toml"))
        .arg("--")
        .args([document, &folder])
        .arg(style)
        .env("CARGO_TARGET_DIR", root.join("target/measure/baseline"))
        .output()
        .context("running bench/progenitor-baseline")?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!(
            "progenitor: {}",
            errors.lines().find(|line| !line.trim().is_empty()).unwrap_or("failed without a word")
        );
    }
    Ok(Subject { folder, own_workspace: true, features: Features::Usual })
}
