//! `cargo xtask bench call`: what one call through the runtime costs, beside plain reqwest.
//!
//! The calls are made by `bench/call`, a workspace of its own, one after the other in a process of one thread; the server is
//! another process. Each subject is measured in three ways: instructions (callgrind, which collects only while the
//! calls are made, so that start-up and warm-up are not in it), heap allocations (a counting allocator), CPU time (user and system, all subjects in turns, so that
//! what else the machine does meets all).
//!
//! With `--telemetry` there are subjects that somebody listens to, with spans and metrics, and one in which tracing is compiled out:
//! what nobody listens to is compared with that one.

mod callgrind;
mod figures;
mod gate;
mod programs;
mod row;
mod server;
mod table;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;

use crate::process::Deadline;
use crate::{cli, print};
use figures::Figures;
use programs::Programs;
use row::{Row, Spread};
use server::Server;

/// The subject that the others are compared with, and ours.
const BASE: &str = "reqwest";
const OURS: &str = "ours";
/// Ours with endpoints chosen by load, as those behind one name are.
const BY_LOAD: &str = "ours-p2c";
/// Ours in a program that has spans and a recorder and uses neither; in one of which tracing is compiled out; with metrics; with spans;
/// with both.
const UNHEARD: &str = "unheard";
const SILENT: &str = "silent";
const METRICS: &str = "metrics";
const SPANS: &str = "spans";
const BOTH: &str = "spans-metrics";
/// Instances in the scenario with many: a large service.
const MANY: usize = 200;
/// The measurements, without the build.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// How much is measured.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// Calls of one run that is counted. Whole rounds over [`MANY`] endpoints.
    counted: usize,
    /// Calls of one timed run.
    timed: usize,
    /// Timed runs of each subject; none at all in the short form, whose figures say nothing about time.
    rounds: usize,
}

const FULL: Effort = Effort { counted: 2000, timed: 5000, rounds: 9 };
const SHORT: Effort = Effort { counted: 400, timed: 0, rounds: 0 };
/// Runs of each subject under callgrind. They differ little: by the addresses that the allocator happens to give.
const RUNS: usize = 3;

/// What `target/bench/call.json` holds.
#[derive(Debug, Serialize)]
struct Report<'a> {
    short: bool,
    rows: &'a [Row],
    figures: &'a Figures,
}

/// The command: `false` when a figure misses its gate, or with `--gate` when it could not be measured.
pub(crate) fn call(root: &Path, options: &cli::BenchCall) -> anyhow::Result<bool> {
    let programs = Programs::build(root, options.telemetry || options.gate)?;
    let deadline = Deadline::after(LIMIT);
    let scenarios = scenarios(&programs.subjects(), &options.subjects)?;
    print::note(&format!("bench: all subjects send these headers: {}", programs.check(deadline)?));
    let work = root.join("target/bench");
    let valgrind = callgrind::is_there();
    if !valgrind {
        print::note(callgrind::HOW_TO_INSTALL);
    }
    let effort = if options.short { SHORT } else { FULL };
    let server = Server::start(programs.serve(MANY)?, MANY)?;
    let bench = Bench { programs: &programs, server: &server, work: &work, deadline };
    let rows = bench.rows(&scenarios, effort, valgrind)?;
    drop(server);

    let figures = Figures::of(&rows);
    let report = Report { short: options.short, rows: &rows, figures: &figures };
    let file = work.join("call.json");
    std::fs::write(&file, serde_json::to_vec_pretty(&report)?)
        .with_context(|| format!("writing {}", file.display()))?;
    let gates = gate::read(&root.join("bench/call/gates.toml"))?;
    print::table(&table::HEADER, &table::rows(&rows), options.markdown);
    print::table(&table::FIGURES, &table::figures(&figures, &gates), options.markdown);
    let missed = gate::missed(&rows, &figures, &gates);
    if options.gate {
        for what in &missed {
            print::error(&anyhow::anyhow!("{what}"));
        }
    }
    Ok(!options.gate || missed.is_empty())
}

