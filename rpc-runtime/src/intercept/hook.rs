//! What a `before_…` hook answers.

use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::Error;
use crate::transport::BoxFuture;

/// The end of a `before_…` hook: reached already, or to be waited for.
#[must_use = "an interceptor returns it"]
pub struct Hook<'a>(State<'a>);

enum State<'a> {
    /// No allocation for hooks that do not wait.
    Done(Ready<Result<(), Error>>),
    Later(BoxFuture<'a, Result<(), Error>>),
}

impl<'a> Hook<'a> {
    /// Go on.
    pub fn done() -> Self {
        Self(State::Done(ready(Ok(()))))
    }

    /// Stop: the call, or the attempt, ends with this error. (Of two attempts at once, the other one may still succeed.)
    pub fn refuse(error: Error) -> Self {
        Self(State::Done(ready(Err(error))))
    }

    /// Go on, or stop, when the future says so. It is dropped when the time of the call, or of the attempt, is up.
    pub fn later(future: impl Future<Output = Result<(), Error>> + Send + 'a) -> Self {
        Self(State::Later(Box::pin(future)))
    }
}

impl Future for Hook<'_> {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Done(ready) => Pin::new(ready).poll(context),
            State::Later(future) => future.as_mut().poll(context),
        }
    }
}

impl From<Result<(), Error>> for Hook<'_> {
    fn from(result: Result<(), Error>) -> Self {
        Self(State::Done(ready(result)))
    }
}

impl fmt::Debug for Hook<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Done(_) => "Hook::done",
            State::Later(_) => "Hook::later",
        })
    }
}
