//! Spans of calls and sends that the SDK is told itself, where nobody but the layer of [`Telemetry`](super::Telemetry) listens. They
//! stand in OpenTelemetry's context as those of `tracing` do, and are parents and children of those. On the way through `tracing`, the texts
//! of a span are copied, and it is kept in a registry that nobody else looks into.

use std::sync::Arc;

use opentelemetry::trace::{Span as _, SpanBuilder, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, ContextGuard, KeyValue, Value};
use opentelemetry_sdk::trace::SdkTracer;
use tracing::callsite::{DefaultCallsite, Identifier};
use tracing::field::FieldSet;
use tracing::level_filters::{LevelFilter, STATIC_MAX_LEVEL};
use tracing::metadata::Kind;
use tracing::subscriber::Interest;
use tracing::{Level, Metadata, dispatcher};
use tracing_subscriber::layer::{Context as LayerContext, Filter};

use super::context::{combined, place_of};
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

/// What a subscriber's filters say of spans that are never begun, in place of those that are: the macros of `tracing` do not tell.
#[derive(Debug)]
pub(crate) struct Probe {
    /// As any span.
    all: &'static DefaultCallsite,
    /// The layer of [`Telemetry`](super::Telemetry) leaves it out.
    others: &'static DefaultCallsite,
}

macro_rules! probe {
    ($probe:ident, $name:literal, $all:ident, $others:ident) => {
        static $all: DefaultCallsite = DefaultCallsite::new(&span($name, &$all));
        static $others: DefaultCallsite = DefaultCallsite::new(&span($name, &$others));
        pub(crate) static $probe: Probe = Probe { all: &$all, others: &$others };
    };
}

probe!(CALLS, "call", ALL_CALLS, OTHERS_CALLS);
probe!(ATTEMPTS, "attempt", ALL_ATTEMPTS, OTHERS_ATTEMPTS);

const fn span(name: &'static str, callsite: &'static DefaultCallsite) -> Metadata<'static> {
    let fields = FieldSet::new(&[], Identifier(callsite));
    let module = Some("rpc_runtime::call::span");
    Metadata::new(name, "rpc_runtime::call", Level::INFO, None, None, module, fields, Kind::SPAN)
}

impl Probe {
    /// Whether the layer has this span, and nobody else does: neither one that has the same span, which is then `Span::current()` for all,
    /// nor a filter that wants to be asked for each. (Of two subscribers with such a layer, each for other threads, what one has holds
    /// for both.)
    fn is_ours_alone(&self) -> bool {
        // Both at once, also where one is enough: who asks first registers it with what is there by then.
        let (all, others) = (self.all.interest(), self.others.interest());
        LevelFilter::INFO <= STATIC_MAX_LEVEL
            && LevelFilter::INFO <= LevelFilter::current()
            && !all.is_never()
            && others.is_never()
    }
}

/// The filter of the layer, and where calls find the SDK. What is around the layer may hide it (one that can be exchanged does): then the
/// spans of calls come through `tracing` as all others do.
#[derive(Debug)]
pub(super) struct Direct {
    tracer: SdkTracer,
}

impl Direct {
    pub(super) fn new(tracer: SdkTracer) -> Self {
        Self { tracer }
    }
}

impl<S> Filter<S> for Direct {
    fn enabled(&self, span: &Metadata<'_>, _: &LayerContext<'_, S>) -> bool {
        is_exported(span)
    }

    fn callsite_enabled(&self, span: &'static Metadata<'static>) -> Interest {
        match is_exported(span) {
            true => Interest::always(),
            false => Interest::never(),
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }
}

fn is_exported(span: &Metadata<'_>) -> bool {
    let krate = span.target().split("::").next().unwrap_or_default();
    let is_for_others = [&CALLS, &ATTEMPTS].iter().any(|probe| span.callsite() == Identifier(probe.others));
    span.is_span() && *span.level() <= Level::INFO && !MACHINERY.contains(&krate) && !is_for_others
}

/// A span of the SDK's, ended when this is dropped.
#[derive(Debug)]
pub(crate) struct Begun(Context);

/// Begins a span under a parent, where the layer listens and nobody else.
pub(crate) fn begin(probe: &Probe, span: impl FnOnce() -> (SpanBuilder, Context)) -> Option<Begun> {
    if !probe.is_ours_alone() {
        return None;
    }
    let mut span = Some(span);
    dispatcher::get_default(|dispatch| {
        let Direct { tracer } = dispatch.downcast_ref()?;
        let (builder, parent) = span.take()?();
        let span = tracer.build_with_context(builder, &parent);
        // It is not, once the SDK was shut down, and where somebody wants no telemetry.
        span.span_context().is_valid().then(|| Begun(parent.with_span(span)))
    })
}

impl Begun {
    /// What the sends of a call carry that has this span.
    pub(crate) fn outgoing(&self, trace: Option<Arc<Trace>>, rng: &dyn Rng) -> Outgoing {
        combined(&self.0, trace, rng)
    }

    /// Its place in the trace.
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
