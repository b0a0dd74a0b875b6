//! One call from its arrival to its end.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::response::Response;
use http_body_util::BodyExt as _;
use tokio::time::Instant;

use crate::book::Ticket;
use crate::clock;
use crate::fault::Verdict;
use crate::mock::Shared;
use crate::record::Recorded;

/// Who is told of every call that has ended.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(&Recorded) + Send + Sync>);

impl Observer {
    pub(crate) fn new(observe: impl Fn(&Recorded) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observe))
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// A call under way. However it ends (replied to, cut off, given up by the client), it ends by being dropped.
#[derive(Debug)]
pub(crate) struct Call {
    shared: Arc<Shared>,
    ticket: Ticket,
    record: Recorded,
    arrived: Instant,
}

impl Call {
    /// Enters a call into the book, which says what happens to it.
    pub(crate) fn arrive(shared: Arc<Shared>, mut record: Recorded) -> (Self, Verdict) {
        let arrived = clock::now();
        let (ticket, verdict) = shared.book.arrive(&mut record);
        (Self { shared, ticket, record, arrived }, verdict)
    }

    /// The call has this reply, and ends with its body: at once if that is at hand, else when it has been streamed.
    pub(crate) fn reply(mut self, reply: Response) -> Response {
        self.record.status = Some(reply.status());
        if reply.body().size_hint().exact().is_some() {
            return reply;
        }
        self.shared.book.update(self.ticket, &self.record);
        reply.map(|body| {
            Body::new(body.map_frame(move |frame| {
                // The body owns the call, which so ends when the body is dropped.
                let _call = &self;
                frame
            }))
        })
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.record.elapsed = clock::now().saturating_duration_since(self.arrived);
        self.shared.book.update(self.ticket, &self.record);
        if let Some(Observer(observe)) = &self.shared.observer {
            // A panic here could meet another one; it has been reported by then.
            let _ = catch_unwind(AssertUnwindSafe(|| observe(&self.record)));
        }
    }
}
