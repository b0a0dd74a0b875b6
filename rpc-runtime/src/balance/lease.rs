//! One attempt's hold on its endpoint.

use std::sync::Arc;

use tokio::time::Instant;

use super::balancer::Balancer;
use super::member::Member;
use crate::discovery::Endpoint;
use crate::eject::Outcome;

/// An endpoint with one more request in flight. [`finish`](Self::finish) it with what came of the attempt; dropped before, as
/// with a cancelled call, it is [`Outcome::Ignored`].
#[derive(Debug)]
pub(crate) struct Lease {
    balancer: Arc<Balancer>,
    attempt: Attempt,
    finished: bool,
}

/// What a balancer must know of an attempt at its end.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) member: Member,
    pub(super) began: Instant,
    /// What the endpoint's health was when the attempt began.
    pub(super) epoch: u32,
    /// This attempt is the one that tries an ejected endpoint.
    pub(super) probe: bool,
}

impl Lease {
    /// A hold on a member that was [entered](Member::enter).
    pub(super) fn new(balancer: &Arc<Balancer>, member: Member, probe: bool, began: Instant) -> Self {
        let epoch = member.learnt().health.epoch();
        let attempt = Attempt { member, began, epoch, probe };
        Lease { balancer: Arc::clone(balancer), attempt, finished: false }
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        self.attempt.member.endpoint()
    }

    pub(crate) fn began(&self) -> Instant {
        self.attempt.began
    }

    /// The service has no other endpoint.
    pub(crate) fn is_alone(&self) -> bool {
        self.balancer.is_alone()
    }

    /// The attempt has ended.
    pub(crate) fn finish(mut self, outcome: Outcome) {
        self.end(outcome);
    }

    fn end(&mut self, outcome: Outcome) {
        if !std::mem::replace(&mut self.finished, true) {
            self.attempt.member.leave();
            self.balancer.ended(&self.attempt, outcome);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end(Outcome::Ignored);
    }
}
