//! `cargo xtask interop`: generated clients against real FastAPI services.
//!
//! Installs FastAPI, lets the services of `interop/services` emit their documents, compares these with `specs/`, generates
//! stand-alone crates from them, builds the suite of `interop/tests` without a warning, starts the services on free ports of
//! the loopback interface, and runs the suite against them. Everything it makes is in `target/interop/` and
//! `interop/generated/`.

mod documents;
pub(crate) mod python;
mod services;
mod suite;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::process::Deadline;
use crate::{Generate, cli, print};
use services::Services;

/// The whole run, a cold build on a slow machine included.
const LIMIT: Duration = Duration::from_secs(40 * 60);

/// Where things are.
#[derive(Debug)]
struct Places {
    root: PathBuf,
    /// `interop/`: the services and the suite.
    suite: PathBuf,
    /// `target/interop/`: everything that can be made again.
    work: PathBuf,
}

/// The command; `Ok(false)` when a step failed.
pub(crate) fn command(
    root: &std::path::Path,
    options: &cli::Interop,
    generate: Generate,
) -> anyhow::Result<bool> {
    let places =
        Places { root: root.to_owned(), suite: root.join("interop"), work: root.join("target/interop") };
    std::fs::create_dir_all(&places.work).with_context(|| format!("making {}", places.work.display()))?;
    let mut steps = Steps::default();
    let result = run(&places, options, generate, &mut steps);
    print::table(&["step", "outcome", "seconds"], &steps.rows, false);
    if let Err(error) = &result {
        print::error(error);
    }
    Ok(result.is_ok())
}

fn run(places: &Places, options: &cli::Interop, generate: Generate, steps: &mut Steps) -> anyhow::Result<()> {
    let deadline = Deadline::after(LIMIT);
    let python = steps.run("python packages", || python::ready(places, deadline))?;
    steps.run("documents emitted", || documents::emit(places, &python.path, deadline))?;
    steps.run("documents = specs/", || documents::compare(places))?;
    steps.run("crates generated", || documents::generate(places, generate))?;
    steps.run("suite built, no warnings", || suite::build(places, deadline))?;
    let services = steps.run("services started", || Services::start(places, &python.path, deadline))?;
    let outcome = steps.run("suite", || suite::test(places, &services.urls, options.short, deadline));
    if options.keep {
        print::note(&format!(
            "the services run until Enter; a single test:\n  INTEROP_SERVICES='{}' cargo test --manifest-path interop/Cargo.toml -- NAME",
            services.urls
        ));
        std::io::stdin().read_line(&mut String::new()).context("waiting for Enter")?;
    }
    outcome.map(drop)
}

/// What a step has to say in the table.
trait Outcome {
    fn outcome(&self) -> &str;
}

impl Outcome for String {
    fn outcome(&self) -> &str {
        self
    }
}

/// The table.
#[derive(Debug, Default)]
struct Steps {
    rows: Vec<Vec<String>>,
}

impl Steps {
    fn run<T: Outcome>(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        print::note(&format!("interop: {name}"));
        let start = Instant::now();
        let result = step();
        let outcome = result.as_ref().map_or("FAILED", Outcome::outcome).to_owned();
        self.rows.push(vec![name.to_owned(), outcome, format!("{:.1}", start.elapsed().as_secs_f64())]);
        result.context(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_a_line_and_an_error() {
        let mut steps = Steps::default();
        assert_eq!(steps.run("one", || Ok("2 files".to_owned())).unwrap(), "2 files");
        let error = steps.run("two", || anyhow::Result::<String>::Err(anyhow::anyhow!("no"))).unwrap_err();
        assert_eq!(format!("{error:#}"), "two: no");
        let outcomes: Vec<_> = steps.rows.iter().map(|row| row[1].as_str()).collect();
        assert_eq!(outcomes, ["2 files", "FAILED"]);
    }
}
