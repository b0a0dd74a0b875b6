//! What an attempt's end means. Everything that depends on it (retry, errors, logs, the endpoint's health; later budget,
//! metrics) reads this one verdict.

use std::time::Duration;

use http::StatusCode;

use crate::eject::Outcome;
use crate::error::Sent;
use crate::operation::Idempotency;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A success that was understood.
    Success,
    /// HTTP success, but the envelope says failure. `listed`: the operation names the code as one that may pass.
    Business { listed: bool, retry_after: Option<Duration> },
    /// HTTP success that does not fit the document.
    Undecodable,
    /// An HTTP status that is no success.
    Status { status: StatusCode, retry_after: Option<Duration> },
    /// The service ended the request at the deadline that it was told. `last`: that was the call's own, so that no time is left.
    Expired { last: bool },
    /// No whole reply: refused, reset, truncated.
    Broken { sent: Sent },
    /// The attempt's time ran out.
    TimedOut { sent: Sent },
    /// This side cannot send it, whatever the endpoint.
    Unsendable,
    /// The service left the request out: the connection is about to close, or has too many of them.
    Unprocessed,
    /// The call's time ran out: there is none left to try again. `fair`: the endpoint had enough of it.
    OutOfTime { sent: Sent, fair: bool },
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Whether the service may have seen the request.
    pub(crate) sent: Sent,
    /// Whether another attempt is allowed and makes sense.
    pub(crate) retry: Retry,
    /// What it says of the endpoint.
    pub(crate) outcome: Outcome,
}

/// Whether to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    /// No.
    No,
    /// It might help, but would not be safe for this operation.
    Unsafe,
    /// At once, elsewhere: the request never left.
    Elsewhere,
    /// After a backoff.
    Backoff,
    /// After the time that the service asked for.
    After(Duration),
}

