//! What a client gives for calls that get no proper answer.

use std::fmt;
use std::sync::Arc;

use crate::error::Error;

type Make = dyn Fn(&str, &Error) -> Option<String> + Send + Sync;

/// JSON of a value, by operation and error. Clones are the same.
#[derive(Clone)]
pub(crate) struct ClientFallback(Arc<Make>);

impl ClientFallback {
    pub(super) fn new(make: impl Fn(&str, &Error) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(make))
    }

    pub(crate) fn of(&self, operation: &str, error: &Error) -> Option<String> {
        (self.0)(operation, error)
    }
}

impl fmt::Debug for ClientFallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientFallback")
    }
}
