//! The whole of a run over all documents.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Context as _;

use super::check::{self, Checked};
use super::compile::Compiler;
use super::documents::{self, Document};
use super::floor::Floor;
use super::judge::Row;
use super::totals::totals;
use super::turn::Turn;
use super::{degraded, pool, release, scratch, table, tsv};
use crate::print::Progress;
use crate::{cli, print};

/// `false` when a document or the floor makes the run fail.
pub(super) fn run(root: &Path, all: Vec<Document>, options: &cli::Corpus) -> anyhow::Result<bool> {
    let start = Instant::now();
    let names = documents::digest(all.iter().map(|document| document.name.as_str()));
    let documents = documents::filtered(all, options.filter.as_deref())?;
    let work = options.work.clone().unwrap_or_else(|| root.join("target/corpus-run"));
    scratch::prepare(root, &work)?;
    let own = std::env::current_exe()?;
    let (program, judge) = if options.debug || options.short {
        (own, None)
    } else {
        let manifest = root.join("xtask/Cargo.toml");
        (release::build(&manifest, &root.join("target/corpus-xtask"), "xtask")?, degraded::program(root)?)
    };
    let turn = Turn {
        program: &program,
        generated: work.join("generated"),
        judge: judge.as_deref(),
        twice: options.twice,
    };
    let progress = Progress::new();
    let rows = turns(&turn, documents, super::jobs(options), &progress)?;
    // Before the compiler, which takes longer than everything else and may be stopped.
    let files = write(root, options, &rows.iter().map(|(_, row)| row).collect::<Vec<_>>())?;
    let checked = match options.check {
        None => None,
        Some(amount) => {
            let compiler =
                Compiler { scratch: &work, target: root.join("target/corpus-build"), program: &program };
            Some(check::run(root, &compiler, &rows, (amount, options.seed), &progress)?)
        }
    };
    progress.finish();

    let rows: Vec<&Row> = rows.iter().map(|(_, row)| row).collect();
    print::text(&table::summary(&rows, checked.as_ref(), start.elapsed()));
    print::note(&format!(
        "every document: {}; every degraded schema: {}",
        files.0.display(),
        files.1.display()
    ));
    let mut failures = failures(&rows, checked.as_ref(), options.short);
    failures.extend(floor(root, options, names, &rows)?);
    for failure in &failures {
        print::text(&format!("FAILED: {failure}\n"));
    }
    Ok(failures.is_empty())
}

/// Every document, the largest first so that none of them is left for the end; in the order of their names again.
fn turns(
    turn: &Turn<'_>,
    documents: Vec<Document>,
    jobs: usize,
    progress: &Progress,
) -> anyhow::Result<Vec<(Document, Row)>> {
    let size = |document: &Document| std::fs::metadata(&document.path).map_or(0, |it| it.len());
    let mut documents: Vec<(u64, Document)> = documents.into_iter().map(|it| (size(&it), it)).collect();
    documents.sort_by(|(a, _), (b, _)| b.cmp(a));
    let done = AtomicUsize::new(0);
    let rows = pool::map(&documents, jobs, |_, (_, document)| {
        let row = turn.take(document)?;
        progress.step(&document.name, done.fetch_add(1, Ordering::Relaxed) + 1, documents.len());
        Ok(row)
    })?;
    let mut rows: Vec<(Document, Row)> =
        documents.into_iter().map(|(_, document)| document).zip(rows).collect();
    rows.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    Ok(rows)
}

/// Why the run fails, the floor aside.
fn failures(rows: &[&Row], checked: Option<&Checked>, whole: bool) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows {
        found.extend(row.failures().into_iter().map(|failure| format!("{}: {failure}", row.name)));
        if whole && row.word() == "error" {
            found.push(format!("{}: is an error, and stands in this repository", row.name));
        }
    }
    for (name, errors) in checked.iter().flat_map(|checked| &checked.broken) {
        found.push(format!("{name}: does not compile, {} errors", errors.len()));
    }
    found
}

/// What the floor has to say; writes it, if that is wanted.
fn floor(root: &Path, options: &cli::Corpus, names: String, rows: &[&Row]) -> anyhow::Result<Vec<String>> {
    if options.short {
        return Ok(Vec::new());
    }
    let path = options.floor.clone().unwrap_or_else(|| root.join("corpus/floor.toml"));
    let shown = path.display();
    let floor = Floor::read(&path)?;
    let run = Floor::of(names.clone(), &totals(rows.iter().copied()), floor.as_ref());
    if options.update_floor {
        std::fs::write(&path, run.text()?).with_context(|| format!("writing {shown}"))?;
        print::note(&format!("{shown} is written; every error in it needs its reason"));
        return Ok(Vec::new());
    }
    match floor {
        Some(floor) if options.filter.is_none() && floor.is_of(&names) => Ok(floor
            .differences(&run)
            .into_iter()
            .map(|difference| format!("{shown}: {difference}"))
            .collect()),
        Some(_) => {
            print::note(&format!("{shown} speaks of other documents and was not applied"));
            Ok(Vec::new())
        }
        None => {
            print::note(&format!("there is no {shown}; `--update-floor` writes it"));
            Ok(Vec::new())
        }
    }
}

/// Where the two tables are.
fn write(root: &Path, options: &cli::Corpus, rows: &[&Row]) -> anyhow::Result<(PathBuf, PathBuf)> {
    let name = if options.short { "target/corpus-short.tsv" } else { "target/corpus.tsv" };
    let documents = options.tsv.clone().unwrap_or_else(|| root.join(name));
    let stem = documents.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let places = documents.with_file_name(format!("{stem}-degraded.tsv"));
    let texts = [tsv::documents(rows.iter().copied()), tsv::places(rows.iter().copied())];
    for (path, text) in [&documents, &places].into_iter().zip(texts) {
        std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok((documents, places))
}
