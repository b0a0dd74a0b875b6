//! `cargo xtask differential`: the same call with our client and with stock progenitor's, and the same request?
//!
//! ```text
//! sample ── documents ─┬─ ours ───┬─ caller ── scratch, compile ── program, recorded requests ── compare ── known ── report
//!                      └─ theirs ─┘
//! ```
//!
//! Documents that progenitor 0.15.1 accepts as they are, and whose output compiles, become two crates each. A third one,
//! written by [`caller`], calls every operation of both with the same values against one server that writes requests
//! down. What differs must be explained by a rule in `known.toml`.

mod arguments;
mod caller;
mod compare;
mod compile;
mod document;
mod known;
mod ours;
mod report;
mod sample;
mod scratch;
mod signature;
mod theirs;
mod value;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

use caller::Code;
use compare::{Comparison, Difference, Recorded};
use document::Operation;
use known::Known;
use report::Report;
use scratch::Scratch;

/// Rounds of compiling the callers: in each, operations whose call does not compile are left out.
const ROUNDS: usize = 4;

/// A document of which there are both crates.
#[derive(Debug)]
struct Subject {
    number: usize,
    name: String,
    /// What stands before the document's paths.
    prefix: String,
    operations: Vec<Compared>,
}

/// An operation of both clients.
#[derive(Debug)]
struct Compared {
    operation: Operation,
    code: Code,
    /// Headers that our runtime owns.
    owned: Vec<String>,
}

/// A line that the program of callers prints.
#[derive(Debug, Deserialize)]
struct Line {
    document: usize,
    operation: usize,
    case: String,
    ours: Side,
    theirs: Side,
}