/// Subjects with numbers of endpoints: each with one, ours and the one that it is compared with with many, too.
fn scenarios(known: &[String], wanted: &[String]) -> anyhow::Result<Vec<(String, usize)>> {
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(name)) {
        let known = known.join(", ");
        return Err(cli::Usage(format!("no subject {unknown:?} in bench/call; there are: {known}")).into());
    }
    let is_wanted = |name: &&String| wanted.is_empty() || wanted.contains(name) || *name == BASE;
    let mut scenarios: Vec<_> = known.iter().filter(is_wanted).map(|name| (name.clone(), 1)).collect();
    let ours = [OURS, BY_LOAD].into_iter().filter(|many| scenarios.iter().any(|(name, _)| name == many));
    let ours: Vec<&str> = ours.collect();
    let base = (!ours.is_empty()).then_some(BASE);
    let many: Vec<_> = base.into_iter().chain(ours).map(|name| (name.to_owned(), MANY)).collect();
    scenarios.extend(many);
    Ok(scenarios)
}

/// What all measurements need.
struct Bench<'a> {
    programs: &'a Programs,
    server: &'a Server,
    work: &'a Path,
    deadline: Deadline,
}

impl Bench<'_> {
    fn rows(
        &self,
        scenarios: &[(String, usize)],
        effort: Effort,
        valgrind: bool,
    ) -> anyhow::Result<Vec<Row>> {
        let mut rows = Vec::new();
        for (subject, endpoints) in scenarios {
            let heap =
                self.programs.count(subject, effort.counted, self.server.ports(*endpoints), self.deadline)?;
            rows.push(Row::new(subject, *endpoints, effort.counted, heap));
        }
        if valgrind {
            let counted = in_turns(scenarios, RUNS, |subject, endpoints| {
                print::note(&format!("bench: counting instructions of {subject}, endpoints: {endpoints}"));
                self.instructions(subject, endpoints, effort.counted)
            })?;
            rows.iter_mut().zip(counted).for_each(|(row, runs)| row.instructions = Spread::of(runs));
        }
        if effort.rounds > 0 {
            print::note("bench: CPU time");
        }
        let timed = in_turns(scenarios, effort.rounds, |subject, endpoints| {
            let ports = self.server.ports(endpoints);
            Ok(self.programs.cpu(subject, effort.timed, ports, self.deadline)? / effort.timed as f64)
        })?;
        rows.iter_mut().zip(timed).for_each(|(row, runs)| row.cpu_us = Spread::of(runs));
        Ok(rows)
    }

    /// Instructions of one call.
    fn instructions(&self, subject: &str, endpoints: usize, calls: usize) -> anyhow::Result<f64> {
        let ports = self.server.ports(endpoints);
        let out = self.work.join(format!("callgrind.{subject}-{endpoints}.out"));
        let total = callgrind::run(&mut self.programs.run(subject, calls, ports)?, &out, self.deadline)?;
        Ok(total as f64 / calls as f64)
    }
}

/// Runs every scenario once, then all again: for each scenario the results of its runs.
fn in_turns(
    scenarios: &[(String, usize)],
    rounds: usize,
    mut run: impl FnMut(&str, usize) -> anyhow::Result<f64>,
) -> anyhow::Result<Vec<Vec<f64>>> {
    let mut all = vec![Vec::new(); scenarios.len()];
    for _ in 0..rounds {
        for ((subject, endpoints), runs) in scenarios.iter().zip(&mut all) {
            runs.push(
                run(subject, *endpoints).with_context(|| format!("{subject}, endpoints: {endpoints}"))?,
            );
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_always_there_and_ours_twice() {
        let known = ["reqwest", "ours", "cached"].map(String::from);
        let check = |wanted: &[&str], expected: &str| {
            let wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
            let found = scenarios(&known, &wanted).unwrap();
            let shown: Vec<_> = found.iter().map(|(name, endpoints)| format!("{name} {endpoints}")).collect();
            assert_eq!(shown.join(", "), expected);
        };
        check(&[], "reqwest 1, ours 1, cached 1, reqwest 200, ours 200");
        check(&["cached"], "reqwest 1, cached 1");
        check(&["ours"], "reqwest 1, ours 1, reqwest 200, ours 200");
        assert!(scenarios(&known, &["own".to_owned()]).unwrap_err().is::<cli::Usage>());
    }

    #[test]
    fn runs_alternate() {
        let scenarios = [("a".to_owned(), 1), ("b".to_owned(), 2)];
        let mut order = String::new();
        let all = in_turns(&scenarios, 2, |subject, endpoints| {
            order.push_str(subject);
            Ok((order.len() * 10 + endpoints) as f64)
        });
        assert_eq!(order, "abab");
        assert_eq!(all.unwrap(), [[11.0, 31.0], [22.0, 42.0]]);
    }

    #[test]
    fn calls_are_whole_rounds() {
        for effort in [FULL, SHORT] {
            assert_eq!(effort.counted % MANY, 0);
        }
    }
}
