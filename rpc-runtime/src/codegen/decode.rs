//! Between the non-generic core and the typed shell: one virtual call decodes, the shell takes the value out.

use std::any::Any;

use super::{DecodeError, Reply};
use crate::error::Error;

/// Decodes a reply and keeps the value.
pub(crate) trait Decode: Send {
    fn decode(&mut self, reply: &Reply<'_>) -> Result<(), DecodeError>;
    /// Asks the caller's own fallback, at most once; whether it gave a value.
    fn fall_back(&mut self, error: &Error) -> bool;
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// What a caller makes of an error, if it makes something of it.
pub type Fallback<T> = Box<dyn FnOnce(&Error) -> Option<T> + Send>;

/// A decoder and its value.
pub(crate) struct Slot<T> {
    decode: fn(&Reply<'_>) -> Result<T, DecodeError>,
    fallback: Option<Fallback<T>>,
    pub(crate) value: Option<T>,
}

impl<T> Slot<T> {
    pub(crate) fn new(
        decode: fn(&Reply<'_>) -> Result<T, DecodeError>,
        fallback: Option<Fallback<T>>,
    ) -> Self {
        Self { decode, fallback, value: None }
    }
}

impl<T: Send + 'static> Decode for Slot<T> {
    fn decode(&mut self, reply: &Reply<'_>) -> Result<(), DecodeError> {
        self.value = Some((self.decode)(reply)?);
        Ok(())
    }

    fn fall_back(&mut self, error: &Error) -> bool {
        self.value = self.fallback.take().and_then(|make| make(error));
        self.value.is_some()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
