//! A crate to be measured, and how progenitor's crate is made.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, bail};

use super::{RUNS, cpu, lower};
use crate::files;

/// A crate on disk.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) folder: PathBuf,
    /// Not a member of the root workspace: keeps its build in `target/measure/`.
    pub(super) own_workspace: bool,
}

/// What it costs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub(super) cpu: f64,
    pub(super) lines: usize,
}

impl Subject {
    pub(super) fn measure(&self, root: &Path) -> anyhow::Result<Cost> {
        let lib = self.folder.join("src/lib.rs");
        if !lib.is_file() {
            bail!("{} is not there; run `cargo xtask gen` first", lib.display());
        }
        let check = || {
            let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            command.args(["check", "--quiet", "--manifest-path"]).arg(self.folder.join("Cargo.toml"));
            command.env("CARGO_INCREMENTAL", "0").current_dir(root);
            if self.own_workspace {
                command.env("CARGO_TARGET_DIR", root.join("target/measure/build"));
            }
            command
        };
        cpu::of(&mut check())?;
        let (mut idle, mut busy) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            idle.push(cpu::of(&mut check())?);
            let file = std::fs::File::options().write(true).open(&lib).context("touching src/lib.rs")?;
            file.set_modified(SystemTime::now())?;
            busy.push(cpu::of(&mut check())?);
        }
        Ok(Cost { cpu: (cpu::median(busy) - cpu::median(idle)).max(0.0), lines: lines(&self.folder)? })
    }
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

/// progenitor's crate for a document, made by `bench/progenitor-baseline` in `target/measure/`.
pub(super) fn baseline(root: &Path, service: &str, document: &[u8], style: &str) -> anyhow::Result<Subject> {
    let document: serde_json::Value = serde_json::from_slice(document)
        .context("the baseline needs a JSON document (YAML is not lowered)")?;
    let work = root.join("target/measure").join(service);
    std::fs::create_dir_all(&work)?;
    let lowered = work.join("lowered.json");
    std::fs::write(&lowered, serde_json::to_vec_pretty(&lower::to_progenitor(&document))?)?;
    let folder = work.join(style);
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["run", "--quiet", "--manifest-path"])
        .arg(root.join("bench/progenitor-baseline/Cargo.toml"))
        .arg("--")
        .args([&lowered, &folder])
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
    Ok(Subject { folder, own_workspace: true })
}
