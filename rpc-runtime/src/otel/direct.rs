//! Spans of calls and sends that the SDK is told itself, where the layer of [`Telemetry`](super::Telemetry) listens. They stand in
//! OpenTelemetry's context as those of `tracing` do, and are parents and children of those. On the way through `tracing`, a span costs
//! twice as much: its texts are copied, and it is kept in a registry that nobody else looks into.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::{SpanBuilder, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, ContextGuard, KeyValue, Value};
use opentelemetry_sdk::trace::SdkTracer;
use tracing::callsite::{DefaultCallsite, Identifier};
use tracing::field::FieldSet;
use tracing::level_filters::LevelFilter;
use tracing::metadata::Kind;
use tracing::subscriber::Interest;
use tracing::{Level, Metadata, dispatcher};
use tracing_subscriber::layer::{Context as LayerContext, Filter};

use super::context::{combined, is_active, place_of};
use crate::rng::Rng;
use crate::trace::{Outgoing, Trace, TraceParent};

/// Crates that send what is exported: their spans are about themselves.
const MACHINERY: [&str; 9] = [
    "h2",
    "hyper",
    "hyper_util",
    "reqwest",
    "rustls",
    "opentelemetry",
    "opentelemetry_http",
    "opentelemetry_otlp",
    "opentelemetry_sdk",
];
/// The target of the spans that are begun here.
const TARGET: &str = "rpc_runtime::call";
/// A span that is never begun: whether anybody listens to it is what a subscriber's filters say of those that are.
static PROBE: DefaultCallsite = DefaultCallsite::new(&PROBED);
static PROBED: Metadata<'static> = Metadata::new(
    "export",
    TARGET,
    Level::INFO,
    None,
    None,
    None,
    FieldSet::new(&[], Identifier(&PROBE)),
    Kind::SPAN,
);

/// The filter of the layer, and where calls find the SDK. What is around the layer may hide it (one that can be exchanged does): then the
/// spans of calls come through `tracing` as all others do.
#[derive(Debug)]
pub(super) struct Direct {
    tracer: SdkTracer,
    found: AtomicBool,
}

impl Direct {
    pub(super) fn new(tracer: SdkTracer) -> Self {
        Self { tracer, found: AtomicBool::new(false) }
    }

    fn found(&self) -> bool {
        self.found.load(Ordering::Relaxed)
    }
}

impl<S> Filter<S> for Direct {
    fn enabled(&self, span: &Metadata<'_>, _: &LayerContext<'_, S>) -> bool {
        is_exported(span) && !(is_begun_here(span) && self.found())
    }

    fn callsite_enabled(&self, span: &'static Metadata<'static>) -> Interest {
        match is_exported(span) {
            false => Interest::never(),
            true if !is_begun_here(span) => Interest::always(),
            true if self.found() => Interest::never(),
            true => Interest::sometimes(),
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }
}

fn is_exported(span: &Metadata<'_>) -> bool {
    let krate = span.target().split("::").next().unwrap_or_default();
    span.is_span() && *span.level() <= Level::INFO && !MACHINERY.contains(&krate)
}

/// The probe is not.
fn is_begun_here(span: &Metadata<'_>) -> bool {
    span.target() == TARGET && span.callsite() != Identifier(&PROBE)
}

/// A span of the SDK's, ended when this is dropped.
#[derive(Debug)]
pub(crate) struct Begun(Context);

/// Begins a span under a parent, where somebody listens.
pub(crate) fn begin(span: impl FnOnce() -> (SpanBuilder, Context)) -> Option<Begun> {
    if LevelFilter::current() < LevelFilter::INFO || PROBE.interest().is_never() {
        return None;
    }
    let (mut span, mut is_first) = (Some(span), false);
    let begun = dispatcher::get_default(|dispatch| {
        let Direct { tracer, found } = dispatch.downcast_ref()?;
        is_first = !found.load(Ordering::Relaxed) && !found.swap(true, Ordering::Relaxed);
        let (builder, parent) = span.take()?();
        let span = tracer.build_with_context(builder, &parent);
        Some(Begun(parent.with_span(span)))
    });
    if is_first {
        // From here on, `tracing` need not ask for each span of a call whether it is exported.
        tracing::callsite::rebuild_interest_cache();
    }
    begun
}

impl Begun {
    /// What the sends of a call carry that has this span. One that was begun after the SDK was shut down is none.
    pub(crate) fn outgoing(&self, trace: Option<Arc<Trace>>, rng: &dyn Rng) -> Outgoing {
        match is_active(&self.0) {
            true => combined(&self.0, trace, rng),
            false => combined(&Context::current(), trace, rng),
        }
    }

    /// Its place in the trace, if it is one.
    pub(crate) fn place(&self) -> Option<TraceParent> {
        place_of(&self.0)
    }

    /// Makes it the active one.
    pub(crate) fn attach(&self) -> ContextGuard {
        self.0.clone().attach()
    }

    pub(crate) fn set(&self, name: &'static str, value: Value) {
        self.0.span().set_attribute(KeyValue::new(name, value));
    }

    pub(crate) fn failed(&self, kind: &str) {
        self.set("error.type", kind.to_owned().into());
        self.0.span().set_status(Status::error(""));
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.span().end();
    }
}
