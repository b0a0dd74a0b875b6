//! `cargo xtask corpus [DIR] --new N`: what becomes of documents that nobody here has written.
//!
//! A sample goes through `cargo xtask new` in a scratch workspace, each document in a process of its own, so that a panic
//! or a hang is a line of the table and not the end; then everything that came out is compiled, warnings as errors.

mod build;
mod child;
mod documents;
mod scratch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::{cli, print};
use child::Outcome;

/// One document of the sample.
#[derive(Debug)]
struct Sampled {
    document: PathBuf,
    service: String,
}

/// The command: `false` when a crate does not build, the generator panics or takes too long.
pub(crate) fn command(root: &Path, options: &cli::Corpus) -> anyhow::Result<bool> {
    let folder = match &options.folder {
        Some(folder) => {
            folder.canonicalize().map_err(|error| cli::Usage(format!("{}: {error}", folder.display())))?
        }
        None => documents::filled(root)?,
    };
    let sample = sample(documents::list(&folder)?, options.new, options.seed);
    if sample.is_empty() {
        bail!("{} has no *.json or *.yaml", folder.display());
    }
    let scratch = scratch::prepare(root)?;
    let program = std::env::current_exe()?;
    let progress = print::Progress::new();
    let mut outcomes = Vec::new();
    for (done, one) in sample.iter().enumerate() {
        progress.step(&one.service, done, sample.len());
        outcomes.push(child::run(&program, &scratch, one)?);
    }
    let generated: Vec<&str> = sample
        .iter()
        .zip(&outcomes)
        .filter(|(_, outcome)| **outcome == Outcome::Generated)
        .map(|(one, _)| one.service.as_str())
        .collect();
    let mut broken = build::check(&scratch, &generated, &progress)?;
    progress.finish();
    for (one, outcome) in sample.iter().zip(&mut outcomes) {
        if let Some(errors) = broken.remove(&one.service) {
            *outcome = Outcome::Broken(errors);
        }
    }
    let results: Vec<(&Sampled, &Outcome)> = sample.iter().zip(&outcomes).collect();
    print::text(&report(&results));
    Ok(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Generated | Outcome::Refused(..))))
}

/// The documents whose names come first when they are mixed with the seed; the same ones for the same folder and seed.
fn sample(documents: Vec<PathBuf>, count: usize, seed: u64) -> Vec<Sampled> {
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut documents: Vec<(u64, PathBuf)> =
        documents.into_iter().map(|path| (mixed(seed, name(&path).as_bytes()), path)).collect();
    documents.sort();
    documents.truncate(count);
    let service = |(index, (_, document)): (usize, (u64, PathBuf))| {
        let stem = document.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        let words = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let plain: String = words.collect::<Vec<_>>().join("-").chars().take(48).collect();
        Sampled { service: format!("d{index}-{}", plain.trim_end_matches('-')), document }
    };
    documents.into_iter().enumerate().map(service).collect()
}

/// FNV-1a with a seed, its bits mixed once more.
fn mixed(seed: u64, bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash =
        bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

fn report(results: &[(&Sampled, &Outcome)]) -> String {
    let mut counts: BTreeMap<(u8, String), (usize, String)> = BTreeMap::new();
    for (one, outcome) in results {
        let document = one.document.file_name().unwrap_or_default().to_string_lossy();
        let (order, kind, example) = match outcome {
            Outcome::Generated => (0, "building".to_owned(), String::new()),
            Outcome::Refused(code, message) => {
                (1, format!("refused {code}"), format!("{message} ({document})"))
            }
            Outcome::Broken(_) => (2, "BUILD FAILURE".to_owned(), document.into_owned()),
            Outcome::Panicked(message) => (3, "PANIC".to_owned(), format!("{message} ({document})")),
            Outcome::TimedOut => (4, "TIMEOUT".to_owned(), document.into_owned()),
        };
        counts.entry((order, kind)).or_insert((0, example)).0 += 1;
    }
    let mut text = String::new();
    for (one, outcome) in results {
        if let Outcome::Broken(errors) = outcome {
            text.push_str(&format!("{}, {} errors, the first:\n", one.document.display(), errors.len()));
            text.push_str(errors.first().map(String::as_str).unwrap_or_default());
            text.push('\n');
        }
    }
    let rows: Vec<Vec<String>> = counts
        .into_iter()
        .map(|((_, kind), (count, example))| {
            vec![kind, count.to_string(), example.chars().take(140).collect()]
        })
        .collect();
    text + &print::render_list(&["outcome", "documents", "example"], &rows)
}

#[cfg(test)]
mod tests;
