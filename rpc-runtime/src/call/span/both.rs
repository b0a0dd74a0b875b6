//! A span as `tracing` knows it, and as OpenTelemetry's SDK does where that is told without `tracing` in between.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use tracing::Span;

use crate::metrics::Failure;
#[cfg(feature = "otlp")]
use crate::otel::Begun;
use crate::rng::Rng;
use crate::semconv;
use crate::trace::{Outgoing, Trace, TraceParent};

#[derive(Debug)]
pub(in crate::call) struct Both {
    tracing: Span,
    #[cfg(feature = "otlp")]
    direct: Option<Begun>,
}

impl Both {
    pub(super) fn new(tracing: Span, #[cfg(feature = "otlp")] direct: Option<Begun>) -> Self {
        Self {
            tracing,
            #[cfg(feature = "otlp")]
            direct,
        }
    }

    /// Its place in the trace, where a tracing system has given it one.
    pub(in crate::call) fn place(&self) -> Option<TraceParent> {
        #[cfg(feature = "otlp")]
        if let Some(direct) = &self.direct {
            return direct.place();
        }
        #[cfg(feature = "otel")]
        return crate::otel::place(&self.tracing);
        #[cfg(not(feature = "otel"))]
        None
    }

    /// Runs a function in the span. Layers take the last time that a span is left for its end, so that whoever was in it is in it at its
    /// end, too.
    pub(in crate::call) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        #[cfg(feature = "otlp")]
        let _active = self.direct.as_ref().map(Begun::attach);
        self.tracing.in_scope(work)
    }

    /// Polls a future in the span. Pinned by the caller, so that it is not held twice.
    pub(in crate::call) fn around<'f, F: Future>(
        &'f self,
        mut future: Pin<&'f mut F>,
    ) -> impl Future<Output = F::Output> + 'f {
        poll_fn(move |context| self.run(|| future.as_mut().poll(context)))
    }

    /// What sends carry, of a span that is around a call.
    pub(super) fn trace(&self, trace: Option<Arc<Trace>>, rng: &dyn Rng) -> Outgoing {
        #[cfg(feature = "otlp")]
        if let Some(direct) = &self.direct {
            return direct.outgoing(trace, rng);
        }
        #[cfg(feature = "otel")]
        return crate::otel::outgoing(&self.tracing, trace, rng);
        #[cfg(not(feature = "otel"))]
        Outgoing::of(trace, rng)
    }

    pub(super) fn text(&self, name: &'static str, text: &'static str) {
        self.tracing.record(name, text);
        #[cfg(feature = "otlp")]
        if let Some(direct) = &self.direct {
            direct.set(name, text.into());
        }
    }

    pub(super) fn number(&self, name: &'static str, number: i64) {
        self.tracing.record(name, number);
        #[cfg(feature = "otlp")]
        if let Some(direct) = &self.direct {
            direct.set(name, number.into());
        }
    }

    pub(super) fn failed(&self, failure: &Failure) {
        self.tracing.record("error.type", failure.as_str());
        self.tracing.record("otel.status_code", semconv::ERROR);
        #[cfg(feature = "otlp")]
        if let Some(direct) = &self.direct {
            direct.failed(failure.as_str());
        }
    }
}
