//! Byte goldens: `golden/<case>/` holds a document (and perhaps settings), `expected/` the crate that it gives. Every
//! expected crate is a member of the workspace, so it also compiles under the workspace's lints.
//!
//! `UPDATE_EXPECT=1 cargo test -p rpc-codegen --test golden` writes what the generator gives.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use rpc_codegen::{Input, Options, generate};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn input(case: &Path) -> Input {
    let name = case.file_name().unwrap().to_str().unwrap();
    let mut input = Input {
        service: format!("golden-{name}"),
        document: "openapi.yaml".into(),
        prefix: format!("rpc-codegen/tests/golden/{name}/"),
        ..Input::default()
    };
    for entry in fs::read_dir(case).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let is_input =
            ["openapi.yaml", "service.toml"].contains(&file.as_str()) || file.contains(".overlay.");
        if is_input {
            input.files.insert(file.clone(), fs::read(case.join(file)).unwrap());
        }
    }
    input
}

#[test]
fn every_document_gives_its_golden_crate() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let cases = cases();
    assert!(cases.len() >= 12, "only {} cases found", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let output = generate(
            &input(&case),
            &Options { command: "UPDATE_EXPECT=1 cargo xtask gen".into(), ..Options::default() },
        )
        .unwrap_or_else(|failure| panic!("{}: {}", case.display(), support::render(&failure.diagnostics)));
        let expected = case.join("expected");
        let mut files: Vec<(PathBuf, Vec<u8>)> =
            output.files.iter().map(|(path, bytes)| (expected.join(path), bytes.to_vec())).collect();
        files.push((case.join("names.lock"), output.names_lock.clone().into_bytes()));
        files.push((case.join("diagnostics.txt"), support::render(&output.diagnostics).into_bytes()));
        if update {
            let _ = fs::remove_dir_all(&expected);
            for (path, bytes) in &files {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
        }
        for (path, bytes) in &files {
            if fs::read(path).ok().as_deref() != Some(bytes) {
                wrong.push(path.clone());
            }
        }
        let known: Vec<&Path> = files.iter().map(|(path, _)| path.as_path()).collect();
        wrong.extend(
            support::files_below(&expected).into_iter().filter(|path| !known.contains(&path.as_path())),
        );
    }
    assert!(wrong.is_empty(), "not as expected (UPDATE_EXPECT=1 writes them): {wrong:#?}");
}

/// The same input gives the same bytes, also with the lock that it gave, and wherever the folder is called from.
#[test]
fn a_second_run_with_the_lock_changes_nothing() {
    for case in cases() {
        let first = generate(&input(&case), &Options::default()).unwrap();
        let mut again = input(&case);
        again.files.insert("names.lock".into(), first.names_lock.clone().into_bytes());
        let second = generate(&again, &Options::default()).unwrap();
        assert_eq!(first.names_lock, second.names_lock, "{}", case.display());
        assert!(first.files == second.files, "{}: other bytes", case.display());
    }
}
