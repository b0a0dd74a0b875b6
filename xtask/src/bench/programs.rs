//! The programs of `bench/call`: built, started, and what they print read.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use crate::print;
use crate::process::{self, Deadline};

/// A cold build on a slow machine.
const BUILD_LIMIT: Duration = Duration::from_secs(30 * 60);
const LIST_LIMIT: Duration = Duration::from_secs(60);

/// What `bench/call` is built with: nothing, then the features that add subjects. All in one folder, since they share most of what
/// they depend on.
const USUAL: [Option<&str>; 1] = [None];
const WITH_TELEMETRY: [Option<&str>; 3] = [None, Some("telemetry"), Some("silent")];

/// The builds of the programs.
#[derive(Debug)]
pub(super) struct Programs {
    /// The usual one first.
    builds: Vec<Build>,
}

#[derive(Debug)]
struct Build {
    /// The one whose time and instructions are measured.
    bench: PathBuf,
    /// The one with a counting allocator.
    count: PathBuf,
    /// The names that it knows and those before it do not.
    subjects: Vec<String>,
}

/// What a run prints.
#[derive(Debug, Deserialize)]
struct Cost {
    /// Microseconds.
    cpu: f64,
    heap: Option<Heap>,
}

/// What all calls of a run did to the heap.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Heap {
    pub(super) allocations: u64,
    pub(super) bytes: u64,
    /// Bytes in use when every endpoint is warm.
    pub(super) live: u64,
}

impl Programs {
    /// Compiles them in `target/bench/build`, optimised.
    pub(super) fn build(root: &Path, telemetry: bool) -> anyhow::Result<Self> {
        let features = if telemetry { &WITH_TELEMETRY[..] } else { &USUAL };
        let mut programs = Self { builds: Vec::new() };
        for features in features {
            let build = Build::new(root, *features, &programs.subjects())?;
            programs.builds.push(build);
        }
        Ok(programs)
    }

    /// The names that they know.
    pub(super) fn subjects(&self) -> Vec<String> {
        self.builds.iter().flat_map(|build| build.subjects.iter().cloned()).collect()
    }

    /// Compares what the subjects send, of all builds; the headers, in one line.
    pub(super) fn check(&self, deadline: Deadline) -> anyhow::Result<String> {
        let mut same: Option<String> = None;
        for build in &self.builds {
            let lines = process::quietly(Command::new(&build.bench).arg("check"), deadline)?;
            let headers = lines.successful("comparing the subjects' headers")?.join(" ");
            let first = same.get_or_insert_with(|| headers.clone());
            ensure!(*first == headers, "builds of bench/call send different headers:\n{first}\n{headers}");
        }
        Ok(same.unwrap_or_default())
    }

    /// Serves, to be started.
    pub(super) fn serve(&self, ports: usize) -> anyhow::Result<Command> {
        let mut serve = Command::new(&self.builds.first().context("bench/call was not built")?.bench);
        serve.args(["serve", &ports.to_string()]);
        Ok(serve)
    }

    /// A run, to be started.
    pub(super) fn run(&self, subject: &str, calls: usize, ports: &[String]) -> anyhow::Result<Command> {
        Ok(run(&self.with(subject)?.bench, subject, calls, ports))
    }

    /// CPU time of so many calls, in microseconds.
    pub(super) fn cpu(
        &self,
        subject: &str,
        calls: usize,
        ports: &[String],
        deadline: Deadline,
    ) -> anyhow::Result<f64> {
        cost(&mut self.run(subject, calls, ports)?, deadline).map(|cost| cost.cpu)
    }

    /// What so many calls do to the heap.
    pub(super) fn count(
        &self,
        subject: &str,
        calls: usize,
        ports: &[String],
        deadline: Deadline,
    ) -> anyhow::Result<Heap> {
        let cost = cost(&mut run(&self.with(subject)?.count, subject, calls, ports), deadline)?;
        cost.heap.context("call-count has no counting allocator")
    }

    fn with(&self, subject: &str) -> anyhow::Result<&Build> {
        let knows = |build: &&Build| build.subjects.iter().any(|known| known == subject);
        self.builds.iter().find(knows).with_context(|| format!("no build of bench/call knows {subject:?}"))
    }
}

impl Build {
    /// The programs are copied away: the next build has the same names.
    fn new(root: &Path, features: Option<&str>, known: &[String]) -> anyhow::Result<Self> {
        let name = features.unwrap_or("usual");
        print::note(&format!("bench: building ({name})"));
        let (work, target) = (root.join("target/bench").join(name), root.join("target/bench/build"));
        let mut build = crate::cargo::cargo();
        build.args(["build", "--quiet", "--locked", "--release", "--manifest-path"]);
        build.arg(root.join("bench/call/Cargo.toml")).env("CARGO_TARGET_DIR", &target);
        build.args(features.iter().flat_map(|features| ["--features", features]));
        process::quietly(&mut build, Deadline::after(BUILD_LIMIT))?.successful("building bench/call")?;
        std::fs::create_dir_all(&work).with_context(|| format!("creating {}", work.display()))?;
        let program = |name: &str| {
            let file = Path::new(name).with_extension(std::env::consts::EXE_EXTENSION);
            let (from, to) = (target.join("release").join(&file), work.join(&file));
            std::fs::copy(&from, &to).with_context(|| format!("copying {}", from.display()))?;
            anyhow::Ok(to)
        };
        let (bench, count) = (program("call-bench")?, program("call-count")?);
        let list = process::quietly(Command::new(&bench).arg("subjects"), Deadline::after(LIST_LIMIT))?;
        let mut subjects = list.successful("listing the subjects")?;
        subjects.retain(|subject| !known.contains(subject));
        Ok(Self { bench, count, subjects })
    }
}

fn run(program: &Path, subject: &str, calls: usize, ports: &[String]) -> Command {
    let mut run = Command::new(program);
    run.args(["run", subject, &calls.to_string(), &ports.join(",")]);
    run
}

fn cost(run: &mut Command, deadline: Deadline) -> anyhow::Result<Cost> {
    let lines = process::quietly(run, deadline)?.successful("a run of bench/call")?;
    read(&lines)
}

fn read(lines: &[String]) -> anyhow::Result<Cost> {
    let line = lines.last().context("a run of bench/call printed nothing")?;
    serde_json::from_str(line).with_context(|| format!("a run of bench/call printed {line:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_read() {
        let cost = read(&[r#"{"cpu":70,"heap":{"allocations":4,"bytes":90,"live":8}}"#.to_owned()]).unwrap();
        let heap = cost.heap.unwrap();
        assert_eq!((heap.allocations, heap.bytes, heap.live), (4, 90, 8));
        assert!((cost.cpu - 70.0).abs() < 1e-9);
        assert!(read(&[r#"{"cpu":1}"#.to_owned()]).unwrap().heap.is_none());
        assert!(read(&["no JSON".to_owned()]).is_err() && read(&[]).is_err());
    }
}
