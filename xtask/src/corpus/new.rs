//! `--new N`: a sample goes through `cargo xtask new`, and all that it gave is compiled.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::compile::Compiler;
use super::documents::Document;
use super::runner::{self, Ended};
use super::{LIMIT, judge, sample, scratch};
use crate::print;

/// What became of a document.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Generated,
    /// Rule (or `-`) and message.
    Refused(String, String),
    /// The compiler's errors.
    Broken(Vec<String>),
    Panicked(String),
    TimedOut,
}

/// `false` when a crate does not build, the generator panics or takes too long.
pub(super) fn run(root: &Path, documents: Vec<Document>, count: usize, seed: u64) -> anyhow::Result<bool> {
    let sample = sample::sample(documents, count, seed, |document| &document.name);
    let scratch = root.join("target/corpus-new");
    scratch::prepare(root, &scratch)?;
    let program = std::env::current_exe()?;
    let progress = print::Progress::new();
    let mut outcomes = Vec::new();
    for (done, one) in sample.iter().enumerate() {
        progress.step(&one.name, done, sample.len());
        let mut command = Command::new(&program);
        command
            .args(["new", &one.service, "--no-build", "--spec"])
            .arg(&one.path)
            .arg("--root")
            .arg(&scratch);
        outcomes.push(outcome(&runner::run(&mut command, LIMIT)?));
    }
    let generated: Vec<&str> = sample
        .iter()
        .zip(&outcomes)
        .filter(|(_, outcome)| **outcome == Outcome::Generated)
        .map(|(one, _)| one.service.as_str())
        .collect();
    let compiler =
        Compiler { scratch: &scratch, target: root.join("target/corpus-build"), program: &program };
    let mut broken = compiler.check(&generated, &[], &progress)?.broken;
    progress.finish();
    for (one, outcome) in sample.iter().zip(&mut outcomes) {
        if let Some(errors) = broken.remove(&one.service) {
            *outcome = Outcome::Broken(errors);
        }
    }
    let results: Vec<(&Document, &Outcome)> = sample.iter().zip(&outcomes).collect();
    print::text(&report(&results));
    Ok(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Generated | Outcome::Refused(..))))
}

fn outcome(ended: &Ended) -> Outcome {
    match judge::end(ended) {
        judge::End::Timeout => Outcome::TimedOut,
        judge::End::Memory(message) | judge::End::Panic(message) => Outcome::Panicked(message),
        judge::End::Good => Outcome::Generated,
        judge::End::Bad(line) => {
            let coded = ended.out.lines().find_map(|line| line.strip_prefix("error[")?.split_once("]: "));
            let (code, message) = coded.unwrap_or(("-", &line));
            Outcome::Refused(code.to_owned(), message.to_owned())
        }
    }
}

fn report(results: &[(&Document, &Outcome)]) -> String {
    let mut counts: BTreeMap<(u8, String), (usize, String)> = BTreeMap::new();
    let mut text = String::new();
    for (Document { name, .. }, outcome) in results {
        let (order, kind, example) = match outcome {
            Outcome::Generated => (0, "building".to_owned(), String::new()),
            Outcome::Refused(code, message) => (1, format!("refused {code}"), format!("{message} ({name})")),
            Outcome::Broken(errors) => {
                let first = errors.first().map(String::as_str).unwrap_or_default();
                text.push_str(&format!("{name}, {} errors, the first:\n{first}\n", errors.len()));
                (2, "BUILD FAILURE".to_owned(), name.clone())
            }
            Outcome::Panicked(message) => (3, "PANIC".to_owned(), format!("{message} ({name})")),
            Outcome::TimedOut => (4, "TIMEOUT".to_owned(), name.clone()),
        };
        counts.entry((order, kind)).or_insert((0, example)).0 += 1;
    }
    let rows: Vec<Vec<String>> = counts
        .into_iter()
        .map(|((_, kind), (count, example))| {
            vec![kind, count.to_string(), example.chars().take(140).collect()]
        })
        .collect();
    text + &print::render_list(&["outcome", "documents", "example"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn ends() {
        use std::os::unix::process::ExitStatusExt as _;
        let check = |raw: Option<i32>, out: &str, err: &str, expected: Outcome| {
            let status = raw.map(std::process::ExitStatus::from_raw);
            assert_eq!(outcome(&Ended { status, out: out.into(), err: err.into() }), expected);
        };
        let refused = |code: &str, message: &str| Outcome::Refused(code.into(), message.into());
        check(Some(0), "anything", "", Outcome::Generated);
        check(
            Some(256),
            "warning[R105]: odd\n\nerror[R002]: not OpenAPI\n",
            "",
            refused("R002", "not OpenAPI"),
        );
        check(Some(512), "", "error: no name\n", refused("-", "error: no name"));
        check(
            Some(256),
            "",
            "thread 'main' panicked at a.rs:1:\nouch\n",
            Outcome::Panicked("panicked at a.rs:1: ouch".into()),
        );
        check(None, "", "", Outcome::TimedOut);
    }

    #[test]
    fn the_table() {
        let one = Document { name: "x".into(), service: "d0-x".into(), path: "/d/x.json".into() };
        let outcomes = [
            Outcome::Generated,
            Outcome::Generated,
            Outcome::Refused("R002".into(), "not OpenAPI".into()),
            Outcome::Broken(vec!["error: E".into()]),
            Outcome::Panicked("ouch".into()),
            Outcome::TimedOut,
        ];
        let results: Vec<_> = outcomes.iter().map(|outcome| (&one, outcome)).collect();
        let text = report(&results);
        for line in [
            "x, 1 errors, the first:\nerror: E",
            "building        2",
            "refused R002    1           not OpenAPI (x)",
            "PANIC           1           ouch",
            "TIMEOUT",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }
}
