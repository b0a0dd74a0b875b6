//! The members as they stand between two changes.

use std::collections::{BTreeMap, HashMap};

use tokio::time::Instant;

use super::member::Member;
use super::shares::Shares;
use crate::discovery::{Endpoint, Snapshot};

/// Who may be chosen. Made anew for a new set, an ejection and a return, never changed.
#[derive(Debug, Default)]
pub(super) struct Roster {
    /// The generation of the set that it was made for.
    pub(super) generation: u64,
    /// The set asks for turns: its instances were written down one by one, or have weights.
    pub(super) by_turns: bool,
    /// Everybody, in the set's order.
    pub(super) all: Vec<Member>,
    /// Whom a first attempt chooses among: the open ones of the lowest priority that has any; everybody of the lowest priority
    /// when nobody is open.
    pub(super) open: Vec<Member>,
    /// The proportions of `open`, where weights differ.
    pub(super) shares: Option<Shares>,
    /// Who is left alone, or is being tried.
    pub(super) ejected: Vec<Member>,
    /// When the first of those may be tried; `None` is at once, if there is any.
    pub(super) due: Option<Instant>,
    /// There is one endpoint only, or one only of the lowest priority: a name with both families is one address too.
    pub(super) alone: bool,
}

impl Roster {
    fn new(generation: u64, by_turns: bool, all: Vec<Member>) -> Self {
        let is_open = |member: &Member| member.learnt().health.is_open();
        let (open, ejected): (Vec<Member>, Vec<Member>) = all.iter().cloned().partition(is_open);
        let open = lowest(if open.is_empty() { all.clone() } else { open });
        let until = |member: &Member| member.learnt().health.ejected_until();
        let due = ejected.iter().map(until).min().flatten();
        let alone = lowest(all.clone()).len() == 1;
        Roster { generation, by_turns, shares: Shares::of(&open), open, all, ejected, due, alone }
    }

    /// The same members, as healthy as they are now.
    pub(super) fn reordered(&self) -> Self {
        Roster::new(self.generation, self.by_turns, self.all.clone())
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
        let by_turns = snapshot.listed || Shares::of(&all).is_some();
        (Roster::new(snapshot.generation, by_turns, all), gone)
    }

    /// Whom a further attempt chooses among: the open ones that were not tried, of the lowest priority that has any.
    pub(super) fn open_but(&self, tried: &[Endpoint]) -> Vec<Member> {
        let good = |member: &&Member| member.learnt().health.is_open() && !tried.contains(member.endpoint());
        lowest(self.all.iter().filter(good).cloned().collect())
    }

    /// The ejected ones that were not tried, those first that are due first.
    pub(super) fn ejected_but(&self, tried: &[Endpoint]) -> Vec<Member> {
        let untried = |member: &&Member| !tried.contains(member.endpoint());
        let mut ejected: Vec<Member> = self.ejected.iter().filter(untried).cloned().collect();
        // The key is read once for each: it may change while the list is sorted.
        ejected.sort_by_cached_key(|member| member.learnt().health.ejected_until());
        ejected
    }

    /// Everybody, by priority.
    pub(super) fn groups(&self) -> BTreeMap<u16, Vec<&Member>> {
        let mut groups: BTreeMap<u16, Vec<&Member>> = BTreeMap::new();
        for member in &self.all {
            groups.entry(member.endpoint().priority()).or_default().push(member);
        }
        groups
    }
}

/// Those of the lowest priority.
fn lowest(mut members: Vec<Member>) -> Vec<Member> {
    let priority = |member: &Member| member.endpoint().priority();
    if let Some(lowest) = members.iter().map(priority).min() {
        members.retain(|member| priority(member) == lowest);
    }
    members
}

#[cfg(test)]
#[path = "roster_tests.rs"]
mod tests;
