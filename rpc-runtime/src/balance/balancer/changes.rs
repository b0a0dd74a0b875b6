//! What makes a new roster: a newer set, an ejection, the end of a try. One at a time.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Balancer;
use crate::balance::ewma::PeakEwma;
use crate::balance::lease::Attempt;
use crate::balance::member::Member;
use crate::balance::roster::Roster;
use crate::discovery::Snapshot;
use crate::eject::{Outcome, Probed, Trip};
use crate::metrics::{EjectionReason, Event};

impl Balancer {
    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A newer set.
    pub(super) fn update(&self, snapshot: &Snapshot) {
        let changing = self.changing();
        let before = self.roster.load();
        if before.generation >= snapshot.generation {
            return;
        }
        let (mut roster, gone) = before.updated(snapshot);
        let back = self.take_back(&roster);
        if !back.is_empty() {
            roster = roster.reordered();
        }
        let new = |member: &&Member| !before.all.iter().any(|known| known.is(member));
        let mut added = 0;
        for member in roster.all.iter().filter(new) {
            self.parts.held.hold(member.endpoint());
            added += 1;
        }
        let (endpoints, removed) = (roster.all.len(), gone.len());
        self.roster.store(Arc::new(roster));
        drop(changing);
        for member in gone {
            member.set_gone();
            self.parts.held.let_go(member.endpoint());
        }
        let service = self.parts.service.as_str();
        self.parts.recording.tell(|| Event::Discovered { service, endpoints, added, removed });
        back.iter().for_each(|member| self.tell_return(member));
    }

    fn tell_return(&self, member: &Member) {
        let (service, endpoint) = (self.parts.service.as_str(), member.endpoint());
        self.parts.recording.tell(|| Event::Returned { service, endpoint });
    }

    fn tell_ejection(&self, member: &Member, reason: EjectionReason) {
        let (service, endpoint) = (self.parts.service.as_str(), member.endpoint());
        self.parts.recording.tell(|| Event::Ejected { service, endpoint, reason });
    }

    /// A smaller set may have too many out: those that would be tried first come back. Who does.
    fn take_back(&self, roster: &Roster) -> Vec<Member> {
        let Some(policy) = self.ejection.as_ref().filter(|_| !roster.ejected.is_empty()) else {
            return Vec::new();
        };
        let now = self.parts.clock.now();
        let mut back = Vec::new();
        for group in roster.groups().into_values() {
            let out = |member: &&Member| !member.learnt().health.is_open();
            let mut ejected: Vec<&Member> = group.iter().copied().filter(out).collect();
            ejected.sort_by_cached_key(|member| member.learnt().health.ejected_until());
            let surplus = ejected.len().saturating_sub(policy.most(group.len()));
            // A whole group that cannot be reached has given way to the next one.
            if surplus == 0 || (out_of_reach(&group) && roster.groups().len() > 1) {
                continue;
            }
            for member in ejected.into_iter().take(surplus) {
                member.learnt().health.release(now);
                back.push(member.clone());
            }
        }
        back
    }

    pub(super) fn eject(&self, member: &Member, trip: Trip, outcome: Outcome, now: Instant) {
        let Some(policy) = &self.ejection else { return };
        let changing = self.changing();
        let roster = self.roster.load();
        let priority = member.endpoint().priority();
        let groups = roster.groups();
        let Some(group) = groups.get(&priority).filter(|group| group.iter().any(|other| other.is(member)))
        else {
            return;
        };
        let out = group.iter().filter(|other| !other.learnt().health.is_open()).count();
        // Never more than a part of those that are equally good, and never the last. Only who cannot be reached at all gives way
        // to a group of lower rank that perhaps can: IPv6 behind IPv4, or the next priority of SRV records.
        let others = || groups.iter().any(|(other, group)| *other != priority && !out_of_reach(group));
        let allowed = out < policy.most(group.len()) || (outcome == Outcome::Unreachable && others());
        // Of two that fail at once, the second may find that it is out already.
        if !allowed || !member.learnt().health.is_open() {
            return;
        }
        let length = member.learnt().health.eject(now, policy, self.parts.rng.unit());
        self.roster.store(Arc::new(roster.reordered()));
        drop(changing);
        tracing::warn!(service = %self.parts.service, endpoint = ?member.endpoint(), because = %trip, ?length, "endpoint ejected");
        self.tell_ejection(member, trip.into());
    }

    /// The end of the call that tried an ejected endpoint.
    pub(super) fn probed(&self, attempt: &Attempt, outcome: Outcome, took: Duration, now: Instant) {
        let Some(policy) = &self.ejection else { return };
        let changing = self.changing();
        let probed = {
            let mut learnt = attempt.member.learnt();
            // A smaller set may have brought it back meanwhile, or another call has taken over.
            if learnt.health.epoch() != attempt.epoch {
                return;
            }
            let probed = learnt.health.probed(outcome, now, policy, self.parts.rng.unit());
            if probed == Probed::Back {
                // What it was like before says nothing any more.
                learnt.load = PeakEwma::default();
                learnt.load.observe(took, now, self.load.decay);
            }
            probed
        };
        self.roster.store(Arc::new(self.roster.load().reordered()));
        drop(changing);
        let (service, endpoint) = (&self.parts.service, attempt.member.endpoint());
        match probed {
            Probed::Back => {
                tracing::info!(%service, ?endpoint, "endpoint is back");
                self.tell_return(&attempt.member);
            }
            Probed::Out(length) => {
                tracing::warn!(%service, ?endpoint, ?length, "endpoint stays ejected");
                self.tell_ejection(&attempt.member, EjectionReason::Probe);
            }
            Probed::Nothing => {}
        }
    }
}

/// Whether the last attempts to all of these got no connection.
fn out_of_reach(group: &[&Member]) -> bool {
    group.iter().all(|member| member.learnt().unreachable)
}
