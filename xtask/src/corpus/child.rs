//! One document in a process of its own.

use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::Sampled;

/// A document that takes longer is taken for a hang.
const LIMIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);

/// What became of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Generated,
    /// Rule (or `-`) and message.
    Refused(String, String),
    /// The compiler's errors.
    Broken(Vec<String>),
    Panicked(String),
    TimedOut,
}

/// Runs `new` for a document.
pub(super) fn run(program: &Path, scratch: &Path, one: &Sampled) -> anyhow::Result<Outcome> {
    let (out, err) = (scratch.join("out.txt"), scratch.join("err.txt"));
    let mut child = Command::new(program)
        .args(["new", &one.service, "--no-build", "--spec"])
        .arg(&one.document)
        .arg("--root")
        .arg(scratch)
        .stdin(Stdio::null())
        .stdout(File::create(&out)?)
        .stderr(File::create(&err)?)
        .spawn()
        .context("starting `new`")?;
    let end = Instant::now() + LIMIT;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(POLL);
    };
    let read = |path: &Path| std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok(status.map_or(Outcome::TimedOut, |status| {
        judge(status, &read(&out).unwrap_or_default(), &read(&err).unwrap_or_default())
    }))
}

fn judge(status: ExitStatus, out: &str, err: &str) -> Outcome {
    if let Some(at) = err.find("panicked at").or_else(|| err.find("overflowed its stack")) {
        let message: Vec<&str> = err.get(at..).unwrap_or_default().lines().take(2).collect();
        return Outcome::Panicked(message.join(" "));
    }
    if status.success() {
        return Outcome::Generated;
    }
    if status.code().is_none() {
        return Outcome::Panicked(format!("ended by a signal: {status}"));
    }
    let coded = out.lines().find_map(|line| line.strip_prefix("error[")?.split_once("]: "));
    match coded {
        Some((code, message)) => Outcome::Refused(code.to_owned(), message.to_owned()),
        None => {
            let line = err.lines().find(|line| !line.is_empty()).unwrap_or("no message");
            Outcome::Refused("-".to_owned(), line.to_owned())
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn ends() {
        let check = |raw: i32, out: &str, err: &str, expected: Outcome| {
            assert_eq!(judge(ExitStatus::from_raw(raw), out, err), expected);
        };
        let refused = |code: &str, message: &str| Outcome::Refused(code.into(), message.into());
        check(0, "anything", "", Outcome::Generated);
        check(256, "warning[R105]: odd\n\nerror[R002]: not OpenAPI\n", "", refused("R002", "not OpenAPI"));
        check(512, "", "error: no name\n", refused("-", "error: no name"));
        check(
            256,
            "",
            "x\nthread 'main' panicked at a.rs:1:\nouch\n",
            Outcome::Panicked("panicked at a.rs:1: ouch".into()),
        );
        assert!(matches!(judge(ExitStatus::from_raw(6), "", ""), Outcome::Panicked(_)));
    }
}
