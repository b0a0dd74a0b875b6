//! What must hold in every scenario, whatever the policy.

use std::time::Duration;

use rpc_runtime::EndpointHealth;

use crate::observation::Observation;
use crate::scenario::Scenario;
use crate::server::Answer;

/// How long after it came back a server must be in use again: the longest ejection, and some time for its probe.
const FORGIVEN: Duration = Duration::from_secs(65);

/// The rules that were broken, one line each; empty when all is well.
pub fn check(scenario: &Scenario, seen: &Observation) -> Vec<String> {
    let mut broken = Vec::new();
    if seen.left_in_flight > 0 {
        broken.push(format!("{} requests are in flight after the last call's end", seen.left_in_flight));
    }
    for (at, states) in &seen.states {
        let out = states.iter().filter(|state| state.health != EndpointHealth::Open).count();
        if out * 2 > states.len() || (out == states.len() && out > 0) {
            broken.push(format!("at {at:?} {out} of {} endpoints are ejected", states.len()));
        }
    }
    for (index, server) in scenario.servers.iter().enumerate() {
        let attempts = || seen.attempts.iter().filter(move |attempt| attempt.server == index);
        if let Some(late) = attempts().find(|attempt| !server.is_present(attempt.at)) {
            broken.push(format!("{} is called at {:?}, when it is not in the set", server.name, late.at));
        }
        // Between two looks that both find it out, only probes get through: one at a time.
        for pair in seen.states.windows(2) {
            let [(from, before), (to, after)] = pair else { continue };
            let is_out = |states: &[crate::State]| {
                states.iter().any(|state| state.server == index && state.health != EndpointHealth::Open)
            };
            if !is_out(before) || !is_out(after) {
                continue;
            }
            let inside: Vec<_> = attempts().filter(|it| it.at > *from && it.at < *to).collect();
            let overlap = inside.windows(2).any(|pair| matches!(pair, [one, next] if next.at < one.until));
            if overlap {
                broken
                    .push(format!("{} gets two calls at once at {from:?} while it is ejected", server.name));
            }
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
