//! `cargo xtask corpus` with real processes, over documents that are written here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};

const GOOD: &str = r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
    "/a": {"get": {"operationId": "a", "responses": {"204": {"description": ""}}},
           "put": {"operationId": "b", "responses": {"204": {"description": ""}}}}},
    "components": {"schemas": {"A": {"type": "string"}}}}"#;
const SECOND: &str = r##"{"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {
    "/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/A"}}}}}},
    "definitions": {"A": {"type": "object", "properties": {"x": {"type": "integer"}}}}}"##;
const YAML: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    delete:\n      operationId: a\n      responses:\n        204: {description: ''}\n";
const BROKEN: &str = r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": "none"}"#;

fn corpus(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let documents = folder.join("documents");
    std::fs::create_dir_all(&documents).unwrap();
    for (name, text) in
        [("good.json", GOOD), ("second.json", SECOND), ("third.yaml", YAML), ("broken.json", BROKEN)]
    {
        std::fs::write(documents.join(name), text).unwrap();
    }
    let run = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args([
            "corpus",
            "--debug",
            "--jobs",
            "2",
            "--floor",
            "floor.toml",
            "--tsv",
            "out.tsv",
            "--work",
            "work",
        ])
        .args(arguments)
        .arg("documents")
        .current_dir(folder)
        .env("CI", "true")
        .output()
        .unwrap();
    let Output { status, stdout, stderr } = run;
    (status.success(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
}

#[test]
fn every_document_has_its_line_and_the_floor_holds_or_says_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let floor = folder.path().join("floor.toml");

    let (clean, text) = corpus(folder.path(), &["--twice"]);
    assert!(clean, "{text}");
    assert!(text.contains("4 documents in ") && text.contains("3 became crates"), "{text}");
    assert!(
        text.contains("operations of those: 4 in documents, 4 in clients, 0 listed as left out"),
        "{text}"
    );
    assert!(text.contains("there is no floor.toml"), "{text}");
    let tsv = std::fs::read_to_string(folder.path().join("out.tsv")).unwrap();
    let lines: Vec<Vec<&str>> = tsv.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let shown: Vec<(&str, &str)> = lines.iter().map(|cells| (cells[0], cells[1])).collect();
    assert_eq!(shown, [("broken", "error"), ("good", "ok"), ("second", "ok"), ("third", "ok")]);
    assert!(lines[0][2].starts_with('R') && lines[0][4].contains("broken.json:1:"), "{:?}", lines[0]);
    assert!(
        lines[1..].iter().all(|cells| cells[6] != "0" && cells[7] != "0" && cells[15].len() == 40),
        "{tsv}"
    );
    assert!(folder.path().join("work/generated/d1-good/Cargo.toml").exists());

    // A floor needs a reason for every error.
    std::fs::write(&floor, tsv_floor(folder.path(), "")).unwrap();
    let (clean, text) = corpus(folder.path(), &[]);
    assert!(!clean && text.contains("FAILED: floor.toml: broken is in the floor without a reason"), "{text}");
    std::fs::write(&floor, tsv_floor(folder.path(), "paths is a text")).unwrap();
    let (clean, text) = corpus(folder.path(), &[]);
    assert!(clean, "{text}");
    let (clean, text) = corpus(folder.path(), &["--filter", "s*"]);
    assert!(clean && text.contains("1 documents in ") && text.contains("was not applied"), "{text}");

    let lower = std::fs::read_to_string(&floor).unwrap().replace("operations = 4", "operations = 3");
    std::fs::write(&floor, lower).unwrap();
    let (clean, text) = corpus(folder.path(), &[]);
    assert!(!clean && text.contains("better than the floor; write `operations = 4` (there: 3)"), "{text}");
}

/// The floor of these documents, with the reason for the one that is broken.
fn tsv_floor(folder: &Path, reason: &str) -> String {
    let (_, text) = corpus(folder, &["--update-floor"]);
    assert!(text.contains("floor.toml is written"), "{text}");
    let written = std::fs::read_to_string(folder.join("floor.toml")).unwrap();
    let empty = "reason = \"\"";
    assert!(written.contains("generated = 3") && written.matches(empty).count() <= 1, "{written}");
    written.replace(empty, &format!("reason = \"{reason}\""))
}

#[test]
fn a_process_without_memory_is_no_panic_of_this_program() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("good.json");
    std::fs::write(&document, GOOD).unwrap();
    let run = |mib: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(["corpus-one", "--service", "d0-good", "--mib", mib, "--seconds", "60"])
            .arg(&document)
            .output()
            .unwrap()
    };
    assert!(run("4096").status.success());
    // It can be read, but what is made of it is more than there is.
    let many =
        format!("{{\"x-many\":[{}0],{}", "0,".repeat(100_000), GOOD.trim_start().trim_start_matches('{'));
    std::fs::write(&document, many).unwrap();
    assert!(run("4096").status.success());
    let starved = run("1");
    let said = String::from_utf8_lossy(&starved.stderr).into_owned();
    assert!(!starved.status.success() && said.contains("memory allocation of"), "{said}");
}

#[test]
fn usage_is_told() {
    let run =
        |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap();
    let measured = run(&["corpus-measured", "sh", "-c", "echo out; exit 0"]);
    let text = String::from_utf8(measured.stdout).unwrap();
    assert!(measured.status.success() && text.starts_with("out\n{\"reason\":\"xtask-usage\""), "{text}");
    assert!(!run(&["corpus-measured", "false"]).status.success());
}
