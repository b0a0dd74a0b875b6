//! Phase 3, one attempt: from its endpoint to its verdict.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

use super::exchange::{self, Exchanged, exchange};
use super::judge::{Judged, judge};
use super::outgoing::OutgoingAttempt;
use super::prepare::Prepared;
use crate::balance::Lease;
use crate::codegen::Decode;
use crate::deadline::TIMEOUT_MS;
use crate::discovery::Endpoint;
use crate::intercept::{AttemptEnded, Entered, Outcome};
use crate::transport::TransportRequest;

const ATTEMPT: HeaderName = HeaderName::from_static("x-request-attempt");

/// One attempt: it holds its endpoint, and interceptors are owed its end. Dropped before it is judged, it has told nothing.
#[derive(Debug)]
pub(super) struct Attempt<'c> {
    call: &'c Prepared,
    endpoint: Endpoint,
    lease: Option<Lease>,
    number: u32,
    began: Instant,
    entered: Entered,
}

impl<'c> Attempt<'c> {
    pub(super) fn new(call: &'c Prepared, lease: Lease, number: u32) -> Self {
        let endpoint = lease.endpoint().clone();
        let began = call.now();
        Self { call, endpoint, lease: Some(lease), number, began, entered: Entered::default() }
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Sends the request, within the time of an attempt.
    pub(super) async fn exchange(mut self) -> (Self, Exchanged) {
        let call = self.call;
        let limit = [call.policy.attempt_timeout, call.remaining()].into_iter().flatten().min();
        let (mesh, began) = (call.handle.mesh(), self.began);
        // Until the request is handed over, time is what interceptors take.
        let mut handed_over = false;
        let work = async {
            let headers = headers(call, self.number, limit);
            let Self { endpoint, number, entered, lease, .. } = &mut self;
            let mut attempt = OutgoingAttempt { call: &call.outgoing, endpoint, number: *number, headers };
            if let Err(error) = call.handle.interceptors().before_attempt(&mut attempt, entered).await {
                return Exchanged::Refused(error);
            }
            // What an interceptor took is not the service's any more.
            let waited = call.now().saturating_duration_since(began);
            if let Some(limit) = limit.filter(|_| waited >= Duration::from_millis(1)) {
                tell_limit(&mut attempt.headers, limit.saturating_sub(waited));
            }
            let request = TransportRequest {
                headers: attempt.headers,
                endpoint: endpoint.clone(),
                method: call.outgoing.method.clone(),
                target: call.target.clone(),
                body: call.outgoing.body.clone(),
                alone: lease.as_ref().is_some_and(Lease::is_alone),
            };
            handed_over = true;
            exchange(mesh.transport(), request, call.policy.max_body).await
        };
        let done = exchange::within(&**mesh.clock(), limit, work).await;
        let limit = limit.unwrap_or_default();
        let exchanged = match done {
            Some(exchanged) => exchanged,
            None if handed_over => Exchanged::TimedOut(limit),
            None => Exchanged::Held(limit),
        };
        (self, exchanged)
    }

    /// What it comes to: for the caller, the retry policy, and the endpoint.
    pub(super) fn judge(mut self, exchanged: Exchanged, decoder: &mut dyn Decode) -> Judged {
        let timed_out = matches!(exchanged, Exchanged::TimedOut(_));
        let judged = judge(self.call, exchanged, decoder);
        if let Some(lease) = self.lease.take() {
            lease.finish(judged.verdict.outcome);
        }
        if judged.result.is_ok() || timed_out {
            self.took();
        }
        let (outcome, success) = match &judged.result {
            Ok(success) => (Outcome::Success, Some(success)),
            Err(error) => (Outcome::Failure(error), None),
        };
        self.after(outcome, success);
        judged
    }

    /// How long a reply takes is worth knowing where the slowest are hedged.
    fn took(&self) {
        if let Some(hedging) = self.call.policy.hedging {
            let (now, operation) = (self.call.now(), self.call.outgoing.operation);
            let elapsed = now.saturating_duration_since(self.began);
            self.call.handle.state().hedges().took(hedging, operation, elapsed, now);
        }
    }

    fn after(&mut self, outcome: Outcome<'_>, success: Option<&super::Success>) {
        let entered = std::mem::take(&mut self.entered);
        let ended = AttemptEnded {
            call: &self.call.outgoing,
            endpoint: &self.endpoint,
            number: self.number,
            elapsed: self.call.now().saturating_duration_since(self.began),
            outcome,
            success,
        };
        self.call.handle.interceptors().after_attempt(entered, &ended);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.after(Outcome::Dropped, None);
    }
}

/// The headers of one attempt: those of the call, and what differs from attempt to attempt.
fn headers(call: &Prepared, number: u32, limit: Option<Duration>) -> HeaderMap {
    let mut headers = HeaderMap::clone(&call.outgoing.headers);
    call.trace.write(&mut headers, call.handle.mesh().rng());
    headers.insert(ATTEMPT, ordinal(number));
    match limit {
        // The usual one: its text is there.
        Some(limit) if call.handle.config().attempt_timeout == Some(limit) => {
            headers.insert(TIMEOUT_MS, call.handle.attempt_timeout().clone());
        }
        Some(limit) => tell_limit(&mut headers, limit),
        None => {}
    }
    headers
}

/// As `HeaderValue::from`, without an allocation for those that occur.
fn ordinal(number: u32) -> HeaderValue {
    match number {
        1 => HeaderValue::from_static("1"),
        2 => HeaderValue::from_static("2"),
        3 => HeaderValue::from_static("3"),
        more => HeaderValue::from(more),
    }
}

fn tell_limit(headers: &mut HeaderMap, limit: Duration) {
    headers.insert(TIMEOUT_MS, millis(limit));
}

/// A limit as it is sent: whole milliseconds, rounded up.
pub(crate) fn millis(limit: Duration) -> HeaderValue {
    let millis = limit.as_nanos().div_ceil(1_000_000);
    HeaderValue::from(u64::try_from(millis).unwrap_or(u64::MAX))
}