/// The one place where an attempt's end is judged.
///
/// `keyed`: the call carries an idempotency key.
pub(crate) fn classify(ending: Ending, idempotency: Idempotency, keyed: bool) -> Verdict {
    let repeatable = idempotency.is_repeatable(keyed);
    let if_safe = if repeatable { Retry::Backoff } else { Retry::Unsafe };
    match ending {
        Ending::Success | Ending::Undecodable => {
            Verdict { sent: Sent::Yes, retry: Retry::No, outcome: Outcome::Healthy }
        }
        // Who lists a code says that the service did nothing when it sends it.
        Ending::Business { listed, retry_after } => {
            let retry = match (listed, retry_after) {
                (false, _) => Retry::No,
                (true, Some(after)) => Retry::After(after),
                (true, None) => Retry::Backoff,
            };
            Verdict { sent: Sent::Yes, retry, outcome: Outcome::Healthy }
        }
        // An ordinary restart, or a connection that got old, is no failure.
        Ending::Unprocessed => {
            Verdict { sent: Sent::Never, retry: Retry::Elsewhere, outcome: Outcome::Ignored }
        }
        Ending::Unsendable => Verdict { sent: Sent::Never, retry: Retry::No, outcome: Outcome::Ignored },
        // A caller in a hurry says nothing of the endpoint. But an endpoint that hangs must be found out also by callers whose
        // limit for the whole call is shorter than that for an attempt.
        Ending::OutOfTime { sent, fair } => {
            let outcome = if fair { Outcome::TimedOut } else { Outcome::Ignored };
            Verdict { sent, retry: Retry::No, outcome }
        }
        // It was there, and did what it was asked to do.
        Ending::Expired { last } => {
            let retry = if last { Retry::No } else { if_safe };
            Verdict { sent: Sent::Yes, retry, outcome: Outcome::Ignored }
        }
        Ending::Broken { sent: Sent::Never } | Ending::TimedOut { sent: Sent::Never } => {
            Verdict { sent: Sent::Never, retry: Retry::Elsewhere, outcome: Outcome::Unreachable }
        }
        Ending::Broken { sent } => {
            Verdict { sent, retry: if_safe, outcome: Outcome::Failed { retry_after: None } }
        }
        Ending::TimedOut { sent } => Verdict { sent, retry: if_safe, outcome: Outcome::TimedOut },
        Ending::Status { status, retry_after } => {
            let retry = match (status.as_u16(), retry_after) {
                // The service says itself that it did not process the request.
                (429, Some(after)) => Retry::After(after),
                (503, Some(after)) if repeatable => Retry::After(after),
                (429 | 502 | 503 | 504, _) => if_safe,
                _ => Retry::No,
            };
            let outcome = match status.as_u16() {
                429 => Outcome::Throttled { retry_after },
                // "Not implemented" is an answer about the request, not about the server.
                501 => Outcome::Healthy,
                500..=599 => Outcome::Failed { retry_after },
                _ => Outcome::Healthy,
            };
            Verdict { sent: Sent::Yes, retry, outcome }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Idempotency::{Idempotent, Keyed, Safe, Unsafe};

    fn check(ending: Ending, idempotency: Idempotency, keyed: bool, sent: Sent, retry: Retry) {
        let verdict = classify(ending, idempotency, keyed);
        assert_eq!((verdict.sent, verdict.retry), (sent, retry), "{ending:?} {idempotency:?} {keyed}");
    }

    fn status(status: u16, after: Option<u64>) -> Ending {
        Ending::Status {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: after.map(Duration::from_secs),
        }
    }

    #[test]
    fn what_never_left_is_always_tried_elsewhere() {
        for idempotency in [Safe, Idempotent, Keyed, Unsafe] {
            check(Ending::Broken { sent: Sent::Never }, idempotency, false, Sent::Never, Retry::Elsewhere);
            check(Ending::TimedOut { sent: Sent::Never }, idempotency, false, Sent::Never, Retry::Elsewhere);
            check(Ending::Unprocessed, idempotency, false, Sent::Never, Retry::Elsewhere);
        }
    }

    #[test]
    fn what_may_have_been_processed_is_repeated_only_when_that_is_safe() {
        let endings = [
            (status(502, None), Sent::Yes),
            (status(503, None), Sent::Yes),
            (status(504, None), Sent::Yes),
            (status(429, None), Sent::Yes),
            (Ending::Broken { sent: Sent::Maybe }, Sent::Maybe),
            (Ending::Broken { sent: Sent::Yes }, Sent::Yes),
            (Ending::TimedOut { sent: Sent::Maybe }, Sent::Maybe),
            (Ending::Expired { last: false }, Sent::Yes),
        ];
        for (ending, sent) in endings {
            check(ending, Safe, false, sent, Retry::Backoff);
            check(ending, Idempotent, false, sent, Retry::Backoff);
            check(ending, Unsafe, true, sent, Retry::Backoff);
            check(ending, Keyed, true, sent, Retry::Backoff);
            check(ending, Keyed, false, sent, Retry::Unsafe);
            check(ending, Unsafe, false, sent, Retry::Unsafe);
        }
    }

    #[test]
    fn a_listed_business_code_may_pass_for_any_operation() {
        let business = |retry_after| Ending::Business { listed: true, retry_after };
        for idempotency in [Safe, Idempotent, Keyed, Unsafe] {
            check(business(None), idempotency, false, Sent::Yes, Retry::Backoff);
            let after = Duration::from_secs(2);
            check(business(Some(after)), idempotency, false, Sent::Yes, Retry::After(after));
        }
    }

    #[test]
    fn retry_after() {
        let after = Retry::After(Duration::from_secs(2));
        check(status(429, Some(2)), Unsafe, false, Sent::Yes, after);
        check(status(503, Some(2)), Safe, false, Sent::Yes, after);
        check(status(503, Some(2)), Unsafe, false, Sent::Yes, Retry::Unsafe);
        check(status(500, Some(2)), Safe, false, Sent::Yes, Retry::No);
    }

    #[test]
    fn what_an_end_says_of_the_endpoint() {
        #[track_caller]
        fn check(ending: Ending, expected: Outcome) {
            for (idempotency, keyed) in [(Safe, false), (Keyed, true), (Unsafe, false), (Unsafe, true)] {
                assert_eq!(classify(ending, idempotency, keyed).outcome, expected, "{ending:?}");
            }
        }
        let retry_after = Some(Duration::from_secs(2));
        check(Ending::Success, Outcome::Healthy);
        check(Ending::Business { listed: false, retry_after: None }, Outcome::Healthy);
        check(Ending::Business { listed: true, retry_after: None }, Outcome::Healthy);
        check(Ending::Undecodable, Outcome::Healthy);
        check(status(404, None), Outcome::Healthy);
        check(status(408, None), Outcome::Healthy);
        check(status(501, None), Outcome::Healthy);
        check(status(500, None), Outcome::Failed { retry_after: None });
        check(status(503, Some(2)), Outcome::Failed { retry_after });
        check(status(599, None), Outcome::Failed { retry_after: None });
        check(status(429, Some(2)), Outcome::Throttled { retry_after });
        check(Ending::Broken { sent: Sent::Never }, Outcome::Unreachable);
        check(Ending::TimedOut { sent: Sent::Never }, Outcome::Unreachable);
        check(Ending::Broken { sent: Sent::Maybe }, Outcome::Failed { retry_after: None });
        check(Ending::Broken { sent: Sent::Yes }, Outcome::Failed { retry_after: None });
        check(Ending::TimedOut { sent: Sent::Maybe }, Outcome::TimedOut);
        check(Ending::Unsendable, Outcome::Ignored);
        check(Ending::Unprocessed, Outcome::Ignored);
        check(Ending::OutOfTime { sent: Sent::Maybe, fair: false }, Outcome::Ignored);
        check(Ending::OutOfTime { sent: Sent::Maybe, fair: true }, Outcome::TimedOut);
        check(Ending::Expired { last: false }, Outcome::Ignored);
        check(Ending::Expired { last: true }, Outcome::Ignored);
    }

    #[test]
    fn the_rest_is_final() {
        for ending in [
            Ending::Success,
            Ending::Business { listed: false, retry_after: Some(Duration::from_secs(2)) },
            Ending::Undecodable,
            status(500, None),
            status(404, None),
            status(301, None),
            status(408, None),
            Ending::Expired { last: true },
        ] {
            check(ending, Safe, false, Sent::Yes, Retry::No);
        }
        check(Ending::Unsendable, Safe, true, Sent::Never, Retry::No);
        let out_of_time = Ending::OutOfTime { sent: Sent::Maybe, fair: true };
        check(out_of_time, Safe, true, Sent::Maybe, Retry::No);
    }
}
