//! `cargo xtask gen`: every spec folder becomes its crate, or is compared with it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use rpc_codegen::{Input, Options, Output};

use crate::apply::{self, Beside, Place};
use crate::cli;
use crate::files::{self, ChangeKind};
use crate::fsops::{Disk, RealDisk, RunLock};
use crate::report::{Report, Row, Status};
use crate::{Generate, print, recover, spec};

/// Everything a run needs; tests bring their own.
pub(crate) struct Run<'a> {
    pub(crate) root: &'a Path,
    pub(crate) disk: &'a dyn Disk,
    pub(crate) generate: Generate,
    pub(crate) check: bool,
    pub(crate) diffs: bool,
}

/// The command: runs, prints, says whether all is well.
pub(crate) fn command(root: &Path, options: &cli::Gen, generate: Generate) -> anyhow::Result<bool> {
    let run = Run { root, disk: &RealDisk, generate, check: options.check, diffs: options.verbose };
    let progress = print::Progress::new();
    let report =
        run.all(&options.services, &mut |service, done, total| progress.step(service, done, total))?;
    progress.finish();
    print::report(&report, options.verbose);
    Ok(report.is_clean())
}

impl Run<'_> {
    /// All services, or the named ones. `Err` only for what concerns no single service.
    pub(crate) fn all(
        &self,
        named: &[String],
        progress: &mut dyn FnMut(&str, usize, usize),
    ) -> anyhow::Result<Report> {
        let specs = self.root.join("specs");
        let _lock = match self.check || !specs.exists() {
            true => None,
            false => Some(RunLock::take(&specs).context("locking specs/")?),
        };
        if !self.check {
            recover::all(self.disk, self.root)?;
        }
        let known = spec::list(&specs)?;
        if let Some(unknown) = named.iter().find(|name| !known.contains(name)) {
            let known = if known.is_empty() {
                "specs/ is empty".into()
            } else {
                format!("there are: {}", known.join(", "))
            };
            return Err(cli::Usage(format!("no service {unknown:?} in specs/; {known}")).into());
        }
        let mut services = if named.is_empty() { known.clone() } else { named.to_vec() };
        services.sort();
        services.dedup();
        let mut report = Report { check: self.check, ..Report::default() };
        for (done, service) in services.iter().enumerate() {
            progress(service, done, services.len());
            let start = Instant::now();
            let mut row = self.one(service).unwrap_or_else(|error| Row::failed(service, &error));
            row.elapsed = start.elapsed();
            report.rows.push(row);
        }
        if named.is_empty() {
            self.orphans(&known, &mut report)?;
        }
        Ok(report)
    }

    fn one(&self, service: &str) -> anyhow::Result<Row> {
        let input = spec::read(&self.root.join("specs"), service)?;
        let place = recover::place(self.root, service);
        let lock_path = self.root.join("specs").join(service).join("names.lock");
        let target =
            Target { place: &place, lock: Some(&lock_path), shown: &format!("generated/{service}/") };
        service_row(&input, &Options::default(), self, &target)
    }

    /// Crates in `generated/` whose spec folder is gone: removed if they are ours.
    fn orphans(&self, known: &[String], report: &mut Report) -> anyhow::Result<()> {
        for name in spec::list(&self.root.join("generated"))? {
            if known.contains(&name) {
                continue;
            }
            let start = Instant::now();
            let place = recover::place(self.root, &name);
            let found = files::read_folder(&place.crate_folder)?;
            if place.crate_folder.is_symlink() || !found.contains_key("Cargo.toml") || !apply::is_ours(&found)
            {
                report.foreign.push(format!("generated/{name}/"));
                continue;
            }
            let mut row = Row::new(&name, Status::Removed);
            row.changes = files::compare(
                &format!("generated/{name}/"),
                &found,
                &rpc_codegen::FileSet::default(),
                self.diffs,
            );
            if !self.check
                && let Err(error) = apply::remove(self.disk, &place)
            {
                row = Row::failed(&name, &error);
            }
            row.elapsed = start.elapsed();
            report.rows.push(row);
        }
        Ok(())
    }
}

/// Where one service's output goes.
pub(crate) struct Target<'a> {
    pub(crate) place: &'a Place,
    /// Where `names.lock` is kept, if it is.
    pub(crate) lock: Option<&'a Path>,
    /// What stands before a crate's file in messages.
    pub(crate) shown: &'a str,
}

/// Generates one service and writes or compares it.
pub(crate) fn service_row(
    input: &Input,
    options: &Options,
    run: &Run<'_>,
    target: &Target<'_>,
) -> anyhow::Result<Row> {
    let Target { place, lock, shown } = *target;
    let sources = || {
        input.files.iter().map(|(path, bytes)| (format!("{}{path}", input.prefix), bytes.clone())).collect()
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| (run.generate)(input, options)))
        .map_err(|_| anyhow::anyhow!("the generator panicked; this is a bug in rpc-codegen"))?;
    let Output { files, names_lock, diagnostics, operations, types, .. } = match outcome {
        Ok(output) => output,
        Err(failure) => {
            let row = Row::new(&input.service, Status::Failed);
            return Ok(Row { diagnostics: failure.diagnostics, sources: sources(), ..row });
        }
    };
    files::validate_paths(&files)?;
    let found = files::read_folder(&place.crate_folder)?;
    place.refuse_foreign(&found)?;

    let mut changes = files::compare(shown, &found, &files, run.diffs);
    let crate_differs = !changes.is_empty();
    let old_lock = input.file("names.lock");
    let lock = lock.filter(|_| old_lock != Some(names_lock.as_bytes()));
    if lock.is_some() {
        let kind = if old_lock.is_some() { ChangeKind::Differs } else { ChangeKind::Missing };
        let path = format!("{}names.lock", input.prefix);
        changes.push(files::change(
            path,
            kind,
            old_lock.unwrap_or_default(),
            names_lock.as_bytes(),
            run.diffs,
        ));
    }
    if !changes.is_empty() && !run.check {
        let beside = lock.map(|path| Beside { path, contents: names_lock.as_bytes() });
        apply::replace(run.disk, place, &found, crate_differs.then_some(&files), beside.as_ref())?;
    }
    let status = match (changes.is_empty(), found.is_empty()) {
        (true, _) => Status::Fresh,
        (false, true) => Status::New,
        (false, false) => Status::Updated,
    };
    let row = Row::new(&input.service, status);
    Ok(Row { operations, types, files: files.len(), changes, diagnostics, sources: sources(), ..row })
}

#[cfg(test)]
mod real_tests;
#[cfg(test)]
pub(crate) mod tests;
