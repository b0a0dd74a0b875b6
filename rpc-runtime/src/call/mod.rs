//! The core of every call: not generic, one function, its phases in order.

mod attempt;
mod attempts;
#[cfg(feature = "cache")]
mod cached;
mod exchange;
mod fallback;
mod hedged;
mod judge;
mod log;
mod open;
mod outgoing;
mod prepare;
mod span;

use std::fmt;
use std::pin::pin;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::breaker::Turn;
use crate::codegen::{Decode, Request};
use crate::envelope::Head;
use crate::error::{Error, ErrorKind, Result, Story};
use crate::intercept::Entered;
use crate::log::Shown;
use crate::metrics::Event;
use crate::response::Source;
pub(crate) use attempt::millis;
#[cfg(feature = "cache")]
use cached::run as cached_or_guarded;
pub(crate) use exchange::{Exchanged, exchange, within};
#[cfg(not(feature = "cache"))]
use guarded as cached_or_guarded;
use open::Open;
pub use outgoing::{OutgoingAttempt, OutgoingCall};
use prepare::Prepared;
use span::CallSpan;

/// What came around a value.
#[derive(Clone)]
pub(crate) struct Meta {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) head: Head,
    pub(crate) story: Story,
    pub(crate) source: Source,
}

/// A success, as the attempts give it; the decoder has the value.
pub(crate) struct Success {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) head: Head,
    #[cfg_attr(not(feature = "cache"), expect(dead_code, reason = "for who keeps replies"))]
    pub(crate) body: Bytes,
    pub(crate) source: Source,
}

/// No values of headers that are secret, and nothing of the envelope: it is somebody's data.
impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, headers, story, source, .. } = self;
        f.debug_struct("Meta")
            .field("status", status)
            .field("headers", &Shown::usual(headers))
            .field("story", story)
            .field("source", source)
            .finish_non_exhaustive()
    }
}

/// As for [`Meta`], and no body.
impl fmt::Debug for Success {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, headers, source, .. } = self;
        f.debug_struct("Success")
            .field("status", status)
            .field("headers", &Shown::usual(headers))
            .field("source", source)
            .finish_non_exhaustive()
    }
}

/// Runs a call, in this order:
///
/// 1. **prepare**: arguments checked, path, query, headers, trace, limits fixed ([`Prepared`]); then the
///    [interceptors](crate::intercept), the client's credentials last;
/// 2. **cache** (feature `cache`): a fresh reply is the answer, equal calls at the same moment are one;
/// 3. **breaker**: is the service to be called at all?
/// 4. **attempts**: discover, pick an endpoint that was not tried yet, send, read, decode, [classify](crate::classify) once;
///    the [retry policy](crate::retry) and the budget decide whether and when to go on;
/// 5. **instead**: when 2 to 4 failed, a stale reply of the cache; when anything did, a [fallback] of the call, the client, the
///    operation;
/// 6. **close**: the call's story goes into the value's surroundings or into the error, into the log, and to the interceptors:
///    once, also when the caller drops the call ([`Open`]).
pub(crate) async fn run(request: Request, mut decoder: Box<dyn Decode>) -> (Result<Meta>, Box<dyn Decode>) {
    let ((span, trace), descriptor) = (CallSpan::open(&request), request.descriptor);
    let mut open = Open::new(&request, &span);
    let refused = open.prepare(request, trace).err();
    let work = async {
        let result = match refused {
            None => answer(&mut open, &mut *decoder).await,
            Some(error) => Err(error),
        };
        let result = result.or_else(|error| fallback::instead(&open, descriptor, error, &mut *decoder));
        open.close(result)
    };
    let result = span.around(pin!(work)).await;
    (result, decoder)
}

async fn answer(open: &mut Open<'_>, decoder: &mut dyn Decode) -> Result<Success> {
    let Open { started, story, entered, prepared: Some(call), .. } = open else {
        return Err(Error::new(ErrorKind::InvalidRequest, "the call was not prepared"));
    };
    log::started(story, call);
    call.in_time(*started)?;
    if !call.handle.interceptors().is_empty() {
        enter(call, entered).await?;
    }
    call.seal();
    cached_or_guarded(call, story, decoder).await
}

/// The interceptors' turn, within the call's time.
async fn enter(call: &mut Prepared, entered: &mut Entered) -> Result<()> {
    let (hooks, mesh, until) =
        (call.handle.interceptors().clone(), call.handle.mesh().clone(), call.deadline);
    let hooked = within(&**mesh.clock(), until, pin!(hooks.before_call(&mut call.outgoing, entered))).await;
    hooked.unwrap_or_else(|| Err(call.out_of_time()))
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
        call.tell(|| Event::BreakerTurned {
            service: call.outgoing.service(),
            operation: call.own_breaker(),
            open: turn == Turn::Opened,
        });
    }
    result
}
