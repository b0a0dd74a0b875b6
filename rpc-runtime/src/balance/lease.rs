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
    member: Member,
    began: Instant,
    /// What the endpoint's health was when the attempt began.
    epoch: u32,
    /// This attempt is the one that tries an ejected endpoint.
    probe: bool,
    finished: bool,
}

impl Lease {
    pub(super) fn new(balancer: &Arc<Balancer>, member: Member, probe: bool, began: Instant) -> Self {
        member.enter();
        let epoch = member.learnt().health.epoch();
        Lease { balancer: Arc::clone(balancer), member, began, epoch, probe, finished: false }
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        self.member.endpoint()
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
            self.member.leave();
            self.balancer.ended(&self.member, self.probe, self.epoch, self.began, outcome);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end(Outcome::Ignored);
    }
}
