//! The members as they stand between two changes.

use std::collections::HashMap;

use super::member::Member;
use super::shares::Shares;
use crate::discovery::{Endpoint, Snapshot};

/// Who may be chosen. Made anew for a new set, an ejection and a return, never changed.
#[derive(Debug, Default)]
pub(super) struct Roster {
    /// The generation of the set that it was made for.
    pub(super) generation: u64,
    /// The set's instances were written down one by one.
    pub(super) listed: bool,
    /// Everybody, in the set's order.
    pub(super) all: Vec<Member>,
    /// Whom a first attempt chooses among: the open ones of the lowest priority that has any; everybody of the lowest priority
    /// when nobody is open.
    pub(super) open: Vec<Member>,
    /// The proportions of `open`, where weights differ.
    pub(super) shares: Option<Shares>,
    /// Who is left alone, or is being tried.
    pub(super) ejected: Vec<Member>,
}

impl Roster {
    fn new(generation: u64, listed: bool, all: Vec<Member>) -> Self {
        let is_open = |member: &Member| member.learnt().health.is_open();
        let (open, ejected): (Vec<Member>, Vec<Member>) = all.iter().cloned().partition(is_open);
        let open = lowest(if open.is_empty() { &all } else { &open });
        Roster { generation, listed, shares: Shares::of(&open), open, all, ejected }
    }

    /// The same members, as healthy as they are now.
    pub(super) fn reordered(&self) -> Self {
        Roster::new(self.generation, self.listed, self.all.clone())
    }

    /// A newer set, and who is no longer in it. Endpoints that are still there keep all that was learnt.
    pub(super) fn updated(&self, snapshot: &Snapshot) -> (Self, Vec<Member>) {
        let mut known: HashMap<&Endpoint, &Member> =
            self.all.iter().map(|member| (member.endpoint(), member)).collect();
        let member = |endpoint: &Endpoint| match known.remove(endpoint) {
            Some(member) => member.described(endpoint.clone()),
            None => Member::new(endpoint.clone()),
        };
        let all: Vec<Member> = snapshot.endpoints.iter().map(member).collect();
        let gone = known.into_values().cloned().collect();
        (Roster::new(snapshot.generation, snapshot.listed, all), gone)
    }

    /// Whom a further attempt chooses among, best first: open and untried; else open; else untried; else anybody. Among
    /// those, the lowest priority.
    pub(super) fn untried(&self, tried: &[Endpoint]) -> Vec<Member> {
        self.best(|member| (!member.learnt().health.is_open(), tried.contains(member.endpoint())))
    }

    /// The members of the least rank, and among those of the lowest priority.
    pub(super) fn best<R: Ord>(&self, rank: impl Fn(&Member) -> R) -> Vec<Member> {
        let ranks: Vec<R> = self.all.iter().map(rank).collect();
        let Some(least) = ranks.iter().min() else { return Vec::new() };
        let best = self.all.iter().zip(&ranks).filter(|(_, rank)| *rank == least);
        lowest(&best.map(|(member, _)| member.clone()).collect::<Vec<_>>())
    }
}

/// Those of the lowest priority.
fn lowest(members: &[Member]) -> Vec<Member> {
    let priority = |member: &Member| member.endpoint().priority();
    let Some(lowest) = members.iter().map(priority).min() else { return Vec::new() };
    members.iter().filter(|member| priority(member) == lowest).cloned().collect()
}

#[cfg(test)]
#[path = "roster_tests.rs"]
mod tests;
