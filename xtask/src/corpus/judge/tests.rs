use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use super::*;
use crate::corpus::counting::Counted;
use crate::corpus::facts::{Made, Refusal};

pub(in crate::corpus) fn facts(result: Generated, operations: usize) -> Facts {
    let counted = Ok(Counted { operations, schemas: 10 });
    Facts { result, ms: 7, peak: 2048, diagnostics: [("R304".to_owned(), 2)].into(), counted }
}

pub(in crate::corpus) fn made(operations: usize, left_out: usize) -> Generated {
    Generated::Crate(Made { operations, left_out, types: 3, lines: 100, digest: "d".into() })
}

pub(in crate::corpus) fn refused(code: &str) -> Generated {
    Generated::Error(Refusal {
        code: code.into(),
        message: "odd\tone".into(),
        place: "a.json:1:2 #/a".into(),
    })
}

pub(in crate::corpus) fn row(name: &str, outcome: Outcome) -> Row {
    Row { name: name.into(), outcome, unstable: false, degraded: None }
}

#[test]
fn outcomes() {
    let good = facts(made(1, 0), 1);
    let line = serde_json::to_string(&good).unwrap();
    let judged = |raw: Option<i32>, out: &str, err: &str| {
        outcome(&Ended { status: raw.map(ExitStatus::from_raw), out: out.into(), err: err.into() })
    };
    let check = |raw: Option<i32>, out: &str, err: &str, expected: Outcome| {
        assert_eq!(judged(raw, out, err).unwrap(), expected);
    };
    let panic = |message: &str| Outcome::Panic(message.into());
    let memory = |message: &str| Outcome::Memory(message.into());
    check(Some(0), &format!("{line}\n"), "", Outcome::Said(good.clone()));
    check(None, &line, "", Outcome::Timeout);
    check(
        Some(101 << 8),
        "",
        "thread 'main' panicked at a.rs:1:\nouch\nnote: x\n",
        panic("panicked at a.rs:1: ouch"),
    );
    check(Some(0), &line, "thread 'main' panicked at a.rs:1:\nouch\n", panic("panicked at a.rs:1: ouch"));
    check(
        Some(6),
        "",
        "\nthread 'main' has overflowed its stack\nfatal\n",
        panic("overflowed its stack fatal"),
    );
    check(Some(11), "", "", panic("ended by signal 11"));
    check(Some(9), "", "", memory("ended by the system"));
    check(Some(nix::sys::signal::Signal::SIGXCPU as i32), "", "", Outcome::Timeout);
    check(
        Some(6),
        "",
        "memory allocation of 64 bytes failed\n",
        memory("memory allocation of 64 bytes failed"),
    );
    let error = |raw, out, err| judged(raw, out, err).unwrap_err().to_string();
    assert_eq!(error(Some(1 << 8), "", "\nerror: disk full\n"), "error: disk full");
    assert!(error(Some(0), "what", "").contains("what"));
}

#[test]
fn words_and_failures() {
    let check = |row: Row, word: &str, failures: &[&str]| {
        assert_eq!((row.word(), row.failures()), (word, failures.iter().map(|f| (*f).to_owned()).collect()));
    };
    let said = |result, operations| row("a", Outcome::Said(facts(result, operations)));
    check(said(made(2, 0), 2), "ok", &[]);
    check(said(made(1, 1), 2), "ok", &[]);
    check(said(refused("R401"), 2), "error", &[]);
    check(
        said(made(1, 0), 2),
        "ok",
        &["2 operations in the document, but 1 in the client and 0 listed as left out"],
    );
    check(row("a", Outcome::Timeout), "timeout", &["timeout"]);
    check(row("a", Outcome::Panic("x".into())), "panic", &["panic: x"]);
    check(row("a", Outcome::Memory("x".into())), "memory", &["memory: x"]);
    let degraded = |places| Row { degraded: Some(places), ..said(made(2, 0), 2) };
    check(degraded(Ok(vec![])), "ok", &[]);
    check(degraded(Ok(vec!["/a\tx".into()])), "degraded", &[]);
    check(degraded(Err("x".into())), "ok", &["degraded schemas could not be judged: x"]);
    let unstable = Row { unstable: true, ..said(made(2, 0), 2) };
    check(unstable, "ok", &["generated twice, and the second result differs"]);
    let uncounted = Facts { counted: Err("odd".into()), ..facts(made(1, 0), 1) };
    check(
        row("a", Outcome::Said(uncounted)),
        "ok",
        &["operations of the document could not be counted: odd"],
    );
}
