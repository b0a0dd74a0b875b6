//! What may happen.

use std::time::Duration;

use http::{Method, StatusCode, Version};

use super::Failure;
use crate::discovery::Endpoint;

/// Something that happened. Borrowed: what is to be kept is copied.
///
/// Of the calls that have ended, the attempts are as many as the calls that made any, plus the re-sends, plus the hedges.
/// Nothing here holds a value of a path, a query, a header or a body.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'e> {
    /// An attempt ended, however it did: once for each that began.
    #[non_exhaustive]
    AttemptEnded {
        /// The service's name in discovery.
        service: &'e str,
        /// The operation: the method's name, or `raw`.
        operation: &'static str,
        /// HTTP method.
        method: &'e Method,
        /// The path as the document writes it; `(raw)` for a raw call.
        template: &'static str,
        /// Where it went.
        endpoint: &'e Endpoint,
        /// Its number in the call, from 1.
        number: u32,
        /// Whether the request was handed to the transport: not, if an interceptor held it, or the call was dropped before.
        handed_over: bool,
        /// HTTP status, once the head of a reply was there.
        status: Option<StatusCode>,
        /// Protocol of that reply, where the transport tells.
        version: Option<Version>,
        /// What went wrong, if anything did.
        failure: Option<Failure>,
        /// From the choice of the endpoint to the end of the reply.
        elapsed: Duration,
    },
    /// A call ended, however it did: once for each.
    #[non_exhaustive]
    CallEnded {
        /// The service's name in discovery.
        service: &'e str,
        /// The operation: the method's name, or `raw`.
        operation: &'static str,
        /// How it ended.
        outcome: CallOutcome,
        /// What went wrong, if there is an error.
        failure: Option<Failure>,
        /// Attempts that were made; 0 when nothing was sent.
        attempts: u32,
        /// Retries and waits included.
        elapsed: Duration,
    },
    /// A call sends again, now.
    #[non_exhaustive]
    Retry {
        /// The service's name in discovery.
        service: &'e str,
        /// The operation.
        operation: &'static str,
        /// What the attempt before it failed with.
        reason: Failure,
    },
    /// A call fails although another attempt might have helped.
    #[non_exhaustive]
    RetrySuppressed {
        /// The service's name in discovery.
        service: &'e str,
        /// The operation.
        operation: &'static str,
        /// Why there is none.
        reason: Suppressed,
    },
    /// A second request was sent beside a slow one, or was the faster one.
    #[non_exhaustive]
    Hedge {
        /// The service's name in discovery.
        service: &'e str,
        /// The operation.
        operation: &'static str,
        /// Which of both.
        step: HedgeStep,
    },
    /// What kept replies were good for in a call that may use them.
    #[non_exhaustive]
    Cache {
        /// The service's name in discovery.
        service: &'e str,
        /// The operation.
        operation: &'static str,
        /// What they were good for.
        usage: CacheUse,
    },
    /// An endpoint gets no calls for a while.
    #[non_exhaustive]
    Ejected {
        /// The service's name in discovery.
        service: &'e str,
        /// Which one.
        endpoint: &'e Endpoint,
        /// Why.
        reason: EjectionReason,
    },
    /// An ejected endpoint gets calls again.
    #[non_exhaustive]
    Returned {
        /// The service's name in discovery.
        service: &'e str,
        /// Which one.
        endpoint: &'e Endpoint,
    },
    /// A breaker opened, or closed again.
    #[non_exhaustive]
    BreakerTurned {
        /// The service's name in discovery.
        service: &'e str,
        /// The operation, where it has a breaker of its own.
        operation: Option<&'static str>,
        /// Calls are refused from now on.
        open: bool,
    },
    /// A service's set of endpoints is another one, or the first.
    #[non_exhaustive]
    Discovered {
        /// The service's name in discovery.
        service: &'e str,
        /// Endpoints now.
        endpoints: usize,
        /// Those that are new.
        added: usize,
        /// Those that are gone.
        removed: usize,
    },
    /// A lookup gave nothing that can be used: a name, or the file of services. What was known stays in use.
    #[non_exhaustive]
    DiscoveryFailed {
        /// The service's name in discovery; `None` for the file.
        service: Option<&'e str>,
    },
    /// An access token was asked for.
    #[non_exhaustive]
    TokenFetched {
        /// There is one.
        success: bool,
    },
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$what:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$what])* $variant,)*
        }

        impl $name {
            /// One word, for attributes of metrics.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}

words! {
    /// How a call ended.
    CallOutcome {
        /// With a value of the service.
        Success = "success",
        /// With a kept reply, or that of an equal call.
        Cached = "cached",
        /// With an old reply, in place of an error.
        Stale = "stale",
        /// With a fallback, in place of an error.
        Fallback = "fallback",
        /// The service answered that it does not do this: a status of 400 to 499 (but 408 and 429), or a business code.
        Rejected = "rejected",
        /// With any other error.
        Failed = "failed",
        /// Its caller dropped it.
        Dropped = "dropped",
    }
}

words! {
    /// Why an attempt that might have helped is not made.
    Suppressed {
        /// The service may have processed the request, and the operation may not be repeated.
        NotRepeatable = "not_repeatable",
        /// All attempts of the call are spent.
        Attempts = "attempts",
        /// Too little is left of the call's time.
        Deadline = "deadline",
        /// The service asks for a longer wait than any call makes.
        RetryAfter = "retry_after",
        /// The retry budget of the service is spent.
        Budget = "budget",
        /// No endpoint can take it.
        Endpoints = "endpoints",
    }
}

words! {
    /// A second request beside a slow one.
    HedgeStep {
        /// It was sent.
        Sent = "sent",
        /// The call's value is its reply.
        Won = "won",
    }
}

words! {
    /// What kept replies were good for. A call has one of the first three, unless its time ended before; `Stale` comes on top.
    CacheUse {
        /// A fresh reply was there.
        Hit = "hit",
        /// The service was asked.
        Miss = "miss",
        /// An equal call under way gave its reply, or its error.
        Coalesced = "coalesced",
        /// An old reply stood in for an error.
        Stale = "stale",
    }
}

words! {
    /// Why an endpoint was ejected.
    EjectionReason {
        /// Failures in a row.
        Consecutive = "consecutive",
        /// Too few successes.
        Ratio = "ratio",
        /// The call that tried it, at the end of an ejection, failed.
        Probe = "probe",
    }
}
