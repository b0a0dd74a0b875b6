use std::collections::BTreeMap;
use std::time::Duration;

use rpc_codegen::diagnostic::rules;
use rpc_codegen::location::Location;
use rpc_codegen::{Diagnostic, Severity};

use super::*;
use crate::files;

fn at(file: &str, line: u32, column: u32) -> Location {
    Location { file: file.into(), line, column, pointer: "/info".into() }
}

const CHECKED: &str = r#"error[R001]: expected a value
  --> specs/wallet-service/openapi.json:2:11 (#/info)
  |
2 |   "info": ,
  |           ^
  help: write a string

wallet-service: 1 notes not shown, see them with -v

wallet-service: nothing was written

note: generated/mine/ belongs to no spec and carries no header of this tool; left alone

differs  generated/order-service/src/lib.rs
stale    generated/order-service/src/old.rs
stale    generated/gone-service/Cargo.toml
mend with: cargo xtask gen
┌─────────────────────────────────────────────────────────────────────────┐
│ service          status     operations   types   files   +/- lines   ms │
╞═════════════════════════════════════════════════════════════════════════╡
│ order-service    outdated            9      12       8       +2 -2   14 │
│ wallet-service   failed              -       -       -           -    0 │
│ gone-service     orphaned            -       -       -       +0 -1    0 │
└─────────────────────────────────────────────────────────────────────────┘
"#;

#[test]
fn a_run_in_check_mode() {
    let change = |path: &str, kind, old: &[u8], new: &[u8]| files::change(path.into(), kind, old, new, false);
    let mut outdated = Row::new("order-service", Status::Updated);
    outdated.operations = 9;
    outdated.types = 12;
    outdated.files = 8;
    outdated.elapsed = Duration::from_millis(14);
    outdated.changes = vec![
        change("generated/order-service/src/lib.rs", ChangeKind::Differs, b"a\n", b"b\nc\n"),
        change("generated/order-service/src/old.rs", ChangeKind::Stale, b"a\n", b""),
    ];
    let mut failed = Row::new("wallet-service", Status::Failed);
    let file = "specs/wallet-service/openapi.json";
    failed.diagnostics = vec![
        Diagnostic::new(rules::SYNTAX, at(file, 2, 11), "expected a value").help("write a string"),
        Diagnostic::new(rules::UNKNOWN_FORMAT, at(file, 1, 1), "hidden"),
    ];
    failed.sources = BTreeMap::from([(file.to_owned(), b"{\n  \"info\": ,\n}".to_vec())]);
    let mut gone = Row::new("gone-service", Status::Removed);
    gone.changes = vec![change("generated/gone-service/Cargo.toml", ChangeKind::Stale, b"a\n", b"")];
    let mut report = Report {
        rows: vec![outdated, failed, gone],
        check: true,
        command: None,
        foreign: vec!["generated/mine/".into()],
    };
    assert!(!report.is_clean());
    assert_eq!(render(&report, false), CHECKED);
    report.rows.pop();
    assert!(render(&report, false).contains("mend with: cargo xtask gen order-service\n"));
}

#[test]
fn long_lines_are_cut_around_the_column() {
    let file = "a.json";
    let source = format!("{}HERE{}", "x".repeat(500), "y".repeat(500));
    let found = Diagnostic::new(rules::SLOPPY, at(file, 1, 501), "odd");
    let text = diagnostic::render(&found, &BTreeMap::from([(file.to_owned(), source.into_bytes())]));
    let lines: Vec<_> = text.lines().collect();
    let caret = lines.iter().find(|l| l.ends_with('^')).unwrap().len() - 1;
    let quoted = lines.iter().find(|l| l.contains("HERE")).unwrap();
    assert_eq!(quoted.find("HERE"), Some(caret));
    assert!(quoted.len() < 120);
}

#[test]
fn a_place_that_is_not_in_the_file_is_no_panic() {
    for (line, column) in [(0, 0), (1, 0), (9, 9), (1, 4_000_000_000)] {
        let mut found = Diagnostic::new(rules::SLOPPY, at("a", line, column), "odd");
        found.severity = Severity::Warning;
        assert!(
            diagnostic::render(&found, &BTreeMap::from([("a".to_owned(), b"x".to_vec())])).contains("odd")
        );
    }
}

#[test]
fn a_rule_that_many_places_break_is_shown_some_times() {
    let mut row = Row::new("order-service", Status::Updated);
    let one = |line| Diagnostic::new(rules::SLOPPY, at("specs/order-service/openapi.json", line, 1), "odd");
    row.diagnostics = (1..=14).map(one).collect();
    let report = Report { rows: vec![row], ..Report::default() };
    let shown = render(&report, false);
    assert_eq!(shown.matches("warning[R105]: odd").count(), 10, "{shown}");
    assert!(shown.contains("order-service: 4 more of R105 not shown, see them with -v"), "{shown}");
    assert_eq!(render(&report, true).matches("warning[R105]: odd").count(), 14);
}
