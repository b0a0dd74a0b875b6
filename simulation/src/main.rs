//! `cargo xtask simulate`: every scenario with every policy, as a table and as a picture.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use simulation::{Figures, Policy, Scenario, check, picture, repeats, run, scenarios, table};

/// What balancing, ejection, re-sends and hedging do when something goes wrong, in virtual time.
#[derive(Debug, Parser)]
struct Options {
    /// Only scenarios whose names contain this.
    filter: Option<String>,
    /// The same seed gives the same numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also write a picture.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

fn main() -> ExitCode {
    match simulate(&Options::parse()) {
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
fn simulate(options: &Options) -> anyhow::Result<usize> {
    let wanted = |name: &str| options.filter.as_deref().is_none_or(|part| name.contains(part));
    let drawn: Vec<&str> = scenarios().iter().map(|scenario| scenario.name).collect();
    let mut rows = Vec::new();
    let mut about = Vec::new();
    let mut broken = 0;
    for (scenario, policies) in all().iter().filter(|(scenario, _)| wanted(scenario.name)) {
        for policy in policies {
            let seen = run(scenario, *policy, options.seed)?;
            for rule in check(scenario, &seen) {
                eprintln!("{}, {}: {rule}", scenario.name, policy.name);
                broken += 1;
            }
            rows.push((scenario.name, policy.name, Figures::of(scenario, &seen)));
        }
        about.push(format!("{}: {}", scenario.name, scenario.about));
    }
    anyhow::ensure!(!rows.is_empty(), "no scenario of that name; the names are {}", names());
    println!("{}", table(&rows));
    about.dedup();
    println!("{}", about.join("\n"));
    if let Some(file) = &options.svg {
        // What is sent again is no matter of durations and shares.
        rows.retain(|(name, ..)| drawn.contains(name));
        std::fs::write(file, picture(&rows)).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(broken)
}

/// Every scenario, with its policies.
fn all() -> Vec<(Scenario, Vec<Policy>)> {
    let balancing = scenarios().into_iter().map(|scenario| (scenario, Policy::ALL.to_vec()));
    balancing.chain(repeats()).collect()
}

fn names() -> String {
    let mut names: Vec<&str> = all().iter().map(|(scenario, _)| scenario.name).collect();
    names.dedup();
    names.join(", ")
}
