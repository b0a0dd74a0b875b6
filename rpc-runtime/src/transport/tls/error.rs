//! The error of TLS options.

use crate::error::BoxError;

/// TLS options that cannot be used. The message says what is wrong, and never holds a text of a key; the source says more.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct TlsError {
    what: Box<str>,
    about_key: bool,
    #[source]
    source: Option<BoxError>,
}

impl TlsError {
    pub(super) fn new(what: impl Into<Box<str>>) -> Self {
        Self { what: what.into(), about_key: false, source: None }
    }

    /// The private key is what is wrong.
    pub(super) fn about_key(mut self) -> Self {
        self.about_key = true;
        self
    }

    pub(crate) fn is_about_key(&self) -> bool {
        self.about_key
    }

    pub(super) fn caused_by(mut self, source: rustls::Error) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}
