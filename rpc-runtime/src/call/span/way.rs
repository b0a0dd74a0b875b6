//! The way of a span to whoever listens: through `tracing`, or to OpenTelemetry's SDK itself where nobody else does.

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
pub(in crate::call) enum Way {
    Tracing(Span),
    #[cfg(feature = "otlp")]
    Direct(Begun),
}

impl Way {
    /// Its place in the trace, where a tracing system has given it one.
    pub(in crate::call) fn place(&self) -> Option<TraceParent> {
        match self {
            #[cfg(feature = "otlp")]
            Self::Direct(span) => span.place(),
            #[cfg(feature = "otel")]
            Self::Tracing(span) => crate::otel::place(span),
            #[cfg(not(feature = "otel"))]
            Self::Tracing(_) => None,
        }
    }

    /// Runs a function in the span. Layers of `tracing` take the last time that a span is left for its end, so that whoever was in it is
    /// in it at its end, too.
    pub(in crate::call) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        match self {
            #[cfg(feature = "otlp")]
            Self::Direct(span) => {
                let _active = span.attach();
                work()
            }
            Self::Tracing(span) => span.in_scope(work),
        }
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
        match self {
            #[cfg(feature = "otlp")]
            Self::Direct(span) => span.outgoing(trace, rng),
            #[cfg(feature = "otel")]
            Self::Tracing(span) => crate::otel::outgoing(span, trace, rng),
            #[cfg(not(feature = "otel"))]
            Self::Tracing(_) => Outgoing::of(trace, rng),
        }
    }

    pub(super) fn text(&self, name: &'static str, text: &'static str) {
        match self {
            #[cfg(feature = "otlp")]
            Self::Direct(span) => span.set(name, text.into()),
            Self::Tracing(span) => {
                span.record(name, text);
            }
        }
    }

    pub(super) fn number(&self, name: &'static str, number: i64) {
        match self {
            #[cfg(feature = "otlp")]
            Self::Direct(span) => span.set(name, number.into()),
            Self::Tracing(span) => {
                span.record(name, number);
            }
        }
    }

    pub(super) fn failed(&self, failure: &Failure) {
        match self {
            #[cfg(feature = "otlp")]
            Self::Direct(span) => span.failed(failure.as_str()),
            Self::Tracing(span) => {
                span.record("error.type", failure.as_str());
                span.record("otel.status_code", semconv::ERROR);
            }
        }
    }
}
