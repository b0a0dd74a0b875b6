//! What happens, told to whoever counts it.
//!
//! A [`Recorder`] is given to a mesh ([`MeshBuilder::recorder`](crate::MeshBuilder::recorder)) and hears an [`Event`] for
//! everything that is worth counting, of all clients of the mesh; what can only be looked at stands in [`Levels`]. The feature
//! `otel` has one that records into OpenTelemetry (`otel::Metrics`).
//!
//! Decisions are pure and tell nobody anything: events are told where a decision is acted on.

mod event;
mod failure;
mod levels;

use std::fmt;
use std::sync::Arc;

pub use event::{CacheUse, CallOutcome, EjectionReason, Event, HedgeStep, Suppressed};
pub use failure::Failure;
pub(crate) use levels::Look;
pub use levels::{BreakerLevel, Levels, ServiceLevels};

/// Counts what happens in a mesh.
///
/// Both methods are called from the middle of calls: they must neither block nor panic.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use rpc_runtime::Mesh;
/// use rpc_runtime::metrics::{Event, Recorder};
///
/// /// Counts re-sends.
/// #[derive(Debug, Default)]
/// struct Retries(AtomicU64);
///
/// impl Recorder for Retries {
///     fn record(&self, event: &Event<'_>) {
///         if let Event::Retry { .. } = event {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// let mesh = Mesh::builder().recorder(Retries::default()).build()?;
/// # Ok::<_, rpc_runtime::Error>(())
/// ```
pub trait Recorder: fmt::Debug + Send + Sync + 'static {
    /// Something happened.
    fn record(&self, _event: &Event<'_>) {}

    /// A mesh was made that this recorder is for. `levels` may be kept: they do not keep the mesh alive.
    fn observe(&self, _levels: Levels) {}
}

impl<R: Recorder + ?Sized> Recorder for Arc<R> {
    fn record(&self, event: &Event<'_>) {
        (**self).record(event);
    }

    fn observe(&self, levels: Levels) {
        (**self).observe(levels);
    }
}

/// The recorder, if there is one. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recording(Option<Arc<dyn Recorder>>);

impl Recording {
    pub(crate) fn new(recorder: Option<Arc<dyn Recorder>>) -> Self {
        Self(recorder)
    }

    /// Tells an event, which is made only if somebody hears it. Not under a lock: who hears it may look at levels.
    pub(crate) fn tell<'e>(&self, event: impl FnOnce() -> Event<'e>) {
        if let Some(recorder) = &self.0 {
            recorder.record(&event());
        }
    }

    pub(crate) fn observe(&self, levels: impl FnOnce() -> Levels) {
        if let Some(recorder) = &self.0 {
            recorder.observe(levels());
        }
    }
}
