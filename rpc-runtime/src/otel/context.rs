//! OpenTelemetry's context, read and written without its propagators, which do nothing until somebody sets them.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use opentelemetry::Context;
use opentelemetry::baggage::{Baggage as OtelBaggage, BaggageExt as _};
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId as OtelTraceId, TraceState,
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::rng::{Rng, SystemRng};
use crate::trace::{BAGGAGE, Baggage, Outgoing, Trace, TraceId, TraceParent, from_id, read_state};

/// What the sends of a call carry. Around its span nothing is active: what the scope received, or the id that somebody chose, is the
/// parent.
pub(crate) fn outgoing(span: &Span, trace: Option<Arc<Trace>>, rng: &dyn Rng) -> Outgoing {
    // As in most processes that nobody watches: without looking any further.
    let is_empty = |around: &Context| !around.has_active_span() && around.baggage().is_empty();
    if span.is_disabled() && Context::map_current(is_empty) {
        return Outgoing::of(trace, rng);
    }
    if span.is_disabled() {
        return combined(&Context::current(), trace, rng);
    }
    if let Some(trace) = &trace
        && !Context::map_current(|around| around.has_active_span())
        // Layers may be told not to attach their contexts.
        && !is_active(&Span::current().context())
        && let Some(parent) = remote(trace, rng)
    {
        // Without a layer of OpenTelemetry's, there is no span that could have a parent.
        let _ = span.set_parent(Context::current().with_remote_span_context(parent));
    }
    let own = span.context();
    combined(&if is_active(&own) { own } else { Context::current() }, trace, rng)
}

/// What a call's span is begun in: what is active, or else the same parents.
#[cfg(feature = "otlp")]
pub(crate) fn around(trace: Option<&Trace>, rng: &dyn Rng) -> Context {
    let active = Context::current();
    match trace.filter(|_| !active.has_active_span()).and_then(|trace| remote(trace, rng)) {
        Some(parent) => active.with_remote_span_context(parent),
        None => active,
    }
}

/// What a scope's work sends by other means than calls.
pub(crate) fn passing_on(trace: Arc<Trace>) -> Outgoing {
    combined(&Context::current(), Some(trace), &SystemRng)
}

/// The place of the span that is active, whoever has begun it.
pub(crate) fn active() -> Option<TraceParent> {
    Context::map_current(|context| is_active(context).then(|| parent(context.span().span_context())))
}

/// The place of a span in its trace.
pub(crate) fn place(span: &Span) -> Option<TraceParent> {
    if span.is_disabled() {
        return None;
    }
    place_of(&span.context())
}

/// The place of a context's span in its trace.
pub(super) fn place_of(context: &Context) -> Option<TraceParent> {
    let span = context.span();
    let place = span.span_context();
    // A tracer that does nothing passes its parent on.
    (place.is_valid() && !place.is_remote()).then(|| parent(place))
}

/// Gives the span of a request its parent, and its scope's trace the id of the span's where nobody chose one; what is active while the
/// request is handled.
#[cfg(feature = "server")]
pub(crate) fn received(span: &Span, scope: &crate::context::Context) -> Context {
    let around = Context::current();
    let Some(trace) = scope.trace() else { return around };
    let now = trace.now();
    let mut outer = around;
    if !now.baggage.is_empty() {
        let theirs = now.baggage.iter().map(|entry| {
            let (_, properties) = entry.as_str().split_once(';').unwrap_or_default();
            opentelemetry::baggage::KeyValueMetadata::new(
                entry.key().to_owned(),
                entry.value().into_owned(),
                properties,
            )
        });
        outer = outer.with_baggage(theirs);
    }
    if !outer.has_active_span()
        && let Some(parent) = remote(&now, &SystemRng)
    {
        outer = outer.with_remote_span_context(parent);
    }
    if !span.is_disabled() {
        // As above.
        let _ = span.set_parent(outer.clone());
        if let Some(place) = place(span) {
            trace.adopt(place);
        }
    }
    outer
}

