//! The trace of a scope.

use std::sync::Arc;

use arc_swap::ArcSwap;
use http::{HeaderMap, HeaderValue};

use super::traceparent::{self, Digits, TraceParent};
use super::{Baggage, Outgoing, TRACEPARENT, TRACESTATE, TraceId, X_REQUEST_ID, X_TRACE_ID, tracestate};
use crate::rng::{Rng, SystemRng};

/// The trace that a scope holds, with its baggage. Clones are the same trace.
#[derive(Debug, Clone)]
pub struct TraceContext {
    inner: Arc<ArcSwap<Trace>>,
}

/// What one moment's calls carry.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    pub(crate) id: TraceId,
    /// Somebody chose the id: a caller, or the application.
    #[cfg_attr(
        not(feature = "otel"),
        expect(dead_code, reason = "for tracing systems with ids of their own")
    )]
    pub(crate) chosen: bool,
    /// `traceparent`'s trace id; the id itself where that is possible.
    pub(crate) parent: TraceParent,
    pub(crate) state: Option<HeaderValue>,
    pub(crate) baggage: Baggage,
}

impl Trace {
    pub(crate) fn new(id: TraceId, rng: &dyn Rng) -> Self {
        let trace = id.digits().unwrap_or_else(|| random(rng));
        let parent = TraceParent { trace, span: 0, flags: 0 };
        Self { id, chosen: true, parent, state: None, baggage: Baggage::default() }
    }

    /// One whose id nobody chose.
    pub(crate) fn new_random(rng: &dyn Rng) -> Self {
        Self { chosen: false, ..Self::new(TraceId::from_digits(&random(rng)), rng) }
    }

    /// The same under another id. One that `traceparent` can carry is another trace: what the old one was does not belong to it.
    pub(super) fn renamed(&self, id: TraceId, rng: &dyn Rng) -> Self {
        match id.digits() {
            Some(digits) if digits != self.parent.trace => {
                Self { baggage: self.baggage.clone(), ..Self::new(id, rng) }
            }
            _ => Self { id, chosen: true, ..self.clone() },
        }
    }
}

pub(super) fn random(rng: &dyn Rng) -> Digits {
    traceparent::from_bits(rng.next_u64(), rng.next_u64())
}

impl TraceContext {
    fn new(trace: Trace) -> Self {
        Self { inner: Arc::new(ArcSwap::from_pointee(trace)) }
    }

    /// A new trace with this id.
    pub fn with_id(id: TraceId) -> Self {
        Self::new(Trace::new(id, &SystemRng))
    }

    /// See [`trace::from_headers`](super::from_headers).
    pub(crate) fn from_headers(headers: &HeaderMap) -> Self {
        let single = |name| {
            let mut values = headers.get_all(name).iter();
            values.next().filter(|_| values.next().is_none()).and_then(|value| value.to_str().ok())
        };
        let parent = single(TRACEPARENT).and_then(TraceParent::parse);
        let given = [X_TRACE_ID, X_REQUEST_ID].into_iter().find_map(|name| TraceId::new(single(name)?).ok());
        let chosen = given.is_some();
        let id = given.unwrap_or_else(|| {
            TraceId::from_digits(&parent.map_or_else(|| random(&SystemRng), |parent| parent.trace))
        });
        let mut trace = Trace { chosen, ..Trace::new(id, &SystemRng) };
        if let Some(parent) = parent {
            trace.parent = parent;
            trace.state = tracestate::read(headers.get_all(TRACESTATE).iter());
        }
        trace.baggage = Baggage::from_headers(headers);
        Self::new(trace)
    }

    /// The id.
    pub fn id(&self) -> TraceId {
        self.inner.load().id.clone()
    }

    /// The baggage.
    pub fn baggage(&self) -> Baggage {
        self.inner.load().baggage.clone()
    }

    /// The same trace with other baggage; a later [`set_id`](super::set_id) in one of their scopes does not reach the other.
    #[must_use]
    pub fn with_baggage(&self, baggage: Baggage) -> Self {
        Self::new(Trace { baggage, ..Trace::clone(&self.now()) })
    }

    /// A trace with a new id; where a span of OpenTelemetry's is active, with the id of its trace.
    pub(super) fn new_random() -> Self {
        let trace = Trace::new_random(&SystemRng);
        #[cfg(feature = "otel")]
        if let Some(active) = crate::otel::active() {
            let (id, parent) = (TraceId::from_digits(&active.trace), TraceParent { span: 0, ..active });
            return Self::new(Trace { id, parent, ..trace });
        }
        Self::new(trace)
    }

    /// A span has begun in this trace, and whatever comes belongs to it. An id that nobody chose gives way to that of the span's trace.
    #[cfg(all(feature = "otel", feature = "server"))]
    pub(crate) fn adopt(&self, parent: TraceParent) {
        let now = self.now();
        let id = if now.chosen { now.id.clone() } else { TraceId::from_digits(&parent.trace) };
        self.inner.store(Arc::new(Trace { id, parent, ..Trace::clone(&now) }));
    }

    pub(super) fn set_id(&self, id: TraceId) {
        let renamed = self.inner.load().renamed(id, &SystemRng);
        self.inner.store(Arc::new(renamed));
    }

    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        Outgoing::passing_on(self.now()).write(headers, &SystemRng, None);
    }

    pub(crate) fn now(&self) -> Arc<Trace> {
        self.inner.load_full()
    }
}
