//! Between the non-generic core and the typed shell: one virtual call decodes, the shell takes the value out.

use std::any::Any;

use super::{DecodeError, Reply};

/// Decodes a reply and keeps the value.
pub(crate) trait Decode: Send {
    fn decode(&mut self, reply: &Reply<'_>) -> Result<(), DecodeError>;
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// A decoder and its value.
pub(crate) struct Slot<T> {
    decode: fn(&Reply<'_>) -> Result<T, DecodeError>,
    pub(crate) value: Option<T>,
}

impl<T> Slot<T> {
    pub(crate) fn new(decode: fn(&Reply<'_>) -> Result<T, DecodeError>) -> Self {
        Self { decode, value: None }
    }
}

impl<T: Send + 'static> Decode for Slot<T> {
    fn decode(&mut self, reply: &Reply<'_>) -> Result<(), DecodeError> {
        self.value = Some((self.decode)(reply)?);
        Ok(())
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
