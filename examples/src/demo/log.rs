//! Listens to the runtime's request log: the events that an application would send to its own log.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use super::print;

/// What the runtime logged since the last [`clear`](Self::clear). Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Line>>>);

/// One event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) level: String,
    pub(crate) message: String,
    /// Name and value, in the event's order.
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl Line {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(found, _)| *found == name).map(|(_, value)| value.as_str())
    }

    fn ends_a_call(&self) -> bool {
        matches!(self.message.as_str(), "call succeeded" | "call failed")
    }
}

impl Log {
    /// Makes this the process's log; `verbose` prints every line too.
    pub(crate) fn install(verbose: bool) -> Self {
        let log = Self::default();
        let tap = Tap { log: log.clone(), verbose };
        // Only the first subscriber of a process counts; the demo installs one.
        let _ = tracing_subscriber::registry().with(tap).try_init();
        log
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Calls that have ended.
    pub(crate) fn calls(&self) -> usize {
        self.lines().iter().filter(|line| line.ends_a_call()).count()
    }

    /// Attempts of the calls that have ended.
    pub(crate) fn attempts(&self) -> u64 {
        let lines = self.lines();
        let ends = lines.iter().filter(|line| line.ends_a_call());
        ends.filter_map(|line| line.field("attempts")?.parse::<u64>().ok()).sum()
    }
}

struct Tap {
    log: Log,
    verbose: bool,
}

impl<S: Subscriber> Layer<S> for Tap {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if metadata.target() != "rpc_runtime::call" || *metadata.level() > Level::DEBUG {
            return;
        }
        let mut line = Line { level: metadata.level().to_string(), ..Line::default() };
        event.record(&mut line);
        if self.verbose {
            print::log_line(&line);
        }
        self.log.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let mut text = String::new();
        let _ = write!(text, "{value:?}");
        match field.name() {
            "message" => self.message = text,
            name => self.fields.push((name, text)),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            name => self.fields.push((name, value.to_owned())),
        }
    }
}
