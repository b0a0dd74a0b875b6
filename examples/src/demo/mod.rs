//! Runs situations one after the other and compares what they say with what is expected.

mod log;
pub(crate) mod print;
mod row;

use std::pin::Pin;
use std::time::Duration;

use anyhow::bail;

pub(crate) use log::Log;
pub(crate) use row::Row;

use crate::situations;
use crate::world::World;

/// No situation takes longer, whatever goes wrong.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs the situations of microservice life against embedded mock services and prints a table.
#[derive(Debug, clap::Parser)]
#[command(name = "demo", disable_version_flag = true)]
pub(crate) struct Arguments {
    /// Situations to run; all when none is named.
    #[arg(value_name = "SITUATION")]
    named: Vec<String>,
    /// Lists the situations.
    #[arg(long)]
    list: bool,
    /// Shows the request log of every call.
    #[arg(short, long)]
    verbose: bool,
    /// Expects something else of this situation, to see that a difference is found.
    #[arg(long = "break", value_name = "SITUATION")]
    broken: Option<String>,
    #[command(flatten)]
    look: print::Look,
}

/// One file of `situations/`.
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) name: &'static str,
    /// One line.
    pub(crate) about: &'static str,
    /// What [`run`](Self::run) says when all is well.
    pub(crate) expected: &'static str,
    pub(crate) run: for<'w> fn(&'w World) -> Running<'w>,
}

/// A running situation; it ends with what came of it, in words.
pub(crate) type Running<'w> = Pin<Box<dyn Future<Output = anyhow::Result<String>> + 'w>>;

/// `Ok(false)`: an outcome is not as expected, and the table says which.
pub(crate) fn main(arguments: &Arguments) -> anyhow::Result<bool> {
    let chosen = choose(arguments)?;
    if arguments.list {
        print::list(&chosen, &arguments.look);
        return Ok(true);
    }
    let log = Log::install(arguments.verbose);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let rows: Vec<Row> = chosen
        .iter()
        .map(|situation| {
            let broken = arguments.broken.as_deref() == Some(situation.name);
            runtime.block_on(run(situation, &log, broken))
        })
        .collect();
    print::table(&rows, &arguments.look);
    Ok(rows.iter().all(Row::is_as_expected))
}

fn choose(arguments: &Arguments) -> anyhow::Result<Vec<&'static Situation>> {
    let known = |name: &String| situations::ALL.iter().any(|situation| situation.name == name.as_str());
    if let Some(unknown) = arguments.named.iter().chain(&arguments.broken).find(|name| !known(name)) {
        let names: Vec<_> = situations::ALL.iter().map(|situation| situation.name).collect();
        bail!("no situation {unknown:?}; there are: {}", names.join(", "));
    }
    let wanted = |situation: &&Situation| {
        arguments.named.is_empty() || arguments.named.iter().any(|name| name == situation.name)
    };
    let chosen: Vec<_> = situations::ALL.iter().filter(wanted).collect();
    if let Some(broken) = &arguments.broken
        && !chosen.iter().any(|situation| situation.name == broken)
    {
        bail!("--break {broken} would break nothing: only {} is run", arguments.named.join(", "));
    }
    Ok(chosen)
}

/// One situation in a world of its own.
async fn run(situation: &'static Situation, log: &Log, broken: bool) -> Row {
    log.clear();
    let start = tokio::time::Instant::now();
    let expected =
        if broken { format!("not {:?}", situation.expected) } else { situation.expected.to_owned() };
    let world = match World::start(log.clone()).await {
        Ok(world) => world,
        Err(error) => return Row::failed(situation, expected, &error),
    };
    let outcome = tokio::time::timeout(LIMIT, (situation.run)(&world)).await;
    let outcome = outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("not done after {LIMIT:?}")));
    let elapsed = start.elapsed();
    let outcome = outcome.unwrap_or_else(|error| format!("failed: {error:#}"));
    Row {
        name: situation.name,
        calls: log.calls(),
        attempts: log.attempts(),
        instances: world.instances_hit(),
        outcome,
        expected,
        elapsed,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{Arguments, choose, situations};

    #[test]
    fn only_what_runs_can_be_broken() {
        let [first, second, ..] = situations::ALL else { panic!("two situations at least") };
        let check = |line: &[&str], expected: Result<usize, &str>| {
            let line = ["demo"].iter().chain(line);
            let found = choose(&Arguments::try_parse_from(line).unwrap()).map(|chosen| chosen.len());
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (found, expected) => panic!("{found:?}, expected {expected:?}"),
            }
        };
        check(&["--break", first.name], Ok(situations::ALL.len()));
        check(&[first.name, "--break", first.name], Ok(1));
        check(&[first.name, "--break", second.name], Err("would break nothing"));
        check(&["--break", "nonsense"], Err("no situation \"nonsense\""));
    }

    /// `docs/demo.svg` is a recording; this tells when it is out of date.
    #[test]
    fn the_picture_shows_these_situations() {
        let picture = include_str!("../../../docs/demo.svg");
        let words: Vec<&str> = picture.split([' ', '>', '<']).collect();
        let missing: Vec<_> = situations::ALL
            .iter()
            .map(|situation| situation.name)
            .filter(|name| !words.contains(name))
            .collect();
        let n = situations::ALL.len();
        let counted = picture.contains(&format!("{n} situations, {n} as expected"));
        assert!(
            missing.is_empty() && counted,
            "docs/demo.svg lacks {missing:?} or shows others; record it again: cargo xtask demo --svg docs/demo.svg"
        );
    }
}
