//! The futures of calls: one boxed future of the core inside, one downcast outside.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::{Decode, DecodeError, Fallback, Reply, Request, Slot};
use crate::call::{self, Meta};
use crate::error::{Error, ErrorKind, Result};
use crate::response::Response;
use crate::transport::BoxFuture;

type Core = BoxFuture<'static, (Result<Meta>, Box<dyn Decode>)>;

/// A call under way that gives the value with what came around it.
#[must_use = "futures do nothing unless awaited"]
pub struct ResponseFuture<T> {
    core: Core,
    value: PhantomData<fn() -> T>,
}

/// A call under way that gives the value.
#[must_use = "futures do nothing unless awaited"]
pub struct ValueFuture<T>(ResponseFuture<T>);

impl<T: Send + 'static> ResponseFuture<T> {
    /// Starts a call; nothing happens before the first poll.
    #[doc(hidden)]
    pub fn new(request: Request, decode: fn(&Reply<'_>) -> Result<T, DecodeError>) -> Self {
        Self::with_fallback(request, decode, None)
    }

    /// Starts a call that gives `fallback`'s value in place of an error.
    #[doc(hidden)]
    pub fn with_fallback(
        request: Request,
        decode: fn(&Reply<'_>) -> Result<T, DecodeError>,
        fallback: Option<Fallback<T>>,
    ) -> Self {
        let decoder = Box::new(Slot::new(decode, fallback));
        Self { core: Box::pin(call::run(request, decoder)), value: PhantomData }
    }

    fn poll_core(&mut self, context: &mut Context<'_>) -> Poll<Result<(T, Meta)>> {
        let (result, decoder) = ready!(self.core.as_mut().poll(context));
        Poll::Ready(result.and_then(|meta| {
            let value = decoder.into_any().downcast::<Slot<T>>().ok().and_then(|slot| slot.value);
            // The core succeeds only after the decoder did.
            let value =
                value.ok_or_else(|| Error::new(ErrorKind::Decode, "the call ended without a value"))?;
            Ok((value, meta))
        }))
    }

    /// Only the value.
    pub fn into_value(self) -> ValueFuture<T> {
        ValueFuture(self)
    }
}

impl<T: Send + 'static> Future for ResponseFuture<T> {
    type Output = Result<Response<T>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (value, meta) = ready!(self.poll_core(context))?;
        Poll::Ready(Ok(Response::new(value, Box::new(meta))))
    }
}

impl<T: Send + 'static> Future for ValueFuture<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_core(context).map_ok(|(value, _)| value)
    }
}

impl<T> fmt::Debug for ResponseFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseFuture")
    }
}

impl<T> fmt::Debug for ValueFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ValueFuture")
    }
}
