//! `cargo xtask new SERVICE --spec FILE`: a document from anywhere becomes a service of this repository.
//!
//! ```text
//! 1 read      the document and what it refers to; nothing outside of its folder
//! 2 survey    envelope, credentials, calls; `service.toml` says what was found, and is tried before it is kept
//! 3 preview   `--dry-run` ends here
//! 4 install   specs/S and generated/S, both or neither
//! 5 build     `cargo check -p S`; a crate that does not compile is taken back
//! ```
//! Stopped at any point (Ctrl-C included): before the one file that commits 4, nothing is there; after it, everything is,
//! at the latest when the next command has run. The build changes nothing but `Cargo.lock` and `target/`.

mod build;
mod document;
pub(crate) mod install;
mod names;
mod preview;
mod settings;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use anyhow::Context as _;
use rpc_codegen::detect::{Survey, survey};
use rpc_codegen::{Failure, Input, Options, Output, Severity};

use build::Build;
pub(crate) use build::errors;
pub(crate) use document::Received;
use install::Install;

use crate::fsops::{Disk, RealDisk, RunLock};
use crate::report::{Row, Status};
use crate::{Generate, cli, files, print, recover};

/// What builds a crate: root, service, whether somebody watches.
type Builder = fn(&Path, &str, bool) -> anyhow::Result<Build>;

/// The generator and the compiler, or stand-ins in tests.
#[derive(Clone, Copy)]
struct Tools {
    generate: Generate,
    build: Builder,
}

/// A service that could be: everything that is known before anything is written.
struct Plan {
    received: Received,
    survey: Survey,
    output: Output,
}

/// The command: `false` when the document or the crate is no good.
pub(crate) fn command(root: &Path, options: &cli::New, generate: Generate) -> anyhow::Result<bool> {
    let tools = Tools { generate, build: build::check };
    run(&RealDisk, options.root.as_deref().unwrap_or(root), options, tools)
}

fn run(disk: &dyn Disk, root: &Path, options: &cli::New, tools: Tools) -> anyhow::Result<bool> {
    let service = options.service.as_str();
    let mut lock = None;
    if !options.dry_run {
        lock = Some(prepare(disk, root)?);
    }
    names::check(root, service)?;
    let plan = match plan(options, tools.generate)? {
        Ok(plan) => plan,
        Err(row) => {
            print::row(&row);
            return Ok(false);
        }
    };
    print::text(&preview::text(service, &plan.survey, &plan.output, options.verbose));
    if options.dry_run {
        print::text("\ndry run: nothing was written\n");
        return Ok(true);
    }
    put(disk, root, service, &plan)?;
    let built = options.no_build || build_or_take_back(disk, root, options, tools.build)?;
    drop(lock);
    if built {
        print::text(&preview::next_steps(service, &plan.survey, !options.no_build));
    }
    Ok(built)
}

/// Waits for other runs, and mends what they left.
fn prepare(disk: &dyn Disk, root: &Path) -> anyhow::Result<RunLock> {
    let specs = root.join("specs");
    disk.create_folders(&specs).context("creating specs/")?;
    let lock = RunLock::take(&specs).context("locking specs/")?;
    recover::all(disk, root)?;
    Ok(lock)
}

/// Steps 1 and 2. The inner error is a row with the generator's findings.
fn plan(options: &cli::New, generate: Generate) -> anyhow::Result<Result<Plan, Row>> {
    let service = options.service.as_str();
    let mut received = Received::read(&options.spec, service)?;
    let refused = |received: &Received, mut failure: Failure| {
        received.locate(&mut failure.diagnostics);
        // What is only odd comes into view when the rest is mended.
        failure.diagnostics.retain(|found| options.verbose || found.severity == Severity::Error);
        let row = Row::new(service, Status::Failed);
        Row { diagnostics: failure.diagnostics, sources: received.sources(), ..row }
    };
    let first = match guarded(|| survey(&received.input))? {
        Ok(first) => first,
        Err(failure) => return Ok(Err(refused(&received, failure))),
    };
    let mut chosen = None;
    if settings::wants_envelope(&first) {
        set_settings(&mut received.input, settings::text(service, &first, true));
        chosen = guarded(|| survey(&received.input))?.ok().filter(|survey| survey.enveloped > 0);
    }
    let survey = match chosen {
        Some(survey) => survey,
        None => {
            set_settings(&mut received.input, settings::text(service, &first, false));
            first
        }
    };
    let mut output = match guarded(|| generate(&received.input, &Options::default()))? {
        Ok(output) => output,
        Err(failure) => return Ok(Err(refused(&received, failure))),
    };
    files::validate_paths(&output.files)?;
    received.locate(&mut output.diagnostics);
    Ok(Ok(Plan { received, survey, output }))
}

fn set_settings(input: &mut Input, text: String) {
    input.files.insert("service.toml".to_owned(), text.into_bytes());
}

fn guarded<T>(run: impl FnOnce() -> T) -> anyhow::Result<T> {
    catch_unwind(AssertUnwindSafe(run))
        .map_err(|_| anyhow::anyhow!("the generator panicked; this is a bug in rpc-codegen"))
}

/// Step 4.
fn put(disk: &dyn Disk, root: &Path, service: &str, plan: &Plan) -> anyhow::Result<()> {
    let spec = plan.received.files(&plan.output.names_lock);
    Install { disk, root, service }.put(&spec, &plan.output.files)
}

/// Step 5; whether the crate compiles.
fn build_or_take_back(
    disk: &dyn Disk,
    root: &Path,
    options: &cli::New,
    build: Builder,
) -> anyhow::Result<bool> {
    let service = options.service.as_str();
    let lock = std::fs::read(root.join("Cargo.lock")).ok();
    match build(root, service, print::is_watched())? {
        Build::Good => return Ok(true),
        Build::Elsewhere(said) => print::note(&format!(
            "{said}\nerror: the workspace does not build, and {service} is not the reason. The service is in place; mend \
             the workspace, then: cargo check -p {service}"
        )),
        Build::Broken(errors) => {
            print::note(&errors.join("\n"));
            print::note(&format!(
                "error: the crate of {service} does not compile. This is a bug of the generator, not of the document: \
                 report it with the message above and the part of the document that it is about"
            ));
            if options.keep {
                print::note(&format!("specs/{service}/ and generated/{service}/ are kept"));
            } else {
                Install { disk, root, service }.take_back(lock.as_deref())?;
                print::note("everything is as it was; `--keep` keeps the files");
            }
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests;
