//! A layer that keeps what it sees of spans.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

/// A span as it was at its end, or is now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) name: &'static str,
    pub(crate) fields: BTreeMap<&'static str, String>,
    /// Index of the span around it.
    pub(crate) parent: Option<usize>,
    pub(crate) closed: usize,
    /// Levels of the events in it.
    pub(crate) events: Vec<String>,
}

impl Seen {
    pub(crate) fn get(&self, field: &str) -> &str {
        self.fields.get(field).map(String::as_str).unwrap_or_default()
    }
}

/// All spans of this runtime's call target, in the order of their beginning.
#[derive(Debug, Clone, Default)]
pub(crate) struct Capture(Arc<Mutex<Vec<Seen>>>);

struct Index(usize);

struct Fields<'s>(&'s mut BTreeMap<&'static str, String>);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Capture {
    /// Listens on this thread until the guard goes.
    pub(crate) fn listen(&self) -> DefaultGuard {
        tracing::subscriber::set_default(tracing_subscriber::registry().with(self.clone()))
    }

    /// What was seen since the last look.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.lock())
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.0.lock().unwrap()
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Capture {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        let parent = span.parent().and_then(|parent| parent.extensions().get::<Index>().map(|index| index.0));
        let mut seen = Seen { name: span.name(), parent, ..Seen::default() };
        attributes.record(&mut Fields(&mut seen.fields));
        let mut all = self.lock();
        span.extensions_mut().insert(Index(all.len()));
        all.push(seen);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let index = context.span(id).unwrap().extensions().get::<Index>().unwrap().0;
        values.record(&mut Fields(&mut self.lock()[index].fields));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if event.metadata().target() == "rpc_runtime::call" {
            let span = context.event_span(event).expect("each line of the log is in a span");
            let index = span.extensions().get::<Index>().unwrap().0;
            self.lock()[index].events.push(event.metadata().level().to_string());
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let index = context.span(&id).unwrap().extensions().get::<Index>().unwrap().0;
        self.lock()[index].closed += 1;
    }
}
