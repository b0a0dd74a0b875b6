//! How the rest of the crate makes errors.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use crate::config::ConfigError;
use crate::discovery::DiscoveryError;

use super::{BoxError, Error, ErrorKind, Exhausted, Inner, RemoteReply, Sent, Story, TimeoutScope};

impl Error {
    pub(crate) fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                what: what.into(),
                source: None,
                story: Story::default(),
                reply: None,
                exhausted: Exhausted::No,
                passing: false,
            }),
        }
    }

    /// A call that an interceptor does not let go: it is not sent. `what` is a lower-case fragment.
    pub fn refused(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, what)
    }

    pub(crate) fn invalid_request(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, what)
    }

    pub(crate) fn config(what: impl Display) -> Self {
        Self::new(ErrorKind::Config, format!("configuration: {what}"))
    }

    /// The text is this level; what the file system or a parser said is the source.
    pub(crate) fn setting(error: ConfigError) -> Self {
        let mut found = Self::config(&error);
        found.inner.source = error.into_source().map(Arc::from);
        found
    }

    /// The text is this level; what the resolver said is the source.
    pub(crate) fn discovery(error: DiscoveryError) -> Self {
        let found = Self::new(ErrorKind::Discovery, error.to_string());
        match error {
            DiscoveryError::Resolve { source, .. } => found.with_source(source),
            _ => found,
        }
    }

    pub(crate) fn timeout(scope: TimeoutScope, limit: Duration) -> Self {
        let what = match scope {
            TimeoutScope::Attempt => format!("no reply within {limit:?} (attempt timeout)"),
            TimeoutScope::Call => format!("not done within {limit:?} (call timeout)"),
            TimeoutScope::Inherited => {
                "the deadline of the request that is being served has passed".to_owned()
            }
        };
        Self::new(ErrorKind::Timeout(scope), what)
    }

    pub(crate) fn response(what: impl Into<String>, reply: RemoteReply) -> Self {
        let mut error = Self::new(ErrorKind::Response, what);
        error.inner.reply = Some(reply);
        error
    }

    pub(crate) fn decode(what: impl Into<String>, reply: RemoteReply) -> Self {
        let mut error = Self::new(ErrorKind::Decode, what);
        error.inner.reply = Some(reply);
        error
    }

    #[must_use]
    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.inner.source = Some(Arc::from(source.into()));
        self
    }

    /// The same failure for another call: everything but the story, which is that call's own.
    #[cfg(feature = "cache")]
    pub(crate) fn duplicate(&self) -> Self {
        let Inner { kind, what, source, reply, exhausted, passing, .. } = &*self.inner;
        Self {
            inner: Box::new(Inner {
                kind: *kind,
                what: what.clone(),
                source: source.clone(),
                story: Story::default(),
                reply: reply.clone(),
                exhausted: *exhausted,
                passing: *passing,
            }),
        }
    }

    /// Finishes the error with the call it belongs to. The strongest `sent` of all attempts wins.
    #[must_use]
    pub(crate) fn with_story(mut self, story: Story) -> Self {
        self.inner.story = story;
        self
    }

    /// Whether a failure of whom the call needs, and not of the service, may pass.
    #[must_use]
    pub(crate) fn with_passing(mut self, passing: bool) -> Self {
        self.inner.passing = passing;
        self
    }

    #[must_use]
    pub(crate) fn with_exhausted(mut self, exhausted: Exhausted) -> Self {
        self.inner.exhausted = exhausted;
        self
    }
}

impl Story {
    /// Notes how far an attempt got.
    pub(crate) fn saw(&mut self, sent: Sent) {
        self.sent = self.sent.max(sent);
    }
}