/// The trace of an active span, else that of the scope, else a new one; with the baggage of both.
pub(super) fn combined(context: &Context, trace: Option<Arc<Trace>>, rng: &dyn Rng) -> Outgoing {
    let baggage = baggage(context, trace.as_deref());
    let span = context.span();
    let active =
        Some(span.span_context()).filter(|active| active.is_valid() && !is_of(active, trace.as_deref()));
    let Some(active) = active else {
        let Some(baggage) = baggage else { return Outgoing::of(trace, rng) };
        let trace = trace.map_or_else(|| Trace::new_random(rng), Arc::unwrap_or_clone);
        return Outgoing::Carried(Arc::new(Trace { baggage, ..trace }));
    };
    let (parent, state) = (parent(active), state(active));
    let chosen = trace.as_ref().filter(|trace| trace.chosen).map(|trace| trace.id.clone());
    let baggage = baggage.or_else(|| Some(trace?.baggage.clone())).unwrap_or_default();
    Outgoing::Active(Arc::new(Trace {
        chosen: chosen.is_some(),
        id: chosen.unwrap_or_else(|| TraceId::from_digits(&parent.trace)),
        parent,
        state,
        baggage,
    }))
}

fn is_active(context: &Context) -> bool {
    context.span().span_context().is_valid()
}

/// What the scope itself has received, and nobody has begun a span under.
fn is_of(active: &SpanContext, trace: Option<&Trace>) -> bool {
    active.is_remote() && trace.is_some_and(|trace| trace.parent.span != 0 && trace.parent == parent(active))
}

fn parent(span: &SpanContext) -> TraceParent {
    TraceParent {
        trace: from_id(u128::from_be_bytes(span.trace_id().to_bytes())),
        span: u64::from_be_bytes(span.span_id().to_bytes()),
        flags: span.trace_flags().to_u8(),
    }
}

/// As received headers are: what breaks a rule is missing, what is too long is cut.
fn state(span: &SpanContext) -> Option<HeaderValue> {
    let text = Some(span.trace_state().header()).filter(|text| !text.is_empty())?;
    let header = HeaderValue::try_from(text).ok()?;
    read_state([&header].into_iter())
}

/// The parent of a span that is the first of its process in a trace: what was received, or else an id that somebody chose and that
/// `traceparent` can carry. Nobody has decided whether that one is sampled, and who chooses an id wants to find it.
fn remote(trace: &Trace, rng: &dyn Rng) -> Option<SpanContext> {
    let TraceParent { trace: digits, span, flags } = trace.parent;
    let (span, flags) = match span {
        0 if trace.chosen && trace.id.digits() == Some(digits) => {
            (rng.next_u64().max(1), TraceFlags::SAMPLED)
        }
        0 => return None,
        received => (received, TraceFlags::new(flags)),
    };
    let id = OtelTraceId::from_hex(std::str::from_utf8(&digits).ok()?).ok()?;
    let state = trace.state.as_ref().and_then(|state| state.to_str().ok()?.parse().ok());
    let state: TraceState = state.unwrap_or_default();
    Some(SpanContext::new(id, SpanId::from_bytes(span.to_be_bytes()), flags, true, state))
}

/// Our baggage, and of OpenTelemetry's what has another key; `None` where nothing is added. The header's rules hold for all.
fn baggage(context: &Context, trace: Option<&Trace>) -> Option<Baggage> {
    let theirs = context.baggage();
    if theirs.is_empty() {
        return None;
    }
    let ours = trace.map(|trace| &trace.baggage);
    let known = |key: &str| ours.is_some_and(|ours| ours.get(key).is_some());
    let more: OtelBaggage = theirs
        .into_iter()
        .filter(|(key, _)| !known(key.as_str()))
        .map(|(key, (value, metadata))| (key.clone(), (value.clone(), metadata.clone())))
        .collect();
    if more.is_empty() {
        return None;
    }
    let texts = [ours.map(ToString::to_string).unwrap_or_default(), more.to_string()];
    let headers: HeaderMap =
        texts.into_iter().filter_map(|text| Some((BAGGAGE, HeaderValue::try_from(text).ok()?))).collect();
    Some(Baggage::from_headers(&headers))
}
