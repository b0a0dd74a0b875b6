//! `cargo xtask tidy`: house rules over every tracked file, as functions from a tree to findings.

mod dependencies;
mod generated;
mod sources;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::print;

/// A broken rule and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    /// From 1; 0 for the whole file.
    line: usize,
    message: String,
}

impl Finding {
    fn file(path: &str, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: 0, message: message.into() }
    }

    fn line(path: &str, index: usize, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: index + 1, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// The tracked text files by path; files that are no UTF-8 are left out.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// What git tracks, with the working tree's contents.
    fn read(root: &Path) -> anyhow::Result<Self> {
        let output =
            Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().context("running git")?;
        if !output.status.success() {
            bail!("git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let mut files = BTreeMap::new();
        for path in String::from_utf8_lossy(&output.stdout).split('\0').filter(|path| !path.is_empty()) {
            // Deleted but not yet staged, a link, or no text: no rule looks at those.
            if let Ok(text) = std::fs::read_to_string(root.join(path)) {
                files.insert(path.to_owned(), text);
            }
        }
        Ok(Self { files })
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn generated(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter(|(path, _)| is_generated(path))
    }

    /// Rust files that people write.
    fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter(|(path, _)| path.ends_with(".rs") && !is_generated(path) && !is_test_data(path))
    }
}

/// A file inside a crate that `gen` owns; `generated/README.md` is not one.
fn is_generated(path: &str) -> bool {
    path.strip_prefix("generated/").is_some_and(|rest| rest.contains('/'))
}

/// Expected outputs of tests.
fn is_test_data(path: &str) -> bool {
    path.contains("/golden/") || path.contains("/expected/") || path.contains("/fixtures/")
}

/// Every rule, in the order of the report.
const RULES: [fn(&Tree) -> Vec<Finding>; 7] = [
    dependencies::direction,
    dependencies::lints_inherited,
    dependencies::lints_copied,
    sources::size,
    sources::holes,
    generated::header,
    generated::forbidden_text,
];

fn check(tree: &Tree) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule(tree)).collect()
}

/// The command: prints findings, says whether there are none.
pub(crate) fn command(root: &Path) -> anyhow::Result<bool> {
    let tree = Tree::read(root)?;
    let findings = check(&tree);
    print::findings(&findings, tree.files.len());
    Ok(findings.is_empty())
}

#[cfg(test)]
mod tests;
