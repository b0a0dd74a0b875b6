//! Checks what the mock makes of documents, with a validator that reads the document as it stands: every JSON answer is
//! valid, a request made from samples is accepted, and of its mutants exactly those that the document forbids are refused.
//!
//! ```text
//! cargo run -p rpc-mock-spec --example check -- FILE…|DIR…
//! ```

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a tool for people, with a clock"
)]

mod contradiction;
mod raw;
mod requests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use jsonschema::Validator;
use rpc_mock_spec::Spec;

use raw::Raw;

/// How many failures of a document are told.
const TOLD: usize = 3;

/// The columns of the table, in the order of [`line`].
const COLUMNS: [&str; 16] = [
    "operations",
    "answers",
    "valid",
    "unsatisfiable",
    "given up",
    "broken",
    "invalid",
    "examples refused",
    "requests",
    "refused",
    "mutants",
    "rejected",
    "wrongly",
    "missed",
    "ms load",
    "ms answers",
];

#[derive(Debug, Default)]
pub(crate) struct Counts {
    operations: usize,
    answers: usize,
    valid: usize,
    /// The mock found no valid value, and the schema contradicts itself.
    unsatisfied: usize,
    /// The mock found no valid value, and nothing shows that there is none.
    given_up: usize,
    invalid: usize,
    /// No validator can be made of the document's own schema.
    broken: usize,
    rejected: usize,
    requests: usize,
    refused: usize,
    /// Requests with something wrong in them, or at least strange.
    mutants: usize,
    /// Mutants that the mock refuses.
    rejected_mutants: usize,
    /// Mutants that the mock refuses and the document allows.
    wrongly: usize,
    /// Mutants that the document forbids and the mock lets pass.
    missed: usize,
    /// Milliseconds to load the document.
    ms_load: u128,
    /// Milliseconds to make all answers, each once.
    ms_answers: u128,
}

fn main() -> ExitCode {
    let mut files = Vec::new();
    for argument in std::env::args().skip(1) {
        collect(Path::new(&argument), &mut files);
    }
    files.sort();
    println!("{} document", COLUMNS.join(" "));
    let mut total = Counts::default();
    let mut unloaded = 0;
    for file in &files {
        match document(file) {
            Ok((counts, told)) => {
                let name = file.display();
                println!("{} {name}", line(&counts));
                told.iter().for_each(|line| println!("    {line}"));
                add(&mut total, &counts);
            }
            Err(problem) => {
                unloaded += 1;
                println!("does not load: {}: {problem}", file.display());
            }
        }
    }
    println!("{} total of {} documents, {unloaded} more do not load", line(&total), files.len() - unloaded);
    let bad = total.invalid + total.given_up + total.refused + total.wrongly + total.missed;
    if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        files.push(path.to_owned());
        return;
    }
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.extension().and_then(|name| name.to_str());
        if path.is_dir() || matches!(name, Some("json" | "yaml" | "yml")) {
            collect(&path, files);
        }
    }
}

fn document(file: &Path) -> Result<(Counts, Vec<String>), String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("openapi.json");
    let mut files: BTreeMap<String, Vec<u8>> = [(name.to_owned(), bytes.clone())].into();
    for beside in ["service.toml", "names.lock"] {
        if let Ok(bytes) = std::fs::read(file.with_file_name(beside)) {
            files.insert(beside.to_owned(), bytes);
        }
    }
    let input =
        rpc_codegen::Input { service: "check".into(), document: name.into(), files, prefix: String::new() };
    let start = Instant::now();
    let spec = Spec::load(&input).map_err(|failure| {
        let error = failure.diagnostics.iter().find(|found| found.severity == rpc_codegen::Severity::Error);
        error.map_or_else(|| "no reason is given".to_owned(), |error| error.to_string().replace('\n', " "))
    })?;
    let loaded = start.elapsed().as_millis();
    let start = Instant::now();
    let answers: Vec<_> = spec.answers().collect();
    let ms = start.elapsed().as_millis();
    // YAML documents are read by the mock alone: there is nothing independent to read them with here.
    let raw = Raw::new(serde_json::from_slice(&bytes).map_err(|error| error.to_string())?)?;
    let mut validators: BTreeMap<String, Result<Validator, String>> = BTreeMap::new();
    let mut counts = Counts {
        operations: spec.operations().len(),
        answers: answers.len(),
        ms_load: loaded,
        ms_answers: ms,
        ..Counts::default()
    };
    let mut told = Vec::new();
    for answer in &answers {
        counts.rejected += answer.rejected.len();
        let validator =
            validators.entry(answer.schema.clone()).or_insert_with(|| raw.validator(&answer.schema, true));
        let verdict = match validator {
            Ok(validator) => validator.iter_errors(&answer.value).next().map(|error| {
                (error.instance_path().to_string(), error.schema_path().to_string(), error.to_string())
            }),
            Err(problem) => {
                counts.broken += 1;
                if told.len() < TOLD {
                    told.push(format!("broken schema {}: {problem}", answer.schema));
                }
                continue;
            }
        };
        match verdict {
            None => counts.valid += 1,
            Some((at, rule, message)) => {
                let proven = !answer.valid && contradiction::proven(&raw, &answer.schema);
                let (kind, count) = match (answer.valid, proven) {
                    (true, _) => ("invalid", &mut counts.invalid),
                    (false, true) => ("unsatisfiable", &mut counts.unsatisfied),
                    (false, false) => ("given up", &mut counts.given_up),
                };
                *count += 1;
                if told.len() < TOLD {
                    let message: String = message.chars().take(300).collect();
                    told.push(format!(
                        "{kind} {} {}: at {at} by {rule}: {message}",
                        answer.operation, answer.schema
                    ));
                }
            }
        }
    }
    requests::check(&spec, &raw, &mut counts, &mut told);
    Ok((counts, told))
}

fn line(counts: &Counts) -> String {
    let all: [u128; 16] = [
        counts.operations as u128,
        counts.answers as u128,
        counts.valid as u128,
        counts.unsatisfied as u128,
        counts.given_up as u128,
        counts.broken as u128,
        counts.invalid as u128,
        counts.rejected as u128,
        counts.requests as u128,
        counts.refused as u128,
        counts.mutants as u128,
        counts.rejected_mutants as u128,
        counts.wrongly as u128,
        counts.missed as u128,
        counts.ms_load,
        counts.ms_answers,
    ];
    let cell = |(count, column): (&u128, &&str)| format!("{count:>width$}", width = column.len());
    all.iter().zip(&COLUMNS).map(cell).collect::<Vec<_>>().join(" ")
}

fn add(total: &mut Counts, counts: &Counts) {
    total.operations += counts.operations;
    total.answers += counts.answers;
    total.valid += counts.valid;
    total.unsatisfied += counts.unsatisfied;
    total.given_up += counts.given_up;
    total.broken += counts.broken;
    total.invalid += counts.invalid;
    total.rejected += counts.rejected;
    total.requests += counts.requests;
    total.refused += counts.refused;
    total.mutants += counts.mutants;
    total.rejected_mutants += counts.rejected_mutants;
    total.wrongly += counts.wrongly;
    total.missed += counts.missed;
    total.ms_load += counts.ms_load;
    total.ms_answers += counts.ms_answers;
}
