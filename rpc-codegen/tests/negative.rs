//! What cannot be generated ends in one clear message with the place, never in a panic and never in half a crate.
//!
//! `negative/<case>/` holds the input, `expected.txt` the messages. `UPDATE_EXPECT=1` writes them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::Path;

use rpc_codegen::{Input, Options, generate};

fn check(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_str().unwrap();
    let mut input = Input { service: name.to_owned(), prefix: format!("specs/{name}/"), ..Input::default() };
    for path in support::files_below(case) {
        let file = path.strip_prefix(case).unwrap().to_str().unwrap().to_owned();
        if file.starts_with("openapi.") {
            input.document.clone_from(&file);
        }
        if file != "expected.txt" {
            input.files.insert(file, fs::read(&path).unwrap());
        }
    }
    let failure = match generate(&input, &Options::default()) {
        Ok(_) => return Err(format!("{name}: generated, an error was expected")),
        Err(failure) => failure,
    };
    let found = support::render(&failure.diagnostics);
    let expected = case.join("expected.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&expected, &found).unwrap();
    }
    let wanted = fs::read_to_string(&expected).unwrap_or_default();
    if found == wanted { Ok(()) } else { Err(format!("{name}: found\n{found}\nwanted\n{wanted}")) }
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/negative");
    let mut cases: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 10, "only {} cases found", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
