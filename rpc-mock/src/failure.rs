//! The replies that the mock makes by itself.

use std::fmt;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::envelope::{Code, Envelope};

type Render = dyn Fn(StatusCode, &Code, &str) -> Response + Send + Sync;

/// How failures are written that no handler makes: of faults, unknown paths and methods, bodies, panics.
#[derive(Clone)]
pub(crate) struct Failures(Arc<Render>);

impl Failures {
    pub(crate) fn new(render: impl Fn(StatusCode, &Code, &str) -> Response + Send + Sync + 'static) -> Self {
        Self(Arc::new(render))
    }

    /// The reply has this status whatever the body's maker says.
    pub(crate) fn reply(&self, status: StatusCode, code: &Code, message: &str) -> Response {
        let mut reply = (self.0)(status, code, message);
        *reply.status_mut() = status;
        reply
    }

    /// A failure that has the HTTP status as its code.
    pub(crate) fn of_status(&self, status: StatusCode, message: &str) -> Response {
        self.reply(status, &status.as_u16().into(), message)
    }
}

impl Default for Failures {
    fn default() -> Self {
        Self::new(|status, code, message| {
            Envelope::fail(code.clone(), message).status(status).into_response()
        })
    }
}

impl fmt::Debug for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Failures")
    }
}
