//! A call that was begun, and must be closed: once.

use std::time::Duration;

use tokio::time::Instant;

use super::span::CallSpan;
use super::{Meta, Prepared, Success, judge, log, prepare};
use crate::client::Handle;
use crate::codegen::Request;
use crate::error::{Error, Result, Story};
use crate::intercept::{CallEnded, Entered, Outcome};
use crate::metrics::{CallOutcome, Event, Failure};
use crate::response::Source;
use crate::trace::Outgoing;

/// The story of a call, closed exactly once: by [`close`](Self::close), or when the caller drops the call.
#[derive(Debug)]
pub(super) struct Open<'s> {
    pub(super) handle: Handle,
    pub(super) started: Instant,
    span: &'s CallSpan,
    pub(super) story: Story,
    pub(super) prepared: Option<Prepared>,
    /// The interceptors that are owed an end.
    pub(super) entered: Entered,
    closed: bool,
}

impl<'s> Open<'s> {
    pub(super) fn new(request: &Request, span: &'s CallSpan) -> Self {
        let handle = request.handle.clone();
        let story = Story {
            service: Some(handle.name().clone()),
            operation: request.descriptor.name,
            ..Story::default()
        };
        let started = handle.mesh().clock().now();
        Self { handle, started, span, story, prepared: None, entered: Entered::default(), closed: false }
    }

    /// Fixes the call.
    ///
    /// # Errors
    /// When an argument or an option is not what it must be.
    pub(super) fn prepare(&mut self, request: Request, trace: Outgoing) -> Result<()> {
        self.story.trace_id = Some(trace.id().clone());
        self.prepared = Some(prepare::prepare(request, self.started, trace)?);
        Ok(())
    }

    /// Once, in the span of the call.
    pub(super) fn close(&mut self, result: Result<Success>) -> Result<Meta> {
        self.span.ended(result.as_ref());
        self.clock_out();
        self.handle.log().settle(self.started + self.story.elapsed);
        match result {
            Ok(success) => {
                log::succeeded(&self.story, &success);
                self.tell(of_success(success.source), None);
                self.after(Outcome::Success, Some(&success));
                let Success { status, headers, head, source, .. } = success;
                let story = std::mem::take(&mut self.story);
                Ok(Meta { status, headers, head, story, source })
            }
            Err(error) => {
                self.tell(of_failure(&error), Some(Failure::of(&error)));
                let error: Error = error.with_story(std::mem::take(&mut self.story));
                log::failed(&self.handle, &error, self.started + error.elapsed());
                self.story.attempts = error.attempts();
                self.story.elapsed = error.elapsed();
                self.after(Outcome::Failure(&error), None);
                Err(error)
            }
        }
    }

    /// The error as the caller would get it now.
    pub(super) fn told(&self, error: Error) -> Error {
        error.with_story(Story { elapsed: self.elapsed(), ..self.story.clone() })
    }

    fn elapsed(&self) -> Duration {
        self.handle.mesh().clock().now().saturating_duration_since(self.started)
    }

    fn clock_out(&mut self) {
        self.closed = true;
        self.story.elapsed = self.elapsed();
    }

    fn tell(&self, outcome: CallOutcome, failure: Option<Failure>) {
        let Story { attempts, elapsed, .. } = self.story;
        self.handle.mesh().recording().tell(|| Event::CallEnded {
            service: self.handle.name().as_str(),
            operation: self.story.operation,
            outcome,
            failure,
            attempts,
            elapsed,
        });
    }

    fn after(&self, outcome: Outcome<'_>, success: Option<&Success>) {
        let Some(prepared) = &self.prepared else { return };
        let Story { attempts, elapsed, .. } = self.story;
        let ended = CallEnded { call: &prepared.outgoing, attempts, elapsed, outcome, success };
        self.handle.interceptors().after_call(self.entered, &ended);
    }
}

fn of_success(source: Source) -> CallOutcome {
    match source {
        Source::Service => CallOutcome::Success,
        Source::Cache { .. } => CallOutcome::Cached,
        Source::Stale { .. } => CallOutcome::Stale,
        Source::Fallback => CallOutcome::Fallback,
    }
}

fn of_failure(error: &Error) -> CallOutcome {
    if judge::is_rejection(error) { CallOutcome::Rejected } else { CallOutcome::Failed }
}

/// The caller has lost interest.
impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.closed {
            self.clock_out();
            self.span.run(|| {
                log::dropped(&self.story);
                self.tell(CallOutcome::Dropped, Some(Failure::Cancelled));
                self.after(Outcome::Dropped, None);
            });
        }
    }
}
