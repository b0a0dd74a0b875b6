//! Checks what the mock makes of documents: every JSON answer against the document as it stands, with an independent validator.
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

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use jsonschema::{Draft, Registry, Validator};
use rpc_mock_spec::Spec;
use serde_json::{Map, Value, json};

/// How many failures of a document are told.
const TOLD: usize = 3;

const ROOT: &str = "raw:///document";

#[derive(Debug, Default)]
struct Counts {
    operations: usize,
    answers: usize,
    valid: usize,
    /// The mock itself says that it found no valid value, and the document's schema refuses what it has.
    unsatisfied: usize,
    invalid: usize,
    /// No validator can be made of the document's own schema.
    broken: usize,
    rejected: usize,
    requests: usize,
    refused: usize,
    mutants: usize,
    wrongly: usize,
}

fn main() -> ExitCode {
    let mut files = Vec::new();
    for argument in std::env::args().skip(1) {
        collect(Path::new(&argument), &mut files);
    }
    files.sort();
    println!(
        "operations answers valid unsatisfiable broken invalid rejected-examples requests refused mutants wrongly ms document"
    );
    let mut total = Counts::default();
    let mut unloaded = 0;
    for file in &files {
        match document(file) {
            Ok((counts, told, ms)) => {
                let name = file.display();
                println!("{} {ms} {name}", line(&counts));
                told.iter().for_each(|line| println!("    {line}"));
                add(&mut total, &counts);
            }
            Err(problem) => {
                unloaded += 1;
                println!("- {}: {problem}", file.display());
            }
        }
    }
    println!("{} total of {} documents, {unloaded} more do not load", line(&total), files.len() - unloaded);
    if total.invalid + total.refused + total.wrongly == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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

fn document(file: &Path) -> Result<(Counts, Vec<String>, u128), String> {
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
    let spec = Spec::load(&input).map_err(|failure| {
        let error = failure.diagnostics.iter().find(|found| found.severity == rpc_codegen::Severity::Error);
        error.map_or_else(|| "no reason is given".to_owned(), |error| error.to_string().replace('\n', " "))
    })?;
    let start = Instant::now();
    let answers: Vec<_> = spec.answers().collect();
    let ms = start.elapsed().as_millis();
    // YAML documents are read by the mock alone: there is nothing independent to read them with here.
    let raw: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    let old = raw.get("openapi").and_then(Value::as_str).is_some_and(|version| version.starts_with("3.0"));
    let raw = if old { convert(raw) } else { raw };
    let registry =
        Registry::new().draft(Draft::Draft202012).add(ROOT, raw).and_then(|registry| registry.prepare());
    let registry = registry.map_err(|error| format!("no independent validator: {error}"))?;
    let mut validators: BTreeMap<String, Result<Validator, String>> = BTreeMap::new();
    let mut counts =
        Counts { operations: spec.operations().len(), answers: answers.len(), ..Counts::default() };
    let mut told = Vec::new();
    for answer in &answers {
        counts.rejected += answer.rejected.len();
        let validator =
            validators.entry(answer.schema.clone()).or_insert_with(|| compile(&registry, &answer.schema));
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
                let kind = if answer.valid { "invalid" } else { "unsatisfiable" };
                *(if answer.valid { &mut counts.invalid } else { &mut counts.unsatisfied }) += 1;
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
    Ok((counts, told, ms))
}

fn compile(registry: &Registry<'_>, pointer: &str) -> Result<Validator, String> {
    let schema = json!({"$ref": format!("{ROOT}{}", pointer.replace('%', "%25").replace('{', "%7B").replace('}', "%7D").replace(' ', "%20"))});
    let options =
        jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).offline();
    options
        .with_registry(registry)
        .build(&schema)
        .map_err(|error| error.to_string().chars().take(200).collect())
}

/// OpenAPI 3.0's dialect in the words of 2020-12, on the raw document: `nullable`, boolean `exclusive…`, and siblings of `$ref`.
fn convert(value: Value) -> Value {
    let Value::Object(mut object) = value else {
        return match value {
            Value::Array(items) => items.into_iter().map(convert).collect(),
            other => other,
        };
    };
    if object.get("$ref").is_some_and(Value::is_string) {
        object.retain(|key, _| key == "$ref");
        return Value::Object(object);
    }
    if object.get("nullable") == Some(&Value::Bool(true))
        && let Some(Value::String(ty)) = object.get("type")
    {
        let types = json!([ty, "null"]);
        object.insert("type".into(), types);
    }
    for (limit, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        match object.get(exclusive) {
            Some(Value::Bool(true)) => {
                object.remove(exclusive);
                if let Some(limit) = object.remove(limit) {
                    object.insert(exclusive.into(), limit);
                }
            }
            Some(Value::Bool(false)) => drop(object.remove(exclusive)),
            _ => {}
        }
    }
    // An `id` of a draft before, or a property of that name: neither is an address.
    let members = object.into_iter().map(|(key, value)| match key.as_str() {
        "example" | "examples" | "default" | "enum" => (key, value),
        _ => (key, convert(value)),
    });
    Value::Object(members.collect::<Map<_, _>>())
}

fn line(counts: &Counts) -> String {
    let Counts {
        operations,
        answers,
        valid,
        unsatisfied,
        broken,
        invalid,
        rejected,
        requests,
        refused,
        mutants,
        wrongly,
    } = counts;
    format!(
        "{operations} {answers} {valid} {unsatisfied} {broken} {invalid} {rejected} {requests} {refused} {mutants} {wrongly}"
    )
}

fn add(total: &mut Counts, counts: &Counts) {
    total.operations += counts.operations;
    total.answers += counts.answers;
    total.valid += counts.valid;
    total.unsatisfied += counts.unsatisfied;
    total.broken += counts.broken;
    total.invalid += counts.invalid;
    total.rejected += counts.rejected;
    total.requests += counts.requests;
    total.refused += counts.refused;
    total.mutants += counts.mutants;
    total.wrongly += counts.wrongly;
}
