//! The core of every call: not generic, one function, its phases in order.

mod attempt;
mod attempts;
mod exchange;
mod hedged;
mod judge;
mod log;
mod open;
mod outgoing;
mod prepare;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::codegen::{Decode, Request};
use crate::envelope::Head;
use crate::error::{Error, ErrorKind, Result, Story};
pub(crate) use exchange::{Exchanged, exchange, within};
use open::Open;
pub use outgoing::{OutgoingAttempt, OutgoingCall};
use prepare::Prepared;

/// What came around a value.
#[derive(Debug, Clone)]
pub(crate) struct Meta {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) head: Head,
    pub(crate) story: Story,
}

/// A success, as the attempts give it; the decoder has the value.
#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) head: Head,
    /// For who keeps replies.
    #[allow(dead_code, reason = "the cache is a feature")]
    pub(crate) body: Bytes,
}

/// Runs a call, in this order:
///
/// 1. **prepare**: arguments checked, path, query, headers, trace, limits fixed ([`Prepared`]); then the
///    [interceptors](crate::intercept), the client's credentials last;
/// 2. **breaker**: is the service to be called at all?
/// 3. **attempts**: discover, pick an endpoint that was not tried yet, send, read, decode, [classify](crate::classify) once;
///    the [retry policy](crate::retry) and the budget decide whether and when to go on;
/// 4. **close**: the call's story goes into the value's surroundings or into the error, into the log, and to the interceptors:
///    once, also when the caller drops the call ([`Open`]).
pub(crate) async fn run(
    request: Request,
    mut decoder: Box<dyn Decode>,
) -> (Result<Box<Meta>>, Box<dyn Decode>) {
    let mut open = Open::new(&request);
    let result = answer(request, &mut open, &mut *decoder).await;
    (open.close(result), decoder)
}

async fn answer(request: Request, open: &mut Open, decoder: &mut dyn Decode) -> Result<Success> {
    let Open { started, story, prepared, entered, .. } = open;
    let call = prepared.insert(prepare::prepare(request, *started)?);
    story.trace_id = Some(call.trace.id().clone());
    log::started(story, call);
    call.in_time()?;
    let hooks = call.handle.interceptors().clone();
    let (clock, limit) = (call.handle.mesh().clock().clone(), call.remaining());
    match within(&*clock, limit, hooks.before_call(&mut call.outgoing, entered)).await {
        Some(result) => result?,
        None => return Err(call.out_of_time()),
    }
    call.seal()?;
    guarded(call, story, decoder).await
}

/// The attempts, behind the service's breaker.
async fn guarded(call: &Prepared, story: &mut Story, decoder: &mut dyn Decode) -> Result<Success> {
    let Some(breaker) = call.policy.breaker else { return attempts::run(call, story, decoder).await };
    let breakers = call.handle.state().breakers();
    let permit = breakers
        .admit(call.own_breaker(), breaker)
        .map_err(|refused| Error::new(ErrorKind::Overload, format!("the breaker is open: {refused}")))?;
    let result = attempts::run(call, story, decoder).await;
    let outcome = judge::of_call(call, result.as_ref().err());
    if let Some(turn) = permit.finish(outcome) {
        log::breaker(story, turn);
    }
    result
}
