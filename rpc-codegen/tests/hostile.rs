//! Documents that mean harm, or are only enormous: nothing gets out of literals and comments into code, nothing out of the
//! crate's folder, nothing takes for ever, and nothing overflows the stack. (Tests run on threads with 2 MiB of it.)

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

#[path = "hostile/bytes.rs"]
mod bytes;
#[path = "hostile/places.rs"]
mod places;
#[path = "hostile/references.rs"]
mod references;
#[path = "hostile/size.rs"]
mod size;
#[path = "hostile/sound.rs"]
mod sound;
#[path = "hostile/text.rs"]
mod text;

use std::time::{Duration, Instant};

use rpc_codegen::{Failure, Input, Options, Output, generate};
use serde_json::Value;

/// Only a guard against what does not end: everything here takes seconds without optimisation on a slow machine. Time on
/// the processor, where the system tells it: what else the machine does is not counted.
const GUARD: Duration = Duration::from_secs(120);

/// Sizes are divided by it: without optimisation everything takes many times longer, and says the same.
const LESS: usize = if cfg!(debug_assertions) { 20 } else { 1 };

/// One file as a spec folder.
fn input(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    let mut input = Input {
        service: "hostile-service".into(),
        document: name.into(),
        prefix: "specs/hostile-service/".into(),
        ..Input::default()
    };
    input.files.insert(name.into(), bytes.into());
    input
}

/// What this thread has spent on a processor; elsewhere than on Linux, what the clock says since `start`.
fn spent(start: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat");
    // The first number, in nanoseconds.
    let nanos = told.ok().and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanos.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Generates within the guard; what comes out, and what is said, is sound.
#[expect(clippy::disallowed_methods, reason = "the guard measures real time")]
fn run(what: &str, input: &Input) -> Result<Output, Failure> {
    let start = Instant::now();
    let before = spent(start);
    let result = generate(input, &Options::default());
    let took = spent(start).saturating_sub(before);
    assert!(took < GUARD, "{what}: {took:?}");
    match &result {
        Ok(output) => {
            sound::files(what, output);
            sound::messages(what, input, &output.diagnostics);
            if input.files.values().map(Vec::len).sum::<usize>() < 10_000 {
                sound::repeats(what, input, output);
            }
        }
        Err(failure) => sound::messages(what, input, &failure.diagnostics),
    }
    result
}

fn run_json(what: &str, document: &Value) -> Result<Output, Failure> {
    run(what, &input("openapi.json", serde_json::to_vec(document).unwrap()))
}

/// The codes of the errors of a failure, without repetition; none of a success.
fn errors(result: &Result<Output, Failure>) -> Vec<&'static str> {
    let Err(failure) = result else { return Vec::new() };
    let errors = failure.diagnostics.iter().filter(|found| found.severity == rpc_codegen::Severity::Error);
    let mut codes: Vec<_> = errors.map(|found| found.rule.code).collect();
    codes.dedup();
    codes
}

/// Messages and errors of a result, for a failed assertion.
fn said(result: &Result<Output, Failure>) -> String {
    match result {
        Ok(output) => format!("generated {} files", output.files.len()),
        Err(failure) => support::render(&failure.diagnostics),
    }
}
