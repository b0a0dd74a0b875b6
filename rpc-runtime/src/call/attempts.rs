//! Phase 3: attempt after attempt.

use smallvec::SmallVec;
use tokio::time::Instant;

use super::attempt::Attempt;
use super::judge::Judged;
use super::prepare::Prepared;
use super::{Success, hedged, log};
use crate::balance::{Lease, Unavailable};
use crate::codegen::Decode;
use crate::discovery::Endpoint;
use crate::error::{Error, ErrorKind, Exhausted, Result, Story, TimeoutScope};
use crate::metrics::{Event, Failure};
use crate::retry::{Decision, RetryState, Taken};

/// The endpoints that a call has tried.
pub(super) type Tried = SmallVec<[Endpoint; 3]>;

/// Sends the request until it succeeds, or policy, budget or time say that it is enough.
pub(super) async fn run(call: &Prepared, story: &mut Story, decoder: &mut dyn Decode) -> Result<Success> {
    let mesh = call.handle.mesh();
    let mut now = call.now();
    call.handle.state().budget().deposit(now);
    let mut state = RetryState::default();
    let mut tried = Tried::new();
    let mut last: Option<Error> = None;
    let mut hedging = hedged::admit(call);
    let budget = call.handle.state().budget();
    // What a re-send costs comes back when it is not sent after all.
    let mut paid: Option<Taken<'_>> = None;
    loop {
        let lease = match (acquire(call, &tried, now).await, last.take()) {
            (Ok(lease), before) => {
                last = before;
                lease
            }
            // What the service said matters more than why it could not be asked again.
            (Err(why), Some(before)) => {
                let exhausted = if is_out_of_time(&why) { Exhausted::Deadline } else { Exhausted::Endpoints };
                return Err(given_up(call, before, exhausted));
            }
            (Err(error), None) => return Err(error),
        };
        if let Some(paid) = paid.take() {
            paid.used();
        }
        if let Some(before) = &last {
            call.tell(|| Event::Retry {
                service: call.outgoing.service(),
                operation: call.outgoing.operation,
                reason: Failure::of(before),
            });
        }
        let Judged { verdict, throttled, result } =
            hedged::run(call, lease, &mut tried, &mut hedging, story, decoder).await;
        let error = match (result, last.take()) {
            (Ok(success), _) => return Ok(success),
            // The last real error stays visible behind the end of the call's time.
            (Err(error), Some(before)) if is_out_of_time(&error) => error.with_source(before),
            (Err(error), _) => error,
        };
        now = call.now();
        let mut withdraw = || {
            paid = budget.take(now);
            paid.is_some()
        };
        let decision = call.retry.decide(
            &mut state,
            verdict.retry,
            throttled,
            call.remaining(now),
            mesh.rng().unit(),
            &mut withdraw,
        );
        match decision {
            Decision::Stop(exhausted) => return Err(given_up(call, error, exhausted)),
            Decision::Resend { after } => {
                log::retrying(call, story, &error, after);
                last = Some(error);
                if !after.is_zero() {
                    mesh.clock().sleep(after).await;
                    now = call.now();
                }
            }
        }
    }
}

/// The error of a call that is not sent again.
fn given_up(call: &Prepared, error: Error, exhausted: Exhausted) -> Error {
    if let Some(reason) = exhausted.reason() {
        call.tell(|| Event::RetrySuppressed {
            service: call.outgoing.service(),
            operation: call.outgoing.operation,
            reason,
        });
    }
    error.with_exhausted(exhausted)
}

fn is_out_of_time(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Timeout(TimeoutScope::Call | TimeoutScope::Inherited))
}

/// Begins the attempt that a lease is for.
pub(super) fn begin<'c>(
    call: &'c Prepared,
    lease: Lease,
    tried: &mut Tried,
    story: &mut Story,
) -> Attempt<'c> {
    story.attempts += 1;
    tried.push(lease.endpoint().clone());
    Attempt::new(call, lease, story.attempts)
}

/// An endpoint for the next attempt: the balancer's choice among those that discovery knows now.
async fn acquire(call: &Prepared, tried: &[Endpoint], now: Instant) -> Result<Lease> {
    call.in_time(now)?;
    let balancer = call.handle.state().balancer();
    let repeatable = call.policy.retries > 0 && call.outgoing.is_repeatable();
    let lease = balancer.acquire(call.deadline, tried, repeatable).await;
    lease.map_err(|unavailable| match unavailable {
        Unavailable::Discovery(error) => match call.in_time(call.now()) {
            Ok(()) => Error::discovery(error),
            Err(out_of_time) => out_of_time.with_source(error),
        },
        Unavailable::Empty => Error::new(ErrorKind::Discovery, "the service has no endpoints"),
        Unavailable::Full { endpoints, limit } => {
            let what = format!("all {endpoints} endpoints have {limit} requests in flight (max_in_flight)");
            Error::new(ErrorKind::Overload, what)
        }
    })
}
