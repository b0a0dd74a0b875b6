//! Children that end: at the latest at the deadline, and whenever their owner goes.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// How often a child is asked whether it has ended: `std` has no wait with a limit.
pub(crate) const TICK: Duration = Duration::from_millis(20);
/// For output that is still on its way when a child has ended; a grandchild may hold the pipe open for ever.
const DRAIN: Duration = Duration::from_secs(1);

/// The end of the time that a whole run may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    limit: Duration,
    end: Instant,
}

impl Deadline {
    pub(crate) fn after(limit: Duration) -> Self {
        Self { limit, end: Instant::now() + limit }
    }

    pub(crate) fn left(self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// The nearer of this end and one that is `limit` away.
    pub(crate) fn at_most(self, limit: Duration) -> Self {
        if self.left() < limit { self } else { Self::after(limit) }
    }
}

/// A child that is ended, by its own id, when this goes out of scope.
#[derive(Debug)]
pub(crate) struct Guard(pub(super) Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // Neither can fail in a way that matters here: the child has ended, or ends now.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a child said, and how it ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    /// Standard output, and standard error unless it went to ours, in lines as they came.
    pub(crate) lines: Vec<String>,
}

impl Finished {
    /// # Errors
    /// When the child failed; with the end of what it said.
    pub(crate) fn successful(self, what: &str) -> anyhow::Result<Vec<String>> {
        if self.status.success() {
            return Ok(self.lines);
        }
        let start = self.lines.len().saturating_sub(30);
        let tail = self.lines.get(start..).unwrap_or_default().join("\n");
        bail!("{what} ended with {}\n{tail}", self.status)
    }
}

/// Runs a child to its end without showing what it says.
pub(crate) fn quietly(command: &mut Command, deadline: Deadline) -> anyhow::Result<Finished> {
    command.stderr(Stdio::piped());
    run(command, deadline, |_| {})
}

/// Runs a child to its end; `each` sees every line as it comes. Without [`Stdio::piped`], standard error is ours.
pub(crate) fn run(
    command: &mut Command,
    deadline: Deadline,
    each: impl Fn(&str),
) -> anyhow::Result<Finished> {
    run_fed(command.stdin(Stdio::null()), deadline, each)
}

/// The same with the command's own standard input. A pipe stays open, with nothing in it, as long as the child runs.
pub(crate) fn run_fed(
    command: &mut Command,
    deadline: Deadline,
    each: impl Fn(&str),
) -> anyhow::Result<Finished> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let child = command.stdout(Stdio::piped()).spawn();
    let mut child = Guard(child.with_context(|| format!("starting {shown}"))?);
    let (sender, receiver) = channel();
    if let Some(stdout) = child.0.stdout.take() {
        forward(stdout, sender.clone());
    }
    if let Some(stderr) = child.0.stderr.take() {
        forward(stderr, sender.clone());
    }
    drop(sender);
    let mut lines = Vec::new();
    let mut take = |line: String| {
        each(&line);
        lines.push(line);
    };
    let status = loop {
        match receiver.recv_timeout(TICK) {
            Ok(line) => take(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(TICK),
        }
        if let Some(status) = child.0.try_wait().with_context(|| format!("waiting for {shown}"))? {
            break status;
        }
        if deadline.left().is_zero() {
            bail!("{shown} was still running after {:?} and was ended", deadline.limit);
        }
    };
    drop(child.0.stdin.take());
    drain(&receiver, take);
    Ok(Finished { status, lines })
}

fn drain(receiver: &Receiver<String>, mut take: impl FnMut(String)) {
    while let Ok(line) = receiver.recv_timeout(DRAIN) {
        take(line);
    }
}

/// Reads in a thread of its own; it ends with the pipe.
fn forward(pipe: impl Read + Send + 'static, sender: Sender<String>) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned();
            if sender.send(text).is_err() {
                return;
            }
            line.clear();
        }
    });
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn soon() -> Deadline {
        Deadline::after(Duration::from_secs(20))
    }

    #[test]
    fn gives_every_line_and_the_status() {
        let finished = quietly(&mut shell("echo a; echo b >&2; printf c; exit 3"), soon()).unwrap();
        let mut lines = finished.lines.clone();
        lines.sort();
        assert_eq!(lines, ["a", "b", "c"]);
        assert_eq!(finished.status.code(), Some(3));
        let error = finished.successful("the script").unwrap_err().to_string();
        assert!(error.starts_with("the script ended with exit status: 3\n"), "{error}");
    }

    #[test]
    fn ends_a_child_at_the_deadline() {
        let start = Instant::now();
        let deadline = Deadline::after(Duration::from_millis(50));
        let error = quietly(Command::new("sleep").arg("60"), deadline).unwrap_err();
        assert!(error.to_string().contains("was still running after 50ms"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_missing_program_is_an_error_with_its_name() {
        let error = quietly(&mut Command::new("no-such-program"), soon()).unwrap_err();
        assert_eq!(error.to_string(), "starting no-such-program");
    }
}