/// What one client did.
#[derive(Debug, Deserialize)]
struct Side {
    requests: Vec<Recorded>,
    error: String,
}

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    // progenitor panics on some documents; that is counted and not shown.
    std::panic::set_hook(Box::new(|_| {}));
    match run(&given) {
        Ok(report) => {
            report.print();
            ExitCode::from(u8::from(!report.is_clean()))
        }
        Err(error) => {
            report::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(given: &[String]) -> anyhow::Result<Report> {
    let arguments = arguments::arguments(given)?;
    let known = Known::parse(&std::fs::read_to_string(arguments.root.join("differential/known.toml"))?)?;
    let scratch = Scratch::prepare(&arguments.root)?;
    let mut report = Report::new(known, arguments.short);
    let mut subjects = Vec::new();
    for path in sample::documents(&arguments.folder, arguments.seed)? {
        if subjects.len() == arguments.count {
            break;
        }
        subjects.extend(subject(&path, subjects.len(), &scratch, &mut report)?);
    }
    report::note(&format!("compiling both crates of {} documents", subjects.len()));
    let crates = |subjects: &[Subject]| -> Vec<String> {
        subjects
            .iter()
            .flat_map(|one| ["ours", "theirs"].map(|side| format!("{side}-{}", one.number)))
            .collect()
    };
    let errors = compile::compile(&scratch.folder, &crates(&subjects))?;
    subjects.retain(|one| report.compiles(one, &errors));
    callers(&scratch, &mut subjects)?;
    for one in &subjects {
        report.subject(one);
    }
    scratch.program(&subjects.iter().map(|one| one.number).collect::<Vec<_>>())?;
    report::note("making the calls");
    for line in compile::run(&scratch.folder)?.lines() {
        let line: Line = serde_json::from_str(line).context("reading a line of the callers")?;
        let subject = subjects.iter().find(|one| one.number == line.document);
        if let Some((subject, one)) = subject.and_then(|one| Some((one, one.operations.get(line.operation)?)))
        {
            report.compared(&subject.name, &one.operation.key(), &line.case, judge(one, &line));
        }
    }
    Ok(report)
}

/// Both crates of a document, written; nothing when one of the generators refuses it.
fn subject(
    path: &Path,
    number: usize,
    scratch: &Scratch,
    report: &mut Report,
) -> anyhow::Result<Option<Subject>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read(path).with_context(|| format!("reading {name}"))?;
    let Ok(document) = serde_json::from_slice::<Value>(&text) else {
        report.refused("no JSON");
        return Ok(None);
    };
    if !document.get("openapi").and_then(Value::as_str).is_some_and(|version| version.starts_with("3.0")) {
        report.refused("not OpenAPI 3.0");
        return Ok(None);
    }
    let document = document::without_security(&document);
    let source = match theirs::generate(&document) {
        Ok(source) => source,
        Err(_) => {
            report.refused("refused by progenitor");
            return Ok(None);
        }
    };
    let theirs = match theirs::methods(&source) {
        Ok(methods) => methods,
        Err(_) => {
            report.refused("no operations");
            return Ok(None);
        }
    };
    let ours = match ours::generate(&format!("ours-{number}"), &document) {
        Ok(ours) => ours,
        Err(error) => {
            report.finding(&name, &format!("refused by us: {error}"));
            return Ok(None);
        }
    };
    scratch.crates(number, &ours, &source)?;
    let mut operations = Vec::new();
    let mut prefix = String::new();
    for (index, operation) in document::operations(&document).into_iter().enumerate() {
        let key = operation.key();
        let (code, owned) = match (ours.methods.get(&key), theirs.get(&key)) {
            (Some(our), Some(their)) => {
                prefix.clone_from(&our.prefix);
                (caller::code(&document, &operation, index, our, their), our.owned.clone())
            }
            (None, _) => (Code::Nothing("not in our client".into()), Vec::new()),
            (_, None) => (Code::Nothing("not in progenitor's client".into()), Vec::new()),
        };
        operations.push(Compared { operation, code, owned });
    }
    Ok(Some(Subject { number, name, prefix, operations }))
}

/// Compiles the callers; operations whose call does not compile are left out and say so.
fn callers(scratch: &Scratch, subjects: &mut [Subject]) -> anyhow::Result<()> {
    for round in 0..ROUNDS {
        report::note(&format!("compiling the callers, round {}", round + 1));
        let mut lines = BTreeMap::new();
        for one in subjects.iter() {
            lines.insert(format!("calls_{}", one.number), (one.number, scratch.caller(one)?));
        }
        let packages: Vec<String> = subjects.iter().map(|one| format!("calls-{}", one.number)).collect();
        let errors = compile::compile(&scratch.folder, &packages)?;
        if errors.by_package.is_empty() {
            break;
        }
        for (package, found) in errors.by_package {
            let (number, lines) =
                lines.get(&package).with_context(|| format!("{package} does not compile"))?;
            let subject =
                subjects.iter_mut().find(|one| one.number == *number).context("no such document")?;
            for (line, message) in found {
                let operation = lines.get(&line).with_context(|| format!("{package}:{line}: {message}"))?;
                if let Some(one) = subject.operations.get_mut(*operation) {
                    one.code = Code::Nothing(format!("the call does not compile: {message}"));
                }
            }
        }
    }
    Ok(())
}

fn judge(one: &Compared, line: &Line) -> Comparison {
    let refused = |side: &Side| side.error.contains("value refused");
    let (ours, theirs) = (&line.ours, &line.theirs);
    let alone = |part: &str, of_ours: &str, of_theirs: &str| {
        let mut difference = Difference::new(part, &ours.error, &theirs.error);
        let facts = [("ours", of_ours), ("theirs", of_theirs), ("case", line.case.as_str())];
        difference.facts.extend(facts.map(|(key, value)| (key, value.to_owned())));
        Comparison { differences: vec![difference], spelled_differently: false }
    };
    if refused(ours) || refused(theirs) {
        let word = |side| if refused(side) { "refused" } else { "accepted" };
        return alone("value", word(ours), word(theirs));
    }
    match (ours.requests.as_slice(), theirs.requests.as_slice()) {
        ([our], [their]) => compare::compare(&one.operation, &line.case, &one.owned, our, their),
        (our, their) => {
            let word = |requests: &[Recorded]| match requests.len() {
                0 => "absent",
                1 => "present",
                _ => "several",
            };
            alone("request", word(our), word(their))
        }
    }
}
