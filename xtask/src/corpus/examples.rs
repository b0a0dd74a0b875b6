//! `--examples`: every example of a document is read into the type that was generated for its schema.
//!
//! ```text
//! 1 plan       each document in a process of its own: its types as a crate, and which example goes into which type
//! 2 compile    many crates with one program that knows their types (`corpus/decode` is the rest of it)
//! 3 read       an example that its schema accepts must be read; one that contradicts it is listed with both reasons
//! ```

mod find;
pub(crate) mod plan;
mod program;
mod reach;
mod report;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::documents::Document;
use super::{LIMIT, MIB, SECONDS, pool, release, runner, scratch};
use crate::print::Progress;
use crate::{cli, print};
use report::Report;

/// How many crates stand behind one program: linking costs, and so does what cannot be compiled in parallel.
const TOGETHER: usize = 16;

/// `false` when an example is lost.
pub(super) fn run(root: &Path, documents: Vec<Document>, options: &cli::Corpus) -> anyhow::Result<bool> {
    let work = root.canonicalize()?.join("target/corpus-examples");
    scratch::prepare(root, &work)?;
    let program = match options.short || options.debug {
        true => std::env::current_exe()?,
        false => release::build(&root.join("xtask/Cargo.toml"), &root.join("target/corpus-xtask"), "xtask")?,
    };
    let progress = Progress::new();
    let jobs = super::jobs(options);
    let done = AtomicUsize::new(0);
    let planned = pool::map(&documents, jobs, |_, document| {
        progress.step(&document.name, done.fetch_add(1, Ordering::Relaxed) + 1, documents.len());
        let mut command = Command::new(&program);
        command.args(["corpus-plan", "--service", &document.service]);
        command.args(["--mib", &MIB.to_string(), "--seconds", &SECONDS.to_string()]);
        command.arg("--out").arg(work.join("generated").join(&document.service)).arg(&document.path);
        let ended = runner::run(&mut command, LIMIT)?;
        Ok(report::planned(document, &ended))
    })?;
    let mut report = Report::default();
    let mut services = Vec::new();
    for (document, plan) in documents.iter().zip(planned) {
        if report.add(document, plan) {
            services.push(document.service.as_str());
        }
    }
    let programs = program::write(root, &work, &services, TOGETHER)?;
    program::run(root, &work, &programs, &progress, &mut report)?;
    progress.finish();
    let path = options.tsv.clone().unwrap_or_else(|| root.join("target/corpus-examples.tsv"));
    std::fs::write(&path, report.tsv())?;
    print::text(&report.table());
    print::note(&format!("every example that was not read: {}", path.display()));
    Ok(report.is_good())
}
