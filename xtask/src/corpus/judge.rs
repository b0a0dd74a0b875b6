//! What became of a document, from how its process ended; and what of it is a failure of the run.

use anyhow::{Context as _, bail};

use super::facts::{Facts, Generated};
use super::runner::Ended;

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A crate, or an error with its place.
    Said(Facts),
    Panic(String),
    Timeout,
    Memory(String),
}

/// Everything that is known about a document after its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) outcome: Outcome,
    /// The second time gave other bytes, or another outcome.
    pub(super) unstable: bool,
    /// Schemas without a type of their own, a line each; `Err`: could not be judged. `None`: nobody was asked.
    pub(super) degraded: Option<Result<Vec<String>, String>>,
}

impl Row {
    /// One word for the table.
    pub(super) fn word(&self) -> &'static str {
        match &self.outcome {
            Outcome::Said(Facts { result: Generated::Error(_), .. }) => "error",
            Outcome::Said(_) if self.places().is_empty() => "ok",
            Outcome::Said(_) => "degraded",
            Outcome::Panic(_) => "panic",
            Outcome::Timeout => "timeout",
            Outcome::Memory(_) => "memory",
        }
    }

    /// The degraded schemas.
    pub(super) fn places(&self) -> &[String] {
        match &self.degraded {
            Some(Ok(places)) => places,
            _ => &[],
        }
    }

    /// What the process said, if it came to that.
    pub(super) fn facts(&self) -> Option<&Facts> {
        match &self.outcome {
            Outcome::Said(facts) => Some(facts),
            _ => None,
        }
    }

    /// Why the run fails because of this document. An error of the document is none: the floor judges those.
    pub(super) fn failures(&self) -> Vec<String> {
        let mut found = Vec::new();
        match &self.outcome {
            Outcome::Said(facts) => found.extend(unaccounted(facts)),
            Outcome::Panic(message) => found.push(format!("panic: {message}")),
            Outcome::Timeout => found.push("timeout".to_owned()),
            Outcome::Memory(message) => found.push(format!("memory: {message}")),
        }
        if self.unstable {
            found.push("generated twice, and the second result differs".to_owned());
        }
        if let Some(Err(error)) = &self.degraded {
            found.push(format!("degraded schemas could not be judged: {error}"));
        }
        found
    }
}

/// Every operation of a document must be in the client or in the list of those left out.
fn unaccounted(facts: &Facts) -> Option<String> {
    let Generated::Crate(made) = &facts.result else { return None };
    match &facts.counted {
        Err(error) => Some(format!("operations of the document could not be counted: {error}")),
        Ok(counted) if counted.operations == made.operations + made.left_out => None,
        Ok(counted) => Some(format!(
            "{} operations in the document, but {} in the client and {} listed as left out",
            counted.operations, made.operations, made.left_out
        )),
    }
}

/// The outcome of a process.
///
/// # Errors
/// When it could not do its work, as on a full disk: that says nothing about the document.
pub(super) fn outcome(ended: &Ended) -> anyhow::Result<Outcome> {
    match end(ended) {
        End::Timeout => Ok(Outcome::Timeout),
        End::Memory(message) => Ok(Outcome::Memory(message)),
        End::Panic(message) => Ok(Outcome::Panic(message)),
        End::Bad(line) => bail!("{line}"),
        End::Good => {
            let facts = serde_json::from_str(ended.out.trim());
            facts
                .map(Outcome::Said)
                .with_context(|| format!("not what a process should say: {:?}", ended.out))
        }
    }
}

/// How a process ended, whatever it was to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    Good,
    /// It says itself why it failed: the first line.
    Bad(String),
    Panic(String),
    Memory(String),
    Timeout,
}

/// How a process ended.
pub(super) fn end(ended: &Ended) -> End {
    let Some(status) = ended.status else { return End::Timeout };
    let err = ended.err.as_str();
    if err.contains("memory allocation of") {
        return End::Memory(message(err, "memory allocation of"));
    }
    // Also when somebody caught it: the generator has no business with panics.
    for sign in ["panicked at", "overflowed its stack"] {
        if err.contains(sign) {
            return End::Panic(message(err, sign));
        }
    }
    match signal(status) {
        Some(Signal::TimeIsUp) => End::Timeout,
        Some(Signal::Killed) => End::Memory("ended by the system".to_owned()),
        Some(Signal::Other(number)) => End::Panic(format!("ended by signal {number}")),
        None if status.success() => End::Good,
        None => End::Bad(err.lines().find(|line| !line.is_empty()).unwrap_or("no message").to_owned()),
    }
}

/// What ended a process.
enum Signal {
    /// Its CPU time was over.
    TimeIsUp,
    /// Nobody here sends this one: the system was out of memory.
    Killed,
    Other(i32),
}

#[cfg(unix)]
fn signal(status: std::process::ExitStatus) -> Option<Signal> {
    use nix::sys::signal::Signal as Known;
    let number = std::os::unix::process::ExitStatusExt::signal(&status)?;
    Some(match Known::try_from(number) {
        Ok(Known::SIGXCPU) => Signal::TimeIsUp,
        Ok(Known::SIGKILL) => Signal::Killed,
        _ => Signal::Other(number),
    })
}

#[cfg(not(unix))]
fn signal(_: std::process::ExitStatus) -> Option<Signal> {
    None
}

/// From the sign to the end of the message, which may begin on the next line.
fn message(text: &str, sign: &str) -> String {
    let at = text.find(sign).unwrap_or_default();
    let lines: Vec<&str> = text.get(at..).unwrap_or_default().lines().take(2).collect();
    lines.join(" ").trim().to_owned()
}

#[cfg(all(test, unix))]
pub(super) mod tests;
