//! Phase 3, one attempt: from its endpoint to its verdict.

use std::pin::pin;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

use super::exchange::{self, Answered, Exchanged, exchange};
use super::judge::{Judged, judge};
use super::log;
use super::outgoing::OutgoingAttempt;
use super::prepare::Prepared;
use super::span::AttemptSpan;
use crate::balance::Lease;
use crate::codegen::Decode;
use crate::deadline::TIMEOUT_MS;
use crate::discovery::Endpoint;
use crate::intercept::{AttemptEnded, Entered, Outcome};
use crate::metrics::{Event, Failure};
use crate::transport::TransportRequest;

const ATTEMPT: HeaderName = HeaderName::from_static("x-request-attempt");

/// Those that an attempt adds to the headers of its call, `host` and `content-length` among them.
const OWN_HEADERS: usize = 7;

/// One attempt: it holds its endpoint, and interceptors and recorder are owed its end. Dropped before it is judged, it has told
/// policy nothing.
#[derive(Debug)]
pub(super) struct Attempt<'c> {
    call: &'c Prepared,
    endpoint: Endpoint,
    lease: Option<Lease>,
    number: u32,
    began: Instant,
    span: AttemptSpan,
    entered: Entered,
    /// The request is the transport's. Until then, time is what interceptors take.
    handed_over: bool,
    answered: Option<Answered>,
    /// The recorder knows its end.
    told: bool,
}

impl<'c> Attempt<'c> {
    pub(super) fn new(call: &'c Prepared, lease: Lease, number: u32) -> Self {
        let endpoint = lease.endpoint().clone();
        let began = lease.began();
        let span = AttemptSpan::open(call, &endpoint, number);
        Self {
            call,
            endpoint,
            lease: Some(lease),
            number,
            began,
            span,
            entered: Entered::default(),
            handed_over: false,
            answered: None,
            told: false,
        }
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Sends the request, within the time of an attempt.
    pub(super) async fn exchange(&mut self) -> Exchanged {
        let Self { call, endpoint, lease, number, began, span, entered, handed_over, answered, .. } = self;
        let (call, number, began) = (*call, *number, *began);
        let limit = [call.policy.attempt_timeout, call.remaining(began)].into_iter().flatten().min();
        let mesh = call.handle.mesh();
        let until = limit.and_then(|limit| began.checked_add(limit));
        let work = async {
            let mut headers = headers(call, span, number, limit);
            let hooks = call.handle.interceptors();
            if !hooks.is_empty() {
                let mut attempt = OutgoingAttempt { call: &call.outgoing, endpoint, number, headers };
                let before = span.around(pin!(hooks.before_attempt(&mut attempt, entered))).await;
                if let Err(error) = before {
                    return Exchanged::Refused(error);
                }
                headers = attempt.headers;
                // What an interceptor took is not the service's any more.
                let waited = call.now().saturating_duration_since(began);
                if let Some(limit) = limit.filter(|_| waited >= Duration::from_millis(1)) {
                    tell_limit(&mut headers, limit.saturating_sub(waited));
                }
            }
            log::request_headers(call, number, &headers);
            let request = TransportRequest {
                headers,
                endpoint,
                method: &call.outgoing.method,
                target: call.target(),
                body: call.outgoing.body.clone(),
                alone: lease.as_ref().is_some_and(Lease::is_alone),
            };
            *handed_over = true;
            exchange(mesh.transport(), request, call.policy.max_body, answered).await
        };
        let done = exchange::within(&**mesh.clock(), until, pin!(work)).await;
        let limit = limit.unwrap_or_default();
        match done {
            Some(exchanged) => {
                log::reply_headers(call, number, &exchanged);
                exchanged
            }
            None if *handed_over => Exchanged::TimedOut(limit),
            None => Exchanged::Held(limit),
        }
    }

    /// What it comes to: for the caller, the retry policy, and the endpoint.
    pub(super) fn judge(mut self, exchanged: Exchanged, decoder: &mut dyn Decode) -> Judged {
        let timed_out = matches!(exchanged, Exchanged::TimedOut(_));
        let left = self.call.remaining(self.began);
        let last =
            left.is_some_and(|left| self.call.policy.attempt_timeout.is_none_or(|limit| left <= limit));
        let judged = judge(self.call, last, exchanged, decoder);
        self.tell(judged.result.as_ref().err().map(Failure::of));
        if let Some(lease) = self.lease.take() {
            lease.finish(judged.verdict.outcome);
        }
        if judged.result.is_ok() || timed_out {
            self.took();
        }
        if let Err(error) = &judged.result {
            self.span.failed(error);
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

    /// To the span and the recorder: once, whoever calls it first.
    fn tell(&mut self, failure: Option<Failure>) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        self.span.answered(self.answered);
        let (call, answered) = (&self.call.outgoing, self.answered);
        self.call.tell(|| Event::AttemptEnded {
            service: call.service(),
            operation: call.operation,
            method: &call.method,
            template: call.template,
            endpoint: &self.endpoint,
            number: self.number,
            handed_over: self.handed_over,
            status: answered.map(|answered| answered.status),
            version: answered.and_then(|answered| answered.version),
            failure,
            elapsed: self.call.now().saturating_duration_since(self.began),
        });
    }

    fn after(&mut self, outcome: Outcome<'_>, success: Option<&super::Success>) {
        let entered = std::mem::take(&mut self.entered);
        if entered.is_none() {
            return;
        }
        let ended = AttemptEnded {
            call: &self.call.outgoing,
            endpoint: &self.endpoint,
            number: self.number,
            elapsed: self.call.now().saturating_duration_since(self.began),
            outcome,
            success,
        };
        self.span.run(|| self.call.handle.interceptors().after_attempt(entered, &ended));
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.tell(Some(Failure::Cancelled));
        self.after(Outcome::Dropped, None);
    }
}

/// The headers of one attempt: those of the call, and what differs from attempt to attempt.
fn headers(call: &Prepared, span: &AttemptSpan, number: u32, limit: Option<Duration>) -> HeaderMap {
    let of_call = &*call.outgoing.headers;
    // One allocation of the right size, where a clone would grow twice.
    let mut headers = HeaderMap::with_capacity(of_call.len() + OWN_HEADERS);
    for (name, value) in of_call {
        headers.append(name, value.clone());
    }
    call.trace.write(&mut headers, call.handle.mesh().rng(), span.place());
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
