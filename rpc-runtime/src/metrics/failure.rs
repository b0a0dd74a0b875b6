//! What went wrong, in one word of few.

use std::fmt;

use http::StatusCode;

use crate::error::{Error, ErrorKind, TimeoutScope};

/// What a call or an attempt failed with: few different values, fit for attributes of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// An HTTP status that is no success.
    Status(StatusCode),
    /// HTTP success with a business code that is none.
    Business,
    /// A success that could not be understood.
    Decode,
    /// No connection, or it broke before a whole reply had arrived.
    Connection,
    /// An attempt took too long.
    Timeout,
    /// The call took too long, or the request that this task serves has no time left.
    Deadline,
    /// No address.
    Discovery,
    /// This side refused: a breaker, or too much in flight.
    Overload,
    /// The request breaks a rule, or an interceptor refused it.
    InvalidRequest,
    /// No access token.
    Credential,
    /// A setting is wrong.
    Config,
    /// Dropped by its caller, or overtaken by another request of the call.
    Cancelled,
}

impl Failure {
    /// What an error comes to.
    pub fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Response => match error.status() {
                Some(status) if !status.is_success() => Self::Status(status),
                _ if error.code().is_some() => Self::Business,
                _ => Self::Decode,
            },
            ErrorKind::Decode => Self::Decode,
            ErrorKind::Connection => Self::Connection,
            ErrorKind::Timeout(TimeoutScope::Attempt) => Self::Timeout,
            ErrorKind::Timeout(TimeoutScope::Call | TimeoutScope::Inherited) => Self::Deadline,
            ErrorKind::Discovery => Self::Discovery,
            ErrorKind::Overload => Self::Overload,
            ErrorKind::InvalidRequest => Self::InvalidRequest,
            ErrorKind::Credential => Self::Credential,
            ErrorKind::Config => Self::Config,
        }
    }

    /// One word, or the status: `503`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Status(status) => status.as_str(),
            Self::Business => "business",
            Self::Decode => "decode",
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::Deadline => "deadline",
            Self::Discovery => "discovery",
            Self::Overload => "overload",
            Self::InvalidRequest => "invalid_request",
            Self::Credential => "credential",
            Self::Config => "config",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
