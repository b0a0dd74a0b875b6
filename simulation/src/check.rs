//! What must hold in every scenario, whatever the policy.

use std::collections::BTreeMap;
use std::time::Duration;

use rpc_runtime::EndpointHealth;

use crate::names::{SLACK, TTL};
use crate::observation::{Observation, State};
use crate::scenario::Scenario;
use crate::server::Answer;

/// How long after it came back a server must be in use again: the longest ejection, and some time for its probe.
const FORGIVEN: Duration = Duration::from_secs(65);

/// The rules that were broken, one line each; empty when all is well.
pub fn check(scenario: &Scenario, seen: &Observation) -> Vec<String> {
    let mut broken = Vec::new();
    let too_many_out = |(at, states): &(Duration, Vec<State>)| too_many_out(scenario, *at, states);
    broken.extend(seen.states.iter().filter_map(too_many_out));
    // Only servers of the lowest priority have a right to calls.
    let lowest = scenario.servers.iter().map(|server| server.record.0).min();
    for (index, server) in scenario.servers.iter().enumerate() {
        let attempts = || seen.attempts.iter().filter(move |attempt| attempt.server == index);
        let known_until = server.present.1.map_or(Duration::MAX, |end| end + TTL + SLACK);
        if let Some(odd) = attempts().find(|it| it.at < server.present.0 || it.at > known_until) {
            broken.push(format!("{} is called at {:?}, when it is not there", server.name, odd.at));
        }
        if let Some(left) = seen.end.iter().find(|state| state.server == index && state.in_flight > 0) {
            broken.push(format!("{} has {} requests in flight after the end", server.name, left.in_flight));
        }
        if attempts().any(|it| it.until == Duration::MAX) {
            broken.push(format!("{} has a request that never ended", server.name));
        }
        let most = seen.most_at_once(index);
        if let Some(limit) = scenario.max_in_flight.filter(|limit| most > *limit as usize) {
            broken.push(format!("{} has {most} requests at once, with a limit of {limit}", server.name));
        }
        let known_from = server.present.0 + TTL + SLACK;
        let known = known_from + SLACK < scenario.length.min(known_until);
        if known && Some(server.record.0) == lowest && !attempts().any(|it| it.at <= known_from + SLACK) {
            broken.push(format!("{} is there from {:?} on and gets no call", server.name, server.present.0));
        }
        if let Some(at) = two_at_once(index, seen) {
            broken.push(format!("{} gets two calls at once at {at:?} while it is ejected", server.name));
        }
        // Nobody is out for ever.
        let works = |at: Duration| matches!(server.answer(at).1, Answer::Ok(_)) && server.is_present(at);
        let end = scenario.length;
        let forgiven = end.saturating_sub(FORGIVEN);
        let back = end > FORGIVEN
            && (0..=FORGIVEN.as_secs()).all(|second| works(forgiven + Duration::from_secs(second)));
        let out_at_the_end = seen.states.last().is_some_and(|(_, states)| {
            states.iter().any(|state| state.server == index && state.health != EndpointHealth::Open)
        });
        if back && out_at_the_end {
            broken.push(format!("{} works for {FORGIVEN:?} and is still ejected", server.name));
        }
    }
    broken.sort();
    broken.dedup();
    broken
}

/// Never more than half are out, and never the last. With several priorities, one may be out as a whole while another is not.
fn too_many_out(scenario: &Scenario, at: Duration, states: &[State]) -> Option<String> {
    let mut groups: BTreeMap<Option<u16>, (usize, usize)> = BTreeMap::new();
    for state in states {
        let priority = scenario.servers.get(state.server).map(|server| server.record.0);
        let (out, all) = groups.entry(priority).or_default();
        *out += usize::from(state.health != EndpointHealth::Open);
        *all += 1;
    }
    let whole = groups.values().any(|(out, _)| *out == 0);
    let (out, all) = groups.into_values().find(|(out, all)| out * 2 > *all && !(out == all && whole))?;
    Some(format!("at {at:?} {out} of {all} endpoints are ejected"))
}

/// While an endpoint is out, only calls that try it get through: one at a time. When a second one began.
fn two_at_once(server: usize, seen: &Observation) -> Option<Duration> {
    let is_out = |states: &[State]| {
        states.iter().any(|state| state.server == server && state.health != EndpointHealth::Open)
    };
    let mut out_since: Option<Duration> = None;
    let mut looks = seen.states.iter().peekable();
    while let Some((at, states)) = looks.next() {
        if !is_out(states) {
            out_since = None;
            continue;
        }
        let since = *out_since.get_or_insert(*at);
        // From the first look that finds it out to the last one before a look that does not.
        if looks.peek().is_some_and(|(_, next)| is_out(next)) {
            continue;
        }
        let inside = seen.attempts.iter().filter(|it| it.server == server && it.at > since && it.at < *at);
        let mut busy_until = Duration::ZERO;
        for attempt in inside {
            if attempt.at < busy_until {
                return Some(attempt.at);
            }
            busy_until = busy_until.max(attempt.until);
        }
    }
    None
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
