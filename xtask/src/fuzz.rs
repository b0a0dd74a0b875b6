//! `cargo xtask fuzz`: libFuzzer over the generator and the runtime's reading of headers, for a bounded time.
//!
//! The targets in `fuzz/` are built with the coverage instrumentation that stable rustc has, without a sanitizer: generator and
//! runtime have no unsafe code, and what is looked for are panics, overflows of the stack, hangs and broken promises.
//! The seeds are the documents of this repository, as they are and as JSON, so that mutations keep their structure; and headers as
//! services send them.

mod seeds;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::process::{self, Deadline, Finished};
use crate::{cli, print};

const GENERATOR: [&str; 2] = ["load", "generate"];
/// Not in the short form: the runtime takes minutes to build with instrumentation, and its tests have the same property.
const RUNTIME: [&str; 1] = ["headers"];
/// For a build of all dependencies on a slow machine.
const BUILD_LIMIT: Duration = Duration::from_secs(30 * 60);
/// Seconds for each target.
const SHORT: u64 = 10;
const FULL: u64 = 300;
/// Longest input, in bytes.
const MAX_LENGTH: usize = 40_000;
/// KiB of stack: as much as a thread has, not the several times more of a main thread.
const STACK: usize = 2048;
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// The command; `false` when an input breaks a promise.
pub(crate) fn command(root: &Path, options: &cli::Fuzz) -> anyhow::Result<bool> {
    let targets: Vec<&str> = match options.target.as_deref() {
        None if options.short => GENERATOR.to_vec(),
        None => [&GENERATOR[..], &RUNTIME].concat(),
        Some(name) => match GENERATOR.iter().chain(&RUNTIME).find(|target| **target == name) {
            Some(target) => vec![*target],
            None => {
                let known = [&GENERATOR[..], &RUNTIME].concat().join(", ");
                return Err(cli::Usage(format!("no target {name:?}; there are: {known}")).into());
            }
        },
    };
    let seconds = options.seconds.unwrap_or(if options.short { SHORT } else { FULL });
    let fuzz = root.join("fuzz");
    let count = seeds::write(root, &fuzz.join("seeds"))?;
    print::note(&format!("fuzz: {count} seeds; building"));
    let programs = build(root, targets.iter().any(|target| RUNTIME.contains(target)))?;
    let mut rows = Vec::new();
    let mut clean = true;
    for target in targets {
        print::note(&format!("fuzz: {target} for {seconds} s"));
        let finished = run(&fuzz, &programs.join(target), target, seconds)?;
        let statistics = Statistics::read(&finished.lines);
        let crashed = !finished.status.success();
        if crashed {
            clean = false;
            let start = finished.lines.len().saturating_sub(40);
            print::text(&format!("{}\n", finished.lines.get(start..).unwrap_or_default().join("\n")));
        } else if statistics.runs == 0 {
            bail!("{target} ran no input");
        }
        rows.push(statistics.row(target, crashed));
    }
    print::table(&["target", "verdict", "runs", "coverage", "new units"], &rows, false);
    if !clean {
        print::note("the inputs are in fuzz/artifacts/; one again: target/fuzz/…/release/TARGET FILE");
    }
    Ok(clean)
}

/// Builds the targets, those of the runtime if they are wanted; the folder with the programs.
fn build(root: &Path, runtime: bool) -> anyhow::Result<PathBuf> {
    let host = host()?;
    let target = root.join("target/fuzz");
    let mut cargo = crate::cargo::cargo();
    cargo
        .args(["build", "--quiet", "--locked", "--release", "--manifest-path"])
        .arg(root.join("fuzz/Cargo.toml"));
    if !runtime {
        cargo.arg("--no-default-features");
    }
    // With --target, build scripts and procedural macros stay without instrumentation.
    cargo.args(["--target", &host, "--target-dir"]).arg(&target).env("RUSTFLAGS", COVERAGE);
    process::quietly(&mut cargo, Deadline::after(BUILD_LIMIT))?.successful("building fuzz/")?;
    Ok(target.join(host).join("release"))
}

fn host() -> anyhow::Result<String> {
    let rustc = Command::new("rustc").arg("-vV").output().context("starting rustc")?;
    let text = String::from_utf8_lossy(&rustc.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc -vV names no host")
}

fn run(fuzz: &Path, program: &Path, target: &str, seconds: u64) -> anyhow::Result<Finished> {
    let (corpus, artifacts) = (fuzz.join("corpus").join(target), fuzz.join("artifacts").join(target));
    for folder in [&corpus, &artifacts] {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -s {STACK}; exec \"$0\" \"$@\"")]).arg(program);
    shell.args([
        format!("-dict={}", fuzz.join("dictionary.txt").display()),
        format!("-artifact_prefix={}/", artifacts.display()),
        format!("-max_len={MAX_LENGTH}"),
        format!("-max_total_time={seconds}"),
        "-len_control=0".to_owned(),
        "-timeout=30".to_owned(),
        "-rss_limit_mb=2048".to_owned(),
        "-print_final_stats=1".to_owned(),
    ]);
    shell.arg(corpus).arg(fuzz.join("seeds").join(seeds::of(target))).stderr(Stdio::piped());
    // The seeds are run before the time begins to count.
    process::run(&mut shell, Deadline::after(Duration::from_secs(2 * seconds + 300)), |_| {})
}

/// What libFuzzer says of a run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Statistics {
    runs: u64,
    coverage: u64,
    new: u64,
}

impl Statistics {
    fn read(lines: &[String]) -> Self {
        let mut found = Self::default();
        for line in lines {
            let last = |line: &str| line.split_whitespace().next_back().and_then(|word| word.parse().ok());
            if line.starts_with("stat::number_of_executed_units:") {
                found.runs = last(line).unwrap_or_default();
            } else if line.starts_with("stat::new_units_added:") {
                found.new = last(line).unwrap_or_default();
            } else if let Some((_, rest)) = line.split_once(" cov: ") {
                let number = rest.split_whitespace().next().and_then(|word| word.parse().ok());
                found.coverage = number.unwrap_or(found.coverage);
            }
        }
        found
    }

    fn row(&self, target: &str, crashed: bool) -> Vec<String> {
        let verdict = if crashed { "CRASH" } else { "ok" };
        let numbers = [self.runs, self.coverage, self.new].map(|number| number.to_string());
        [target.to_owned(), verdict.to_owned()].into_iter().chain(numbers).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Statistics;

    #[test]
    fn statistics_are_those_of_the_end() {
        let lines = [
            "#2\tINITED cov: 11 ft: 12 corp: 1/1b exec/s: 0 rss: 27Mb",
            "#9000\tDONE   cov: 345 ft: 678 corp: 90/5Kb lim: 100 exec/s: 90 rss: 30Mb",
            "stat::number_of_executed_units: 9000",
            "stat::new_units_added:          77",
        ];
        let found = Statistics::read(&lines.map(str::to_owned));
        assert_eq!(found, Statistics { runs: 9000, coverage: 345, new: 77 });
        assert_eq!(found.row("load", true), ["load", "CRASH", "9000", "345", "77"]);
        assert_eq!(Statistics::read(&[]), Statistics::default());
    }
}
