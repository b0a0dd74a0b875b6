//! Whether, and when, a call tries again. Pure: state and verdict in, decision out.

mod after;
mod backoff;
mod budget;
mod policy;

pub(crate) use after::retry_after;
pub(crate) use backoff::Backoff;
pub(crate) use budget::{Budget, Withdrawal};
pub(crate) use policy::{Decision, RetryPolicy, RetryState};
