//! The programs of `bench/call`: built, started, and what they print read.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;

use crate::print;
use crate::process::{self, Deadline};

/// A cold build on a slow machine.
const BUILD_LIMIT: Duration = Duration::from_secs(30 * 60);

/// Two builds of the same program.
#[derive(Debug)]
pub(super) struct Programs {
    /// The one whose time and instructions are measured.
    pub(super) bench: PathBuf,
    /// The one with a counting allocator.
    count: PathBuf,
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
    pub(super) fn build(root: &Path) -> anyhow::Result<Self> {
        print::note("bench: building");
        let target = root.join("target/bench/build");
        let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        build.args(["build", "--quiet", "--locked", "--release", "--manifest-path"]);
        build.arg(root.join("bench/call/Cargo.toml")).env("CARGO_TARGET_DIR", &target);
        process::quietly(&mut build, Deadline::after(BUILD_LIMIT))?.successful("building bench/call")?;
        let program =
            |name: &str| target.join("release").join(name).with_extension(std::env::consts::EXE_EXTENSION);
        Ok(Self { bench: program("call-bench"), count: program("call-count") })
    }

    /// The names that it knows.
    pub(super) fn subjects(&self, deadline: Deadline) -> anyhow::Result<Vec<String>> {
        process::quietly(Command::new(&self.bench).arg("subjects"), deadline)?
            .successful("listing the subjects")
    }

    /// Compares what the subjects send; the headers, in one line.
    pub(super) fn check(&self, deadline: Deadline) -> anyhow::Result<String> {
        let lines = process::quietly(Command::new(&self.bench).arg("check"), deadline)?;
        Ok(lines.successful("comparing the subjects' headers")?.join(" "))
    }

    /// A run, to be started.
    pub(super) fn run(&self, subject: &str, calls: usize, ports: &[String]) -> Command {
        run(&self.bench, subject, calls, ports)
    }

    /// CPU time of so many calls, in microseconds.
    pub(super) fn cpu(
        &self,
        subject: &str,
        calls: usize,
        ports: &[String],
        deadline: Deadline,
    ) -> anyhow::Result<f64> {
        cost(&mut self.run(subject, calls, ports), deadline).map(|cost| cost.cpu)
    }

    /// What so many calls do to the heap.
    pub(super) fn count(
        &self,
        subject: &str,
        calls: usize,
        ports: &[String],
        deadline: Deadline,
    ) -> anyhow::Result<Heap> {
        let cost = cost(&mut run(&self.count, subject, calls, ports), deadline)?;
        cost.heap.context("call-count has no counting allocator")
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
