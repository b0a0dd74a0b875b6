//! One call, made in several ways (`subjects`), and what it costs (`measure`).
//!
//! ```text
//! call-bench subjects                   the names, one a line
//! call-bench check                      whether all subjects send the same headers
//! call-bench serve N                    a server on N free ports: prints them, ends when its standard input does
//! call-bench run SUBJECT CALLS PORT,…   warms up, makes so many calls one after the other, prints CPU time as JSON
//! call-count run SUBJECT CALLS PORT,…   the same with allocations
//! ```
//!
//! `cargo xtask bench call` starts these, and callgrind around `call-bench run`.

mod check;
mod measure;
mod order;
mod server;
mod subjects;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;

use measure::Plan;
pub use measure::{Heap, Probe};

const USAGE: &str = "subjects | check | serve N | run SUBJECT CALLS PORT,…";

/// Both programs; `probe` reads the counting allocator where there is one.
pub fn main(probe: Probe) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments, probe).and_then(|line| say(&line)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What the command prints.
fn run(arguments: &[&str], probe: Probe) -> anyhow::Result<String> {
    match arguments {
        ["subjects"] => Ok(subjects::names().join("\n")),
        ["check"] => check::run(),
        ["serve", ports] => server::serve(ports.parse().context("N")?),
        ["run", subject, calls, ports] => {
            let ports = ports.split(',').map(str::parse).collect::<Result<_, _>>().context("PORT,…")?;
            let plan = Plan { calls: calls.parse().context("CALLS")?, ports, probe };
            Ok(serde_json::to_string(&subjects::find(subject)?(&plan)?)?)
        }
        _ => anyhow::bail!("usage: {USAGE}"),
    }
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
