//! `--check`: a sample of the results is compiled.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::compile::{Compiled, Compiler};
use super::documents::Document;
use super::facts::Generated;
use super::judge::Row;
use super::sample::sample;
use super::scratch;
use crate::cli::Amount;
use crate::print::Progress;

/// With more operations only the largest module is compiled: the whole takes minutes and gigabytes, and is more of the same.
const LARGE: usize = 3_000;

/// What the compiler said.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// How many crates were compiled.
    pub(super) crates: usize,
    /// Documents whose crate does not compile, with the first errors.
    pub(super) broken: Vec<(String, Vec<String>)>,
    /// CPU seconds.
    pub(super) cpu: f64,
    /// Memory of the largest compiler, in KiB.
    pub(super) peak: u64,
}

/// Compiles a sample of the crates in the workspace's `generated/`.
pub(super) fn run(
    root: &Path,
    compiler: &Compiler<'_>,
    rows: &[(Document, Row)],
    (amount, seed): (Amount, u64),
    progress: &Progress,
) -> anyhow::Result<Checked> {
    let made: Vec<(&Document, usize)> = rows
        .iter()
        .filter_map(|(document, row)| match &row.facts()?.result {
            Generated::Crate(made) => Some((document, made.operations)),
            Generated::Error(_) => None,
        })
        .collect();
    let count = match amount {
        Amount::Count(count) => count,
        Amount::All => made.len(),
    };
    let sample = sample(made, count, seed, |(document, _)| &document.name);
    let (large, whole): (Vec<_>, Vec<_>) = sample.iter().partition(|(_, operations)| *operations > LARGE);
    let services =
        |part: &[(&Document, usize)]| part.iter().map(|(it, _)| it.service.clone()).collect::<Vec<_>>();
    let (large, whole) = (services(&large), services(&whole));
    let all: Vec<&str> = whole.iter().chain(&large).map(String::as_str).collect();
    scratch::members(root, compiler.scratch, &all)?;

    let mut checked = Checked { crates: sample.len(), ..Checked::default() };
    let mut take = |compiled: Compiled| {
        checked.cpu += compiled.usage.cpu;
        checked.peak = checked.peak.max(compiled.usage.peak);
        for (service, errors) in compiled.broken {
            let document = sample.iter().find(|(document, _)| document.service == service);
            checked.broken.push((document.map_or(service, |(document, _)| document.name.clone()), errors));
        }
    };
    let names: Vec<&str> = whole.iter().map(String::as_str).collect();
    take(compiler.check(&names, &["--all-features".into()], progress)?);
    for service in &large {
        let mut arguments = vec!["--no-default-features".to_owned()];
        if let Some(feature) = largest(&compiler.scratch.join("generated").join(service))? {
            arguments.extend(["--features".to_owned(), feature]);
        }
        take(compiler.check(&[service], &arguments, progress)?);
    }
    checked.broken.sort();
    Ok(checked)
}

/// The feature of the module of operations with the most text.
fn largest(folder: &Path) -> anyhow::Result<Option<String>> {
    let manifest: toml::Table =
        fs::read_to_string(folder.join("Cargo.toml"))?.parse().context("Cargo.toml")?;
    let features = manifest.get("features").and_then(|it| it.get("full")).and_then(|it| it.as_array());
    let features: Vec<&str> = features.into_iter().flatten().filter_map(|it| it.as_str()).collect();
    let mut modules = Vec::new();
    for entry in fs::read_dir(folder.join("src/operations")).context("reading src/operations")? {
        let entry = entry?;
        let module = entry.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        modules.push((entry.metadata()?.len(), module.trim_matches('_').replace('_', "-")));
    }
    modules.sort();
    let known = |name: &str| features.iter().find(|feature| **feature == name).map(|it| (*it).to_owned());
    Ok(modules.iter().rev().find_map(|(_, module)| known(module)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_module() {
        let folder = tempfile::tempdir().unwrap();
        let operations = folder.path().join("src/operations");
        fs::create_dir_all(&operations).unwrap();
        fs::write(folder.path().join("Cargo.toml"), "[features]\nfull = [\"a-b\", \"c\"]\n").unwrap();
        for (name, size) in [("mod.rs", 30), ("a_b.rs", 20), ("c.rs", 10)] {
            fs::write(operations.join(name), "x".repeat(size)).unwrap();
        }
        assert_eq!(largest(folder.path()).unwrap().as_deref(), Some("a-b"));
        fs::write(folder.path().join("Cargo.toml"), "").unwrap();
        assert_eq!(largest(folder.path()).unwrap(), None);
    }
}
