//! The log of each service: what it says itself, and what the runtime says of its calls.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

/// The lines of all services, in the order of time. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Line>>>);

/// One line of a service's log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) service: &'static str,
    pub(crate) level: String,
    pub(crate) message: String,
    /// What is called, for lines about calls.
    pub(crate) operation: Option<String>,
    /// The field that goes along as `X-Trace-ID`.
    pub(crate) trace_id: Option<String>,
}

impl Log {
    /// A layer that keeps the lines of one service.
    pub(crate) fn of(&self, service: &'static str) -> Listener {
        Listener { log: self.clone(), service }
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The part of a service's subscriber that keeps its lines.
#[derive(Debug)]
pub(crate) struct Listener {
    log: Log,
    service: &'static str,
}

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let target = event.metadata().target();
        if target.starts_with("rpc_runtime") || target.starts_with(env!("CARGO_CRATE_NAME")) {
            let level = event.metadata().level().to_string();
            let mut line = Line { service: self.service, level, ..Line::default() };
            event.record(&mut line);
            self.log.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            "operation" => self.operation = Some(value.to_owned()),
            "trace_id" => self.trace_id = Some(value.to_owned()),
            _ => {}
        }
    }
}
