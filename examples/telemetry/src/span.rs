//! A span as the collector has it, and all that came.

use std::time::Duration;

/// A span that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// `service.name` of the process that sent it.
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// 32 hex digits.
    pub(crate) trace: String,
    /// 16 hex digits.
    pub(crate) id: String,
    /// None for the first span of a trace.
    pub(crate) parent: Option<String>,
    /// Since 1970.
    pub(crate) start: Duration,
    pub(crate) end: Duration,
    pub(crate) result: Outcome,
    /// `http.request.resend_count`.
    pub(crate) resend: Option<u64>,
}

/// What a span is the part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A whole call.
    Internal,
    /// One request, as its sender sees it.
    Client,
    /// One request, as its service sees it.
    Server,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A call that succeeded.
    Fine,
    /// `http.response.status_code` of a request.
    Status(u64),
    /// `error.type`, where there is no status.
    Failed(String),
    /// A request without a reply and without an error: nobody waits for it any more.
    CutOff,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fine => f.pad("ok"),
            Self::Status(status) => f.pad(&status.to_string()),
            Self::Failed(error) => f.pad(error),
            Self::CutOff => f.pad("cut off"),
        }
    }
}

impl Outcome {
    pub(crate) fn is_failure(&self) -> bool {
        match self {
            Self::Fine | Self::CutOff => false,
            Self::Status(status) => *status >= 400,
            Self::Failed(_) => true,
        }
    }
}
