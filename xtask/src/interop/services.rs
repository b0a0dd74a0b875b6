//! The running services.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::{Outcome, Places, python};
use crate::process::{Deadline, Guard, TICK};

/// FastAPI's imports take seconds on a busy machine.
const START: Duration = Duration::from_secs(90);
/// For open requests; then the child is killed.
const STOP: Duration = Duration::from_secs(5);

/// All services in one child process. It stops when this goes out of scope, and by itself when this process is gone.
#[derive(Debug)]
pub(super) struct Services {
    child: Guard,
    /// Service → URL, as JSON on one line.
    pub(super) urls: String,
    outcome: String,
}

impl Outcome for Services {
    fn outcome(&self) -> &str {
        &self.outcome
    }
}

impl Services {
    /// Starts them and waits until each answers.
    pub(super) fn start(places: &Places, python: &Path, deadline: Deadline) -> anyhow::Result<Self> {
        let ready = places.work.join("ready.json");
        let log = places.work.join("services.log");
        if ready.exists() {
            fs::remove_file(&ready).with_context(|| format!("removing {}", ready.display()))?;
        }
        let file = File::create(&log).with_context(|| format!("making {}", log.display()))?;
        let mut command = python::module(python, places, "services.serve");
        command.arg("--parent-stdin").arg("--ready-file").arg(&ready);
        command.args(["--max-seconds", &deadline.left().as_secs().max(1).to_string()]);
        command.stdin(Stdio::piped()).stdout(file.try_clone()?).stderr(file);
        let mut child = Guard(command.spawn().context("starting services.serve")?);

        let start = deadline.at_most(START);
        let text = loop {
            // The file appears whole or not at all.
            match fs::read_to_string(&ready) {
                Ok(text) => break text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).context(format!("reading {}", ready.display())),
            }
            if let Some(status) = child.0.try_wait()? {
                let said = fs::read_to_string(&log).unwrap_or_default();
                bail!("services.serve ended with {status}\n{}", said.trim_end());
            }
            if start.left().is_zero() {
                bail!("the services did not start within {START:?}; see {}", log.display());
            }
            std::thread::sleep(TICK);
        };
        let urls: BTreeMap<String, String> =
            serde_json::from_str(&text).with_context(|| format!("reading {}", ready.display()))?;
        let outcome = format!("{} services", urls.len());
        Ok(Self { child, urls: serde_json::to_string(&urls)?, outcome })
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        drop(self.child.0.stdin.take());
        let end = Instant::now() + STOP;
        while Instant::now() < end && matches!(self.child.0.try_wait(), Ok(None)) {
            std::thread::sleep(TICK);
        }
        // What still runs is killed by the guard.
    }
}
