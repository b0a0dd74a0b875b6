//! The core of every call: not generic, one function, its phases in order.

mod attempt;
mod log;
mod prepare;

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::balance::{Lease, Unavailable};
use crate::classify::classify;
use crate::codegen::{Decode, Idempotency, Request};
use crate::discovery::Endpoint;
use crate::envelope::Head;
use crate::error::{Error, ErrorKind, Result, Story, TimeoutScope};
use crate::retry::{Decision, RetryState};
use attempt::AttemptEnd;
use prepare::Prepared;

/// What came around a value.
#[derive(Debug, Clone)]
pub(crate) struct Meta {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) head: Head,
    pub(crate) trace_id: String,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) endpoint: String,
}

/// Runs a call, in this order:
///
/// 1. **prepare**: arguments checked, path, query, headers, credentials, trace, limits fixed ([`Prepared`]);
/// 2. **attempt loop**: discover, pick an endpoint that was not tried yet, send, read, decode, [classify](classify) once;
///    the [retry policy](crate::retry) decides whether and when to go on;
/// 3. **finish**: the call's story goes into the value's surroundings or into the error, and into the log, once.
pub(crate) async fn run(
    request: Request,
    mut decoder: Box<dyn Decode>,
) -> (Result<Box<Meta>>, Box<dyn Decode>) {
    let handle = request.handle.clone();
    let started = handle.mesh().clock().now();
    let mut story = Story {
        service: handle.name().as_str().to_owned(),
        operation: request.descriptor.name,
        ..Story::default()
    };
    let result = match prepare::prepare(request, started) {
        Ok(prepared) => {
            story.trace_id = Some(prepared.trace.id().to_string());
            log::started(&story, &prepared);
            attempts(&prepared, &mut story, &mut *decoder).await
        }
        Err(error) => Err(error),
    };
    story.elapsed = handle.mesh().clock().now().saturating_duration_since(started);
    let result = match result {
        Ok(reply) => {
            let meta = Meta {
                status: reply.status,
                headers: reply.headers,
                head: reply.head,
                trace_id: story.trace_id.clone().unwrap_or_default(),
                attempts: story.attempts,
                elapsed: story.elapsed,
                endpoint: story.endpoint.clone().unwrap_or_default(),
            };
            log::succeeded(&story, &meta);
            Ok(Box::new(meta))
        }
        Err(error) => {
            let error = error.with_story(story);
            log::failed(&error);
            Err(error)
        }
    };
    (result, decoder)
}

/// A success, as the loop gives it.
struct Success {
    status: StatusCode,
    headers: HeaderMap,
    head: Head,
}

async fn attempts(call: &Prepared, story: &mut Story, decoder: &mut dyn Decode) -> Result<Success> {
    let mesh = call.handle.mesh();
    let mut state = RetryState::default();
    let mut tried: Vec<Endpoint> = Vec::new();
    let mut last: Option<Error> = None;
    loop {
        let lease = match (acquire(call, &tried).await, last.take()) {
            (Ok(lease), before) => {
                last = before;
                lease
            }
            // What the service said matters more than why it could not be asked again.
            (Err(_), Some(before)) => return Err(before.with_retry_exhausted(true)),
            (Err(error), None) => return Err(error),
        };
        story.attempts += 1;
        story.endpoint = Some(lease.endpoint().to_string());
        tried.push(lease.endpoint().clone());

        let AttemptEnd { ending, throttled, result } =
            attempt::send(call, &lease, story.attempts, decoder).await;
        let verdict = classify(ending, call.idempotency, call.keyed);
        lease.finish(verdict.outcome);
        story.saw(verdict.sent);
        let error = match (result, last.take()) {
            (Ok(success), _) => return Ok(success),
            // The last real error stays visible behind the end of the call's time.
            (Err(error), Some(before)) if error.kind() == ErrorKind::Timeout(TimeoutScope::Call) => {
                error.with_source(before)
            }
            (Err(error), _) => error,
        };
        let remaining = call.remaining();
        match call.retry.decide(&mut state, verdict.retry, throttled, remaining, mesh.rng().unit()) {
            Decision::Stop { exhausted } => return Err(error.with_retry_exhausted(exhausted)),
            Decision::Resend { after } => {
                log::retrying(story, &error, after);
                last = Some(error);
                if !after.is_zero() {
                    mesh.clock().sleep(after).await;
                }
            }
        }
    }
}

/// An endpoint for the next attempt: the balancer's choice among those that discovery knows now.
async fn acquire(call: &Prepared, tried: &[Endpoint]) -> Result<Lease> {
    let out_of_time = || call.remaining().is_some_and(|left| left.is_zero());
    if out_of_time() {
        return Err(call.out_of_time());
    }
    let balancer = call.handle.balancer();
    balancer.acquire(call.deadline, tried, call.is_repeatable()).await.map_err(
        |unavailable| match unavailable {
            Unavailable::Discovery(error) if out_of_time() => call.out_of_time().with_source(error),
            Unavailable::Discovery(error) => Error::discovery(error),
            Unavailable::Empty => Error::new(ErrorKind::Discovery, "the service has no endpoints"),
            Unavailable::Full { endpoints, limit } => {
                let what =
                    format!("all {endpoints} endpoints have {limit} requests in flight (max_in_flight)");
                Error::new(ErrorKind::Overload, what)
            }
        },
    )
}

impl Prepared {
    /// Whether an attempt that may have been processed would be sent again.
    fn is_repeatable(&self) -> bool {
        self.retry.retries > 0 && (self.keyed || self.idempotency != Idempotency::Unsafe)
    }

    fn remaining(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(self.handle.mesh().clock().now()))
    }

    fn out_of_time(&self) -> Error {
        Error::timeout(TimeoutScope::Call, self.timeout.unwrap_or_default())
    }
}
