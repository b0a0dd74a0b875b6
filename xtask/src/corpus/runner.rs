//! Runs a program that may hang, panic or die: bounded, and nothing of how it ended is lost.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::process::Guard;

/// How a program ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// `None`: its time was over.
    pub(super) status: Option<ExitStatus>,
    pub(super) out: String,
    pub(super) err: String,
}

/// How long to wait for a program that has closed its output and is still there.
const POLL: Duration = Duration::from_millis(1);

/// Runs a program to its end, which comes at the latest after `limit`.
pub(super) fn run(command: &mut Command, limit: Duration) -> anyhow::Result<Ended> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = Guard(child.with_context(|| format!("starting {shown}"))?);
    let end = Instant::now() + limit;
    let left = || end.saturating_duration_since(Instant::now());
    let (out, err) = (channel(), channel());
    collect(child.0.stdout.take(), out.0);
    collect(child.0.stderr.take(), err.0);
    // Whoever has closed both is about to end; so nobody polls while there is work.
    let out = out.1.recv_timeout(left());
    let err = err.1.recv_timeout(left());
    let status = loop {
        if let Some(status) = child.0.try_wait().with_context(|| format!("waiting for {shown}"))? {
            break Some(status);
        }
        if left().is_zero() {
            break None;
        }
        std::thread::sleep(POLL);
    };
    Ok(Ended { status, out: out.unwrap_or_default(), err: err.unwrap_or_default() })
}

/// Reads in a thread of its own; it ends with the pipe.
fn collect(pipe: Option<impl Read + Send + 'static>, sender: Sender<String>) {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What came before a failure is still worth having.
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn every_end() {
        let shell = |script: &str, limit| run(Command::new("sh").args(["-c", script]), limit).unwrap();
        let long = Duration::from_secs(30);
        let ended = shell("echo a; echo b >&2; exit 3", long);
        assert_eq!((ended.out.as_str(), ended.err.as_str()), ("a\n", "b\n"));
        assert_eq!(ended.status.and_then(|status| status.code()), Some(3));
        let killed = shell("kill -9 $$", long);
        assert!(killed.status.is_some_and(|status| status.code().is_none()));
        assert!(shell("exec sleep 60", Duration::from_millis(50)).status.is_none());
        // Closed pipes alone are no end.
        assert!(shell("exec sleep 60 >&- 2>&-", Duration::from_millis(50)).status.is_none());
        assert!(run(&mut Command::new("no-such-program"), long).is_err());
    }
}
