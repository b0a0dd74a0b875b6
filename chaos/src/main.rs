//! `cargo xtask chaos`: many calls with injected faults, over sockets and in virtual time.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

use std::process::ExitCode;

use chaos::{Report, scripted, sockets};
use clap::{Parser, ValueEnum};

/// Calls with injected faults: none is processed twice that must not be, each ends once and in time, no hook is left out.
#[derive(Debug, Parser)]
struct Options {
    /// Only over sockets, or only in virtual time.
    part: Option<Part>,
    /// Calls of each part.
    #[arg(long, default_value_t = 100_000)]
    calls: usize,
    /// Which faults come when.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Sockets,
    Scripted,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(broken) => {
            eprintln!("{broken} rules broken");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// How many rules were broken.
fn run(options: &Options) -> anyhow::Result<usize> {
    let Options { part, calls, seed } = *options;
    let mut broken = 0;
    if part != Some(Part::Scripted) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        broken += show("over sockets", &runtime.block_on(sockets(calls, seed))?);
    }
    if part != Some(Part::Sockets) {
        broken += show("in virtual time", &scripted(calls, seed)?);
    }
    Ok(broken)
}

fn show(title: &str, report: &Report) -> usize {
    println!("{title}\n{report}");
    for rule in report.broken.iter().take(20) {
        eprintln!("{title}: {rule}");
    }
    report.broken.len()
}
